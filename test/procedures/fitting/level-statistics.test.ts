import { expect } from 'chai';
import { differBeyondMeans, priorWeight } from '../../../procedures/fitting/level-statistics.js';
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

  it('have the less of their own mean in their statistics the less they differ beyond what chance makes them differ', () => {
    const next = random(5);
    const gauss = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const weight = (between: number) =>
      priorWeight(
        Array.from({ length: 2000 }, () => {
          const own = 8 + between * gauss();
          const stays = Array.from({ length: 3 + Math.floor(10 * next()) }, () => own + 6 * gauss());
          const mean = stays.reduce((sum, stay) => sum + stay, 0) / stays.length;
          const variance = stays.reduce((sum, stay) => sum + (stay - mean) ** 2, 0) / stays.length;
          return { rows: stays.length, mean, variance };
        }),
      );
    // Within levels 36 days², between them 9 and 1.
    expect(weight(3)).to.be.closeTo(4, 0.8);
    expect(weight(1)).to.be.within(22, 60);
    expect(weight(0)).to.be.above(150);
  });
});
