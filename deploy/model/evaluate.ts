import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { rawRows } from '../../procedures/dataset/raw.js';
import { literal, qualified, shared } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import {
  FEWEST_PATIENTS,
  type Grouping,
  groupedColumns,
  groupedSelect,
  markSmallGroups,
} from '../privacy/small-groups.js';
import { sqlFile } from '../sql-file.js';
import { type Block, bootstrap, type Interval, total } from './bootstrap.js';
import { curveMetrics } from './measures.js';
import type { Version } from './version.js';
import { reached, weightedMean, weightedMedian } from './weights.js';

/**
 * How good a version is on rows that nothing of it has seen. All errors are in days. Rows count with their
 * weights, so that stays which the cut-off hides are stood for.
 */
export interface Metrics {
  readonly rows: number;
  /** Admissions that the rows stand for; without weights their number. */
  readonly admissions: number;
  /** How many rows of equal weight would say as much. */
  readonly effectiveRows: number;
  /** Validation rows that the intervals rest on. */
  readonly calibrationRows: number;
  readonly rmse: number;
  readonly mae: number;
  /** Median of |predicted − actual|. */
  readonly medianError: number;
  /** Share of predictions at most 1, 2, 3 days off. */
  readonly within1: number;
  readonly within2: number;
  readonly within3: number;
  readonly r2: number;
  /** Predicted minus actual, mean. */
  readonly bias: number;
  /** Slope of actual over predicted stays: below 1, predictions are too extreme; left out by older versions. */
  readonly slope?: number;
  readonly bedDaysPredicted: number;
  readonly bedDaysActual: number;
  /** Share of rows inside their 80 % and 95 % interval, and the intervals' mean width. */
  readonly coverage: number;
  readonly width: number;
  readonly coverage95: number;
  readonly width95: number;
  /** Share of long stays, and what was predicted of it. */
  readonly longStays: number;
  readonly longStaysPredicted: number;
  /**
   * Of the predicted curves; left out by versions without. CRPS in days, and that of the training rows' stays for
   * everybody; mean absolute error of the curves' medians; mean squared error of the probability of a long stay; the
   * shares of stays in each tenth of their predicted distribution (no tenth is of fewer than ten patients).
   */
  readonly crps?: number;
  readonly noFeaturesCrps?: number;
  readonly maeOfMedian?: number;
  readonly brier?: number;
  readonly pit?: readonly number[];
  /** Errors of predicting the training rows' mean, and their median, for everybody. */
  readonly meanRmse: number;
  readonly meanMae: number;
  readonly medianRmse: number;
  readonly medianMae: number;
  /** The champion of that time on the same rows. */
  readonly before: { readonly version: string; readonly rmse: number; readonly mae: number } | null;
  /** 95 % bootstrap intervals by patient; `rmseGain` and `maeGain`: champion's error minus this one's. */
  readonly confidence: Readonly<Record<string, Interval>>;
}

/** Temporary table of the holdout rows with their groups. */
const HOLDOUT = 'LOS_MEASURED_HOLDOUT';

interface Predictor {
  readonly name: string;
  /** SQL over a holdout row. */
  readonly days: string;
  /** SQL of its curve's CRPS, where it has one. */
  readonly crps?: string;
}

/**
 * Measures the version on its holdout predictions, overall, by the contract's groups and by decile of the
 * prediction, beside mean, median and the champion. Writes LOS_MEASURES; only sums leave Snowflake.
 */
