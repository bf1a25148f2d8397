import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
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
      seen.add(await target.isServing());
      await turn();
    }
    await discarding;
    expect([...seen]).to.deep.equal([true]);
    expect(await target.isServing()).to.equal(false);
    expect(existsSync(join(local.folder, 'state'))).to.equal(false);
    local.remove();
  });

  it('says before a demo does anything that no model can be trained, and what mends it', async () => {
    const local = localCloud();
    const child = spawn(
      process.execPath,
      [join(projectRoot, 'dist/deploy/cli.js'), 'demo', '--rows', '5000', '--config', local.config],
      { env: { ...process.env, LIBXGBOOST: '/nowhere/libxgboost.so' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [done, said, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    local.remove();
    expect(code).to.equal(1);
    expect(done).not.to.contain('Deploy');
    expect(said.replace(/\s+/g, ' '))
      .to.contain('The demo could not train a model. LIBXGBOOST is set to /nowhere/libxgboost.so.')
      .and.to.contain('unset it');
  });
});
