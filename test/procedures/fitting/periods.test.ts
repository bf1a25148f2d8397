import { expect } from 'chai';
import type { Ending } from '../../../procedures/fitting/inner-days.js';
import { periodsOf } from '../../../procedures/fitting/periods.js';

/** Stays that end by a share every day, so many rows. */
function geometric(rows: number, share: number): Ending[] {
  const endings: Ending[] = [];
  let left = rows;
  for (let day = 1; left >= 1; day++) {
    const leaving = Math.max(1, Math.round(left * share));
    endings.push({ day, weight: leaving, patients: leaving });
    left -= leaving;
  }
  return endings;
}

describe('periods of stays', () => {
  it('are days where most patients leave, and longer where few are left', () => {
    const { ends, suffixes, excess } = periodsOf(geometric(20_000, 0.15), 16)!;
    expect(ends).to.have.length.within(12, 15);
    expect(suffixes).to.have.length(ends.length);
    expect(ends.slice(0, 4)).to.deep.equal([1, 2, 3, 4]);
    expect(ends.at(-1)!).to.be.within(26, 32);
    // Geometric stays have no memory.
    expect(excess).to.be.closeTo(1 / 0.15, 0.7);
  });

  it('reach into the tail however long stays are', () => {
    const { ends } = periodsOf(geometric(20_000, 0.03), 16)!;
    expect(ends).to.have.length(15);
    expect(ends.at(-1)!).to.be.within(140, 165);
    expect([...ends].sort((a, b) => a - b)).to.deep.equal(ends);
  });

  it('tell the model the odds to leave in them', () => {
    const { suffixes } = periodsOf(geometric(20_000, 0.15), 16)!;
    const [number, odds] = suffixes[3]!.slice(1).split(',').map(Number);
    expect(number).to.equal(3);
    expect(odds).to.be.closeTo(Math.log(0.15 / 0.85), 0.02);
  });

  it('end before fewer than ten patients are left, and are fewer where lines are long', () => {
    const endings = geometric(100, 0.2);
    const { ends } = periodsOf(endings, 16)!;
    const beyond = endings
      .filter(({ day }) => day > ends.at(-1)!)
      .reduce((sum, { patients }) => sum + patients, 0);
    expect(beyond).to.be.at.least(10);
    expect(periodsOf(geometric(20_000, 0.15), 5)!.ends).to.have.length.at.most(4);
  });

  it('are none where all stays are as long, or no line is short enough', () => {
    expect(periodsOf([{ day: 2, weight: 100, patients: 100 }], 16)).to.equal(null);
    expect(periodsOf(geometric(20_000, 0.15), 1)).to.equal(null);
  });
});
