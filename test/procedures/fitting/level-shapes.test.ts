import { expect } from 'chai';
import { differBeyondMeans } from '../../../procedures/fitting/level-shapes.js';
import { random } from '../../../procedures/ground/random.js';

/** What the SQL of fitEncoder finds of levels. @param stayOf a stay of a level, in days */
function levels(count: number, stays: number, stayOf: (level: number) => number) {
  const all = Array.from({ length: count }, (_, level) => Array.from({ length: stays }, () => stayOf(level)));
  const meanOf = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const overall = meanOf(all.flat());
  return all.map((own) => {
    const mean = meanOf(own);
    const short = own.map((stay) => (stay <= overall ? 1 : 0));
    return {
      rows: stays,
      mean,
      variance: meanOf(own.map((stay) => (stay - mean) ** 2)),
      short: { share: meanOf(short), days: meanOf(own.map((stay, i) => stay * short[i]!)) },
    };
  });
}

describe('levels of a category', () => {
  it('differ by their means alone where all stays are so many days longer, but for chance', () => {
    const next = random(3);
    const found = Array.from({ length: 60 }, () =>
      levels(40, 100, (level) => 1 - 5 * Math.log(1 - next()) + 0.3 * (level % 4)),
    ).filter(differBeyondMeans);
    expect(found.length).to.be.at.most(3);
  });

  it('differ by more where some have both more short and more long stays', () => {
    const next = random(3);
    const skewed = (level: number) =>
      level % 2 ? Math.ceil(-9 * Math.log(1 - next())) : 5 + Math.ceil(8 * next());
    expect(differBeyondMeans(levels(40, 100, skewed))).to.equal(true);
  });

  it('are not told apart without stays, or where two make a line', () => {
    expect(differBeyondMeans([])).to.equal(false);
    expect(differBeyondMeans(levels(2, 50, (level) => level + 1))).to.equal(false);
    expect(differBeyondMeans(levels(20, 50, () => 4))).to.equal(false);
  });
});
