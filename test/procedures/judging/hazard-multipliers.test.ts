import { expect } from 'chai';
import fc from 'fast-check';
import type { Row } from '../../../procedures/ground/work.js';
import {
  fitHazardMultiplier,
  multiplierOfAll,
  type Sums,
} from '../../../procedures/judging/hazard-multipliers.js';
import { versionOf } from '../../../procedures/versions/version.js';
import { place, scripted } from '../scripted.js';

/** Bed-days at the paces that curves are asked for, of curves whose means fall with the pace by a power. */
function sumsOf(ratio: number, { noise = 0, elasticity = 0.7 } = {}): Sums {
  return { ratios: pacesAsked().map((pace) => ratio * pace ** -elasticity), noise };
}

const plan = {
  contract: { name: 'health', id: 'CASE_ID', features: { AGE: { type: 'numeric' } } },
  settings: { ...place, prefix: 'los' },
  sql: { 'calibration/paced-means': '{{paces}} OF {{which}}' },
} as unknown as Parameters<typeof fitHazardMultiplier>[0];
const version = versionOf(plan.contract, plan.settings, 1);
const few = { train: 5000, validation: 1000 };

/** What a statement asks for, and the pace that follows from its answer. */
function fitted(answer: readonly Row[], { split = few, by = {} } = {}): { sql: string; pace: number } {
  let sql = '';
  const asked = { ...plan, contract: { ...plan.contract, ...by } };
  const pace = scripted(fitHazardMultiplier(asked, version, split), (step) => {
    if ('sql' in step) ({ sql } = step);
    return answer;
  });
  return { sql, pace };
}

function pacesAsked(): number[] {
  return JSON.parse(/\[[^\]]*\]/.exec(fitted([]).sql)![0]);
}

function rowOf(side: string, { ratios, noise }: Sums, stays = 4000): Row {
  return {
    SIDE: side,
    STAYS: stays,
    NOISE: noise * stays,
    ...Object.fromEntries(ratios.map((ratio, i) => [`BED_DAYS_${i}`, ratio * stays])),
  };
}

describe('the pace of everybody', () => {
  it('is that by which the curves of the rows fitted to add up to their bed-days', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.8, max: 1.25, noNaN: true }),
        fc.double({ min: 0.4, max: 1, noNaN: true }),
        (ratio, elasticity) => {
          const pace = multiplierOfAll(sumsOf(ratio, { elasticity }));
          expect(ratio * pace ** -elasticity).to.be.closeTo(1, 1.2e-3);
        },
      ),
    );
    expect(multiplierOfAll(sumsOf(0.985))).to.be.below(1);
  });

  it('is found between the paces asked for where means are no power of it', () => {
    // No one stays for more than 20 days, and everybody for 5.
    const meanAt = (pace: number) =>
      Array.from({ length: 20 }, (_, day) => (1 - Math.max(0, day - 5) / 15) ** pace).reduce((a, b) => a + b);
    for (const wanted of [0.9, 0.97, 1.02, 1.15]) {
      const pace = multiplierOfAll({
        ratios: pacesAsked().map((one) => meanAt(one) / (wanted * meanAt(1))),
        noise: 0,
      });
      expect(meanAt(pace) / meanAt(1)).to.be.closeTo(wanted, 0.0015);
    }
  });

  it('believes both sides as much as each is sure, where they differ by no more than chance', () => {
    const train = sumsOf(0.98, { noise: 0.01, elasticity: 1 });
    // Beside the training rows' pace the later ones want stays that are 1 % longer: as if of four times as many rows.
    const later = sumsOf(0.97, { noise: 0.005, elasticity: 1 });
    expect(multiplierOfAll(train, later)).to.be.closeTo(0.98 * (0.97 / 0.98) ** 0.8, 2e-4);
    expect(multiplierOfAll(train, { ...later, noise: 10 })).to.be.closeTo(0.98, 2e-4);
    const nearlyBeyond = sumsOf(0.98 * Math.exp(-1.99 * Math.hypot(0.01, 0.005)), {
      noise: 0.005,
      elasticity: 1,
    });
    expect(multiplierOfAll(train, nearlyBeyond)).to.be.closeTo(
      0.98 * Math.exp(-1.592 * Math.hypot(0.01, 0.005)),
      1e-3,
    );
  });

  it('is one where later rows differ beyond chance, and by no more than a season does', () => {
    const train = sumsOf(0.95, { noise: 0.01, elasticity: 1 });
    for (const ratio of [1.1, 1.02, 0.88, 0.8])
      expect(multiplierOfAll(train, sumsOf(ratio, { noise: 0.01, elasticity: 1 })), String(ratio)).to.equal(
        1,
      );
  });

  it('follows the later rows where patients have changed', () => {
    const train = sumsOf(0.98, { noise: 0.01, elasticity: 1 });
    expect(multiplierOfAll(train, sumsOf(0.7, { noise: 0.01, elasticity: 1 }))).to.be.closeTo(0.7, 0.005);
    // Of few rows less so.
    expect(multiplierOfAll(train, sumsOf(0.7, { noise: 0.15, elasticity: 1 }))).to.be.within(0.8, 0.85);
  });

  it('is one where nothing is to be corrected, or nothing is known', () => {
    expect(multiplierOfAll(sumsOf(1.0004))).to.equal(1);
    expect(multiplierOfAll(sumsOf(1), sumsOf(Number.NaN))).to.equal(1);
    for (const ratio of [0, Number.NaN]) expect(multiplierOfAll(sumsOf(ratio))).to.equal(1);
    expect(fitted([]).pace).to.equal(1);
    // What SQL knows not is null.
    expect(fitted([{ SIDE: 'train', STAYS: null, NOISE: null }]).pace).to.equal(1);
  });

  it('is asked of both sides, but where a column names the rows that validate', () => {
    const answer = [
      rowOf('train', sumsOf(0.98, { noise: 0.01 })),
      rowOf('validation', sumsOf(0.7, { noise: 0.001 })),
    ];
    const column = { column: 'SIDE', training: 'train', holdout: 'test' };
    for (const by of [{}, { split: column }]) {
      const { sql, pace } = fitted(answer, { by });
      expect(sql).to.match(/OF ROW_SIDE = 'train' OR ROW_SIDE = 'validation'$/);
      expect(pace).to.be.closeTo(0.7 ** (1 / 0.7), 4e-3);
    }
    expect(fitted(answer, { by: { split: { ...column, validation: 'check' } } })).to.deep.equal({
      sql: '',
      pace: 1,
    });
  });

  it('is asked of so many rows that more would say no more', () => {
    const { sql } = fitted([], { split: { train: 100_000, validation: 20_000 } });
    expect(sql).to.match(/'train' AND .*MD5.* < '333333' OR ROW_SIDE = 'validation'$/);
  });
});
