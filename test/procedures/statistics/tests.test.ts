import { expect } from 'chai';
import fc from 'fast-check';
import {
  benjaminiHochberg,
  chiSquare,
  chiSquareTail,
  findableShift,
  kolmogorovTail,
  normalTail,
} from '../../../procedures/statistics/tests.js';

const share = () => fc.double({ min: 1e-9, max: 1, noNaN: true });

describe('the tests that inputs are watched by', () => {
  it('know the tail of Kolmogorov’s distribution', () => {
    // Smirnov's table: the quantiles of 10, 5 and 1 %.
    expect(kolmogorovTail(1.2238478702170823)).to.be.closeTo(0.1, 1e-9);
    expect(kolmogorovTail(1.3580986393225505)).to.be.closeTo(0.05, 1e-9);
    expect(kolmogorovTail(1.62762361151895)).to.be.closeTo(0.01, 1e-9);
    // Where one series takes over from the other.
    expect(kolmogorovTail(1.18 - 1e-12)).to.be.closeTo(kolmogorovTail(1.18), 1e-9);
    expect(kolmogorovTail(0)).to.equal(1);
    expect(kolmogorovTail(0.2)).to.be.closeTo(1, 1e-9);
  });

  it('know the tails of the normal distribution, far out too', () => {
    // 2 * scipy.stats.norm.sf(z)
    expect(normalTail(0)).to.equal(1);
    expect(normalTail(-1.959963984540054)).to.be.closeTo(0.05, 1e-9);
    expect(normalTail(5) / 5.733031437583869e-7).to.be.closeTo(1, 1e-9);
  });

  it('know the tail of chi-square', () => {
    // Two degrees of freedom are an exponential distribution, four its sum with another.
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 60, noNaN: true }), (x) => {
        expect(chiSquareTail(x, 2)).to.be.closeTo(Math.exp(-x / 2), 1e-12);
        expect(chiSquareTail(x, 4)).to.be.closeTo(Math.exp(-x / 2) * (1 + x / 2), 1e-12);
      }),
    );
    expect(chiSquareTail(3.841458820694124, 1)).to.be.closeTo(0.05, 1e-12);
    expect(chiSquareTail(124.34211340400407, 100)).to.be.closeTo(0.05, 1e-12);
    expect(chiSquareTail(0, 3)).to.equal(1);
  });

  it('find nothing where the shares are the same, however many rows there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 1, max: 30 }),
        (counts, times) => {
          const same = counts.map((n) => ({ window: n, reference: n * times }));
          expect(chiSquare(same).p).to.be.closeTo(1, 1e-9);
        },
      ),
    );
  });

  it('count levels together that are too rare to be tested', () => {
    const rare = Array.from({ length: 40 }, () => ({ window: 0, reference: 1 }));
    const { degrees } = chiSquare([
      { window: 400, reference: 4000 },
      { window: 100, reference: 1000 },
      ...rare,
    ]);
    expect(degrees).to.equal(1);
    expect(chiSquare([{ window: 3, reference: 5 }]).p).to.equal(1);
    expect(chiSquare([{ window: 0, reference: 5 }]).p).to.equal(1);
  });

  it('reject by one rate over all of them', () => {
    // Benjamini and Hochberg's own example, 1995, table 1: four of fifteen at 5 %.
    const ps = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    expect(benjaminiHochberg(ps).filter((rate) => rate <= 0.05)).to.have.length(4);
    fc.assert(
      fc.property(fc.array(share(), { minLength: 1, maxLength: 30 }), (some) => {
        const rates = benjaminiHochberg(some);
        some.forEach((p, i) => {
          expect(rates[i]).to.be.at.least(p * (1 - 1e-12));
          expect(rates[i]).to.be.at.most(Math.min(1, p * some.length) * (1 + 1e-12));
        });
      }),
    );
  });

  it('say what they would not have found', () => {
    expect(findableShift(4000, 1e9)).to.be.closeTo(3.4174 / Math.sqrt(4000), 1e-4);
    expect(findableShift(100, 100)).to.be.greaterThan(0.4);
    expect(findableShift(0, 100)).to.equal(Number.POSITIVE_INFINITY);
  });
});
