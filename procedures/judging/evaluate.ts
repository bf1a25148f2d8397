import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { rawRows } from '../dataset/raw.js';
import { cumulativeWeights, meanByWeight, medianByWeight } from '../fitting/weights.js';
import { flatMap } from '../ground/lists.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import {
  FEWEST_PATIENTS,
  type Grouping,
  groupColumns,
  groupSelect,
  markSmallGroups,
} from '../ground/small-groups.js';
import { execute, query, queryFirst, type Row, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { confidence } from './confidence.js';
import { curveMetrics, DECILE, LEAST_CHANCE, LONG_DECILE, LONG_STAY_LEVEL } from './measures.js';
import type { Metrics } from './metrics.js';

/** Temporary table of the holdout rows with their groups. */
const HOLDOUT = 'LOS_MEASURED_HOLDOUT_TMP';

interface Predictor {
  readonly name: string;
  /** SQL over a holdout row. */
  readonly days: string;
  /** SQL of its curve's CRPS, and of the probability that it gave to the day of the stay's end, where it has one. */
  readonly crps?: string;
  readonly chance?: string;
}

/**
 * Measures the version on its holdout predictions, overall, by the contract's groups and by decile of the
 * prediction, beside mean, median and the champion. Writes LOS_EVALUATION_METRICS; only sums leave Snowflake.
 */
export function* evaluate(
  plan: Plan,
  version: Version,
  { before, calibrationRows }: { before: string | null; calibrationRows: number },
): Work<Metrics> {
  const { contract, settings } = plan;
  const target = qualify(settings, 'LOS_EVALUATION_METRICS');
  const centre: Row =
    (yield* queryFirst(
      `SELECT ${meanByWeight('LOS')} AS MEAN, ${medianByWeight('LOS')} AS MEDIAN
FROM (SELECT LOS, WEIGHT, ${cumulativeWeights('LOS')}
  FROM (SELECT LOS, ROW_WEIGHT AS WEIGHT FROM ${qualify(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'train'))`,
    )) || {};
  const predictors: Predictor[] = [
    { name: 'model', days: 'PREDICTED_LOS', crps: 'CRPS', chance: 'GONE_BY - GONE_BEFORE' },
    {
      name: 'mean',
      days: `${Number(centre.MEAN)}::FLOAT`,
      crps: 'NO_FEATURES_CRPS',
      chance: 'NO_FEATURES_CHANCE',
    },
    { name: 'median', days: `${Number(centre.MEDIAN)}::FLOAT` },
    ...(before ? [{ name: before, days: 'BEFORE_LOS', crps: 'BEFORE_CRPS' }] : []),
  ];
  yield* execute(`DELETE FROM ${target} WHERE VERSION = ?`, [version.name]);
  const holdout = qualify(settings, HOLDOUT);
  yield* execute(`CREATE OR REPLACE TEMPORARY TABLE ${holdout} AS ${holdoutSql(plan, version)}`);
  try {
    yield* markSmallGroups(holdout, groupingsOf(contract));
    yield* execute(measuresSql(plan, { version: version.name, holdout, predictors }));
  } finally {
    yield* execute(`DROP TABLE IF EXISTS ${holdout}`);
  }
  const rows = yield* query(`SELECT * FROM ${target} WHERE VERSION = ? AND GROUPED_BY = 'all'`, [
    version.name,
  ]);
  const of = (predictor: string) => rows.find((row) => row.PREDICTOR === predictor);
  const number = (name: string, predictor = 'model') => {
    const row = of(predictor);
    const value = row?.[name];
    return value === null || value === undefined ? Number.NaN : Number(value);
  };
  return {
    rows: number('ROW_COUNT'),
    admissions: number('ADMISSIONS'),
    effectiveRows: number('EFFECTIVE_ROWS'),
    calibrationRows,
    rmse: number('RMSE'),
    mae: number('MAE'),
    relativeMae: number('RELATIVE_MAE'),
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
    before: before
      ? {
          version: before,
          rmse: number('RMSE', before),
          mae: number('MAE', before),
          crps: number('CRPS', before),
        }
      : null,
    ...(yield* confidence(plan, version, before !== null)),
  };
}

/** SQL of what a row of `e` belongs to in a table about the prediction itself; undefined for any other table. */
function ofThePrediction(grouping: string): string | undefined {
  const tenth = (by: string) => `LPAD(TO_VARCHAR(NTILE(10) OVER (ORDER BY e.${by}, e.CASE_ID)), 2, '0')`;
  if (grouping === DECILE) return tenth('PREDICTED_LOS');
  if (grouping === LONG_DECILE) return tenth('LONG_STAY');
  return grouping === LONG_STAY_LEVEL ? 'e.LONG_STAY_LEVEL' : undefined;
}

/**
 * SQL of where a stay of `e` lies in its predicted distribution. Where in its own day's share is drawn, but the same at
 * every measuring.
 */
export function pitSql(before: string, by: string, id: string): string {
  return `${before} + (${by} - ${before}) * TO_NUMBER(SUBSTR(MD5('pit ' || TO_VARCHAR(e.${id})), 1, 6), 'XXXXXX') / 16777216`;
}

/**
 * The INSERT of what predictors are worth on rows with their groups.
 * @param holdout table of the rows: what was predicted and what came, and groups as markSmallGroups leaves them
 */
function measuresSql(
  plan: Plan,
  given: { version: string; holdout: string; predictors: readonly Predictor[] },
): string {
  const { contract, settings } = plan;
  const { predictors } = given;
  const mapPredictors = (sql: (predictor: Predictor, i: number) => string) => predictors.map(sql);
  return sqlText(plan, 'evaluation/measures', {
    target: qualify(settings, 'LOS_EVALUATION_METRICS'),
    version: literal(given.version),
    longStayDays: String(settings.training.longStayDays),
    fewest: String(FEWEST_PATIENTS),
    holdout: given.holdout,
    levels: levelsOf(contract)
      .map(({ level }, i) => `${level} AS LEVEL_${i}`)
      .join(', '),
    terms: mapPredictors(termsSql).join(''),
    grouped: levelsOf(contract)
      .map(
        ({ name }, i) =>
          `SELECT ${literal(name)} AS GROUPED_BY, LEVEL_${i} AS LEVEL, * FROM terms${name === LONG_STAY_LEVEL ? ' WHERE LONG_STAY_LEVEL IS NOT NULL' : ''}`,
      )
      .join('\n  UNION ALL '),
    errors: mapPredictors(
      ({ name }, i) =>
        `SELECT ${literal(name)} AS PREDICTOR, GROUPED_BY, LEVEL, ERROR_${i} AS ERROR, SUM(WEIGHT) AS WEIGHT FROM grouped GROUP BY GROUPED_BY, LEVEL, ERROR_${i}`,
    ).join('\n  UNION ALL '),
    reached: cumulativeWeights('ERROR', 'PREDICTOR, GROUPED_BY, LEVEL'),
    median: medianByWeight('ERROR'),
    ...noisySql(),
    sums: mapPredictors((_, i) => SUMMED.map((name) => `, SUM(${name}_${i}) AS ${name}_${i}`).join('')).join(
      '',
    ),
    judged: mapPredictors(
      ({ name }, i) =>
        `SELECT ${literal(name)} AS PREDICTOR, ${name === 'model'} AS OWN, ${SUMMED.map((sum) => `${sum}_${i} AS ${sum}`).join(', ')}, * FROM summed`,
    ).join('\n  UNION ALL '),
  });
}

/** Columns of LOS_EVALUATION_METRICS by what is added up for them, where it is not there already; and of its standard error. */
const NOISY: readonly (readonly [sum: string, mean: string | null, error: string])[] = [
  ['OFF', null, 'BIAS_ERROR'],
  ['BOUNDED_OFF', 'BOUNDED_BIAS', 'BOUNDED_BIAS_ERROR'],
  ['IN_80', null, 'COVERAGE_80_ERROR'],
  ['OFF_7', 'GONE_7', 'GONE_7_ERROR'],
  ['OFF_14', 'GONE_14', 'GONE_14_ERROR'],
];

/** The variance of a weighted mean whose patients are drawn, not their stays: the sum of (sum − mean × weight)² of each. */
function noisySql() {
  const columns = flatMap(NOISY, ([, mean, error]) => (mean === null ? [error] : [mean, error]));
  return {
    noisy_columns: columns.join(', '),
    noisy: columns.map((name) => `IFF(OWN, noise.${name}, NULL)`).join(', '),
    noise: flatMap(NOISY, ([sum, mean, error]) => {
      const average = `SUM(${sum}) / SUM(W)`;
      const squares = `SUM(${sum} * ${sum}) - 2 * ${average} * SUM(${sum} * W) + POWER(${average}, 2) * SUM(W * W)`;
      return [
        ...(mean === null ? [] : [`${average} AS ${mean}`]),
        `SQRT(GREATEST(0, ${squares})) / SUM(W) AS ${error}`,
      ];
    }).join(',\n  '),
    of_the_prediction: [DECILE, LONG_DECILE, LONG_STAY_LEVEL].map(literal).join(', '),
  };
}

/** Columns that are summed of each predictor. */
const SUMMED = ['SQUARES', 'ABSOLUTES', 'NEAR_1', 'NEAR_2', 'NEAR_3', 'PREDICTED', 'SCORES', 'LOGS'] as const;

/** Columns of what is summed of a predictor, and of its error, over a row of the holdout. */
function termsSql({ days, crps, chance }: Predictor, i: number): string {
  const error = `ABS(${days} - LOS)`;
  const terms: Record<(typeof SUMMED)[number], string> = {
    SQUARES: `WEIGHT * POWER(${days} - LOS, 2)`,
    ABSOLUTES: `WEIGHT * ${error}`,
    NEAR_1: `IFF(${error} <= 1, WEIGHT, 0)`,
    NEAR_2: `IFF(${error} <= 2, WEIGHT, 0)`,
    NEAR_3: `IFF(${error} <= 3, WEIGHT, 0)`,
    PREDICTED: `WEIGHT * ${days}`,
    SCORES: crps === undefined ? 'NULL::FLOAT' : `WEIGHT * ${crps}`,
    LOGS: chance === undefined ? 'NULL::FLOAT' : `WEIGHT * -LN(GREATEST(${chance}, ${LEAST_CHANCE}))`,
  };
  return `, ${error} AS ERROR_${i}, ${SUMMED.map((name) => `${terms[name]} AS ${name}_${i}`).join(', ')}`;
}

/** Groupings of the measures beside all rows at once. */
function groupingsOf(contract: Contract): readonly Grouping[] {
  return [[DECILE], [LONG_DECILE], [LONG_STAY_LEVEL], ...contract.groups];
}

/** The holdout rows with everything that a group may be made of. */
function holdoutSql(plan: Plan, version: Version): string {
  const { contract, settings } = plan;
  const set = qualify(settings, datasetNames(contract).trainingSet);
  const inputs = new Set(Object.keys(contract.features));
  const columns = Array.from(new Set(flatMap(contract.groups, (names) => names)));
  // A group may be known only after discharge: such a column is in the raw table alone.
  const raw = columns.filter((name) => !inputs.has(name));
  const join = raw.length
    ? `\n  JOIN (SELECT ${[contract.id, ...raw.filter((name) => name !== contract.id)].join(', ')} FROM ${rawRows(contract, qualify(settings, contract.table))}
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
    'LONG_STAY_LEVEL',
    'BEFORE_LOS',
    'BEFORE_CRPS',
    'MEDIAN_LOS',
    'CRPS',
    'GONE_BEFORE',
    'GONE_BY',
    'GONE_BY_7',
    'GONE_BY_14',
  ];
  const grouped = groupSelect(
    groupingsOf(contract),
    `s.${contract.patient || contract.id}`,
    (name) => ofThePrediction(name) || `${raw.includes(name) ? 'r' : 's'}.${name}`,
  );
  const evaluation = qualify(settings, 'LOS_EVALUATION');
  const noFeatures = sqlText(plan, 'evaluation/no-features', {
    evaluation,
    version: literal(version.name),
    stays: sqlText(plan, 'evaluation/stays', { set }),
  });
  const pit = `${pitSql('e.GONE_BEFORE', 'e.GONE_BY', 'CASE_ID')} AS PIT`;
  return `SELECT ${[...measured.map((name) => `e.${name}`), pit, 'n.CRPS AS NO_FEATURES_CRPS', 'n.CHANCE AS NO_FEATURES_CHANCE', ...grouped].join(', ')}
  FROM ${evaluation} AS e
  JOIN (${noFeatures}) AS n ON n.LOS = e.LOS
  JOIN ${set} AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID AND s.ROW_SIDE = 'holdout'${join}
  WHERE e.VERSION = ${literal(version.name)} AND e.SIDE = 'holdout'`;
}

/** All rows at once and the groupings, each with the SQL of the group that a row of the holdout counts in. */
function levelsOf(contract: Contract): readonly { readonly name: string; readonly level: string }[] {
  const groupings = groupingsOf(contract);
  const { level } = groupColumns(groupings);
  return [
    { name: 'all', level: `'all'` },
    ...groupings.map((columns, i) => ({ name: columns.join(' × '), level: level(i) })),
  ];
}
