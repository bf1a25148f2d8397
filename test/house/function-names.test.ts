import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';

interface Share {
  readonly folder: string;
  readonly functions: number;
  readonly percent: number;
  readonly flawed: readonly Name[];
  readonly variables: number;
  readonly unclear: readonly Name[];
}

interface Name {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

/** Variables and parameters of the product that are called by an adverb, a pronoun or a determiner; it only falls. */
const MOST_UNCLEAR = 1523;

describe('Names', () => {
  let shares: readonly Share[];
  before(() => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/function-names.mjs', '--json'], {
      cwd: projectRoot,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    // TypeScript's server, when it is told to end, may write there too.
    expect(status, stderr).to.equal(0);
    shares = JSON.parse(stdout) as readonly Share[];
  });

  it('of functions are verbs and nouns, but for two in a hundred of each folder', () => {
    expect(shares.map(({ folder }) => folder)).to.include.members(['deploy', 'procedures', 'udfs']);
    for (const { folder, functions, percent, flawed } of shares) {
      expect(functions, folder).to.be.at.least(5);
      const names = flawed.map(({ path, line, name }) => `${path}:${line} ${name}`);
      expect(percent, `${folder}: ${names.join(', ')}`).to.be.at.most(2);
    }
  });

  it(`of variables and parameters are nouns, but for ${MOST_UNCLEAR}`, () => {
    const product = shares.filter(({ folder }) => folder !== 'local');
    expect(product.reduce((sum, { variables }) => sum + variables, 0)).to.be.greaterThan(20_000);
    const names = product.flatMap(({ unclear }) =>
      unclear.map(({ path, line, name }) => `${path}:${line} ${name}`),
    );
    expect(names.length).to.be.at.most(MOST_UNCLEAR);
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
    it(`of functions have ${flaw ? `the flaw of a ${flaw} in` : 'no flaw in'} ${name}`, async () => {
      const script = (await import(join(projectRoot, 'scripts/function-names.mjs'))) as {
        flawOf(name: string): string | undefined;
      };
      expect(script.flawOf(name)).to.equal(flaw);
    });

  it('of variables are no adverbs, pronouns and determiners, in capitals neither', async () => {
    const { isNoNoun } = (await import(join(projectRoot, 'scripts/function-names.mjs'))) as {
      isNoNoun(name: string): boolean;
    };
    expect(
      ['left', 'there', 'theirs', 'beside', 'elsewhere', 'SOME'].filter((name) => !isNoNoun(name)),
    ).to.deep.equal([]);
    expect(['row', 'leftovers', 'PLACES', 'otherColumns'].filter(isNoNoun)).to.deep.equal([]);
  });
});
