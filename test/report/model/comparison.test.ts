import { expect } from 'chai';
import type { Comparison } from '../../../procedures/judging/compare.js';
import { comparisonLines } from '../../../report/model/comparison.js';

describe('a comparison of two versions', () => {
  const gain = { days: 0.1, confidence: [0.05, 0.15] } as const;
  const side = (version: string, crps: number | null) => ({ version, rmse: 5, mae: 3, bias: 0.2, crps });
  const scored: Comparison = {
    ...{ rows: 700, scored: 700, a: side('v2', 2.1), b: side('v1', 2.2) },
    ...{ rmseGain: gain, maeGain: gain, crpsGain: gain },
  };

  it('tells the score of curves where both have them', () => {
    const text = comparisonLines(scored, 'rows').join('\n');
    expect(text).to.match(/CRPS[\s\S]*2\.100[\s\S]*2\.200[\s\S]*CRPS: 0\.100 days gained/);
  });

  it('does without it where one has none, and where procedures were applied before there was one', () => {
    const { crpsGain: _, scored: _s, ...rest } = scored;
    const { crps: _a, ...one } = scored.a;
    const { crps: _b, ...other } = scored.b;
    const before = { ...rest, a: one, b: other } as unknown as Comparison;
    const without = { ...scored, scored: 0, a: side('v2', null), b: side('v1', null), crpsGain: null };
    for (const [comparison, said] of [
      [before, undefined],
      [
        without,
        'CRPS is not compared, which would be on 0 of them: for the other 700 one of the two has no curve.',
      ],
    ] as const) {
      const lines = comparisonLines(comparison, 'rows');
      expect(lines.join('\n')).to.contain('RMSE: 0.100 days gained').and.not.contain('CRPS:');
      expect(lines.find((line) => line.includes('CRPS'))).to.equal(said);
    }
  });

  it('says on how many rows the score of curves is, where some have none', () => {
    expect(comparisonLines({ ...scored, scored: 690 }, 'rows').at(-1)).to.equal(
      'CRPS is on 690 of them: for the other 10 one of the two has no curve.',
    );
  });
});
