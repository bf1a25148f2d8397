import type { FeatureCode } from '../../udfs/encoding.js';
import { objectOf } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { literal, qualified } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { SMOOTHING } from './encoder.js';
import { foldOf, orderOf, type SplitResult } from './split.js';

export const SIDES = ['train', 'validation'] as const;
export type Side = (typeof SIDES)[number];

/**
 * Encodes the rows that train and validate, and writes each side as the container wants it: label first (then the
 * weight, where rows are weighted), no header, plain CSV. The validation rows once more without the label, to be
 * predicted. The version's encoder must exist.
 *
 * A training row must not see its own stay in its inputs. So where a category is encoded by target
 * statistics, the row's number comes from the training rows of the other folds, and where it has thousands of levels
 * from those at places before it in an order by chance; a validation row's comes
 * from the encoder's table, as in serving. Everything else is encoded by the same code on both sides.
 *
 * @param folder below the version's own folder; each set of features has one
 * @param sample which rows of a side, in SQL over CASE_ID; left out: all
 * @returns the folder's s3:// address; train/, validation/ and lines/ are in it
 */
export function* writeTrainingFiles(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'weighted' | 'trainMean'>,
  folder: string,
  sample: Readonly<Record<Side, string>> = { train: 'TRUE', validation: 'TRUE' },
): Work<string> {
  const rows = (side: Side) => trainingRowsSql(plan, version, features, side, split, sample[side]);
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
  return `@${qualified(settings, settings.snowflake.stages.exchange)}/${path}`;
}

/**
 * Writes the lines that a SELECT gives, in its order, as one file. Without SINGLE = TRUE several threads write files of
 * their own and no order is promised (docs.snowflake.com, user-guide/data-unload-overview), while row subsampling and
 * the answers of a batch transform depend on the order. One file may have 5 GB, some tens of millions of rows; Snowflake
 * refuses more by name.
 */
export function* unload(plan: Plan, path: string, select: string): Work<void> {
  // The line is one column already; without a delimiter nothing is quoted or escaped.
  yield* execute(`COPY INTO ${stageOf(plan, path)}/rows.csv
FROM (${select})
FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE ESCAPE_UNENCLOSED_FIELD = NONE)
SINGLE = TRUE OVERWRITE = TRUE MAX_FILE_SIZE = 5368709120`);
}

/**
 * SELECT of the file's lines (LINE, and ENCODED without the label) beside what they are made of: CASE_ID, LOS, WEIGHT and F,
 * of the features that are encoded and no others.
 * @param which further condition on the training set
 */
export function trainingRowsSql(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  side: Side,
  split: Pick<SplitResult, 'weighted' | 'trainMean'>,
  which = 'TRUE',
): string {
  const { contract, settings } = plan;
  const encoder = qualified(settings, version.encoder);
  const targets = side === 'train' ? features.filter(isByTarget) : [];
  const statistics =
    targets.length > 0
      ? `OBJECT_CONSTRUCT(${targets.map(({ name }, i) => `${literal(name)}, s${i}.LOS_STATISTIC`).join(', ')})`
      : 'NULL::OBJECT';
  const label = split.weighted ? "TO_VARCHAR(LOS) || ',' || TO_VARCHAR(WEIGHT)" : 'TO_VARCHAR(LOS)';
  return `SELECT CASE_ID, LOS, WEIGHT, F, ENCODED, ${label} || ',' || ENCODED AS LINE
  FROM (SELECT CASE_ID, LOS, WEIGHT, F, ${encoder}(F, STATISTICS) AS ENCODED
    FROM (SELECT ${contract.id} AS CASE_ID, LOS, ROW_WEIGHT AS WEIGHT, ${objectOf(features.map(({ name }) => name))} AS F, ${statistics} AS STATISTICS
      FROM (SELECT *, ${foldOf(contract)} AS ROW_FOLD, ${orderOf(contract)} AS ROW_PLACE FROM ${qualified(settings, datasetNames(contract).trainingSet)}
        WHERE ROW_SIDE = '${side}') AS r${targets.map((code, i) => ofOtherRows(plan, code, i, split.trainMean)).join('')})
    WHERE ${which})`;
}

type ByTarget = Extract<FeatureCode, { kind: 'target' | 'packed' }>;

function isByTarget(code: FeatureCode): code is ByTarget {
  return code.kind === 'target' || code.kind === 'packed';
}

/**
 * The join that puts a row's statistic of a feature beside it. NULL is a level too; said in equations, because a join on
 * IS NOT DISTINCT FROM may be made row by row.
 */
function ofOtherRows(plan: Plan, code: ByTarget, i: number, overallMean: number): string {
  const { contract, settings } = plan;
  const { name } = code;
  const packed = code.kind === 'packed';
  const smoothing = packed ? code.prior : SMOOTHING;
  const statistics = sqlText(plan, packed ? 'training/ordered' : 'training/out-of-fold', {
    name,
    fold: packed ? orderOf(contract) : foldOf(contract),
    set: qualified(settings, datasetNames(contract).trainingSet),
    prior: String(smoothing * overallMean),
    smoothing: String(smoothing),
  });
  return `
      LEFT JOIN (${statistics}) AS s${i} ON s${i}.LOS_FOLD = r.${packed ? 'ROW_PLACE' : 'ROW_FOLD'}
        AND COALESCE(s${i}.LOS_LEVEL, '') = COALESCE(r.${name}, '') AND (s${i}.LOS_LEVEL IS NULL) = (r.${name} IS NULL)`;
}