export async function evaluate(
  ctx: Context,
  contract: Contract,
  version: Version,
  { before, calibrationRows }: { before: string | null; calibrationRows: number },
): Promise<Metrics> {
  const { snowflake, settings } = ctx;
  const target = qualified(settings, shared.measures);
  const [centre] = await snowflake.query<Record<string, number>>(
    `SELECT ${weightedMean('LOS')} AS MEAN, ${weightedMedian('LOS')} AS MEDIAN
FROM (SELECT LOS, WEIGHT, ${reached('LOS')}
  FROM (SELECT LOS, ROW_WEIGHT AS WEIGHT FROM ${qualified(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'train'))`,
  );
  const predictors: Predictor[] = [
    { name: 'model', days: 'PREDICTED_LOS', crps: 'CRPS' },
    { name: 'mean', days: `${Number(centre?.MEAN)}::FLOAT`, crps: 'NO_FEATURES_CRPS' },
    { name: 'median', days: `${Number(centre?.MEDIAN)}::FLOAT` },
    ...(before ? [{ name: before, days: 'BEFORE_LOS' }] : []),
  ];
  await snowflake.execute(`DELETE FROM ${target} WHERE VERSION = ?`, [version.name]);
  const holdout = qualified(settings, HOLDOUT);
  await snowflake.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${holdout} AS ${holdoutSql(ctx, contract, version)}`,
  );
  try {
    await markSmallGroups(snowflake, holdout, groupingsOf(contract));
    await snowflake.execute(
      sqlFile('sql/evaluation/measures.sql', {
        target,
        version: literal(version.name),
        longStayDays: String(settings.training.longStayDays),
        fewest: String(FEWEST_PATIENTS),
        holdout,
        judged: judgedSql(predictors),
        grouped: groupedSql(contract),
        reached: reached('ABS(P - LOS)', 'PREDICTOR, GROUPED_BY, LEVEL'),
        median: weightedMedian('ABS(P - LOS)'),
      }),
    );
  } finally {
    await snowflake.execute(`DROP TABLE IF EXISTS ${holdout}`);
  }
  const rows = await snowflake.query<Record<string, unknown>>(
    `SELECT * FROM ${target} WHERE VERSION = ? AND GROUPED_BY = 'all'`,
    [version.name],
  );
  const of = (predictor: string) => rows.find((row) => row.PREDICTOR === predictor);
  const number = (name: string, predictor = 'model') => {
    const value = of(predictor)?.[name];
    return value === null || value === undefined ? Number.NaN : Number(value);
  };
  return {
    rows: number('ROW_COUNT'),
    admissions: number('ADMISSIONS'),
    effectiveRows: number('EFFECTIVE_ROWS'),
    calibrationRows,
    rmse: number('RMSE'),
    mae: number('MAE'),
    medianError: number('MEDIAN_ERROR'),
    within1: number('WITHIN_1'),
    within2: number('WITHIN_2'),
    within3: number('WITHIN_3'),
    r2: number('R2'),
    bias: number('BIAS'),
    bedDaysPredicted: number('BED_DAYS_PREDICTED'),
    bedDaysActual: number('BED_DAYS_ACTUAL'),
    coverage: number('COVERAGE_80'),
    width: number('WIDTH_80'),
    coverage95: number('COVERAGE_95'),
    width95: number('WIDTH_95'),
    ...curveMetrics(of('model'), of('mean')),
    longStays: number('LONG_STAYS'),
    longStaysPredicted: number('LONG_STAYS_PREDICTED'),
    meanRmse: number('RMSE', 'mean'),
    meanMae: number('MAE', 'mean'),
    medianRmse: number('RMSE', 'median'),
    medianMae: number('MAE', 'median'),
    before: before ? { version: before, rmse: number('RMSE', before), mae: number('MAE', before) } : null,
    ...(await confidence(ctx, contract, version, before !== null)),
  };
}

const DECILE = 'decile of the prediction';
const LONG_DECILE = 'decile of the long-stay probability';
/** What puts the rows in the order of which these are tenths. */
const DECILES: Readonly<Record<string, string>> = { [DECILE]: 'PREDICTED_LOS', [LONG_DECILE]: 'LONG_STAY' };

/** What the measures are grouped by beside all rows at once. */
function groupingsOf(contract: Contract): readonly Grouping[] {
  return [[DECILE], [LONG_DECILE], ...contract.groups];
}

/** The holdout rows with everything that a group may be made of. */
function holdoutSql({ settings }: Context, contract: Contract, version: Version): string {
  const set = qualified(settings, datasetNames(contract).trainingSet);
  const inputs = new Set(Object.keys(contract.features));
  const columns = [...new Set(contract.groups.flat())];
  // A group may be known only after discharge: such a column is in the raw table alone.
  const raw = columns.filter((name) => !inputs.has(name));
  const join = raw.length
    ? `\n  JOIN (SELECT ${[contract.id, ...raw.filter((name) => name !== contract.id)].join(', ')} FROM ${rawRows(contract, qualified(settings, contract.table))}
    QUALIFY ROW_NUMBER() OVER (PARTITION BY ${contract.id} ORDER BY ${contract.id}) = 1) AS r ON r.${contract.id} = s.${contract.id}`
    : '';
  const measured = [
    'LOS',
    'WEIGHT',
    'PREDICTED_LOS',
    'LOW_LOS',
    'HIGH_LOS',
    'LOW95_LOS',
    'HIGH95_LOS',
    'LONG_STAY',
    'BEFORE_LOS',
    'MEDIAN_LOS',
    'CRPS',
  ];
  const decile = (by: string) => `LPAD(TO_VARCHAR(NTILE(10) OVER (ORDER BY e.${by}, e.CASE_ID)), 2, '0')`;
  const grouped = groupedSelect(groupingsOf(contract), `s.${contract.patient ?? contract.id}`, (name) =>
    DECILES[name] ? decile(DECILES[name]) : `${raw.includes(name) ? 'r' : 's'}.${name}`,
  );
  const evaluation = qualified(settings, shared.evaluation);
  const noFeatures = sqlFile('sql/evaluation/no-features.sql', {
    evaluation,
    version: literal(version.name),
    stays: sqlFile('sql/evaluation/stays.sql', { set }),
  });
  // Where in its own day's share a stay lies is drawn, but the same at every measuring.
  const pit = `e.GONE_BEFORE + (e.GONE_BY - e.GONE_BEFORE) * TO_NUMBER(SUBSTR(MD5('pit ' || e.CASE_ID), 1, 6), 'XXXXXX') / 16777216 AS PIT`;
  return `SELECT ${[...measured.map((name) => `e.${name}`), pit, 'n.CRPS AS NO_FEATURES_CRPS', ...grouped].join(', ')}
  FROM ${evaluation} AS e
  JOIN (${noFeatures}) AS n ON n.LOS = e.LOS
  JOIN ${set} AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID${join}
  WHERE e.VERSION = ${literal(version.name)} AND e.SIDE = 'holdout'`;
}

function judgedSql(predictors: readonly Predictor[]): string {
  return predictors
    .map(
      ({ name, days, crps = 'NULL::FLOAT' }) =>
        `SELECT ${literal(name)} AS PREDICTOR, ${days} AS P, ${crps} AS SCORE, ${name === 'model'} AS OWN, * FROM holdout`,
    )
    .join('\n  UNION ALL ');
}

function groupedSql(contract: Contract): string {
  const groupings = groupingsOf(contract);
  const { level } = groupedColumns(groupings);
  const levels: [name: string, level: string][] = [
    ['all', `'all'`],
    ...groupings.map((columns, i): [string, string] => [columns.join(' × '), level(i)]),
  ];
  return levels
    .map(([name, level]) => `SELECT ${literal(name)} AS GROUPED_BY, ${level} AS LEVEL, * FROM judged`)
    .join('\n  UNION ALL ');
}

/** Bootstrap over up to 256 blocks of patients (or admissions); the weights are taken as given. */
async function confidence(
  { snowflake, settings }: Context,
  contract: Contract,
  version: Version,
  compared: boolean,
): Promise<Pick<Metrics, 'slope' | 'confidence'>> {
  const set = qualified(settings, datasetNames(contract).trainingSet);
  const blocks = await snowflake.query<Block>(
    `SELECT SUM(WEIGHT) AS N, SUM(WEIGHT * LOS) AS Y, SUM(WEIGHT * LOS * LOS) AS YY, SUM(WEIGHT * P) AS PREDICTED,
  SUM(WEIGHT * P * P) AS PP, SUM(WEIGHT * P * LOS) AS PY,
  SUM(WEIGHT * POWER(P - LOS, 2)) AS EE, SUM(WEIGHT * ABS(P - LOS)) AS AE,
  SUM(IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, WEIGHT, 0)) AS IN80,
  SUM(IFF(LOS BETWEEN LOW95_LOS AND HIGH95_LOS, WEIGHT, 0)) AS IN95,
  COALESCE(SUM(WEIGHT * CRPS), 0) AS CRPS,
  COALESCE(SUM(WEIGHT * POWER(BEFORE_LOS - LOS, 2)), 0) AS BEFORE_EE,
  COALESCE(SUM(WEIGHT * ABS(BEFORE_LOS - LOS)), 0) AS BEFORE_AE
