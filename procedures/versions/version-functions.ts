import type { Model } from '../../udfs/model.js';
import { literal, modelMarker, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { execute, Refused, type Work } from '../ground/work.js';
import { BATCH_ROWS, STAY_BATCH_ROWS } from './batch-rows.js';
import { bytesOf, constantText, MAX_BODY_BYTES } from './constant.js';
import type { Version } from './version.js';

/** Stands in a compiled body where the version's model goes (deploy/compile/template.ts). */
export const MODEL_PLACE = 'LOS_MODEL_PLACE';
/** Stands in it for the global under which the body keeps what it has made of the model. */
export const ENTRY_KEY_PLACE = 'entry_LOS_KEY_PLACE';

/** Creates the UDF that encodes values for a version's training files: the encoder with the version's tables in it. */
export function* createEncoder(plan: Plan, version: Version, model: Model): Work<void> {
  yield* createFunction(plan, version, {
    name: version.encoder,
    args: 'FEATURE VARCHAR, LEVEL VARCHAR, NUMBER FLOAT',
    returns: 'VARCHAR',
    volatility: 'IMMUTABLE',
    body: bodyOf(plan, 'udfs/encoding/encode-value.ts', model),
  });
}

/**
 * Creates the version's request translator and its own external function, through which it can be asked
 * whether or not it is the champion. Called again (with intervals), it replaces the translator.
 */
export function* createServing(plan: Plan, version: Version, model: Model): Work<void> {
  yield* createTranslator(
    plan,
    version,
    version.requestTranslator,
    'udfs/translators/request-translator.ts',
    model,
  );
  yield* createPredict(plan, version, version.predict, version.requestTranslator, BATCH_ROWS);
}

/** The same of the version's model of stays that have begun. */
export function* createStayServing(plan: Plan, version: Version, model: Model): Work<void> {
  yield* createTranslator(
    plan,
    version,
    version.stayTranslator,
    'udfs/translators/stay-request-translator.ts',
    model,
  );
  yield* createPredict(plan, version, version.predictStay, version.stayTranslator, STAY_BATCH_ROWS);
}

/** Creates the UDF that writes what events put into the training files of a model of stays that have begun. */
export function* createStayEncoder(plan: Plan, version: Version, model: Model): Work<void> {
  yield* createFunction(plan, version, {
    name: version.stayEncoder,
    args: 'EVENTS OBJECT',
    returns: 'VARCHAR',
    volatility: 'IMMUTABLE',
    body: bodyOf(plan, 'udfs/encoding/encode-events.ts', model),
  });
}

function* createPredict(
  plan: Plan,
  version: Version,
  name: string,
  translator: string,
  rows: number,
): Work<void> {
  const { settings } = plan;
  yield* execute(`CREATE OR REPLACE EXTERNAL FUNCTION ${qualify(settings, name)}(FEATURES OBJECT)
RETURNS OBJECT
${comment(plan, version)}
API_INTEGRATION = ${settings.snowflake.integrations.api}
MAX_BATCH_ROWS = ${rows}
REQUEST_TRANSLATOR = ${qualify(settings, translator)}
RESPONSE_TRANSLATOR = ${qualify(settings, 'LOS_RESPONSE_DETAIL')}
AS ${literal(plan.serviceUrl)}`);
}

/** Creates the translator with which predict_los_reasons asks the version, once it is known what reasons are looked for among. */
export function* createReasons(plan: Plan, version: Version, model: Model): Work<void> {
  yield* createTranslator(
    plan,
    version,
    version.reasonsTranslator,
    'udfs/translators/reasons-request-translator.ts',
    model,
  );
}

function* createTranslator(
  plan: Plan,
  version: Version,
  name: string,
  file: string,
  model: Model,
): Work<void> {
  yield* createFunction(plan, version, {
    name,
    args: 'EVENT OBJECT',
    returns: 'OBJECT',
    volatility: 'VOLATILE',
    body: bodyOf(plan, file, model),
  });
}

/** Drops everything of a version that is in Snowflake's schema: from the caller to the called. */
export function* dropFunctions({ settings }: Pick<Plan, 'settings'>, version: Version): Work<void> {
  yield* drop(settings, [
    `${version.predict}(OBJECT)`,
    `${version.requestTranslator}(OBJECT)`,
    `${version.reasonsTranslator}(OBJECT)`,
    `${version.encoder}(VARCHAR, VARCHAR, FLOAT)`,
  ]);
}

/** Drops what is in Snowflake's schema of the version's model of stays that have begun. */
export function* dropStayFunctions({ settings }: Pick<Plan, 'settings'>, version: Version): Work<void> {
  yield* drop(settings, [
    `${version.predictStay}(OBJECT)`,
    `${version.stayTranslator}(OBJECT)`,
    `${version.stayEncoder}(OBJECT)`,
  ]);
}

function* drop(settings: Plan['settings'], routines: readonly string[]): Work<void> {
  for (const routine of routines) yield* execute(`DROP FUNCTION IF EXISTS ${qualify(settings, routine)}`);
}

interface VersionFunction {
  readonly name: string;
  readonly args: string;
  readonly returns: string;
  readonly volatility: 'IMMUTABLE' | 'VOLATILE';
  readonly body: string;
}

// Two dollars in one text would end the body of the procedure that this is compiled into.
const QUOTE = ['$', '$'].join('');

function* createFunction(plan: Plan, version: Version, made: VersionFunction): Work<void> {
  yield* execute(
    [
      `CREATE OR REPLACE FUNCTION ${qualify(plan.settings, made.name)}(${made.args})`,
      'COPY GRANTS',
      `RETURNS ${made.returns}`,
      'LANGUAGE JAVASCRIPT',
      'CALLED ON NULL INPUT',
      made.volatility,
      comment(plan, version),
      `AS ${QUOTE}\n${made.body}\n${QUOTE}`,
    ].join('\n'),
  );
}

/** A function's body with the model in it. */
export function bodyOf({ bodies }: Pick<Plan, 'bodies'>, file: string, model: Model): string {
  const template = bodies[file];
  if (template === undefined) throw new Error(`The procedure was compiled without the body of ${file}`);
  // A level may be called "{{x}}", which in a statement would be a placeholder.
  const constant = constantText(model).replace(/\{\{/g, '{\\u007b');
  const key = `entry_${hashOf(constant)}`;
  const filled = template.split(ENTRY_KEY_PLACE).join(key).split(MODEL_PLACE).join(constant);
  const bytes = bytesOf(filled);
  if (bytes > MAX_BODY_BYTES)
    throw new Refused(
      `The tables of ${model.version} make a function of ${Math.ceil(bytes / 1024)} KB; Snowflake accepts about ${MAX_BODY_BYTES / 1024} KB.`,
      'Leave out features with many or long levels, or let training.featureSelection drop features that do not help.',
    );
  return filled;
}

/** A name that another model's body does not have: FNV-1a over its text, in two halves. */
function hashOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000197);
  }
  return [a, b].map((half) => (half >>> 0).toString(16)).join('');
}

function comment({ settings }: Pick<Plan, 'settings'>, version: Version): string {
  return `COMMENT = ${literal(modelMarker(settings.prefix, version.name))}`;
}
