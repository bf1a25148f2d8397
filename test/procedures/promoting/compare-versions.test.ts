/// <reference path="../../../procedures/snowflake.d.ts" />
import { expect } from 'chai';
import fc from 'fast-check';
import type { Comparison } from '../../../procedures/judging/compare.js';
import { roundComparison } from '../../../procedures/promoting/compare-versions.js';

/** What COMPARE_MODELS would find of stays with these errors, in days. */
function comparisonOf(errors: readonly number[]): Comparison {
  const mean = (of: (error: number) => number) =>
    errors.reduce((sum, each) => sum + of(each), 0) / errors.length;
  const mae = mean(Math.abs);
  const side = {
    version: 'v1',
    mae,
    rmse: Math.sqrt(mean((e) => e * e)),
    bias: mean((e) => e),
    crps: mae / 2,
  };
  const gain = {
    days: mae / 3,
    confidence: { low: mae / 4, high: mae / 2 },
  } as unknown as Comparison['maeGain'];
  return { rows: errors.length, a: side, b: side, rmseGain: gain, maeGain: gain, crpsGain: gain };
}

describe('what COMPARE_MODELS tells', () => {
  it('finding 9 of turn 4: is the same for many lengths of a stay that has come in since', () => {
    const errors = fc.array(fc.double({ min: -40, max: 40, noNaN: true }), {
      minLength: 100,
      maxLength: 400,
    });
    fc.assert(
      fc.property(errors, fc.double({ min: -30, max: 30, noNaN: true }), (before, error) => {
        const exact = (more: number) => comparisonOf([...before, more]);
        // What is said of the bias is said as well of a stay some days longer or shorter.
        const said = roundComparison(exact(error)).a.bias;
        const others = [-5, -4, 4, 5].filter((days) => roundComparison(exact(error + days)).a.bias === said);
        expect(others).not.to.deep.equal([]);
        expect(exact(error).a.bias).not.to.equal(exact(error + 1).a.bias);
      }),
    );
  });

  it('keeps counts, versions, and as many digits as tell versions apart', () => {
    const told = roundComparison(comparisonOf(Array.from({ length: 20_000 }, (_, i) => (i % 7) + 0.123456)));
    expect(told).to.deep.include({ rows: 20_000 });
    expect(told.a).to.deep.include({ version: 'v1', mae: 3.123 });
    expect(roundComparison(comparisonOf(Array.from({ length: 150 }, () => 1.26))).a.mae).to.equal(1.3);
  });
});
