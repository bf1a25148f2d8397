import { expect } from 'chai';
import fc from 'fast-check';
import { parseContract } from '../../../deploy/dataset/load.js';
import { featureCodes, type Level } from '../../../procedures/fitting/encoder.js';

const contract = parseContract(
  `
name: tiny
table: TINY
id: ID
los: DAYS
columns: { ID: NUMBER, WARD: VARCHAR, CODE: VARCHAR, COST: FLOAT, DAYS: NUMBER }
features: { COST: { type: numeric }, WARD: { type: categorical }, CODE: { type: categorical } }
`,
  'tiny.yaml',
);

const level = (feature: string, name: string | null, rows: number, mean: number): Level => ({
  feature,
  level: name,
  rows,
  mean,
});
const codes = Array.from({ length: 40 }, (_, i) => level('CODE', `C${i}`, 100 + i, 10 + i));

describe('encoder fit', () => {
  it('one-hot encodes small categories and takes target statistics for large ones', () => {
    const [cost, ward, code] = featureCodes(
      contract,
      [level('WARD', 'B', 5, 3), level('WARD', 'A', 9, 4), ...codes],
      20,
    );
    expect(cost).to.deep.equal({ kind: 'numeric', name: 'COST' });
    expect(ward).to.deep.equal({ kind: 'onehot', name: 'WARD', levels: ['A', 'B'] });
    expect(code?.kind).to.equal('target');
  });

  it('keeps a rare level near the overall mean and a frequent one near its own', () => {
    const rare = level('CODE', 'RARE', 1, 100);
    const common = level('CODE', 'COMMON', 100_000, 100);
    const code = featureCodes(contract, [...codes, rare, common], 20)[2];
    if (code?.kind !== 'target') throw new Error('not a target code');
    expect(code.levels.RARE).to.be.closeTo(20 + 80 / 21, 0.001);
    expect(code.levels.COMMON).to.be.closeTo(100, 0.1);
    expect(code.unseen).to.equal(20);
  });

  it('gives missing values a statistic of their own where there were any', () => {
    const withMissing = featureCodes(contract, [...codes, level('CODE', null, 980, 50)], 20)[2];
    if (withMissing?.kind !== 'target') throw new Error('not a target code');
    expect(withMissing.missing).to.be.closeTo(49.4, 0.001);
    const without = featureCodes(contract, codes, 20)[2];
    expect(without?.kind === 'target' && without.missing).to.equal(20);
  });

  it('is the same whatever order the levels come in', () => {
    const all = [...codes, level('WARD', 'B', 5, 3), level('WARD', 'A', 5, 4)];
    const expected = JSON.stringify(featureCodes(contract, all, 20));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(JSON.stringify(featureCodes(contract, shuffled, 20))).to.equal(expected);
      }),
      { numRuns: 20 },
    );
  });
});
