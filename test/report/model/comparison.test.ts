import { expect } from 'chai';
import { comparisonLines } from '../../../report/model/comparison.js';

describe('a comparison of two versions', () => {
  const gain = { days: 0.1, confidence: [0.05, 0.15] } as const;
  const side = (version: string, crps: number) => ({ version, rmse: 5, mae: 3, bias: 0.2, crps });

  it('tells every error of both, and whether the difference is beyond noise', () => {
    const lines = comparisonLines(
      {
        ...{ rows: 700, a: side('v2', 2.1), b: side('v1', 2.2), rmseGain: gain, crpsGain: gain },
        maeGain: { days: 0, confidence: [-0.1, 0.1] },
      },
      'rows',
    );
    expect(lines.join('\n')).to.match(/CRPS[\s\S]*2\.100[\s\S]*2\.200/);
    expect(lines.slice(-3)).to.deep.equal([
      'RMSE: 0.100 days gained (95 % confidence: 0.050 to 0.150): v2 is better.',
      'MAE: 0.000 days gained (95 % confidence: -0.100 to 0.100): no difference beyond noise.',
      'CRPS: 0.100 days gained (95 % confidence: 0.050 to 0.150): v2 is better.',
    ]);
  });
});
