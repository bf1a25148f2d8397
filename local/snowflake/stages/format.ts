import type { Account } from '../account.js';
import type { FileFormat } from '../catalog/objects.js';
import { notSupportedLocally, syntaxError } from '../errors.js';
import { splitName } from '../query/binder.js';
import type { Session } from '../sessions/session.js';
import type { OptionValue } from '../statements/options.js';

export type FormatOptions = FileFormat['options'];

/** CSV options with their defaults; docs: sql-reference/sql/create-file-format. NONE is ''. */
export interface CsvFormat {
  type: 'CSV';
  compression: string;
  /** undefined: any of \n, \r\n, \r. */
  recordDelimiter: string | undefined;
  fieldDelimiter: string;
  parseHeader: boolean;
  skipHeader: number;
  skipBlankLines: boolean;
  dateFormat: string;
  timeFormat: string;
  timestampFormat: string;
  escape: string;
  escapeUnenclosed: string;
  trimSpace: boolean;
  enclosedBy: string;
  nullIf: string[];
  errorOnColumnCountMismatch: boolean;
  emptyFieldAsNull: boolean;
  fileExtension: string;
}

export interface JsonFormat {
  type: 'JSON';
  compression: string;
  stripOuterArray: boolean;
  stripNullValues: boolean;
  fileExtension: string;
}

export interface XmlFormat {
  type: 'XML';
  compression: string;
  disableAutoConvert: boolean;
  fileExtension: string;
}

/** JSON and XML files have one column of documents. */
export type Format = CsvFormat | JsonFormat | XmlFormat;

const CSV = [
  'COMPRESSION',
  'RECORD_DELIMITER',
  'FIELD_DELIMITER',
  'FILE_EXTENSION',
  'PARSE_HEADER',
  'SKIP_HEADER',
  'SKIP_BLANK_LINES',
  'DATE_FORMAT',
  'TIME_FORMAT',
  'TIMESTAMP_FORMAT',
  'BINARY_FORMAT',
  'ESCAPE',
  'ESCAPE_UNENCLOSED_FIELD',
  'TRIM_SPACE',
  'FIELD_OPTIONALLY_ENCLOSED_BY',
  'NULL_IF',
  'ERROR_ON_COLUMN_COUNT_MISMATCH',
  'REPLACE_INVALID_CHARACTERS',
  'EMPTY_FIELD_AS_NULL',
  'SKIP_BYTE_ORDER_MARK',
  'ENCODING',
  'MULTI_LINE',
];
const JSON_OPTIONS = ['COMPRESSION', 'FILE_EXTENSION', 'STRIP_OUTER_ARRAY', 'STRIP_NULL_VALUES'];

const XML_OPTIONS = ['COMPRESSION', 'FILE_EXTENSION', 'DISABLE_AUTO_CONVERT'];

/** Options that only their default value is built for. */
const ONLY: Record<string, string[]> = {
  ENCODING: ['UTF8', 'UTF-8'],
  BINARY_FORMAT: ['HEX'],
  REPLACE_INVALID_CHARACTERS: ['FALSE'],
  COMPRESSION: ['AUTO', 'GZIP', 'DEFLATE', 'RAW_DEFLATE', 'BROTLI', 'NONE'],
  SKIP_BYTE_ORDER_MARK: ['TRUE'],
  MULTI_LINE: ['TRUE'],
};

/**
 * Checks the options of a FILE_FORMAT = (…) or CREATE FILE FORMAT and brings them into the stored form.
 * @throws SnowflakeError for an unknown option or type
 */
export function checkFormat(options: Record<string, OptionValue>): FormatOptions {
  const checked: FormatOptions = {};
  const type = String(options.TYPE ?? 'CSV').toUpperCase();
  if (type !== 'CSV' && type !== 'JSON' && type !== 'XML')
    throw notSupportedLocally(
      `FILE_FORMAT TYPE = ${type}`,
      'only CSV, JSON and XML files are read',
      'Use CSV or JSON.',
    );
  for (const [key, value] of Object.entries(options)) {
    if (key === 'TYPE') continue;
    if (!{ CSV, JSON: JSON_OPTIONS, XML: XML_OPTIONS }[type].includes(key))
      throw syntaxError(`invalid property '${key}' for 'FILE_FORMAT'`);
    const only = ONLY[key];
    if (only && !only.includes(String(value).toUpperCase()))
      throw notSupportedLocally(`${key} = ${value}`, `only ${only.join(', ')} is built`);
    checked[key] = Array.isArray(value) ? value.map(String) : (value as string | number | boolean);
  }
  checked.TYPE = type;
  return checked;
}

