import type { Account } from '../../account.js';
import type { FileFormat } from '../../catalog/objects.js';
import type { OptionValue } from '../../kernel/options.js';
import { splitName } from '../../language/split-name.js';
import type { Session } from '../../sessions/session.js';
import { checkFormat, ENCODINGS, unescapeText } from './format-options.js';

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
  replaceInvalid: boolean;
  binaryFormat: BinaryFormat;
  /** The WHATWG's name, unless the file is UTF-8. */
  encoding?: string;
  fileExtension: string;
}

export type BinaryFormat = 'HEX' | 'BASE64' | 'UTF8';

export interface JsonFormat {
  type: 'JSON';
  compression: string;
  allowDuplicate: boolean;
  replaceInvalid: boolean;
  binaryFormat: BinaryFormat;
  /** These apply to members that become columns of their own (MATCH_BY_COLUMN_NAME). */
  dateFormat: string;
  timeFormat: string;
  timestampFormat: string;
  trimSpace: boolean;
  nullIf: string[];
  stripOuterArray: boolean;
  stripNullValues: boolean;
  fileExtension: string;
}

export interface XmlFormat {
  type: 'XML';
  compression: string;
  disableAutoConvert: boolean;
  stripOuterElement: boolean;
  replaceInvalid: boolean;
  fileExtension: string;
}

export interface ParquetFormat {
  type: 'PARQUET';
  compression: string;
  binaryAsText: boolean;
  replaceInvalid: boolean;
  trimSpace: boolean;
  nullIf: string[];
  fileExtension: string;
}

/** JSON, XML and Parquet files have one column of documents. */
export type Format = CsvFormat | JsonFormat | XmlFormat | ParquetFormat;

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
  if (typeof given === 'string') options = findFormat(account, session, given);
  else if (given !== undefined && typeof given === 'object' && !Array.isArray(given)) {
    const { FORMAT_NAME: name, ...rest } = given;
    if (name !== undefined) options = findFormat(account, session, String(name));
    const inline = Object.keys(rest).length > 0;
    // TYPE in the statement starts afresh; without it the options refine the stage's.
    if (inline) options = rest.TYPE === undefined ? checkFormat({ ...options, ...rest }) : checkFormat(rest);
  }
  return effective(options);
}

function findFormat(account: Account, session: Session, name: string): FormatOptions {
  const format = account.catalog.resolve('FILE FORMAT', splitName(name), session);
  account.access.require(session, 'USAGE', format);
  return format.options;
}

/** The options with their defaults filled in. */
export function effective(options: FormatOptions): Format {
  const text = (key: string, otherwise: string): string => {
    const value = options[key];
    if (value === undefined) return otherwise;
    return String(value).toUpperCase() === 'NONE' ? '' : unescapeText(String(value));
  };
  const flag = (key: string, otherwise: boolean) =>
    options[key] === undefined ? otherwise : options[key] === true;
  const list = (key: string, otherwise: string[]) =>
    options[key] === undefined ? otherwise : [options[key]].flat().map(String);
  const compression = String(options.COMPRESSION ?? 'AUTO').toUpperCase();
  const replaceInvalid = flag('REPLACE_INVALID_CHARACTERS', false) || flag('IGNORE_UTF8_ERRORS', false);
  const binaryFormat = String(options.BINARY_FORMAT ?? 'HEX').replace('-', '') as BinaryFormat;
  const times = {
    dateFormat: text('DATE_FORMAT', 'AUTO'),
    timeFormat: text('TIME_FORMAT', 'AUTO'),
    timestampFormat: text('TIMESTAMP_FORMAT', 'AUTO'),
  };
  if (options.TYPE === 'JSON')
    return {
      type: 'JSON',
      compression,
      stripOuterArray: flag('STRIP_OUTER_ARRAY', false),
      stripNullValues: flag('STRIP_NULL_VALUES', false),
      allowDuplicate: flag('ALLOW_DUPLICATE', false),
      replaceInvalid,
      binaryFormat,
      ...times,
      trimSpace: flag('TRIM_SPACE', false),
      nullIf: list('NULL_IF', []),
      fileExtension: text('FILE_EXTENSION', ''),
    };
  if (options.TYPE === 'XML')
    return {
      type: 'XML',
      compression,
      disableAutoConvert: flag('DISABLE_AUTO_CONVERT', false),
      stripOuterElement: flag('STRIP_OUTER_ELEMENT', false),
      replaceInvalid,
      fileExtension: text('FILE_EXTENSION', ''),
    };
  if (options.TYPE === 'PARQUET')
    return {
      type: 'PARQUET',
      compression: compression === 'AUTO' && options.SNAPPY_COMPRESSION === false ? 'NONE' : compression,
      binaryAsText: flag('BINARY_AS_TEXT', true),
      replaceInvalid,
      trimSpace: flag('TRIM_SPACE', false),
      nullIf: list('NULL_IF', []),
      fileExtension: '',
    };
  const encoding = ENCODINGS[String(options.ENCODING ?? 'UTF8')];
  const record = options.RECORD_DELIMITER === undefined ? undefined : text('RECORD_DELIMITER', '');
  return {
    type: 'CSV',
    compression,
    recordDelimiter: record === '\n' || record === '\r\n' ? undefined : record,
    fieldDelimiter: text('FIELD_DELIMITER', ','),
    parseHeader: flag('PARSE_HEADER', false),
    skipHeader: Number(options.SKIP_HEADER ?? 0),
    skipBlankLines: flag('SKIP_BLANK_LINES', false),
    ...times,
    escape: text('ESCAPE', ''),
    escapeUnenclosed: text('ESCAPE_UNENCLOSED_FIELD', '\\'),
    trimSpace: flag('TRIM_SPACE', false),
    enclosedBy: text('FIELD_OPTIONALLY_ENCLOSED_BY', ''),
    nullIf: list('NULL_IF', ['\\N']),
    errorOnColumnCountMismatch: flag('ERROR_ON_COLUMN_COUNT_MISMATCH', true),
    emptyFieldAsNull: flag('EMPTY_FIELD_AS_NULL', true),
    replaceInvalid,
    binaryFormat,
    ...(encoding && { encoding }),
    fileExtension: text('FILE_EXTENSION', ''),
  };
}
