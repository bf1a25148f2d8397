import { expect } from 'chai';
import fc from 'fast-check';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { featureCodes } from '../../../procedures/fitting/encoder.js';
import type { Level } from '../../../procedures/fitting/level-statistics.js';
import { encode, type FeatureCode, type Gaps } from '../../../udfs/encoding/encoding.js';

const contract = { features: { CODE: { type: 'categorical' } } } as unknown as Contract;

interface Stay {
  readonly patient: number;
  readonly level: string | null;
  readonly days: number;
}

/** What the SQL of fitEncoder finds of stays. */
function found(stays: readonly Stay[]) {
  const of = new Map<string | null, Stay[]>();
  for (const stay of stays) of.set(stay.level, [...(of.get(stay.level) ?? []), stay]);
  const patients = (some: readonly Stay[]) => new Set(some.map(({ patient }) => patient)).size;
  const levels = [...of].map(([level, own]): Level => {
    const mean = own.reduce((sum, { days }) => sum + days, 0) / own.length;
    const variance = own.reduce((sum, { days }) => sum + (days - mean) ** 2, 0) / own.length;
    return { feature: 'CODE', level, rows: own.length, patients: patients(own), mean, variance };
  });
  const rare = [...of.values()].filter((own) => patients(own) < 10).flat();
  const mean = stays.reduce((sum, { days }) => sum + days, 0) / stays.length;
  const together = { all: patients(rare), withValue: patients(rare.filter(({ level }) => level !== null)) };
  return { mean, code: featureCodes(contract, levels, { CODE: together }, mean)[0] as FeatureCode };
}

/** Some levels of many patients, some of few, of whom some come again. */
const someStays = fc
  .record({
    frequent: fc.integer({ min: 0, max: 30 }),
    rare: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }),
    missing: fc.integer({ min: 0, max: 15 }),
    again: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ frequent, rare, missing, again, seed }): Stay[] => {
    const stays: Stay[] = [];
    const add = (level: string | null, rows: number) => {
      for (let i = 0; i < rows; i++) {
        const n = stays.length;
        // Of those who come again, the rows are of half as many patients.
        stays.push({ patient: again ? n >> 1 : n, level, days: 1 + ((n * 7919 + seed) % 61) });
      }
    };
    for (let i = 0; i < frequent; i++) add(`F${i}`, 25 + i);
    rare.forEach((rows, i) => {
      add(`R${i}`, rows);
    });
    add(null, missing);
    add('COMMON', 60);
    return stays;
  });

const patientsOf = (stays: readonly Stay[]) => new Set(stays.map(({ patient }) => patient)).size;

describe('levels of fewer than ten patients', () => {
  it('have no statistic or column of their own, nor what is left of all when the others are taken away', () => {
    fc.assert(
      fc.property(someStays, (stays) => {
        const { code, mean } = found(stays);
        const of = (level: string | null) => stays.filter((stay) => stay.level === level);
        const own =
          code.kind === 'onehot' ? code.levels : code.kind === 'target' ? Object.keys(code.levels) : [];
        for (const level of own) expect(patientsOf(of(level)), level).to.be.at.least(10);
        const rest = stays.filter(({ level }) => level !== null && !own.includes(level));
        if (code.kind === 'onehot') {
          expect(code.other === true).to.equal(patientsOf(rest) >= 10);
          return;
        }
        if (code.kind !== 'target') throw new Error(code.kind);
        const absent = of(null);
        const complement = code.missing === code.unseen ? rest.concat(absent) : rest;
        if (complement.length > 0) expect(patientsOf(complement)).to.be.at.least(10);
        if (code.missing !== code.unseen) expect(patientsOf(absent)).to.be.at.least(10);
        if (rest.length + absent.length === 0) expect(code.unseen).to.be.closeTo(mean, 1e-4);
      }),
      { numRuns: 300 },
    );
  });

  it('are encoded and answered as a level that never was', () => {
    fc.assert(
      fc.property(someStays, (stays) => {
        const { code } = found(stays);
        const read = (level: string) => {
          const gaps: Gaps = { missing: [], unseen: [] };
          return { numbers: encode({ CODE: level }, [code], gaps), gaps };
        };
        for (const level of new Set(stays.map((stay) => stay.level))) {
          if (level === null || patientsOf(stays.filter((stay) => stay.level === level)) >= 10) continue;
          expect(read(level)).to.deep.equal(read('never'));
          expect(read(level).gaps.unseen).to.deep.equal(['CODE']);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('have the same answer whichever of them a patient had', () => {
    // A version of one patient's exact stay: (44 + 20 · mean) / 21, as in 0.3.0.
    const stays = Array.from({ length: 20 }, (_, i) => i).flatMap((i): Stay[] =>
      Array.from({ length: 30 }, (_, k) => ({ patient: 30 * i + k, level: `W${i}`, days: 5 + (k % 9) })),
    );
    const one = found([...stays, { patient: 1e4, level: 'RARE', days: 44 }]);
    if (one.code.kind !== 'target') throw new Error(one.code.kind);
    expect(one.code.levels).to.not.have.property('RARE');
    // One frequent level is together with it, so that 31 patients are.
    expect(Object.keys(one.code.levels)).to.have.length(19);
  });
});
