import { expect } from 'chai';
import { meanOf, shareGone } from '../../../udfs/curve/curve.js';
import { curveOfHazards, scaleHazard, shapeOf } from '../../../udfs/curve/hazards.js';
import judgeHazards from '../../../udfs/fitting/evaluate-hazards.js';
import { crps, exposure } from '../../../udfs/fitting/scores.js';

const ends = [1, 2, 3, 4, 6, 9];
/** A patient still admitted leaves with the same probability every day. */
function constant(share: number): number[] {
  return ends.map((end, k) => 1 - (1 - share) ** (end - (k > 0 ? ends[k - 1]! : 0)));
}

describe('a curve of hazards', () => {
  const curve = curveOfHazards(constant(0.2), { ends, excess: 5 }, 1);

  it('has gone by a period’s end who did not outlive it', () => {
    for (const end of ends) expect(shareGone(curve, end)).to.be.closeTo(1 - 0.8 ** end, 1e-4);
    expect(shareGone(curve, 0)).to.equal(0);
    expect(curve.gone.at(-1)).to.equal(1);
    expect(curve.days).to.deep.equal([...curve.days].sort((a, b) => a - b));
  });

  it('spreads the stays of a period as the days inside it say', () => {
    const shape = {
      ends: [2, 5],
      excess: 2,
      inner: [
        { day: 1, share: 0.2 },
        { day: 4, share: 0.9 },
      ],
    };
    const curve = curveOfHazards([0.5, 0.4], shape, 1);
    expect(curve.days.slice(0, 4)).to.deep.equal([1, 2, 4, 5]);
    expect(curve.gone.slice(0, 4)).to.deep.equal([0.1, 0.5, 0.68, 0.7]);
    const even = curveOfHazards([0.5, 0.4], { ends: [2, 5], excess: 2 }, 1);
    expect([shareGone(even, 1), shareGone(even, 2)]).to.deep.equal([0.25, 0.5]);
  });

  it('goes on beyond the last period with the excess that stays had', () => {
    expect(meanOf(curve)).to.be.closeTo(5, 0.15);
    for (const day of [12, 16, 22]) expect(shareGone(curve, day)).to.be.closeTo(1 - 0.8 ** day, 0.01);
  });

  it('has no one gone before the shortest stay', () => {
    const late = curveOfHazards([0.5, 0.5], { ends: [6, 9], excess: 2 }, 4);
    expect(shareGone(late, 3)).to.equal(0);
    expect(shareGone(late, 6)).to.be.closeTo(0.5, 1e-4);
    expect(shareGone(late, 4)).to.be.closeTo(0.5 / 3, 1e-4);
  });

  it('takes hazards of 0 and 1, and stays a curve', () => {
    for (const answers of [ends.map(() => 0), ends.map(() => 1)]) {
      const { days, gone } = curveOfHazards(answers, { ends, excess: 5 }, 0);
      expect(gone.every((share, i) => share >= (gone[i - 1] ?? 0) && share <= 1)).to.equal(true);
      expect(days.length).to.be.at.most(40);
    }
  });

  it('is as fast as a pace says', () => {
    const faster = scaleHazard(curve, 2);
    for (const end of ends) expect(shareGone(faster, end)).to.be.closeTo(1 - 0.8 ** (2 * end), 1e-4);
    expect(scaleHazard(curve, 1)).to.equal(curve);
  });

  it('moves away from the middle, the further the more, and not at all in the middle', () => {
    const moved = (share: number) => {
      const given = curveOfHazards(constant(share), { ends, excess: 5 }, 1);
      const shape = { ends, excess: 5, apart: { middle: meanOf(curve), by: 0.1 } };
      return meanOf(curveOfHazards(constant(share), shape, 1)) / meanOf(given);
    };
    expect(moved(0.2)).to.equal(1);
    // Nearly a tenth of their distance from the middle, in logarithms: means of 7 days and of 2.5.
    expect(moved(0.1)).to.be.within(1.02, 1.04);
    expect(moved(0.4)).to.be.within(0.93, 0.97);
    expect(moved(0.05)).to.be.above(moved(0.1));
  });

  it('stays a curve where it is moved, and the same for the patient who is gone at once', () => {
    const shape = { ends, excess: 5, apart: { middle: 5, by: 0.1 } };
    for (const share of [0, 1e-9, 0.5, 1]) {
      const { gone } = curveOfHazards(
        ends.map(() => share),
        shape,
        0,
      );
      expect(gone.every((one, i) => one >= (gone[i - 1] ?? 0) && one <= 1)).to.equal(true);
      expect(gone.at(-1)).to.equal(1);
    }
  });

  it('is told with what moves it, where there is something', () => {
    const apart = { middle: 5, by: 0.1 };
    expect(shapeOf({ ends, suffixes: [], excess: 5, apart })).to.deep.equal({ ends, excess: 5, apart });
    expect(shapeOf({ ends, suffixes: [], excess: 5 })).to.deep.equal({ ends, excess: 5 });
  });

  it('is judged as it is served', () => {
    const answers = constant(0.2);
    const [days, score] = judgeHazards(answers, { ends, excess: 5 }, 1, 1, 4)!;
    expect([days, score]).to.deep.equal([meanOf(curve), crps(curve, 4)]);
    expect(judgeHazards(answers.slice(1), { ends, excess: 5 }, 1, 1, 4)).to.equal(null);
  });
});

describe('the exposure of a stay', () => {
  it('is one on average where the curve is right, and as much more as patients stay longer', () => {
    for (const [share, wanted] of [
      [0.2, 1],
      [0.1, Math.log(0.8) / Math.log(0.9)],
    ] as const) {
      // Stays that end by a share every day, beside a curve of a fifth.
      let sum = 0;
      for (let day = 1; day < 300; day++)
        sum += (1 - share) ** (day - 1) * share * exposure(1 - 0.8 ** (day - 1), 1 - 0.8 ** day);
      expect(sum).to.be.closeTo(wanted, 0.12 * wanted);
    }
  });

  it('is finite past the end of the curve', () => {
    expect(exposure(1, 1)).to.be.within(7, 8);
  });
});
