import { expect } from 'chai';
import type { Metrics } from '../../../procedures/judging/metrics.js';
import { metricFigures } from '../../../report/model/metric-figures.js';

describe('a version’s measures as figures', () => {
  it('have a dash where there is none, as of R² where all stays are the same', () => {
    // As JSON keeps what a division by nothing gives.
    const nothing = { rows: 500, rmse: 0.25, r2: null, confidence: { r2: [null, null], rmse: [0, 0.5] } };
    const figures = metricFigures(nothing as unknown as Metrics);
    const value = (label: string) => figures.find((figure) => figure.label.startsWith(label))?.value;
    expect(value('RMSE')).to.equal('0.25 (0.00 to 0.50)');
    expect(value('R²')).to.equal('–');
    expect(value('Bed-days')).to.equal('–');
    expect(value('CRPS')).to.equal('–; –');
    expect(value('Within')).to.equal('– / – / –');
  });

  it('are as exact as the number of stays allows, with the ends of intervals', () => {
    const days = { rmse: 3.14234, mae: 2.71234, bias: -0.12345, coverage: 0.81234 };
    const confidence = { rmse: [2.11111, 4.22222], bedDays: [0.91234, 1.08765] };
    const figureOf = (rows: number, label: string) =>
      metricFigures({
        ...days,
        rows,
        confidence,
        bedDaysPredicted: 99.4,
        bedDaysActual: 100.2,
      } as unknown as Metrics).find((figure) => figure.label.startsWith(label))?.value;
    expect(figureOf(40, 'RMSE')).to.equal('3.1 (2.1 to 4.2)');
    expect(figureOf(400, 'RMSE')).to.equal('3.14 (2.11 to 4.22)');
    expect(figureOf(40_000, 'RMSE')).to.equal('3.14 (2.11 to 4.22)');
    expect(figureOf(40, 'Mean absolute error, days')).to.equal('2.7');
    expect(figureOf(40, 'Bias')).to.equal('-0.1');
    expect(figureOf(40, 'Inside the 80 %')).to.match(/^81\.0 %/);
    expect(figureOf(40, 'Bed-days')).to.equal('99.0 % (91.0 % to 109.0 %)');
  });
});
