import type { Context } from '../deploy/context.js';
import { literal, qualify } from '../procedures/ground/names.js';
import { variant } from '../procedures/ground/work.js';
import type { ControlAnswer } from '../udfs/control/control-response-translator.js';
import type { RawRow } from '../udfs/encoding/encoding.js';
import type { Model } from '../udfs/model.js';

/** Names that predict_los is switched to. */
export interface Champion {
  readonly version: string;
  readonly endpoint: string;
  readonly job: string;
  readonly artifact: string;
  /** Request translators. */
  readonly translator: string;
  readonly reasonsTranslator: string;
  readonly model: Model;
}

/** The promoted version; undefined: none is. */
export async function readChampion({
  settings,
  snowflake,
}: Pick<Context, 'settings' | 'snowflake'>): Promise<Champion | undefined> {
  const [row] = await snowflake.query(
    `SELECT VERSION, ENDPOINT, TRAINING_JOB, ARTIFACT, REQUEST_TRANSLATOR, MODEL
FROM ${qualify(settings, 'LOS_MODEL_REGISTRY')} WHERE STATUS = 'CHAMPION'`,
  );
  if (!row) return undefined;
  return {
    version: String(row.VERSION),
    endpoint: String(row.ENDPOINT),
    job: String(row.TRAINING_JOB),
    artifact: String(row.ARTIFACT),
    translator: String(row.REQUEST_TRANSLATOR),
    reasonsTranslator: String(row.REQUEST_TRANSLATOR).replace('LOS_REQUEST_', 'LOS_REASONS_'),
    model: variant<Model>(row.MODEL),
  };
}

/** A row that the model knows: of no patient, with a value for every feature. */
export function sampleRow({ features }: Model): RawRow {
  return Object.fromEntries(
    features.map((code) => {
      if (code.kind === 'numeric') return [code.name, 1];
      if (code.kind === 'packed') return [code.name, code.groups[0]?.[1][0] ?? ''];
      const levels = code.kind === 'target' ? Object.keys(code.levels) : code.levels;
      return [code.name, levels[0] ?? ''];
    }),
  );
}

/**
 * Asks SageMaker, as a procedure does, for an endpoint that does not exist: it costs nothing, changes nothing, and passes
 * every hop.
 * @throws SnowflakeError when the question does not get as far as SageMaker
 */
export async function askForNoEndpoint({
  settings,
  snowflake,
}: Pick<Context, 'settings' | 'snowflake'>): Promise<ControlAnswer> {
  const [row] = await snowflake.query(
    `SELECT ${qualify(settings, 'LOS_SAGEMAKER')}('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', ${literal(`${settings.prefix}-none`)})) AS ANSWER`,
  );
  return variant<ControlAnswer>(row?.ANSWER);
}
