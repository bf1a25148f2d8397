import { expect } from 'chai';
import { type Group, judgeGroups } from '../../../procedures/excess/judge.js';
import { likenessOf, spreadsOf } from '../../../procedures/excess/spread.js';
import { random } from '../../../procedures/ground/random.js';

/** A group of stays of 5 days on average, exponentially spread, so many times as long. */
function group(next: () => number, stays: number, factor = 1): Group {
  const days = Array.from({ length: stays }, () => -5 * factor * Math.log(1 - next()));
  return {
    stays,
    days: days.reduce((sum, each) => sum + each, 0),
    expected: 5 * stays,
    variance: 25 * stays,
    third: 250 * stays,
    squares: days.reduce((sum, each) => sum + (each - 5) ** 2, 0),
  };
}

describe('groups judged against their expectation', () => {
  it('hold 1 within their interval in 95 of 100 cases where there is no excess', () => {
    const next = random(1);
    const judged = Array.from({ length: 2000 }, (_, i) => judgeGroups([group(next, 20 + (i % 400))])[0]!);
    const held = judged.filter(({ low, high }) => low <= 1 && high >= 1).length / judged.length;
    expect(held).to.be.within(0.935, 0.965);
  });

  it('are found by chance in at most one family of twenty', () => {
    const next = random(2);
    const families = Array.from({ length: 200 }, () =>
      judgeGroups(Array.from({ length: 14 }, () => group(next, 200))),
    );
    const found = (above: boolean) =>
      families.filter((family) => family.some(({ z, rate }) => z > 0 === above && rate < 0.05)).length;
    expect(found(true)).to.be.at.most(16);
    expect(found(false)).to.be.at.most(20);
  });

  it('are found where stays take three tenths longer, and no others', () => {
    const next = random(3);
    const judged = judgeGroups([
      group(next, 400, 1.3),
      ...Array.from({ length: 13 }, () => group(next, 400)),
    ]);
    expect(judged.map(({ rate }) => rate < 0.05)).to.deep.equal([true, ...Array(13).fill(false)]);
    expect(judged[0]!.ratio).to.be.closeTo(1.3, 0.15);
    expect(judged[0]!.low).to.be.above(1);
    expect(judged[0]!.ratio).to.be.above(judged[0]!.funnelHigh);
  });

  it('lie inside a wider funnel where groups commonly differ', () => {
    const next = random(4);
    const factors = Array.from({ length: 40 }, (_, i) => 0.8 + (0.4 * i) / 39);
    const judged = judgeGroups(factors.map((factor) => group(next, 2000, factor)));
    const beyond = judged.filter(
      ({ ratio, funnelLow, funnelHigh }) => ratio < funnelLow || ratio > funnelHigh,
    );
    expect(judged.filter(({ rate }) => rate < 0.05).length).to.be.at.least(20);
    expect(beyond.length).to.equal(0);
  });

  it('have a wider interval where the stays of a patient are alike', () => {
    const stays = Array.from({ length: 400 }, (_, i) => ({ patient: `p${i >> 2}` }));
    const next = random(5);
    const patients = Array.from({ length: 100 }, () => 10 * next());
    const expected = stays.map((_, i) => ({ days: patients[i >> 2]! + 2 * next(), expected: 6 }));
    const likeness = likenessOf(stays, expected, spreadsOf(expected));
    expect(likeness).to.be.within(0.7, 1);
    const strangers = stays.map((_, i) => ({ patient: `s${(i * 173) % 400}` }));
    expect(likenessOf(strangers, expected, spreadsOf(expected))).to.be.at.most(0.05);
  });
});