FROM (SELECT e.*, e.PREDICTED_LOS AS P, SUBSTR(MD5('block ' || TO_VARCHAR(s.${contract.patient ?? contract.id})), 1, 2) AS BLOCK
  FROM ${qualified(settings, shared.evaluation)} AS e
  JOIN ${set} AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID
  WHERE e.VERSION = ? AND e.SIDE = 'holdout')
GROUP BY BLOCK ORDER BY BLOCK`,
    [version.name],
  );
  const sums = blocks.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
  );
  const rmse = (s: Block) => Math.sqrt(s.EE! / s.N!);
  const mae = (s: Block) => s.AE! / s.N!;
  const slope = (s: Block) =>
    (s.PY! - (s.PREDICTED! * s.Y!) / s.N!) / (s.PP! - (s.PREDICTED! * s.PREDICTED!) / s.N!);
  const intervals = bootstrap(sums, {
    rmse,
    slope,
    mae,
    r2: (s) => 1 - s.EE! / (s.YY! - (s.Y! * s.Y!) / s.N!),
    bias: (s) => (s.PREDICTED! - s.Y!) / s.N!,
    bedDays: (s) => s.PREDICTED! / s.Y!,
    ...(sums.some((s) => s.CRPS! > 0) && { crps: (s: Block) => s.CRPS! / s.N! }),
    coverage: (s) => s.IN80! / s.N!,
    coverage95: (s) => s.IN95! / s.N!,
    ...(compared && {
      rmseGain: (s: Block) => Math.sqrt(s.BEFORE_EE! / s.N!) - rmse(s),
      maeGain: (s: Block) => s.BEFORE_AE! / s.N! - mae(s),
    }),
  });
  return { slope: slope(total(sums)), confidence: intervals };
}
