import { percent as percentOf } from '../../procedures/ground/percent.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import { daysInWords, roundFigures } from '../../procedures/publishing/rounding.js';
import type { Figure } from '../mail/events.js';

type Format = (value: number) => string;

/** A measure that there is none of (of no variance nothing is explained, of no days no share) is a dash. */
export function orDash(format: Format): Format {
  return (value) => (Number.isFinite(value) ? format(value) : '–');
}

const brier = orDash((value) => value.toFixed(4));
const percent = orDash((share) => percentOf(share));

type FormatWithRange = (value: number, name: string, format: (value: number) => string) => string;

/** Figures of the predicted curves. */
function curveFigures(metrics: Metrics, ranged: FormatWithRange): Figure[] {
  const { crps, noFeaturesCrps, logScore, noFeaturesLogScore, maeOfMedian, pit } = metrics;
  const days = orDash((value) => value.toFixed(3));
  return [
    {
      label: 'CRPS of the curve, days; of the distribution of all training stays',
      value: `${ranged(crps, 'crps', days)}; ${days(noFeaturesCrps)}`,
    },
    {
      label: 'Log score of the curve; of the distribution of all training stays',
      value: `${days(logScore)}; ${days(noFeaturesLogScore)}`,
    },
    {
      label: 'Mean absolute error of the curve’s median, days',
      value: orDash((value) => value.toFixed(2))(maeOfMedian),
    },
    ...(pit
      ? [
          {
            label: 'Stays in each tenth of their curve (PIT)',
            value: `${pit.map((share) => (share * 100).toFixed(1)).join(' / ')} %`,
          },
        ]
      : []),
  ];
}

/** A version's measures as labelled figures, as exact as their stays allow, for mails, `los model show` and the model card. */
export function metricFigures(exact: Metrics): Figure[] {
  const metrics = roundFigures(exact, exact.rows) as Metrics;
  const { confidence, before } = metrics;
  const days = orDash((value) => daysInWords(value, Math.min(metrics.rows, 999)));
  const withRange = (value: number, name: string, format: (value: number) => string) => {
    const range = confidence[name];
    return range?.every(Number.isFinite)
      ? `${format(value)} (${format(range[0])} to ${format(range[1])})`
      : format(value);
  };
  return [
    { label: 'RMSE, days (95 % confidence)', value: withRange(metrics.rmse, 'rmse', days) },
    { label: 'Mean absolute error, days', value: withRange(metrics.mae, 'mae', days) },
    { label: 'Mean absolute error as a share of the mean stay', value: percent(metrics.relativeMae) },
    { label: 'Median absolute error, days', value: days(metrics.medianError) },
    {
      label: 'Within 1 / 2 / 3 days',
      value: [metrics.within1, metrics.within2, metrics.within3].map(percent).join(' / '),
    },
    {
      label: 'R²',
      value: withRange(
        metrics.r2,
        'r2',
        orDash((value) => value.toFixed(3)),
      ),
    },
    { label: 'Bias (predicted − actual), days', value: withRange(metrics.bias, 'bias', days) },
    {
      label: 'Bed-days predicted / actual',
      value: withRange(metrics.bedDaysPredicted / metrics.bedDaysActual, 'bedDays', percent),
    },
    { label: 'Calibration slope (actual over predicted)', value: withRange(metrics.slope, 'slope', days) },
    ...curveFigures(metrics, withRange),
    {
      label: 'Inside the 80 % interval; mean width, days',
      value: `${withRange(metrics.coverage, 'coverage', percent)}; ${days(metrics.width)}`,
    },
    {
      label: 'Inside the 95 % interval; mean width, days',
      value: `${withRange(metrics.coverage95, 'coverage95', percent)}; ${days(metrics.width95)}`,
    },
    {
      label: 'Long stays predicted / actual',
      value: `${percent(metrics.longStaysPredicted)} / ${percent(metrics.longStays)}`,
    },
    {
      label: 'Long stays: Brier score; of predicting their share',
      value: [metrics.brier, metrics.longStays * (1 - metrics.longStays)].map(brier).join('; '),
    },
    {
      label: 'Predicting the mean: RMSE / MAE',
      value: `${days(metrics.meanRmse)} / ${days(metrics.meanMae)}`,
    },
    {
      label: 'Predicting the median: RMSE / MAE',
      value: `${days(metrics.medianRmse)} / ${days(metrics.medianMae)}`,
    },
    ...(before
      ? [
          {
            label: `${before.version} on the same rows: RMSE / MAE / CRPS`,
            value: [before.rmse, before.mae, before.crps].map(days).join(' / '),
          },
        ]
      : []),
  ];
}
