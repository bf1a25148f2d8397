import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
      expect(readdirSync(folder)).to.deep.equal(['a.txt']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes the place of the one that was there, by whatever name, with its rights', () => {
    const folder = mkdtempSync(join(tmpdir(), 'los-out-'));
    try {
      const file = join(folder, 'a.txt');
      writeFileSync(file, 'before, and longer', { mode: 0o640 });
      symlinkSync(file, join(folder, 'link.txt'));
      writeOut(join(folder, 'link.txt'), 'after');
      expect(readFileSync(file, 'utf8')).to.equal('after');
      expect(statSync(file).mode & 0o777).to.equal(0o640);
      expect(lstatSync(join(folder, 'link.txt')).isSymbolicLink()).to.equal(true);
      expect(readdirSync(folder)).to.have.members(['a.txt', 'link.txt']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says where the disk is full', function () {
    if (process.platform !== 'linux') this.skip();
    expect(() => writeOut('/dev/full', 'x')).to.throw(
      UserError,
      '/dev/full cannot be written: the disk is full.',
    );
  });
});