/**
 * The format that a statement's FILE_FORMAT option means: a named one, or options on top of the stage's.
 * @param given the option's value: a name, `(FORMAT_NAME = …)` or `(TYPE = … …)`
 */
export function resolveFormat(
  account: Account,
  session: Session,
  given: OptionValue | undefined,
  stage: FormatOptions | undefined,
): Format {
  let options: FormatOptions = stage ?? {};
  if (typeof given === 'string') options = namedFormat(account, session, given);
  else if (given !== undefined && typeof given === 'object' && !Array.isArray(given)) {
    const { FORMAT_NAME: name, ...rest } = given;
    if (name !== undefined) options = namedFormat(account, session, String(name));
    const inline = Object.keys(rest).length > 0;
    // TYPE in the statement starts afresh; without it the options refine the stage's.
    if (inline) options = rest.TYPE === undefined ? checkFormat({ ...options, ...rest }) : checkFormat(rest);
  }
  return effective(options);
}

function namedFormat(account: Account, session: Session, name: string): FormatOptions {
  const format = account.catalog.resolve('FILE FORMAT', splitName(name), session);
  account.access.require(session, 'USAGE', format);
  return format.options;
}

/** The options with their defaults filled in. */
export function effective(options: FormatOptions): Format {
  const text = (key: string, otherwise: string): string => {
    const value = options[key];
    if (value === undefined) return otherwise;
    return String(value).toUpperCase() === 'NONE' ? '' : unescaped(String(value));
  };
  const flag = (key: string, otherwise: boolean) =>
    options[key] === undefined ? otherwise : options[key] === true;
  const compression = String(options.COMPRESSION ?? 'AUTO').toUpperCase();
  if (options.TYPE === 'JSON')
    return {
      type: 'JSON',
      compression,
      stripOuterArray: flag('STRIP_OUTER_ARRAY', false),
      stripNullValues: flag('STRIP_NULL_VALUES', false),
      fileExtension: text('FILE_EXTENSION', ''),
    };
  if (options.TYPE === 'XML')
    return {
      type: 'XML',
      compression,
      disableAutoConvert: flag('DISABLE_AUTO_CONVERT', false),
      fileExtension: text('FILE_EXTENSION', ''),
    };
  const nullIf = options.NULL_IF;
  const record = options.RECORD_DELIMITER === undefined ? undefined : text('RECORD_DELIMITER', '');
  return {
    type: 'CSV',
    compression,
    recordDelimiter: record === '\n' || record === '\r\n' ? undefined : record,
    fieldDelimiter: text('FIELD_DELIMITER', ','),
    parseHeader: flag('PARSE_HEADER', false),
    skipHeader: Number(options.SKIP_HEADER ?? 0),
    skipBlankLines: flag('SKIP_BLANK_LINES', false),
    dateFormat: text('DATE_FORMAT', 'AUTO'),
    timeFormat: text('TIME_FORMAT', 'AUTO'),
    timestampFormat: text('TIMESTAMP_FORMAT', 'AUTO'),
    escape: text('ESCAPE', ''),
    escapeUnenclosed: text('ESCAPE_UNENCLOSED_FIELD', '\\'),
    trimSpace: flag('TRIM_SPACE', false),
    enclosedBy: text('FIELD_OPTIONALLY_ENCLOSED_BY', ''),
    nullIf: nullIf === undefined ? ['\\N'] : [nullIf].flat().map(String),
    errorOnColumnCountMismatch: flag('ERROR_ON_COLUMN_COUNT_MISMATCH', true),
    emptyFieldAsNull: flag('EMPTY_FIELD_AS_NULL', true),
    fileExtension: text('FILE_EXTENSION', ''),
  };
}

/** Delimiters may be written as '\t', '\x01', '0x01' or \u00a2 also after the string's own escapes. */
function unescaped(text: string): string {
  return text
    .replace(/^0x([0-9a-fA-F]{2})$/, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(?:x([0-9a-fA-F]{2})|([tnr]))/g, (_, hex, letter) =>
      hex
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : { t: '\t', n: '\n', r: '\r' }[letter as 't' | 'n' | 'r'],
    );
}
