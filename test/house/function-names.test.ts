import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';

interface Share {
  readonly folder: string;
  readonly functions: number;
  readonly percent: number;
  readonly flawed: readonly { readonly path: string; readonly line: number; readonly name: string }[];
}

describe('Names of functions', () => {
  it('are verbs and nouns, but for two in a hundred of each folder', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/function-names.mjs', '--json'], {
      cwd: projectRoot,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    // TypeScript's server, when it is told to end, may write there too.
    expect(status, stderr).to.equal(0);
    const shares = JSON.parse(stdout) as readonly Share[];
    expect(shares.map(({ folder }) => folder)).to.include.members(['deploy', 'procedures', 'udfs']);
    for (const { folder, functions, percent, flawed } of shares) {
      expect(functions, folder).to.be.at.least(5);
      const names = flawed.map(({ path, line, name }) => `${path}:${line} ${name}`);
      expect(percent, `${folder}: ${names.join(', ')}`).to.be.at.most(2);
    }
  });

  const cases: readonly (readonly [string, string | undefined])[] = [
    ['told', 'participle'],
    ['knownShare', 'participle'],
    ['quarantined', 'participle'],
    ['further', 'adverb'],
    ['beside', 'adverb'],
    ['usable', 'adjective'],
    ['lastRun', undefined],
    ['readDate', undefined],
    ['isKnown', undefined],
    ['needs', undefined],
    ['bedsPlan', undefined],
    ['hazardMultiplierOf', undefined],
    ['toText', undefined],
  ];
  for (const [name, flaw] of cases)
    it(`have ${flaw ? `the flaw of a ${flaw} in` : 'no flaw in'} ${name}`, async () => {
      const script = (await import(join(projectRoot, 'scripts/function-names.mjs'))) as {
        flawOf(name: string): string | undefined;
      };
      expect(script.flawOf(name)).to.equal(flaw);
    });
});
