import { expect } from 'chai';
import type { Metrics } from '../../../procedures/judging/metrics.js';
import { metricFigures } from '../../../report/model/metric-figures.js';

describe('a version’s measures as figures', () => {
  it('have a dash where there is none, as of R² where all stays are the same', () => {
    const nothing = new Proxy({} as Record<string, unknown>, {
      // As JSON keeps what a division by nothing gives.
      get: (_, name) =>
        name === 'confidence'
          ? { r2: [null, null], rmse: [0, 0.5] }
          : ['before', 'pit'].includes(String(name))
            ? undefined
            : name === 'rmse'
              ? 0.25
              : null,
    });
    const figures = metricFigures(nothing as unknown as Metrics);
    const value = (label: string) => figures.find((figure) => figure.label.startsWith(label))?.value;
    expect(value('RMSE')).to.equal('0.25 (0.00 to 0.50)');
    expect(value('R²')).to.equal('–');
    expect(value('Bed-days')).to.equal('–');
    expect(value('CRPS')).to.equal('–; –');
    expect(value('Within')).to.equal('– / – / –');
  });
});
