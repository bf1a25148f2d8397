import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualified } from '../../procedures/ground/names.js';
import type { FeatureCode } from '../../udfs/encoding.js';
import type { Model } from '../../udfs/model.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import { SMOOTHING } from './encoder.js';
import { createEncoder } from './serving.js';
import { foldOf, type SplitResult } from './split.js';
import type { Version } from './version.js';

const SIDES = ['train', 'validation'] as const;
type Side = (typeof SIDES)[number];

/**
 * Encodes the rows that train and validate, and writes each side as the container wants it: label first (then the
 * weight, where rows are weighted), no header, plain CSV.
 *
 * A training row must not see its own stay in its inputs. So where a category is encoded by target
 * statistics, the row's number comes from the training rows of the other folds; a validation row's comes
 * from the encoder's table, as in serving. Everything else is encoded by the same code on both sides.
 *
 * Each side is one file: without SINGLE = TRUE several threads write files of their own and no order is promised
 * (docs.snowflake.com, user-guide/data-unload-overview), while row subsampling depends on the order. One file may have
 * 5 GB, some tens of millions of rows; Snowflake refuses more by name.
 *
 * @param folder below the version's own folder; each set of features has one
 * @returns the folder's s3:// address; train/ and validation/ are in it
 */
export async function writeTrainingFiles(
  ctx: Context,
  contract: Contract,
  version: Version,
  model: Model,
  split: SplitResult,
  folder: string,
  onStatus: (status: string) => void,
): Promise<string> {
  const { settings, snowflake } = ctx;
  const stage = qualified(settings, settings.snowflake.stages.exchange);
  const path = `${version.folder}/${folder}`;
  await createEncoder(ctx, version, model);
  for (const side of SIDES) {
    onStatus(side);
    // The line is one column already; without a delimiter nothing is quoted or escaped. The order is fixed
    // so that the same data trains the same model.
    await snowflake.execute(`COPY INTO @${stage}/${path}/${side}/rows.csv
FROM (SELECT LINE FROM (${trainingRowsSql(settings, contract, version, model.features, side, split)}) ORDER BY CASE_ID)
FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE ESCAPE_UNENCLOSED_FIELD = NONE)
SINGLE = TRUE OVERWRITE = TRUE MAX_FILE_SIZE = 5368709120`);
  }
  return `${await exchangeAddress(ctx)}/${path}`;
}

/** s3:// address of the exchange stage, read from the stage: it alone decides where the data goes. */
async function exchangeAddress({ settings, snowflake }: Context): Promise<string> {
  const { database, schema, stages } = settings.snowflake;
  const rows = await snowflake.query<{ name: string; url: string }>(
    `SHOW STAGES LIKE '${stages.exchange}' IN SCHEMA ${database}.${schema}`,
  );
  const url = rows.find((row) => row.name === stages.exchange)?.url;
  if (!url)
    throw new UserError(`The stage ${stages.exchange} does not exist or has no S3 address.`, {
      next: 'Run los apply first.',
    });
  return url.replace(/\/$/, '');
}

/** SELECT of the file's lines (LINE) beside what they are made of: CASE_ID, LOS, WEIGHT and features F. */
export function trainingRowsSql(
  settings: Settings,
  contract: Contract,
  version: Version,
  features: readonly FeatureCode[],
  side: Side,
  split: SplitResult,
): string {
  const encoder = qualified(settings, version.encoder);
  const targets = features.filter((code) => code.kind === 'target').map((code) => code.name);
  const statistics =
    side === 'train' && targets.length > 0
      ? `OBJECT_CONSTRUCT(${targets
          .map((name) => `${literal(name)}, ${outOfFold(name, contract, split.trainMean)}`)
          .join(', ')})`
      : 'NULL::OBJECT';
  const label = split.weighted ? "TO_VARCHAR(LOS) || ',' || TO_VARCHAR(WEIGHT)" : 'TO_VARCHAR(LOS)';
  return `SELECT CASE_ID, LOS, WEIGHT, F, ${label} || ',' || ${encoder}(F, STATISTICS) AS LINE
  FROM (SELECT ${contract.id} AS CASE_ID, LOS, ROW_WEIGHT AS WEIGHT, ${featureObject(contract)} AS F, ${statistics} AS STATISTICS
    FROM ${qualified(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = '${side}')`;
}

/** Smoothed mean stay of the row's level in the other folds, in days, rounded like the encoder's tables. */
function outOfFold(name: string, contract: Contract, overallMean: number): string {
  const fold = foldOf(contract);
  const others = (value: string) =>
    `SUM(${value}) OVER (PARTITION BY ${name}) - SUM(${value}) OVER (PARTITION BY ${name}, ${fold})`;
  const sum = others('ROW_WEIGHT * LOS');
  const count = others('ROW_WEIGHT');
  return `ROUND((${sum} + ${SMOOTHING * overallMean}) / (${count} + ${SMOOTHING}), 4)`;
}
