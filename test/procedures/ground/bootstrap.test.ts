import { expect } from 'chai';
import { bootstrap } from '../../../procedures/ground/bootstrap.js';

describe('bootstrap', () => {
  it('gives the interval of a mean that theory gives, the same one for the same seed', () => {
    // 256 blocks of one row each, half 0 and half 1: standard error 1/32.
    const blocks = Array.from({ length: 256 }, (_, i) => ({ N: 1, X: i % 2 }));
    const mean = { mean: (s: Readonly<Record<string, number>>) => s.X! / s.N! };
    const [low, high] = bootstrap(blocks, mean).mean!;
    expect(low).to.be.closeTo(0.5 - 1.96 / 32, 0.012);
    expect(high).to.be.closeTo(0.5 + 1.96 / 32, 0.012);
    expect(bootstrap(blocks, mean)).to.deep.equal(bootstrap(blocks, mean));
  });
});
