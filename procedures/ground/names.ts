/** Place of the project's objects; the settings of the deployer have more in them. */
export interface Place {
  readonly snowflake: {
    readonly database: string;
    readonly schema: string;
    readonly predictLos?: PredictLos;
  };
}

/**
 * Argument of predict_los. `columns`: the hospital's columns, being a SQL function around LOS_INPUTS and the external function. `inputs`: what
 * LOS_INPUTS makes of them, being the external function itself, for accounts that refuse the former.
 */
export type PredictLos = 'columns' | 'inputs';

/** Names of the external functions that ask the champion, by what they answer. */
export interface Invocations {
  readonly days: string;
  readonly detail: string;
  readonly reasons: string;
  /** Endpoint of the model of the stay as it goes; present where the contract has events. */
  readonly stay: string;
}

/** Whose request translator a promotion changes. */
export function invocations({ snowflake }: Place): Invocations {
  return snowflake.predictLos === 'inputs'
    ? {
        days: 'PREDICT_LOS',
        detail: 'PREDICT_LOS_DETAIL',
        reasons: 'PREDICT_LOS_REASONS',
        stay: 'LOS_INVOKE_STAY',
      }
    : {
        days: 'LOS_INVOKE_ENDPOINT',
        detail: 'LOS_INVOKE_ENDPOINT_DETAIL',
        reasons: 'LOS_INVOKE_ENDPOINT_REASONS',
        stay: 'LOS_INVOKE_STAY',
      };
}

/** Part of the settings that says where the project's objects lie, to be compiled in. */
export function placeOf({ snowflake: { database, schema } }: Place): Place {
  return { snowflake: { database, schema } };
}

/** `DATABASE.SCHEMA` of the project. */
export function schemaPath({ snowflake }: Place): string {
  return `${snowflake.database}.${snowflake.schema}`;
}

/**
 * `DATABASE.SCHEMA.NAME` of an object of the project.
 * @example
 * qualify({ snowflake: { database: 'PREDICT_LOS', schema: 'LOS' } }, 'LOS_ALARMS'); // "PREDICT_LOS.LOS.LOS_ALARMS"
 */
export function qualify(settings: Place, name: string): string {
  return `${schemaPath(settings)}.${name}`;
}

/**
 * Text as an SQL string literal, in which nothing looks like a placeholder.
 * @example
 * literal("St. Mary's"); // "'St. Mary''s'"
 */
export function literal(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''").replace(/\{\{/g, '{\\x7b')}'`;
}

/** SQL of a day, however the session reads dates. @param day YYYY-MM-DD */
export function dateLiteral(day: string): string {
  return `TO_DATE(${literal(day)}, 'YYYY-MM-DD')`;
}

/** Begins the subject of every mail. */
export const SUBJECT_PREFIX = '[predict-los]';
/** The stage on the bucket, and the one into which files of rows are put. */
export const EXCHANGE_STAGE = 'LOS_EXCHANGE';
export const LOAD_STAGE = 'LOS_LOAD';
/**
 * Folders of the exchange stage (and bucket). Training files expire, artifacts do not: SageMaker reads a model's each time
 * that an endpoint starts, so they must never lie below the same prefix.
 */
export const TRAINING_FILES = 'training-files';
export const MODELS = 'models';

/**
 * Who called the procedure that runs, in SQL. CURRENT_USER is the user of the session, also where the owner's rights hold
 * (docs.snowflake.com, CURRENT_USER: "the user currently logged into the system"); a task runs as the system user (behavior change 2051).
 * What CURRENT_ROLE returns there no page says, and the caller's session variables cannot be read (stored-procedures-rights).
 */
export const CALLER = "COALESCE(CURRENT_USER(), 'SYSTEM')";

/** Tag key that every AWS object of the project carries; its value is the marker. */
export const TAG_KEY = 'predict-los';

/** Comment or tag value of an object that belongs to a model version or a dataset's models, e.g. `health-v3`. */
export function modelMarker(prefix: string, version: string): string {
  return `predict-los/${prefix} model ${version}`;
}
