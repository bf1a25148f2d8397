import { expect } from 'chai';
import { associationsOf } from '../../../procedures/exploring/answers/association.js';
import type { CodedColumn } from '../../../procedures/exploring/coding.js';
import type { Cell } from '../../../procedures/exploring/facts.js';
import { collapse, type Line, varianceExplained } from '../../../procedures/exploring/lines.js';
import { random } from '../../../procedures/ground/random.js';

const column = (place: number, name: string) =>
  ({
    name,
    place,
    role: 'feature',
    kind: 'category',
    labels: ['a', 'b'],
    ordered: false,
  }) as unknown as CodedColumn;

/** Stays of two groups whose means are so far apart, with deviation 1, in ten parts of the patients. */
function cells(place: number, apart: number, n: number, next: () => number): Cell[] {
  const found: Cell[] = [];
  for (const code of [1, 2])
    for (let fold = 0; fold < 10; fold++) {
      const days = Array.from({ length: n / 20 }, () => {
        const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
        return 10 + normal + (code === 1 ? 0 : apart);
      });
      const sum = (of: (value: number) => number) => days.reduce((all, value) => all + of(value), 0);
      const own = { n: days.length, days: sum((value) => value), squares: sum((value) => value * value) };
      found.push({ place, code, fold: String(fold), ...own });
    }
  return found;
}

describe('what a feature tells of the stay', () => {
  it('is the share of variance between its groups, ranked', () => {
    const next = random(5);
    const found = associationsOf(
      [column(0, 'WEAK'), column(1, 'STRONG')],
      [...cells(0, 0.2, 4000, next), ...cells(1, 2, 4000, next)],
    );
    expect(found.map(({ column: { name } }) => name)).to.deep.equal(['STRONG', 'WEAK']);
    // Two groups d apart with deviation 1 have d²/4 of variance between them.
    expect(found[0]!.share).to.be.closeTo(0.5, 0.03);
    expect(found[1]!.share).to.be.closeTo(0.0099, 0.008);
  });

  it('has an interval that holds the truth about 19 times in 20, and holds zero where there is nothing', () => {
    const next = random(9);
    let held = 0;
    let zero = 0;
    for (let i = 0; i < 200; i++) {
      const [some] = associationsOf([column(0, 'SOME')], cells(0, 1, 2000, next));
      if (some!.from <= 0.2 && 0.2 <= some!.to) held++;
      const [none] = associationsOf([column(0, 'NONE')], cells(0, 0, 2000, next));
      if (none!.from === 0) zero++;
    }
    expect(held).to.be.within(175, 200);
    expect(zero).to.be.at.least(180);
  });

  it('follows from means and deviations as from the stays themselves', () => {
    const line = (key: number, n: number, mean: number, sd: number) =>
      ({ key, codes: [1 + (key >> 1), 1 + (key & 1)], n, mean, sd }) as unknown as Line;
    const lines = [line(0, 10, 4, 1), line(1, 10, 6, 1), line(2, 20, 4, 2), line(3, 20, 6, 2)];
    // Within: 9 + 9 + 76 + 76; between: every stay 1 from the mean.
    expect(varianceExplained(lines)).to.be.closeTo(1 - 170 / 56 / (230 / 59), 1e-12);
    expect(varianceExplained(collapse(lines, 0))).to.equal(0);
    expect(varianceExplained(collapse(lines, 1))).to.be.closeTo(1 - 170 / 58 / (230 / 59), 1e-12);
  });
});
