import { invalidValue, localRefusal, SnowflakeError, syntaxError } from '../../errors.js';
import { type OptionValue, readOptions } from '../../kernel/options.js';
import type { TokenStream } from '../../language/lexer.js';

/** What COPY INTO table does with rows that do not fit. */
export type OnError =
  | { kind: 'ABORT' }
  | { kind: 'CONTINUE' }
  /** Leave the file out from this many bad rows on, or above this percentage of them. */
  | { kind: 'SKIP'; rows?: number; percent?: number };

export type Validation = { kind: 'ERRORS'; partlyLoaded: boolean } | { kind: 'ROWS'; rows: number };

export type MatchByName = 'NONE' | 'CASE_SENSITIVE' | 'CASE_INSENSITIVE';

/** The options of COPY INTO table; docs: sql-reference/sql/copy-into-table. */
export interface CopyOptions {
  files?: string[];
  pattern?: string;
  fileFormat?: OptionValue;
  integration?: string;
  onError: OnError;
  /** Bytes after which no further file is loaded. */
  sizeLimit?: number;
  purge: boolean;
  returnFailedOnly: boolean;
  matchByName: MatchByName;
  /** INCLUDE_METADATA: the target column of each METADATA$ column. */
  metadata: { column: string; source: string }[];
  /** FALSE: texts are cut to their column's length. */
  enforceLength: boolean;
  force: boolean;
  loadUncertain: boolean;
  validation?: Validation;
}

const KEYS = [
  'FILES',
  'PATTERN',
  'FILE_FORMAT',
  'STORAGE_INTEGRATION',
  'ON_ERROR',
  'SIZE_LIMIT',
  'PURGE',
  'RETURN_FAILED_ONLY',
  'MATCH_BY_COLUMN_NAME',
  'INCLUDE_METADATA',
  'ENFORCE_LENGTH',
  'TRUNCATECOLUMNS',
  'FORCE',
  'LOAD_UNCERTAIN_FILES',
  'VALIDATION_MODE',
];

/** Options that Snowflake has and this does not. */
const NOT_BUILT: Record<string, string> = {
  CREDENTIALS: 'keys in SQL end up in the query history; use STORAGE_INTEGRATION',
  ENCRYPTION: 'files are not encrypted by the client',
  FILE_PROCESSOR: 'documents are not read',
  LOAD_MODE: 'it belongs to Iceberg tables',
};

function conflicting(key: string): SnowflakeError {
  return new SnowflakeError(
    '001426',
    '22023',
    `SQL compilation error:\nconflicting values for copy option '${key}'`,
  );
}

/** Reads the options behind FROM. @throws SnowflakeError 001003, 001008, 001420 */
export function readCopyOptions(tokens: TokenStream): CopyOptions {
  const given = readOptions(tokens, [], conflicting);
  tokens.expectEnd();
  for (const [key, value] of Object.entries(given)) {
    const reason = NOT_BUILT[key];
    if (reason) throw localRefusal(`COPY … ${key}`, reason);
    if (!KEYS.includes(key)) throw syntaxError(`invalid parameter '${key}'`);
    if (value === undefined) throw invalidValue(key, '');
  }
  const flag = (key: string, otherwise = false): boolean => {
    const value = given[key];
    if (value === undefined) return otherwise;
    if (typeof value !== 'boolean') throw invalidValue(key, String(value));
    return value;
  };
  const text = (key: string): string | undefined =>
    given[key] === undefined ? undefined : String(given[key]);
  if (given.ENFORCE_LENGTH !== undefined && given.TRUNCATECOLUMNS !== undefined)
    throw syntaxError('ENFORCE_LENGTH and TRUNCATECOLUMNS mean the same: give one of them.');
  const validation = text('VALIDATION_MODE');
  const pattern = text('PATTERN');
  const integration = text('STORAGE_INTEGRATION');
  return {
    ...(given.FILES !== undefined && { files: [given.FILES].flat().map(String) }),
    ...(pattern !== undefined && { pattern }),
    ...(given.FILE_FORMAT !== undefined && { fileFormat: given.FILE_FORMAT }),
    ...(integration !== undefined && { integration }),
    onError: errorOptionOf(text('ON_ERROR') ?? 'ABORT_STATEMENT'),
    ...(given.SIZE_LIMIT !== undefined && { sizeLimit: positive('SIZE_LIMIT', given.SIZE_LIMIT) }),
    purge: flag('PURGE'),
    returnFailedOnly: flag('RETURN_FAILED_ONLY'),
    matchByName: matchOf(text('MATCH_BY_COLUMN_NAME') ?? 'NONE'),
    metadata: metadataOf(given.INCLUDE_METADATA),
    enforceLength:
      given.TRUNCATECOLUMNS === undefined ? flag('ENFORCE_LENGTH', true) : !flag('TRUNCATECOLUMNS'),
    force: flag('FORCE'),
    loadUncertain: flag('LOAD_UNCERTAIN_FILES'),
    ...(validation !== undefined && { validation: validationOf(validation) }),
  };
}

/** How ON_ERROR is written again, for messages and the load history. */
export function errorOptionOf(value: string): OnError {
  const upper = value.toUpperCase();
  if (upper === 'ABORT_STATEMENT') return { kind: 'ABORT' };
  if (upper === 'CONTINUE') return { kind: 'CONTINUE' };
  const [, number, percent] = /^SKIP_FILE(?:_(\d+)(%)?)?$/.exec(upper) ?? [undefined, undefined, undefined];
  if (!upper.startsWith('SKIP_FILE') || (upper !== 'SKIP_FILE' && number === undefined))
    throw invalidValue('ON_ERROR', value);
  if (number === undefined) return { kind: 'SKIP', rows: 1 };
  if (percent && Number(number) > 100) throw invalidValue('ON_ERROR', value);
  return percent ? { kind: 'SKIP', percent: Number(number) } : { kind: 'SKIP', rows: Number(number) };
}

function matchOf(value: string): MatchByName {
  const upper = value.toUpperCase();
  if (upper === 'NONE' || upper === 'CASE_SENSITIVE' || upper === 'CASE_INSENSITIVE') return upper;
  throw invalidValue('MATCH_BY_COLUMN_NAME', value);
}

function validationOf(value: string): Validation {
  const upper = value.toUpperCase();
  if (upper === 'RETURN_ERRORS') return { kind: 'ERRORS', partlyLoaded: false };
  if (upper === 'RETURN_ALL_ERRORS') return { kind: 'ERRORS', partlyLoaded: true };
  const rows = /^RETURN_(\d+)_ROWS$/.exec(upper)?.[1];
  if (rows === undefined || Number(rows) === 0) throw invalidValue('VALIDATION_MODE', value);
  return { kind: 'ROWS', rows: Number(rows) };
}

function metadataOf(value: OptionValue | undefined): CopyOptions['metadata'] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalidValue('INCLUDE_METADATA', String(value));
  return Object.entries(value).map(([column, source]) => ({ column, source: String(source).toUpperCase() }));
}

function positive(key: string, value: OptionValue): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0)
    throw invalidValue(key, String(value));
  return value;
}
