import { localRefusal, SnowflakeError, syntaxError } from '../../errors.js';
import type { OptionValue } from '../../kernel/options.js';
import type { FormatOptions } from './format.js';

/** An option of a file format: its default, and what is built of it. */
export interface FormatOption {
  default: string | number | boolean | string[];
  /** The only values that are built (upper-case); others are refused with the reason. */
  only?: { values: string[]; reason: string };
  /** The values that Snowflake knows (upper-case). */
  values?: string[];
}

export type FormatType = 'CSV' | 'JSON' | 'XML' | 'PARQUET';

const PACKED = ['AUTO', 'GZIP', 'BZ2', 'BROTLI', 'ZSTD', 'DEFLATE', 'RAW_DEFLATE', 'NONE'];
const COMPRESSION: FormatOption = {
  default: 'AUTO',
  values: PACKED,
  only: {
    values: PACKED.filter((each) => each !== 'BZ2' && each !== 'ZSTD'),
    reason: 'Node.js does not unpack it',
  },
};
const BYTE_ORDER_MARK: FormatOption = {
  default: true,
  only: { values: ['TRUE'], reason: 'a byte order mark is always passed over' },
};
const MULTI_LINE: FormatOption = {
  default: true,
  only: { values: ['TRUE'], reason: 'files are not read in parallel, so nothing would be gained' },
};
const BINARY_FORMAT: FormatOption = { default: 'HEX', values: ['HEX', 'BASE64', 'UTF8', 'UTF-8'] };
const refuseOption = (reason: string): FormatOption => ({
  default: false,
  only: { values: ['FALSE'], reason },
});

/** Snowflake's names of encodings with those of the WHATWG, which Node.js decodes. */
export const ENCODINGS: Record<string, string> = {
  BIG5: 'big5',
  EUCJP: 'euc-jp',
  EUCKR: 'euc-kr',
  GB18030: 'gb18030',
  ISO2022JP: 'iso-2022-jp',
  // To the WHATWG it is windows-1252, which differs in control characters only.
  ISO88591: 'windows-1252',
  ISO88592: 'iso-8859-2',
  ISO88595: 'iso-8859-5',
  ISO88596: 'iso-8859-6',
  ISO88597: 'iso-8859-7',
  ISO88598: 'iso-8859-8',
  ISO88599: 'windows-1254',
  ISO885915: 'iso-8859-15',
  KOI8R: 'koi8-r',
  SHIFTJIS: 'shift_jis',
  UTF16BE: 'utf-16be',
  UTF16LE: 'utf-16le',
  WINDOWS1250: 'windows-1250',
  WINDOWS1251: 'windows-1251',
  WINDOWS1252: 'windows-1252',
  WINDOWS1253: 'windows-1253',
  WINDOWS1254: 'windows-1254',
  WINDOWS1255: 'windows-1255',
  WINDOWS1256: 'windows-1256',
};

/** The options of each type in DESCRIBE's order; docs: sql-reference/sql/create-file-format. */
export const FORMAT_OPTIONS: Record<FormatType, Record<string, FormatOption>> = {
  CSV: {
    RECORD_DELIMITER: { default: '\n' },
    FIELD_DELIMITER: { default: ',' },
    FILE_EXTENSION: { default: '' },
    SKIP_HEADER: { default: 0 },
    PARSE_HEADER: { default: false },
    DATE_FORMAT: { default: 'AUTO' },
    TIME_FORMAT: { default: 'AUTO' },
    TIMESTAMP_FORMAT: { default: 'AUTO' },
    BINARY_FORMAT,
    ESCAPE: { default: 'NONE' },
    ESCAPE_UNENCLOSED_FIELD: { default: '\\' },
    TRIM_SPACE: { default: false },
    FIELD_OPTIONALLY_ENCLOSED_BY: { default: 'NONE' },
    NULL_IF: { default: ['\\N'] },
    COMPRESSION,
    ERROR_ON_COLUMN_COUNT_MISMATCH: { default: true },
    VALIDATE_UTF8: { default: true, only: { values: ['TRUE'], reason: 'use REPLACE_INVALID_CHARACTERS' } },
    SKIP_BLANK_LINES: { default: false },
    REPLACE_INVALID_CHARACTERS: { default: false },
    EMPTY_FIELD_AS_NULL: { default: true },
    SKIP_BYTE_ORDER_MARK: BYTE_ORDER_MARK,
    ENCODING: {
      default: 'UTF8',
      only: { values: ['UTF8', ...Object.keys(ENCODINGS)], reason: 'Node.js does not decode it' },
    },
    MULTI_LINE,
  },
  JSON: {
    FILE_EXTENSION: { default: '' },
    DATE_FORMAT: { default: 'AUTO' },
    TIME_FORMAT: { default: 'AUTO' },
    TIMESTAMP_FORMAT: { default: 'AUTO' },
    BINARY_FORMAT,
    TRIM_SPACE: { default: false },
    NULL_IF: { default: [] },
    COMPRESSION,
    ENABLE_OCTAL: refuseOption('octal numbers are not read'),
    ALLOW_DUPLICATE: { default: false },
    STRIP_OUTER_ARRAY: { default: false },
    STRIP_NULL_VALUES: { default: false },
    IGNORE_UTF8_ERRORS: { default: false },
    REPLACE_INVALID_CHARACTERS: { default: false },
    SKIP_BYTE_ORDER_MARK: BYTE_ORDER_MARK,
    MULTI_LINE,
  },
  XML: {
    FILE_EXTENSION: { default: '' },
    COMPRESSION,
    IGNORE_UTF8_ERRORS: { default: false },
    PRESERVE_SPACE: refuseOption('the spaces around texts are dropped'),
    STRIP_OUTER_ELEMENT: { default: false },
    DISABLE_SNOWFLAKE_DATA: refuseOption('Snowflake has given it up'),
    DISABLE_AUTO_CONVERT: { default: false },
    REPLACE_INVALID_CHARACTERS: { default: false },
    SKIP_BYTE_ORDER_MARK: BYTE_ORDER_MARK,
  },
  PARQUET: {
    TRIM_SPACE: { default: false },
    NULL_IF: { default: [] },
    // The page has no GZIP here; Python's write_pandas says it, and accounts take it.
    COMPRESSION: { default: 'AUTO', values: ['AUTO', 'GZIP', 'LZO', 'SNAPPY', 'NONE'] },
    SNAPPY_COMPRESSION: { default: true },
    BINARY_AS_TEXT: { default: true },
    USE_LOGICAL_TYPE: { default: false },
    USE_VECTORIZED_SCANNER: { default: false },
    REPLACE_INVALID_CHARACTERS: { default: false },
  },
};

