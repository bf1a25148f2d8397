import { expect } from 'chai';
import { random } from '../../procedures/ground/random.js';
import { poissonBinomial } from '../../udfs/beds/sum.js';
import { pythonWith, runPython } from './python.js';

/** Python recomputes with fractions, without rounding. */
describe('the distribution of a sum of leavings and Python’s fractions', () => {
  const python = pythonWith('fractions');

  it('agree to 1e-9, every share of them', async function () {
    if (!python) {
      console.log('skipped: there is no Python on this machine (or set PYTHON)');
      return this.skip();
    }
    const next = random(14);
    const wards = [1, 2, 17, 60, 106].map((n) => Array.from({ length: n }, () => next()));
    wards.push([0, 1, 1, 0.5, 1e-9, 1 - 1e-9]);
    const exact = await runPython<number[]>(python, 'sum_of_leavings.py', wards);
    expect(exact).to.have.length(wards.length);
    wards.forEach((stays, i) => {
      poissonBinomial(stays).forEach((share, n) => {
        expect(share).to.be.closeTo(exact[i]![n]!, 1e-9);
      });
    });
  });
});
