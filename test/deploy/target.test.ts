import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { localCloud } from './local-context.js';

describe('the local target', () => {
  it('is not taken for one that ended by itself while it is being discarded, but has ended afterwards', async () => {
    const local = localCloud();
    const { target } = await local.open();
    const seen = new Set<boolean>();
    let discarded = false;
    const discarding = target.discard().then(() => {
      discarded = true;
    });
    while (!discarded) {
      seen.add(await target.alive());
      await turn();
    }
    await discarding;
    expect([...seen]).to.deep.equal([true]);
    expect(await target.alive()).to.equal(false);
    expect(existsSync(join(local.folder, 'state'))).to.equal(false);
    local.remove();
  });
});
