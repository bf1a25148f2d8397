import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeWhole } from '../../../deploy/compile/sources.js';

describe('what the build makes', () => {
  it('takes the place of what was there at once: who reads meanwhile reads the old one to its end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'built-'));
    const path = join(folder, 'a.body.json');
    writeFileSync(path, 'the old one');
    const reader = openSync(path, 'r');
    writeWhole(path, 'new');
    expect(readFileSync(reader, 'utf8')).to.equal('the old one');
    expect(readFileSync(path, 'utf8')).to.equal('new');
    expect(readdirSync(folder)).to.deep.equal(['a.body.json']);
    closeSync(reader);
    rmSync(folder, { recursive: true });
  });
});
