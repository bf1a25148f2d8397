import { expect } from 'chai';
import { figuresOf, type Line, monthBefore } from '../../../procedures/excess/figures.js';
import { addMonths, sumUnits } from '../../../procedures/excess/sums.js';
import { type Shown, sentencesOf } from '../../../procedures/excess/words.js';
import { SMALL_GROUPS } from '../../../procedures/ground/small-groups.js';

const line = (unit: string, month: string, days: number): Line => ({
  ...{ by: 'WARD', unit, month, days },
  ...{ stays: 101, expected: 500, variance: 2500, third: 1e5, squares: 2500 },
});

describe('figures of a month', () => {
  it('are of the year up to it, each unit of the months that it has', () => {
    const lines = [
      line('A', '2025-11', 900),
      line('A', '2025-12', 500),
      line('A', '2026-11', 600),
      line('B', '2026-11', 500),
    ];
    const [a, b] = figuresOf(lines, '2026-11');
    expect(a).to.include({ LEVEL: 'A', MONTHS: 2, ADMISSIONS: 200, RATIO: 1.1, EXCESS_DAYS: 100 });
    expect(b).to.include({ LEVEL: 'B', MONTHS: 1, ADMISSIONS: 100, RATIO: 1, EXCESS_DAYS: 0 });
    expect(a!.METRICS).to.deep.equal(lines[2]);
    expect([monthBefore('2026-01', 1), monthBefore('2026-12', -1)]).to.deep.equal(['2025-12', '2027-01']);
  });

  it('count what the stays of a patient have in common in the month of the later one', () => {
    const stays = ['2026-01', '2026-02', '2026-02'].map((month, i) => ({
      patient: i < 2 ? 'p' : 'q',
      days: 7,
      values: [],
      month,
    }));
    const expected = stays.map(() => ({ days: 7, expected: 5 }));
    const spreads = stays.map(() => ({ variance: 9, third: 1 }));
    const [january, february] = sumUnits(
      stays,
      stays.map(() => 'A'),
      expected,
      spreads,
      0.5,
    );
    expect(january).to.include({ variance: 9, squares: 4 });
    expect(february).to.include({ variance: 18 + 2 * 0.5 * 9, squares: 8 + 2 * 4 });
    expect(addMonths([january!, february!])).to.include({ stays: 3, days: 21, expected: 15 });
    expect(
      sumUnits(
        stays,
        stays.map(() => SMALL_GROUPS),
        expected,
        spreads,
        0,
      ),
    ).to.deep.equal([]);
  });

  it('are told in words: what is beyond chance by name, the rest in one sentence, and what changed', () => {
    const shown = (unit: string, ratio: number, rate: number): Shown => ({
      ...{ by: 'WARD', unit, ratio, low: ratio - 0.06, high: ratio + 0.06 },
      ...{ excessDays: Math.round(1000 * (ratio - 1)), found: rate < 0.05, unusual: rate < 0.001 },
    });
    const now = [
      shown('A', 1.12, 0.01),
      shown('B', 0.8, 0.0001),
      shown('C', 1.05, 0.2),
      shown('D', 0.97, 0.6),
    ];
    const before = [shown('B', 0.8, 0.001), shown('C', 1.2, 0.01)];
    expect(sentencesOf(now, before)).to.deep.equal([
      'WARD A: 12 % more days than expected (6 to 18 %), about 120 days.',
      'WARD B: 20 % fewer days than expected (14 to 26 %), about 200 days; units here do not commonly differ so much.',
      'WARD: the others (2) differ from what is expected by no more than chance.',
      'WARD: new since last month: A.',
      'WARD: no longer beyond chance: C.',
    ]);
    expect(sentencesOf([shown('C', 1.05, 0.2), shown('D', 0.97, 0.6)], [])).to.deep.equal([
      'WARD: all (2) differ from what is expected by no more than chance.',
    ]);
  });
});
