import { expect } from 'chai';
import fc from 'fast-check';
import { random } from '../../../procedures/ground/random.js';
import type { Curve } from '../../../udfs/curve/curve.js';
import { fitStayBands, type MorningRow } from '../../../udfs/fitting/stay-bands.js';
import { longTests } from '../../long.js';

const { long } = longTests(import.meta.url);

/** Its days are so many that the share gone by the end of the last one says which: 10 % on either side lie outside −2.2 and 2.2. */
const CURVE: Curve = {
  days: Array.from({ length: 1000 }, (_, i) => i + 1),
  gone: Array.from({ length: 1000 }, (_, i) => (i + 1) / 1000),
};
const TENTH = Math.log(9);

const logOdds = (share: number) => Math.log(share / (1 - share));

/**
 * Mornings of stays, those of a stay alike: they lie where the curve says, and on later days further from its middle.
 * @param lasting days of the longest
 * @param later by how much further on each day
 */
function mornings(stays: number, lasting: number, seed = 1, later = 0.1): MorningRow[] {
  const next = random(seed);
  return Array.from({ length: stays }, (_, patient) => {
    const days = 1 + Math.floor(lasting * next() ** 2);
    const own = logOdds(0.001 + 0.998 * next());
    return Array.from(
      { length: days },
      (_, day): MorningRow => ({
        id: `${patient} ${String(day).padStart(2, '0')}`,
        day,
        predicted: 5,
        error: (own + 0.2 * (next() - 0.5)) * (1 + later * day),
        weight: 1,
        patient,
        curve: CURVE,
      }),
    );
  }).flat();
}

const isInside = (bands: ReturnType<typeof fitStayBands>, { day, predicted, error }: MorningRow) => {
  const { low, high } = bands.find(
    ({ untilDay, upTo }) => (untilDay === null || day <= untilDay!) && (upTo === null || predicted <= upTo),
  )!;
  return error >= low && error <= high;
};

/** Shares of the mornings of other stays that lie inside, one for each of sixty trainings. */
function sharesInside(stays: number, later: number): number[] {
  return Array.from({ length: 60 }, (_, i) => {
    const bands = fitStayBands(mornings(stays, 20, i + 1, later));
    const others = mornings(300, 20, 1000 + i, later);
    return others.filter((row) => isInside(bands, row)).length / others.length;
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the intervals of stays that have begun', () => {
  it('are those of ranges of days, each of twenty patients, and the same whatever the order of the mornings', () => {
    const rows = mornings(60, 20);
    const bands = fitStayBands(rows);
    expect(fitStayBands([...rows].reverse())).to.deep.equal(bands);
    const until = bands.map(({ untilDay }) => untilDay);
    expect(until.length).to.be.above(2);
    expect(until.at(-1)).to.equal(null);
    until.forEach((last, i) => {
      const from = i === 0 ? 0 : until[i - 1]! + 1;
      const own = rows.filter(({ day }) => day >= from && (last === null || day <= last!));
      expect(new Set(own.map(({ patient }) => patient)).size).to.be.at.least(20);
    });
    expect(bands.at(-1)!.high - bands.at(-1)!.low).to.be.above(1.3 * (bands[0]!.high - bands[0]!.low));
    for (const { low, high, low95, high95 } of bands) {
      expect(low95).to.be.at.most(low);
      expect(high95).to.be.at.least(high);
    }
  });

  it('are one range where there are too few patients for two', () => {
    expect(fitStayBands(mornings(25, 6)).map(({ untilDay }) => untilDay)).to.deep.equal([null]);
    expect(fitStayBands(mornings(8, 6))).to.have.length(1);
    expect(fitStayBands([])).to.deep.equal([]);
  });

  long('hold about eight in ten mornings of other stays, though the mornings of a stay are alike', () => {
    expect(mean(sharesInside(60, 0.05))).to.be.within(0.77, 0.84);
    expect(mean(sharesInside(60, 0))).to.be.within(0.78, 0.84);
  });

  it('are between the order statistics of twenty patients and those that the curves say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -80, max: 80 }), { minLength: 30, maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        (errors, many) => {
          const rows = errors.map(
            (error, i): MorningRow => ({
              id: String(i).padStart(3, '0'),
              day: 2,
              predicted: 5,
              error: error / 10,
              // Whatever a row stands for.
              weight: many,
              patient: i,
              curve: CURVE,
            }),
          );
          const sorted = errors.map((error) => error / 10).sort((a, b) => a - b);
          const n = errors.length;
          const [band] = fitStayBands(rows);
          const between = (own: number, foreseen: number) => (n * own + 20 * foreseen) / (n + 20);
          const low = between(sorted[Math.floor((n + 1) * 0.1 + 1e-6) - 1]!, -TENTH);
          const high = between(sorted[Math.ceil((n + 1) * 0.9 - 1e-6) - 1]!, TENTH);
          expect(band!.low).to.be.closeTo(low, 0.01);
          expect(band!.high).to.be.closeTo(high, 0.01);
        },
      ),
    );
  });

  it('count on a curve every day on which stays end, and of a day all of its stays', () => {
    const patients = Array.from({ length: 20 }, (_, i) => i);
    const row = (patient: number, curve: Curve): MorningRow => ({
      id: String(patient).padStart(3, '0'),
      day: 2,
      predicted: 5,
      error: 0,
      weight: 1,
      patient,
      curve,
    });
    // Between two days a straight line: the same curve.
    const [line] = fitStayBands(patients.map((i) => row(i, { days: [0, 1000], gone: [0, 1] })));
    expect(line).to.deep.equal(fitStayBands(patients.map((i) => row(i, CURVE)))[0]);
    // Half leave on the first day, and no share gone is below theirs.
    const [two] = fitStayBands(patients.map((i) => row(i, { days: [1, 2], gone: [0.5, 1] })));
    expect(two!.low).to.be.closeTo(0, 1e-3);
    expect(two!.high).to.be.closeTo(logOdds(1 - 1e-4) / 2, 1e-3);
  });
});