/** The type of a file format, which is CSV unless it says another. @throws SnowflakeError */
export function formatType(value: OptionValue | undefined): FormatType {
  const type = String(value ?? 'CSV').toUpperCase();
  if (Object.hasOwn(FORMAT_OPTIONS, type)) return type as FormatType;
  if (['AVRO', 'ORC', 'CUSTOM'].includes(type))
    throw localRefusal(
      `FILE_FORMAT TYPE = ${type}`,
      'only CSV, JSON, XML and Parquet files are read',
      'Use CSV, JSON or Parquet.',
    );
  throw badValue('TYPE', type);
}

/**
 * Checks the options of a FILE_FORMAT = (…) or CREATE FILE FORMAT and brings them into the stored form.
 * @throws SnowflakeError for an unknown option or type, and for what is not built
 */
export function checkFormat(options: Record<string, OptionValue>): FormatOptions {
  const type = formatType(options.TYPE);
  const checked: FormatOptions = { TYPE: type };
  for (const [key, value] of Object.entries(options))
    if (key !== 'TYPE') checked[key] = checkValue(type, key, value);
  if (checked.PARSE_HEADER === true && Number(checked.SKIP_HEADER ?? 0) > 0)
    throw syntaxError('invalid combination of options: PARSE_HEADER = TRUE and SKIP_HEADER.');
  return checked;
}

function checkValue(type: FormatType, key: string, value: OptionValue): string | number | boolean | string[] {
  const option = FORMAT_OPTIONS[type][key];
  if (!option) throw syntaxError(`invalid property '${key}' for 'FILE_FORMAT'`);
  const preset = option.default;
  if (Array.isArray(preset)) return [value].flat().map(String);
  if (Array.isArray(value) || typeof value === 'object') throw badValue(key, JSON.stringify(value));
  if (typeof preset === 'boolean' && typeof value !== 'boolean') throw badValue(key, String(value));
  if (typeof preset === 'number' && (typeof value !== 'number' || value < 0 || !Number.isInteger(value)))
    throw badValue(key, String(value));
  const word = String(value).toUpperCase();
  const plain = key === 'ENCODING' ? word.replaceAll(/[-_]/g, '') : word;
  if (option.values && !option.values.includes(plain)) throw badValue(key, String(value));
  if (option.only && !option.only.values.includes(plain))
    throw localRefusal(`${key} = ${value}`, option.only.reason, alternatives(option.only.values));
  if (key === 'FIELD_OPTIONALLY_ENCLOSED_BY' && !["'", '"', 'NONE', ''].includes(unescapeText(String(value))))
    throw badValue(key, String(value));
  return key === 'ENCODING' || option.values ? plain : value;
}

function alternatives(values: string[]): string {
  return values.length === 1 ? `Leave it ${values[0]}.` : `Use ${values.join(', ')}.`;
}

function badValue(key: string, value: string): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\ninvalid value [${value}] for parameter '${key}'`,
  );
}

/** All options of a stored format in DESCRIBE's order, with the defaults where nothing was given. */
export function allOptions(options: FormatOptions): Record<string, string | number | boolean | string[]> {
  const type = formatType(options.TYPE as string | undefined);
  const all: Record<string, string | number | boolean | string[]> = { TYPE: type };
  for (const [key, { default: preset }] of Object.entries(FORMAT_OPTIONS[type]))
    all[key] = options[key] ?? preset;
  return all;
}

const PROPERTY_TYPES: Record<string, string> = { string: 'String', number: 'Integer', boolean: 'Boolean' };

/** Options as DESCRIBE lists them: property, type, value, default. */
export function describeOptions(options: FormatOptions): string[][] {
  const type = formatType(options.TYPE as string | undefined);
  return Object.entries(allOptions(options)).map(([key, value]) => {
    const preset = key === 'TYPE' ? 'CSV' : FORMAT_OPTIONS[type][key]!.default;
    return [key, PROPERTY_TYPES[typeof preset] ?? 'List', showValue(value), showValue(preset)];
  });
}

function showValue(value: string | number | boolean | string[]): string {
  if (Array.isArray(value)) return `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
  return String(value).replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}

/** Delimiters may be written as '\t', '\x01', '0x01' or '\047' also after the string's own escapes. */
export function unescapeText(text: string): string {
  const code = (digits: string, base: number) => String.fromCharCode(Number.parseInt(digits, base));
  return text
    .replace(/^0x([0-9a-fA-F]{2})$/, (_, hex) => code(hex, 16))
    .replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|([tnr]))/g, (_, hex, octal, letter) =>
      hex ? code(hex, 16) : octal ? code(octal, 8) : { t: '\t', n: '\n', r: '\r' }[letter as 't' | 'n' | 'r'],
    );
}
