import { localRefusal, SnowflakeError } from '../errors.js';

export type ParameterValue = string | number | boolean;

/** The session parameters this Snowflake knows, with Snowflake's defaults (docs: sql-reference/parameters). */
export const SESSION_PARAMETERS: Record<string, ParameterValue> = {
  ABORT_DETACHED_QUERY: false,
  AUTOCOMMIT: true,
  BINARY_INPUT_FORMAT: 'HEX',
  BINARY_OUTPUT_FORMAT: 'HEX',
  CLIENT_MEMORY_LIMIT: 1536,
  CLIENT_METADATA_REQUEST_USE_CONNECTION_CTX: false,
  CLIENT_PREFETCH_THREADS: 4,
  CLIENT_RESULT_CHUNK_SIZE: 160,
  CLIENT_SESSION_KEEP_ALIVE: false,
  CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY: 3600,
  CLIENT_STAGE_ARRAY_BINDING_THRESHOLD: 65_280,
  // Clients may say how they are used; it is received and thrown away.
  CLIENT_TELEMETRY_ENABLED: true,
  CLIENT_TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_LTZ',
  DATE_INPUT_FORMAT: 'AUTO',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  DEFAULT_NULL_ORDERING: 'LAST',
  ENABLE_UNHANDLED_EXCEPTIONS_REPORTING: true,
  ERROR_ON_NONDETERMINISTIC_MERGE: true,
  ERROR_ON_NONDETERMINISTIC_UPDATE: false,
  GEOGRAPHY_OUTPUT_FORMAT: 'GeoJSON',
  GO_QUERY_RESULT_FORMAT: 'ARROW',
  // Structured types are not built, so that there are none to send differently.
  ENABLE_STRUCTURED_TYPES_IN_CLIENT_RESPONSE: false,
  IGNORE_CLIENT_VESRION_IN_STRUCTURED_TYPES_RESPONSE: false,
  JDBC_QUERY_RESULT_FORMAT: 'ARROW',
  JS_TREAT_INTEGER_AS_BIGINT: false,
  JSON_INDENT: 2,
  LOCK_TIMEOUT: 43200,
  LOG_LEVEL: 'OFF',
  METRIC_LEVEL: 'NONE',
  MULTI_STATEMENT_COUNT: 1,
  NOORDER_SEQUENCE_AS_DEFAULT: true,
  PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: 'ARROW',
  QUERY_TAG: '',
  QUOTED_IDENTIFIERS_IGNORE_CASE: false,
  ROWS_PER_RESULTSET: 0,
  // Nothing queues for a warehouse here.
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: 0,
  STATEMENT_TIMEOUT_IN_SECONDS: 172800,
  STRICT_JSON_OUTPUT: false,
  TIMESTAMP_DAY_IS_ALWAYS_24H: false,
  TIMESTAMP_INPUT_FORMAT: 'AUTO',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: '',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3',
  TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM',
  TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_NTZ',
  TIMESTAMP_TZ_OUTPUT_FORMAT: '',
  TIMEZONE: 'America/Los_Angeles',
  TIME_INPUT_FORMAT: 'AUTO',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS',
  TRACE_LEVEL: 'OFF',
  TRANSACTION_ABORT_ON_ERROR: false,
  TRANSACTION_DEFAULT_ISOLATION_LEVEL: 'READ COMMITTED',
  TWO_DIGIT_CENTURY_START: 1970,
  USE_CACHED_RESULT: true,
  WEEK_OF_YEAR_POLICY: 0,
  WEEK_START: 0,
};

/** From the most to the least verbose: docs sql-reference/parameters, LOG_LEVEL and TRACE_LEVEL. */
export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const;
export const TRACE_LEVELS = ['ALWAYS', 'ON_EVENT', 'OFF'] as const;

/** Parameters that take a word out of a list. */
const WORDS: Record<string, readonly string[]> = {
  LOG_LEVEL: LOG_LEVELS,
  TRACE_LEVEL: TRACE_LEVELS,
  METRIC_LEVEL: ['ALL', 'NONE'],
  BINARY_INPUT_FORMAT: ['HEX', 'BASE64', 'UTF8', 'UTF-8'],
  BINARY_OUTPUT_FORMAT: ['HEX', 'BASE64'],
  CLIENT_TIMESTAMP_TYPE_MAPPING: ['TIMESTAMP_LTZ', 'TIMESTAMP_NTZ', 'TIMESTAMP_TZ'],
  DEFAULT_NULL_ORDERING: ['FIRST', 'LAST'],
  GO_QUERY_RESULT_FORMAT: ['ARROW', 'ARROW_FORCE', 'JSON'],
  JDBC_QUERY_RESULT_FORMAT: ['ARROW', 'ARROW_FORCE', 'JSON'],
  PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: ['ARROW', 'ARROW_FORCE', 'JSON'],
  TIMESTAMP_TYPE_MAPPING: ['TIMESTAMP_LTZ', 'TIMESTAMP_NTZ', 'TIMESTAMP_TZ'],
  TRANSACTION_DEFAULT_ISOLATION_LEVEL: ['READ COMMITTED'],
};

