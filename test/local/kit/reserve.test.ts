import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESERVE_BYTES, secureReserve } from '@local-cloud/kit/reserve.js';
import { expect } from 'chai';

describe('the room that a state folder keeps for itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reserve-'));
  const file = join(folder, 'reserve');
  after(() => rmSync(folder, { recursive: true }));

  it('is taken where there is room, given up on a full disk, and taken again', () => {
    const plenty = 100 * RESERVE_BYTES;
    expect(secureReserve(folder, plenty)).to.equal(undefined);
    expect(statSync(file).size).to.equal(RESERVE_BYTES);
    expect(secureReserve(folder, 100)).to.match(/is full: 100 bytes are left, and \d+ bytes .* are given up/);
    expect(existsSync(file)).to.equal(false);
    expect(secureReserve(folder, 100)).to.match(/is full: 100 bytes are left\. Drop/);
    expect(secureReserve(folder, plenty)).to.equal(undefined);
    expect(existsSync(file)).to.equal(true);
  });

  it('is not taken where little more than that is left', () => {
    rmSync(file);
    expect(secureReserve(folder, 2 * RESERVE_BYTES)).to.equal(undefined);
    expect(existsSync(file)).to.equal(false);
  });
});
