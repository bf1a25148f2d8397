import { expect } from 'chai';
import fc from 'fast-check';
import { random } from '../../../procedures/ground/random.js';
import { fitStayBands, type MorningRow } from '../../../udfs/fitting/stay-bands.js';

/**
 * Mornings of stays, each with what is known of none of its mornings: an error of its own, the wider the longer it lasts.
 * @param lasting days of the longest
 */
function mornings(stays: number, lasting: number, seed = 1): MorningRow[] {
  const next = random(seed);
  return Array.from({ length: stays }, (_, patient) => {
    const days = 1 + Math.floor(lasting * next() ** 2);
    const own = next() - 0.5;
    return Array.from(
      { length: days },
      (_, day): MorningRow => ({
        id: `${patient} ${String(day).padStart(2, '0')}`,
        day,
        predicted: 5,
        error: (own + 0.2 * (next() - 0.5)) * (1 + day / 4),
        weight: 1,
        patient,
        keys: [],
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
    expect(bands.at(-1)!.high - bands.at(-1)!.low).to.be.above(2 * (bands[0]!.high - bands[0]!.low));
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

  it('hold about eight in ten mornings of other stays, though the mornings of a stay are alike', () => {
    const shares = Array.from({ length: 60 }, (_, i) => {
      const bands = fitStayBands(mornings(60, 20, i + 1));
      const others = mornings(300, 20, 1000 + i);
      return others.filter((row) => isInside(bands, row)).length / others.length;
    });
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).to.be.within(0.78, 0.84);
  });

  it('are those of single rows where each patient has one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 30, maxLength: 60 }), (errors) => {
        const rows = errors.map(
          (error, i): MorningRow => ({
            id: String(i).padStart(3, '0'),
            day: 2,
            predicted: 5,
            error,
            weight: 1,
            patient: i,
            keys: [],
          }),
        );
        const sorted = [...errors].sort((a, b) => a - b);
        const [band] = fitStayBands(rows);
        expect(band!.low).to.equal(sorted[Math.floor((errors.length + 1) * 0.1 + 1e-6) - 1]);
        expect(band!.high).to.equal(sorted[Math.ceil((errors.length + 1) * 0.9 - 1e-6) - 1]);
      }),
    );
  });
});
