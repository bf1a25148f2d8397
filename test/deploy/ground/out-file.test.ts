import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UserError } from '../../../deploy/errors.js';
import { writeOut } from '../../../deploy/ground/out-file.js';

describe('a file that a command was asked to write', () => {
  it('is written, or it is said what to name instead', () => {
    const folder = mkdtempSync(join(tmpdir(), 'los-out-'));
    try {
      writeOut(join(folder, 'a.txt'), 'b');
      expect(readFileSync(join(folder, 'a.txt'), 'utf8')).to.equal('b');
      for (const file of [join(folder, 'nowhere', 'a.txt'), folder])
        try {
          writeOut(file, 'b', '--svg');
          expect.fail('written');
        } catch (error) {
          expect(error).to.be.instanceOf(UserError);
          expect((error as UserError).message).to.contain(`${file} cannot be written: E`);
          expect((error as UserError).next).to.contain('--svg');
        }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