/** Parameters that are numbers within bounds. */
const BOUNDS: Record<string, readonly [min: number, max: number]> = {
  CLIENT_PREFETCH_THREADS: [1, 10],
  CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY: [900, 3600],
  JSON_INDENT: [0, 16],
  LOCK_TIMEOUT: [0, Number.POSITIVE_INFINITY],
  MULTI_STATEMENT_COUNT: [0, Number.POSITIVE_INFINITY],
  ROWS_PER_RESULTSET: [0, Number.POSITIVE_INFINITY],
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: [0, Number.POSITIVE_INFINITY],
  STATEMENT_TIMEOUT_IN_SECONDS: [0, 604_800],
  TWO_DIGIT_CENTURY_START: [1900, 2100],
  WEEK_OF_YEAR_POLICY: [0, 1],
  WEEK_START: [0, 7],
};

/** Parameters that have Snowflake's default here and no other value, and why. */
const FIXED: Record<string, string> = {
  ABORT_DETACHED_QUERY: 'it does not watch whether a client is still connected',
  BINARY_INPUT_FORMAT: 'a text becomes BINARY as hexadecimal digits (TO_BINARY takes a format)',
  ERROR_ON_NONDETERMINISTIC_UPDATE: 'an UPDATE takes one of the rows that match',
  METRIC_LEVEL: 'processor and memory are not measured',
  QUOTED_IDENTIFIERS_IGNORE_CASE: 'a name in quotes keeps its case',
  TIMESTAMP_DAY_IS_ALWAYS_24H: 'a day is a day of the calendar',
  TRANSACTION_ABORT_ON_ERROR: 'a transaction outlives a statement that fails',
  TWO_DIGIT_CENTURY_START: 'years of two digits are those from 1970 on',
};

/** Sent to clients with the login, so that they do what this server can serve. Not settable by SQL. */
export const SERVER_PARAMETERS: Record<string, ParameterValue> = {
  CLIENT_DISABLE_INCIDENTS: true,
  CLIENT_STORE_TEMPORARY_CREDENTIAL: false,
  CLIENT_CONSENT_CACHE_ID_TOKEN: false,
  QUERY_CONTEXT_CACHE_SIZE: 5,
  ENABLE_STAGE_S3_PRIVATELINK_FOR_US_EAST_1: false,
  SERVICE_NAME: '',
};

/**
 * Checks a value that a user gives a parameter, and brings it to the parameter's type.
 * @throws SnowflakeError 001006 for an unknown parameter, 001008 for a value that does not fit, 000002 for one that
 * has no effect here
 */
export function checkParameter(name: string, value: ParameterValue): ParameterValue {
  const preset = SESSION_PARAMETERS[name];
  if (preset === undefined) {
    throw new SnowflakeError('001006', '22023', `SQL compilation error:\ninvalid parameter '${name}'`);
  }
  // AUTO reads texts; to write one a format is needed.
  if (/_OUTPUT_FORMAT$/.test(name) && preset !== 'AUTO' && /^auto$/i.test(String(value)))
    throw invalidValue(name, value);
  const checked = checkValue(name, value, preset);
  const fixed = FIXED[name];
  if (fixed !== undefined && checked !== preset)
    throw localRefusal(`${name} = ${String(checked).toUpperCase()}`, fixed, `Leave it at ${preset}.`);
  return checked;
}

function checkValue(name: string, value: ParameterValue, preset: ParameterValue): ParameterValue {
  if (typeof preset === 'boolean') {
    if (/^true$/i.test(String(value))) return true;
    if (/^false$/i.test(String(value))) return false;
    throw invalidValue(name, value);
  }
  if (typeof preset === 'number') {
    const number = Number(value);
    const [min, max] = BOUNDS[name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (!Number.isInteger(number) || typeof value === 'boolean' || number < min || number > max)
      throw invalidValue(name, value);
    return number;
  }
  const text = String(value);
  if (name === 'TIMEZONE') checkTimezone(text);
  const words = WORDS[name];
  if (!words) return text;
  if (!words.includes(text.toUpperCase())) throw invalidValue(name, value);
  return text.toUpperCase();
}

function checkTimezone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new SnowflakeError(
      '001055',
      '22023',
      `SQL compilation error:\ninvalid value [${zone}] for parameter 'TIMEZONE'`,
    );
  }
}

function invalidValue(name: string, value: ParameterValue): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\ninvalid value [${value}] for parameter '${name}'`,
  );
}
