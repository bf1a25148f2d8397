import { expect } from 'chai';
import fc from 'fast-check';
import { parseContract } from '../../../deploy/dataset/load.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { featureCodes, type RarePatients } from '../../../procedures/fitting/encoder.js';
import type { Level } from '../../../procedures/fitting/level-statistics.js';
import { encode } from '../../../udfs/encoding/encoding.js';

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

const level = (feature: string, name: string | null, rows: number, mean: number, patients = rows): Level => ({
  feature,
  level: name,
  rows,
  patients,
  mean,
});
const codes = Array.from({ length: 40 }, (_, i) => level('CODE', `C${i}`, 100 + i, 10 + i));

/** Each rare row is of a patient of its own. */
function fitCodes(of: Contract, levels: readonly Level[], overallMean: number) {
  const rare: Record<string, RarePatients> = {};
  for (const { feature, level: name, patients } of levels) {
    if (patients >= 10) continue;
    const before = rare[feature] ?? { all: 0, withValue: 0 };
    rare[feature] = {
      all: before.all + patients,
      withValue: before.withValue + (name === null ? 0 : patients),
    };
  }
  return featureCodes(of, levels, rare, overallMean);
}

describe('encoder fit', () => {
  it('one-hot encodes small categories and takes target statistics for large ones', () => {
    const [cost, ward, code] = fitCodes(
      contract,
      [level('WARD', 'B', 50, 3), level('WARD', 'A', 90, 4), ...codes],
      20,
    );
    expect(cost).to.deep.equal({ kind: 'numeric', name: 'COST' });
    expect(ward).to.deep.equal({ kind: 'onehot', name: 'WARD', levels: ['A', 'B'] });
    expect(code).to.include({ kind: 'target' }).and.not.have.property('rows');
  });

  it('tells by place and rows which level it is where levels differ by more than their means', () => {
    const shapes = codes.map((one, i) => ({
      ...one,
      variance: 30,
      short: i % 2 ? { share: 0.8, days: 4 } : { share: 0.4, days: 3 },
    }));
    const [code] = fitCodes(contract, shapes, 20).filter(({ name }) => name === 'CODE');
    if (code?.kind !== 'target') throw new Error('not a target code');
    // C0, C1, C10, C11 …: in the order of the alphabet, in which levels have their places.
    expect(code.rows?.slice(0, 4)).to.deep.equal([100, 101, 110, 111]);
    expect(encode({ CODE: 'C10' }, [code]).slice(1)).to.deep.equal([2, 110]);
  });

  it('keeps a rare level near the overall mean and a frequent one near its own', () => {
    const rare = level('CODE', 'RARE', 10, 100);
    const common = level('CODE', 'COMMON', 100_000, 100);
    const code = fitCodes(contract, [...codes, rare, common], 20)[2];
    if (code?.kind !== 'target') throw new Error('not a target code');
    expect(code.levels.RARE).to.be.closeTo(20 + 800 / 30, 0.001);
    expect(code.levels.COMMON).to.be.closeTo(100, 0.1);
    expect(code.unseen).to.equal(20);
  });

  it('gives missing values a statistic of their own where there were any', () => {
    const withMissing = fitCodes(contract, [...codes, level('CODE', null, 980, 50)], 20)[2];
    if (withMissing?.kind !== 'target') throw new Error('not a target code');
    expect(withMissing.missing).to.be.closeTo(49.4, 0.001);
    const without = fitCodes(contract, codes, 20)[2];
    expect(without?.kind === 'target' && without.missing).to.equal(20);
  });

  const thousands = Array.from({ length: 3000 }, (_, i) => ({
    ...level('CODE', `I${10 + (i % 90)}.${i}`, 10 + (i % 7), 5 + (i % 50)),
    variance: 30,
  }));

  it('packs the levels of a code with thousands of them, each with nearly its own statistic', () => {
    const code = fitCodes(contract, thousands, 20)[2];
    if (code?.kind !== 'packed') throw new Error('not packed');
    expect(code.groups.flatMap(([, names]) => names).length).to.equal(3000);
    expect(code.groups.length).to.be.at.most(128);
    for (const { level: name, rows, mean } of thousands) {
      const own = (rows * mean + code.prior * 20) / (rows + code.prior);
      expect(encode({ CODE: name }, [code])[0], String(name)).to.be.closeTo(own, 1);
    }
    const gaps = { missing: [], unseen: [] };
    expect(encode({ CODE: 'never' }, [code], gaps)).to.deep.equal([20]);
    expect(encode({ CODE: 'constructor' }, [code], gaps)).to.deep.equal([20]);
    expect(encode({}, [code], gaps)).to.deep.equal([20]);
    expect(gaps).to.deep.equal({ missing: ['CODE'], unseen: ['CODE', 'CODE'] });
    expect(JSON.stringify(code).length).to.be.below(60_000);
  });

  it('leaves out the rarest levels where all would make the translator too large', () => {
    const long = thousands.map((one) => ({ ...one, level: `${one.level}${'x'.repeat(40)}` }));
    const code = fitCodes(contract, long, 20)[2];
    if (code?.kind !== 'packed') throw new Error('not packed');
    expect(JSON.stringify(code).length).to.be.below(60_000);
    const kept = new Set(code.groups.flatMap(([, names]) => names));
    const rows = (some: typeof long) => some.map((one) => one.rows);
    expect(Math.min(...rows(long.filter((one) => kept.has(one.level!))))).to.be.at.least(
      Math.max(...rows(long.filter((one) => !kept.has(one.level!)))),
    );
  });

  it('lets two codes share the translator, though they have but one level too many', () => {
    const two = {
      features: { A: { type: 'categorical' }, B: { type: 'categorical' } },
    } as unknown as Contract;
    const levels = ['A', 'B'].flatMap((name) =>
      Array.from({ length: 1001 }, (_, i) => level(name, `${i}${'x'.repeat(60)}`, 15, 5 + (i % 50))),
    );
    const both = fitCodes(two, levels, 20);
    expect(both.map(({ kind }) => kind)).to.deep.equal(['packed', 'packed']);
    expect(JSON.stringify(both).length).to.be.below(60_000);
  });

  it('packs the largest tables of hundreds of long levels, too, in any script, and leaves the small ones alone', () => {
    const three = {
      features: {
        NOTE: { type: 'categorical' },
        NAME: { type: 'categorical' },
        CODE: { type: 'categorical' },
      },
    } as unknown as Contract;
    const levels = ['NOTE', 'NAME']
      .flatMap((name) =>
        Array.from({ length: 900 }, (_, i) =>
          level(name, `${i}${'心不全🚑'.repeat(20)}`, 10 + (i % 9), 5 + (i % 50)),
        ),
      )
      .concat(codes);
    const [note, name, code] = fitCodes(three, levels, 20);
    expect([note?.kind, name?.kind, code?.kind]).to.deep.equal(['packed', 'packed', 'target']);
    expect(Buffer.byteLength(JSON.stringify([note, name, code]))).to.be.within(40_000, 65_000);
    const one = fitCodes(
      contract,
      levels
        .filter(({ feature }) => feature === 'CODE')
        .concat(Array.from({ length: 900 }, (_, i) => level('WARD', `ward ${i}`, 15, 5))),
      20,
    );
    expect(one.map(({ kind }) => kind)).to.deep.equal(['numeric', 'target', 'target']);
  });

  it('is the same whatever order the levels come in', () => {
    const all = [...codes, level('WARD', 'B', 15, 3), level('WARD', 'A', 15, 4)];
    const expected = JSON.stringify(fitCodes(contract, all, 20));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(JSON.stringify(fitCodes(contract, shuffled, 20))).to.equal(expected);
      }),
      { numRuns: 20 },
    );
  });
});
