import { expect } from 'chai';
import fc from 'fast-check';
import { MOST_POINTS, meanOf, median, shareGone } from '../../../udfs/curve/curve.js';
import { curveOf } from '../../../udfs/curve/residual-distribution.js';
import judgeSpreadOf from '../../../udfs/fitting/evaluate-spread.js';
import { FOLDS, fitResiduals, SHARES } from '../../../udfs/fitting/fit.js';
import { crps } from '../../../udfs/fitting/scores.js';
import type { FitRow } from '../../../udfs/fitting/spots.js';

/** A stream of numbers from 0 to 1 that is the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Stays around predictions of 3 to 30 days, whose spread grows with the prediction or does not. */
function rows(kind: 'quotient' | 'difference', count: number): FitRow[] {
  const next = random(7);
  return Array.from({ length: count }, (_, i): FitRow => {
    const predicted = 8 + 22 * next();
    const skewed = -Math.log(1 - 0.999 * next());
    const stay = kind === 'quotient' ? predicted * (0.3 + 0.7 * skewed) : predicted - 4 + 4 * skewed;
    return [predicted, Math.max(0, Math.round(stay)), 1, i % FOLDS];
  });
}

describe('the spread around predictions', () => {
  it('is described by quotients where it grows with the prediction, by differences where it does not', () => {
    for (const kind of ['quotient', 'difference'] as const) {
      const { spread, considered } = fitResiduals(rows(kind, 1500));
      expect(spread.kind).to.equal(kind);
      expect(considered.map(({ crps: each }) => each)).to.include(
        Math.min(...considered.map(({ crps: each }) => each)),
      );
    }
  });

  it('does not depend on the order of its rows', () => {
    const given = rows('quotient', 400);
    expect(fitResiduals([...given].reverse())).to.deep.equal(fitResiduals(given));
  });

  it('counts rows as often as they weigh', () => {
    const given = rows('quotient', 300);
    const weighed = given.map(([p, stay, , fold], i): FitRow => [p, stay, i % 3 ? 1 : 2, fold]);
    const repeated = weighed.flatMap(([p, stay, weight, fold]) =>
      Array.from({ length: weight }, (): FitRow => [p, stay, 1, fold]),
    );
    const [a, b] = [fitResiduals(weighed).spread, fitResiduals(repeated).spread];
    for (let day = 0; day < 60; day++)
      expect(shareGone(curveOf(12, a, 0), day)).to.be.closeTo(shareGone(curveOf(12, b, 0), day), 0.02);
  });

  it('gives back the distribution of stays when every prediction is the same', () => {
    const stays = [1, 1, 2, 2, 2, 3, 3, 4, 5, 7];
    const given = Array.from(
      { length: 1000 },
      (_, i): FitRow => [4, stays[i % 10]!, 1, ((i / 10) % FOLDS) | 0],
    );
    const { spread } = fitResiduals(given);
    const curve = curveOf(4, spread, 1);
    for (let day = 0; day <= 8; day++)
      expect(shareGone(curve, day), `day ${day}`).to.be.closeTo(
        stays.filter((stay) => stay <= day).length / 10,
        0.02,
      );
    expect(median(curve)).to.equal(2);
    expect(meanOf(curve)).to.be.closeTo(3, 0.05);
  });

  it('makes a proper curve of any prediction: few points, ascending, nothing below the floor, the end at 1', () => {
    const spreads = [rows('quotient', 900), rows('difference', 900)].map(
      (given) => fitResiduals(given).spread,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...spreads),
        fc.double({ min: 0, max: 400, noNaN: true }),
        fc.nat(3),
        (spread, predicted, floor) => {
          const { days, gone } = curveOf(Math.max(predicted, floor), spread, floor);
          expect(days.length).to.be.within(1, MOST_POINTS);
          expect(gone.length).to.equal(days.length);
          expect(gone.at(-1)).to.equal(1);
          if (floor > 0) expect(shareGone({ days, gone }, floor - 1)).to.equal(0);
          for (let i = 0; i < days.length; i++) {
            expect(Number.isInteger(days[i])).to.equal(true);
            expect(gone[i]).to.equal(Math.round(gone[i]! * 1e4) / 1e4);
            if (i === 0) continue;
            expect(days[i]).to.be.above(days[i - 1]!);
            expect(gone[i]).to.be.at.least(gone[i - 1]!);
          }
        },
      ),
    );
  });

  it('loses nothing that matters when a curve is written down', () => {
    const given = rows('quotient', 900);
    const { spread } = fitResiduals(given);
    let written = 0;
    let exact = 0;
    for (const [predicted, stay] of given) {
      const around = spread.around;
      written += crps(curveOf(predicted, spread, 0), stay);
      // Every day of it: what a curve of any number of points would be.
      const days = Array.from({ length: 200 }, (_, day) => day);
      const values = around.length === 1 ? around[0]!.values : undefined;
      if (!values) continue;
      const gone = days.map((day) => shareBelow((day + 0.5) / predicted, values));
      exact += crps({ days, gone: [...gone.slice(0, -1), 1] }, stay);
    }
    if (exact > 0) expect(written / given.length).to.be.closeTo(exact / given.length, 0.005);
  });
});

/** Share of stays whose quotient is at most so much. */
function shareBelow(quotient: number, values: readonly number[]): number {
  const next = values.findIndex((value) => value > quotient);
  if (next < 0) return 1;
  if (next === 0) return 0;
  const part = (quotient - values[next - 1]!) / (values[next]! - values[next - 1]!);
  return SHARES[next - 1]! + part * (SHARES[next]! - SHARES[next - 1]!);
}

describe('the worth of predictions as distributions', () => {
  const rows = (predicted: (i: number) => number) =>
    Array.from({ length: 200 }, (_, i): FitRow => [predicted(i), 1 + (i % 9), 1, 1 + (i % 16), i + 1]);

  it('is told of each row by its line', () => {
    const judged = judgeSpreadOf(rows((i) => 4 + (i % 3)));
    expect(judged.map(([line]) => line)).to.have.members(Array.from({ length: 200 }, (_, i) => i + 1));
    expect(judged.every(([, crps]) => crps > 0 && crps < 9)).to.equal(true);
  });

  for (const diverged of [Number.NaN, Number.POSITIVE_INFINITY, 1e30])
    it(`is not told where one of them is ${diverged}`, () => {
      expect(judgeSpreadOf(rows((i) => (i === 7 ? diverged : 5)))).to.deep.equal([]);
    });
});
