import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { isMadeOf, lastChange, writeMade } from '../../scripts/build/sources.js';

describe('what the build makes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'built-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Saves a file at a time so many seconds ago. */
  const save = (name: string, text: string, ago: number): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    // Finer than a millisecond, as file systems are.
    const time = Date.now() / 1000 - ago + 0.000_321;
    utimesSync(path, time, time);
    return path;
  };

  it('takes the place of what was there at once: who reads meanwhile reads the old one to its end', () => {
    const path = save('a.body.json', 'the old one', 0);
    const reader = openSync(path, 'r');
    writeMade(path, 'new', Date.now());
    expect(readFileSync(reader, 'utf8')).to.equal('the old one');
    expect(readFileSync(path, 'utf8')).to.equal('new');
    expect(readdirSync(folder)).to.deep.equal(['a.body.json']);
    closeSync(reader);
  });

  it('is recreated where a source was saved while it was made', () => {
    const target = join(folder, 'a.body.json');
    const newest = lastChange([save('a.ts', '1', 60)]);
    const source = save('a.ts', '2', 30); // meanwhile
    writeMade(target, 'of 1', newest);
    expect(isMadeOf(target, newest)).to.equal(true);
    expect(isMadeOf(target, lastChange([source]))).to.equal(false);
  });

  it('is so of a compiled file too', async () => {
    const { compile } = await import(join(projectRoot, 'scripts', 'compile.mjs'));
    const target = join(folder, 'out', 'a.js');
    const saved = async (text: string, ago: number) => {
      await compile(save('a.ts', `export const a: number = ${text};`, ago), target);
      return readFileSync(target, 'utf8');
    };
    expect(await saved('1', 60)).to.contain('const a = 1;');
    // Saved after the first was read, and before it was written.
    expect(await saved('2', 30)).to.contain('const a = 2;');
    // Not touched as long as the source is as it was.
    // To the nearest millisecond: what was set may be read a hair's breadth above it.
    const time = new Date(Math.round(statSync(target).mtimeMs));
    writeFileSync(target, 'untouched');
    utimesSync(target, time, time);
    await compile(join(folder, 'a.ts'), target);
    expect(readFileSync(target, 'utf8')).to.equal('untouched');
    expect(readdirSync(join(folder, 'out'))).to.have.members(['a.js', 'a.js.map']);
  });
});
