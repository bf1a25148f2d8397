import { columnNames, type FeatureCode } from '../../udfs/encoding/encoding.js';
import { datasetNames } from '../dataset/names.js';
import { flatMap } from '../ground/lists.js';
import { EXCHANGE_STAGE, literal, modelMarker, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, queryFirst, Refused, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { SMOOTHING } from './level-statistics.js';
import { foldOf, hashBelow, orderOf, type SplitResult } from './split.js';

export const SIDES = ['train', 'validation'] as const;
export type Side = (typeof SIDES)[number];
/** Sides that only a refit learns from (cohort.ts). */
export type OtherSide = 'others' | 'late' | 'open';

/**
 * Writes the rows that train and validate, each side as the container wants it: label first (then the
 * weight, where rows are weighted), no header, plain CSV. The validation rows once more without the label, to be
 * predicted. Their values must have been encoded.
 *
 * @param folder below the version's own folder; each set of features has one
 * @param sample which rows of a side, in SQL over CASE_ID; left out: all
 * @returns the folder's s3:// address; train/, validation/ and lines/ are in it
 */
export function* writeTrainingFiles(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'weighted'>,
  folder: string,
  sample: Readonly<Record<Side, string>> = { train: 'TRUE', validation: 'TRUE' },
): Work<string> {
  const rows = (side: Side) => trainingRowsSql(plan, features, side, split, sample[side]);
  for (const side of SIDES)
    yield* unload(
      plan,
      `${version.folder}/${folder}/${side}`,
      `SELECT LINE FROM (${rows(side)}) ORDER BY CASE_ID`,
    );
  yield* unload(
    plan,
    `${version.folder}/${folder}/lines`,
    `SELECT ENCODED FROM (${rows('validation')}) ORDER BY CASE_ID`,
  );
  return addressOf(plan, `${version.folder}/${folder}`);
}

/** The s3:// address of a folder of the exchange stage. */
export function addressOf({ aws }: Plan, path: string): string {
  return `${aws.bucket}/${path}`;
}

/** A folder of the exchange stage, for COPY. */
export function stageOf({ settings }: Pick<Plan, 'settings'>, path: string): string {
  return `@${qualify(settings, EXCHANGE_STAGE)}/${path}`;
}

/**
 * Writes the lines that a SELECT gives, in its order, as one file. Without SINGLE = TRUE several threads write files of
 * their own and no order is promised (docs.snowflake.com, user-guide/data-unload-overview), while row subsampling and
 * the answers of a batch transform depend on the order. One file may have 5 GB (requireOneFile).
 */
export function* unload(plan: Plan, path: string, select: string, file = 'rows'): Work<void> {
  // The line is one column already; without a delimiter nothing is quoted or escaped.
  yield* execute(`COPY INTO ${stageOf(plan, path)}/${file}.csv
FROM (${select})
FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE ESCAPE_UNENCLOSED_FIELD = NONE)
SINGLE = TRUE OVERWRITE = TRUE MAX_FILE_SIZE = ${LARGEST_FILE}`);
}

/** Bytes of one unloaded file at most: S3's limit of a single upload (COPY INTO location, MAX_FILE_SIZE). */
const LARGEST_FILE = 5 * 1024 ** 3;
/** Rows from which the length of a line is known well enough. */
const MEASURED_ROWS = 10_000;

/**
 * Refuses training rows that one file does not take, before anything is paid: Snowflake would refuse it after the jobs that choose features.
 * Their values must have been encoded.
 * @throws Refused, which says how many rows would fit, about
 */
export function* requireOneFile(
  plan: Plan,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'train' | 'weighted'>,
): Work<void> {
  const sample = hashBelow('CASE_ID', Math.min(1, MEASURED_ROWS / split.train), 'sample');
  const row = yield* queryFirst(
    `SELECT AVG(LENGTH(LINE) + 1) AS BYTES FROM (${trainingRowsSql(plan, features, 'train', split, sample)})`,
  );
  const bytes = split.train * Number(row?.BYTES || 0);
  if (bytes <= LARGEST_FILE) return;
  const most = Math.floor((split.train * LARGEST_FILE) / bytes / 1000) * 1000;
  throw new Refused(
    `The ${split.train} training rows of ${plan.contract.name} make a file of ${Math.ceil(bytes / 1024 ** 3)} GB, and one file takes 5.`,
    `Train on about ${most} of them or fewer: set training.recentDays, or leave features out of the contract.`,
  );
}

/**
 * SELECT of the file's lines (LINE, and ENCODED without the label) beside CASE_ID, LOS and WEIGHT.
 * @param features those that are encoded, some or all of the version's
 * @param side `others`: all that choose, calibrate and judge, and what is left out of these for their patients' sake
 * @param which further condition on the training set, in SQL over CASE_ID
 * @param weight SQL of a row's weight; left out: what it stands for
 */
export function trainingRowsSql(
  plan: Plan,
  features: readonly FeatureCode[],
  side: Side | OtherSide,
  split: Pick<SplitResult, 'weighted'>,
  which = 'TRUE',
  weight = 'ROW_WEIGHT',
): string {
  const { contract } = plan;
  const label = split.weighted ? "TO_VARCHAR(LOS) || ',' || TO_VARCHAR(WEIGHT)" : 'TO_VARCHAR(LOS)';
  const columns = [
    `${contract.id} AS CASE_ID, LOS, ${weight} AS WEIGHT`,
    `${foldOf(contract)} AS ROW_FOLD, ${orderOf(contract)} AS ROW_PLACE`,
    ...features.map(({ name }, i) => `${name} AS F${i}`),
  ];
  const rows = `SELECT * FROM (SELECT ${columns.join(', ')} FROM ${trainingSet(plan)} WHERE ${side === 'others' ? "ROW_SIDE NOT IN ('train', 'late', 'open')" : `ROW_SIDE = '${side}'`}) WHERE ${which}`;
  return `SELECT CASE_ID, LOS, WEIGHT, ENCODED, ${label} || ',' || ENCODED AS LINE
  FROM (SELECT CASE_ID, LOS, WEIGHT, ${lineSql(features, (i) => `P${i}`)} AS ENCODED
    FROM (${encodeRowsSql(plan, features, side, rows)}))`;
}

/** More than a feature puts into a line: twelve columns of 0 and 1, or one number. */
const MOST_FIELDS = 100;

/**
 * Encodes each value that a feature has, once, by the encoder that serving has, too, into a table: what it puts into a row's
 * line. The version's encoder must exist.
 *
 * A training row must not see its own stay in its inputs. So where a category is encoded by target
 * statistics, the row's number comes from the training rows of the other folds, and where it has thousands of levels
 * from those at places before it in an order by chance; a validation row's comes
 * from the encoder's table, as in serving. Everything else is encoded by the same code on both sides.
 */
export function* encodeValues(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'trainMean'>,
): Work<void> {
  const { contract, settings } = plan;
  const none =
    'SELECT NULL::VARCHAR AS FEATURE, NULL::VARCHAR AS LEVEL, NULL::FLOAT AS NUM, NULL::VARCHAR AS FOLD, NULL::FLOAT AS GIVEN WHERE FALSE';
  const written = features.filter(isWritten);
  const values = flatMap(written, (code): string[] => {
    const { name, kind } = code;
    const [level, number] = kind === 'numeric' ? ['NULL', name] : [name, 'NULL'];
    const found = `SELECT ${literal(name)}, ${level}::VARCHAR, ${number}::FLOAT, NULL::VARCHAR, ${number}::FLOAT FROM ${trainingSet(plan)} GROUP BY ${name}`;
    if (!isByTarget(code)) return [found];
    return [
      found,
      `SELECT ${literal(name)}, LOS_LEVEL, NULL::FLOAT, LOS_FOLD, COALESCE(LOS_STATISTIC, 'NaN'::FLOAT) FROM (${ofOtherRows(plan, code, split.trainMean, PLACED)})`,
    ];
  });
  yield* execute(`CREATE OR REPLACE TRANSIENT TABLE ${encodingTable(plan)}
  (FEATURE VARCHAR, LEVEL VARCHAR, NUM FLOAT, FOLD VARCHAR, FIELDS VARCHAR(${MOST_FIELDS}))
COMMENT = ${literal(modelMarker(settings.prefix, contract.name))} AS
${rowPlacesSql(plan, written.filter(isByTarget))}SELECT FEATURE, LEVEL, NUM, FOLD, ${qualify(settings, version.encoder)}(FEATURE, LEVEL, GIVEN)
FROM (${[none, ...values].join('\n  UNION ALL ')})`);
}

/** Training rows with their fold and their place, which are hashes: once for all features that want them. */
const PLACED = 'placed';

function rowPlacesSql(plan: Plan, codes: readonly TargetCode[]): string {
  if (codes.length === 0) return '';
  const { contract } = plan;
  const places = codes.some(({ kind }) => kind === 'packed') ? `, ${orderOf(contract)} AS ROW_PLACE` : '';
  return `WITH ${PLACED} AS (
  SELECT ${foldOf(contract)} AS ROW_FOLD${places}, LOS, ROW_WEIGHT, ${codes.map(({ name }) => name).join(', ')}
  FROM ${trainingSet(plan)} WHERE ROW_SIDE = 'train'
)
`;
}

/** Features that are joined in one FROM: the order of many joins takes a database long to find. */
const JOINED = 20;

/**
 * SELECT of rows beside what each feature puts into their lines, in columns P0, P1 … Values must have been encoded.
 * @param rows SELECT of them, with the values of features in columns F0, F1 …; for side `train` ROW_FOLD and ROW_PLACE too
 */
export function encodeRowsSql(
  plan: Plan,
  features: readonly FeatureCode[],
  side: Side | OtherSide,
  rows: string,
): string {
  const written = placesWritten(features);
  if (written.length === 0) return rows;
  let sql = rows;
  for (let from = 0; from < written.length; from += JOINED) {
    const places = written.slice(from, from + JOINED);
    sql = `SELECT r.*, ${places.map((i) => `e${i}.FIELDS AS P${i}`).join(', ')}
    FROM (${sql}) AS r${places.map((i) => valuesJoin(plan, features[i] as FeatureCode, i, side)).join('')}`;
  }
  return sql;
}

/** The join that puts beside a row `r` what its value of the feature at place i puts into its line. */
function valuesJoin(plan: Plan, code: FeatureCode, i: number, side: Side | OtherSide): string {
  const [column, none] = code.kind === 'numeric' ? ['NUM', '0'] : ['LEVEL', "''"];
  const ofOthers = side === 'train' && isByTarget(code);
  // NULL is a value too; said in equations, because a join on IS NOT DISTINCT FROM may be made row by row.
  return `
    LEFT JOIN (SELECT ${column}, FOLD, FIELDS FROM ${encodingTable(plan)} WHERE FEATURE = ${literal(code.name)} AND FOLD IS ${ofOthers ? 'NOT NULL' : 'NULL'}) AS e${i}
      ON COALESCE(e${i}.${column}, ${none}) = COALESCE(r.F${i}, ${none}) AND (e${i}.${column} IS NULL) = (r.F${i} IS NULL)${
        ofOthers ? ` AND e${i}.FOLD = r.${placeOf(code)}` : ''
      }`;
}

/** Expression of a row's line. @param part expression of what the feature at a place puts into it */
export function lineSql(features: readonly FeatureCode[], part: (i: number) => string): string {
  const parts = placesWritten(features).map(part);
  return parts.length > 0 ? parts.join(" || ',' || ") : "''";
}

/** Places of the features that have columns. */
export function placesWritten(features: readonly FeatureCode[]): number[] {
  return features.map((_, i) => i).filter((i) => isWritten(features[i] as FeatureCode));
}

/** A category without a level among the training rows has no columns. */
function isWritten(code: FeatureCode): boolean {
  return columnNames([code]).length > 0;
}

type TargetCode = Extract<FeatureCode, { kind: 'target' | 'packed' }>;

function isByTarget(code: FeatureCode): code is TargetCode {
  return code.kind === 'target' || code.kind === 'packed';
}

/**
 * SELECT of the statistics (LOS_STATISTIC) of a feature's levels (LOS_LEVEL) from other rows than those of a LOS_FOLD.
 * @param rows training rows with ROW_FOLD and ROW_PLACE
 */
function ofOtherRows(plan: Plan, code: TargetCode, overallMean: number, rows: string): string {
  const packed = code.kind === 'packed';
  const smoothing = packed ? code.prior : SMOOTHING;
  return sqlText(plan, packed ? 'training/ordered' : 'training/out-of-fold', {
    name: code.name,
    place: placeOf(code),
    rows,
    prior: String(smoothing * overallMean),
    smoothing: String(smoothing),
    group: groupSql(code),
  });
}

/** SQL of the level that a value counts as, as text: one of the code's own, no value, or all others together. */
function groupSql(code: TargetCode): string {
  const { name } = code;
  const own =
    code.kind === 'packed' ? flatMap(code.groups, ([, levels]) => levels) : Object.keys(code.levels);
  const known = own.length > 0 ? `${name}::VARCHAR IN (${own.map(literal).join(', ')})` : 'FALSE';
  // Rows without a value have the statistic of the others where they are too few for one of their own (encoder.ts).
  const missing = code.missing === code.unseen ? '' : `WHEN ${name} IS NULL THEN '-' `;
  return `CASE ${missing}WHEN ${known} THEN '=' || ${name}::VARCHAR ELSE '' END`;
}

/** The column by which a row is told from the others that its statistic is of. */
function placeOf({ kind }: FeatureCode): string {
  return kind === 'packed' ? 'ROW_PLACE' : 'ROW_FOLD';
}

function trainingSet({ contract, settings }: Pick<Plan, 'contract' | 'settings'>): string {
  return qualify(settings, datasetNames(contract).trainingSet);
}

function encodingTable({ contract, settings }: Pick<Plan, 'contract' | 'settings'>): string {
  return qualify(settings, datasetNames(contract).encoded);
}
