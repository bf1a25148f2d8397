import { SnowflakeError } from '../errors.js';
import { type DataType, MAX_TEXT, TEXT } from './data-type.js';
import {
  isoInstant,
  isoLiteral,
  printTime,
  secondsTimestamp,
  type TimeFormats,
  textToDate,
  textToInstant,
  textToTime,
  textToTimestamp,
  textToZoned,
} from './datetime-text.js';
import { duckType, quote } from './duck-type.js';
import { isStructured, structureSql } from './structured.js';
import { exactNumber, NARROW, textToNumber } from './text-to-number.js';
import { convertZone, instantOf, offsetOf, wallClock, zoneText } from './timestamp-tz.js';
import { typeName } from './type-name.js';
import { jsonAsText, UNDEFINED } from './undefined.js';

/** An expression as DuckDB SQL with its Snowflake type. NUMBERs have the type's scale in DuckDB too. */
export interface Typed {
  sql: string;
  type: DataType;
  nullable: boolean;
  /** NULL or a bind without a value: takes any type. */
  untyped?: boolean;
  /** Of a VARIANT that a TO_VARIANT beside it has made: the type that it was made of, which JSON does not tell. */
  held?: DataType;
  /** The value, if the expression is a literal. */
  constant?: string | number | boolean | null;
}

/** What casts need to know of the session. */
export interface CastSettings {
  timezone: string;
  /** The session's output and input formats, as strftime takes them; none: Snowflake's defaults. */
  print?: TimeFormats;
  read?: TimeFormats;
}

const NTZ: DataType = { kind: 'TIMESTAMP_NTZ', scale: 9 };
const LTZ: DataType = { kind: 'TIMESTAMP_LTZ', scale: 9 };
/** What a TIMESTAMP_TZ becomes as its own clock shows it. */
const CLOCK_TYPES: DataType['kind'][] = ['DATE', 'TIME', 'TIMESTAMP_NTZ'];

export const isSemiStructured = (type: DataType): boolean =>
  type.kind === 'VARIANT' || type.kind === 'OBJECT' || type.kind === 'ARRAY';
export const isTimestamp = (type: DataType): boolean => type.kind.startsWith('TIMESTAMP');
export const isNumeric = (type: DataType): boolean => type.kind === 'NUMBER' || type.kind === 'FLOAT';

/** Same DuckDB representation, so that no cast is needed between the two. */
function sameRepresentation(a: DataType, b: DataType): boolean {
  if (a.kind === 'NUMBER' && b.kind === 'NUMBER') return a.precision === b.precision && a.scale === b.scale;
  if (isStructured(b)) return typeName(a) === typeName(b);
  if (isSemiStructured(a) && isSemiStructured(b)) return a.kind === b.kind || b.kind === 'VARIANT';
  if (a.kind === b.kind && isTimed(a) && isTimed(b)) return b.scale >= Math.min(a.scale, 6);
  return a.kind === b.kind;
}

/**
 * 001065: TRY_CAST and the TRY_TO_ functions read texts only.
 * @param to the type that they make
 */
export function refuseTry(from: Typed, to: DataType): SnowflakeError {
  const shown = from.untyped ? 'NULL' : typeName(from.type);
  return new SnowflakeError(
    '001065',
    '22023',
    `SQL compilation error:\nFunction TRY_CAST cannot be used with arguments of types ${shown} and ${typeName(to)}`,
  );
}

/**
 * Converts an expression to another type, as Snowflake's CAST and TRY_CAST do
 * (docs.snowflake.com/en/sql-reference/data-type-conversion).
 * @param tolerant TRY_CAST: NULL instead of an error
 * @throws SnowflakeError 001007-like if the types cannot be converted at all
 */
export function castTo(value: Typed, type: DataType, settings: CastSettings, tolerant = false): Typed {
  if (value.untyped) return { ...value, sql: `CAST(NULL AS ${duckType(type)})`, type, constant: null };
  if (sameRepresentation(value.type, type)) {
    if (type.kind === 'TEXT' && value.type.kind === 'TEXT' && type.length < value.type.length)
      return { sql: limitLength(value.sql, type.length, tolerant), type, nullable: value.nullable };
    return { ...value, type };
  }
  const made = conversion(value, type, settings, tolerant);
  if (made === undefined) throw noConversion(value.type, type);
  const sql =
    type.kind === 'TEXT' && type.length < printLength(value.type)
      ? limitLength(made, type.length, tolerant)
      : made;
  return {
    sql: truncateSql(sql, value.type, type),
    type,
    ...(type.kind === 'VARIANT' && { held: value.type }),
    nullable: value.nullable || tolerant || isSemiStructured(value.type),
  };
}

const isTimed = (type: DataType): type is DataType & { scale: number } =>
  type.kind === 'TIME' || isTimestamp(type);

/**
 * TIME(0) … TIMESTAMP(5) keep so many digits of the second's fraction and cut off the others (docs:
 * data-types-datetime); from six digits on DuckDB's microseconds have no more to lose.
 */
function truncateSql(sql: string, from: DataType, type: DataType): string {
  if (!isTimed(type) || type.scale >= 6 || from.kind === 'DATE') return sql;
  if (type.kind === 'TIMESTAMP_TZ')
    return zoneText(truncateSql(instantOf(sql), from, { ...type, kind: 'TIMESTAMP_LTZ' }), offsetOf(sql));
  const unit = 10 ** (6 - type.scale);
  const micros = /^make_timestamp(?:tz)?\((\d+)\)$/.exec(sql)?.[1];
  if (micros?.endsWith(String(unit).slice(1))) return sql;
  return `(${sql} - to_microseconds(((epoch_us(${sql}) % ${unit}) + ${unit}) % ${unit}))`;
}

/** The characters that a value of a type may take, where they are few; what reads a text looks at its length itself. */
function printLength(type: DataType): number {
  if (type.kind === 'NUMBER') return type.precision + (type.scale > 0 ? 3 : 1);
  if (type.kind === 'BOOLEAN') return 5;
  if (type.kind === 'FLOAT') return 24;
  return type.kind === 'DATE' || isTimed(type) ? 35 : 0;
}

/** Bytes of the longest text that a value of a type may give; a character has up to four. */
export function mostBytes(type: DataType): number {
  const characters = type.kind === 'TEXT' ? type.length : printLength(type) || MAX_TEXT;
  return Math.min(4 * characters, MAX_TEXT);
}

/** A VARIANT as a FLOAT, as a cast makes it. */
export const variantAsFloat = (json: string): string =>
  castTo({ sql: json, type: { kind: 'VARIANT' }, nullable: true }, { kind: 'FLOAT' }, { timezone: 'UTC' })
    .sql;

/** What Snowflake says of a cast that does not exist. */
export function noConversion(from: DataType, to: DataType): SnowflakeError {
  return new SnowflakeError(
    '001007',
    '22023',
    `SQL compilation error:\ninvalid type [CAST(${typeName(from)} AS ${typeName(to)})] for parameter 'TO_${to.kind}'`,
  );
}

/** Snowflake refuses a longer text in a cast to VARCHAR(n). */
function limitLength(sql: string, length: number, tolerant: boolean): string {
  const otherwise = tolerant
    ? 'NULL'
    : `error('String ''' || ${sql} || ''' is too long and would be truncated')`;
  return `CASE WHEN length(${sql}) <= ${length} OR ${sql} IS NULL THEN ${sql} ELSE ${otherwise} END`;
}

function conversion(
  value: Typed,
  type: DataType,
  settings: CastSettings,
  tolerant: boolean,
): string | undefined {
  const from = value.type;
  const { sql } = value;
  const cast = (inner: string, target = duckType(type)) =>
    `${tolerant ? 'TRY_CAST' : 'CAST'}(${inner} AS ${target})`;
  if (isSemiStructured(from) && !isSemiStructured(type)) {
    if (type.kind === 'TEXT')
      return limitSql(from.kind === 'VARIANT' ? variantText(sql) : jsonAsText(sql), type.length, TEXT());
    return from.kind === 'VARIANT' ? fromVariant(sql, type, settings, tolerant) : undefined;
  }
  // Only the digits of the second's fraction differ.
  if (isTimed(from) && from.kind === type.kind) return sql;
  if (from.kind === 'TIMESTAMP_TZ' && CLOCK_TYPES.includes(type.kind)) {
    const clock: Typed = { sql: wallClock(sql), type: NTZ, nullable: value.nullable };
    return castTo(clock, type, settings, tolerant).sql;
  }
  switch (type.kind) {
    case 'NUMBER':
      if (from.kind === 'NUMBER') return cast(sql);
      if (from.kind === 'TEXT') return textToNumber(value, type, tolerant);
      // DuckDB rounds a half to even here; Snowflake rounds it away from zero.
      if (from.kind === 'FLOAT') return cast(type.scale === 0 ? `round(${sql})` : sql);
      if (from.kind === 'BOOLEAN') return cast(`CAST(${sql} AS INTEGER)`);
      if (from.kind === 'DECFLOAT') return exactNumber(`sf_decfloat_print(${sql})`, type, tolerant);
      return undefined;
    case 'DECFLOAT':
      return toDecfloat(value, tolerant);
    case 'FLOAT':
      if (from.kind === 'NUMBER' || from.kind === 'TEXT') return cast(WHOLE.exec(sql)?.[1] ?? sql);
      if (from.kind === 'BOOLEAN') return cast(`CAST(${sql} AS INTEGER)`);
      if (from.kind === 'DECFLOAT') return cast(`sf_decfloat_print(${sql})`);
      return undefined;
    case 'TEXT':
      return limitSql(toText(value, settings), type.length, from);
    case 'BOOLEAN':
      if (from.kind === 'TEXT') return textToBoolean(sql, tolerant);
      if (from.kind === 'DECFLOAT') return `(${sql} <> '5')`;
      if (isNumeric(from)) return `(${sql} <> 0)`;
      return undefined;
    case 'BINARY':
      if (from.kind !== 'TEXT') return undefined;
      return tolerant
        ? `CASE WHEN regexp_full_match(${sql}, '([0-9A-Fa-f]{2})*') THEN unhex(${sql}) END`
        : `unhex(${sql})`;
    case 'DATE':
      if (from.kind === 'TEXT')
        return (
          isoLiteral('DATE', value, settings.read?.date) ?? textToDate(sql, tolerant, settings.read?.date)
        );
      if (from.kind === 'TIMESTAMP_NTZ') return `CAST(${sql} AS DATE)`;
      if (from.kind === 'TIMESTAMP_LTZ') return `CAST(timezone(${quote(settings.timezone)}, ${sql}) AS DATE)`;
      return undefined;
    case 'TIME':
      if (from.kind === 'TEXT') return textToTime(sql, tolerant, settings.read?.time);
      if (from.kind === 'TIMESTAMP_NTZ') return `CAST(${sql} AS TIME)`;
      if (from.kind === 'TIMESTAMP_LTZ') return `CAST(timezone(${quote(settings.timezone)}, ${sql}) AS TIME)`;
      return undefined;
    case 'TIMESTAMP_NTZ':
      if (from.kind === 'TEXT')
        return (
          isoLiteral('TIMESTAMP', value, settings.read?.timestamp) ??
          textToTimestamp(sql, tolerant, settings.read?.timestamp)
        );
      if (from.kind === 'DATE') return `CAST(${sql} AS TIMESTAMP)`;
      if (from.kind === 'NUMBER') return secondsTimestamp(sql);
      if (from.kind === 'TIMESTAMP_LTZ') return `timezone(${quote(settings.timezone)}, ${sql})`;
      return undefined;
    case 'TIMESTAMP_LTZ': {
      if (from.kind === 'TIMESTAMP_TZ') return instantOf(sql);
      if (from.kind === 'NUMBER') return `timezone('UTC', ${secondsTimestamp(sql)})`;
      if (from.kind === 'TEXT')
        return (
          isoInstant(value, settings.timezone, settings.read?.timestamp)?.instant ??
          textToInstant(sql, tolerant, settings.timezone, settings.read?.timestamp)
        );
      const local = castTo(value, { kind: 'TIMESTAMP_NTZ', scale: 9 }, settings, tolerant);
      return `timezone(${quote(settings.timezone)}, ${local.sql})`;
    }
    case 'TIMESTAMP_TZ':
      if (from.kind === 'TEXT') {
        const iso = isoInstant(value, settings.timezone, settings.read?.timestamp);
        if (iso) return zoneText(iso.instant, iso.minutes);
        return textToZoned(sql, tolerant, settings.timezone, settings.read?.timestamp);
      }
      return convertZone(castTo(value, LTZ, settings, tolerant).sql, quote(settings.timezone));
    case 'VARIANT':
      return toVariant(value, settings);
    case 'ARRAY':
      if (isStructured(type))
        return from.kind === 'ARRAY' || from.kind === 'VARIANT'
          ? structureSql(sql, type, settings)
          : undefined;
      if (from.kind === 'VARIANT') return bracketSql(sql, 'ARRAY', `json_array(${sql})`);
      return `json_array(${toVariant(value, settings)})`;
    case 'OBJECT':
      if (isStructured(type))
        return from.kind === 'OBJECT' || from.kind === 'VARIANT'
          ? structureSql(sql, type, settings)
          : undefined;
      if (from.kind !== 'VARIANT') return undefined;
      return bracketSql(
        sql,
        'OBJECT',
        tolerant ? 'NULL' : `CAST(error('Failed to cast variant value ' || ${sql} || ' to OBJECT') AS JSON)`,
      );
  }
}

/**
 * A VARIANT as an OBJECT or ARRAY. Its first character tells nearly always; `json_type` reads all of it, and DuckDB computes
 * what stands twice for every row.
 * @param otherwise what a VARIANT of another type becomes
 */
function bracketSql(json: string, type: 'OBJECT' | 'ARRAY', otherwise: string): string {
  const [text, first] = [`CAST(${json} AS VARCHAR)`, type === 'OBJECT' ? '{' : '['];
  if (json.startsWith(`CAST('${first}`) && JSON_LITERAL.test(json)) return json;
  return `CASE WHEN ${json} IS NULL OR starts_with(${text}, '${first}') THEN ${json} WHEN ${text} = 'null' THEN NULL WHEN json_type(${json}) = '${type}' THEN ${json} ELSE ${otherwise} END`;
}

/** JSON that stands there as it is. */
const JSON_LITERAL = /^CAST\('[^']*(?:''[^']*)*' AS JSON\)$/;

/** A VARIANT's text: of a string without quotes, of what is in brackets with `undefined` for undefined elements. */
const variantText = (json: string): string => `replace((${json} ->> '$'), '${UNDEFINED}', 'undefined')`;

/** DECFLOATs are made by functions of ours: see decfloat.ts, here and beside the expressions. */
function toDecfloat(value: Typed, tolerant: boolean): string | undefined {
  const { sql, type } = value;
  switch (type.kind) {
    case 'TEXT':
      return `sf_decfloat_${tolerant ? 'try_' : ''}read(${sql})`;
    case 'NUMBER':
      return `sf_decfloat_read(${numberText(sql, type)})`;
    case 'FLOAT':
      return `sf_decfloat_from_float(CAST(${sql} AS VARCHAR))`;
    case 'BOOLEAN':
      return `sf_decfloat_read(CASE WHEN ${sql} THEN '1' WHEN NOT ${sql} THEN '0' END)`;
    default:
      return undefined;
  }
}

/** How errors call the types of Snowflake's storage. */
const STORAGE_NAMES: Partial<Record<DataType['kind'], string>> = { NUMBER: 'FIXED', FLOAT: 'REAL' };

/** Which kinds of JSON values a cast of a VARIANT takes besides strings, which it reads as texts. */
const FROM_JSON: Partial<Record<DataType['kind'], string>> = {
  BOOLEAN: "'BOOLEAN'",
  TIMESTAMP_NTZ: "'BIGINT', 'UBIGINT'",
  TIMESTAMP_LTZ: "'BIGINT', 'UBIGINT'",
  TIMESTAMP_TZ: "'BIGINT', 'UBIGINT'",
};

/** A VARIANT's value in another type; a JSON null is NULL. What cannot be cast is named as JSON in the error. */
function fromVariant(
  json: string,
  type: DataType,
  settings: CastSettings,
  tolerant: boolean,
): string | undefined {
  const word = `(${json} ->> '$')`;
  const read = (sql: string) => conversion({ sql, type: TEXT(), nullable: true }, type, settings, true);
  // Read once, so that DuckDB does not look for a string in each row.
  const once = type.kind === 'NUMBER' && type.precision <= NARROW;
  const fromWord = once ? exactNumber(word, type, true) : read(word);
  if (fromWord === undefined) return undefined;
  // What stands more than once in a query DuckDB computes for every row, needed or not; this costs it nothing.
  const written = `CAST(${json} AS VARCHAR)`;
  const truth = `CASE ${written} WHEN 'true' THEN '1' WHEN 'false' THEN '0' END`;
  const fromTruth = type.kind === 'NUMBER' ? `TRY_CAST(${truth} AS ${duckType(type)})` : read(truth);
  // A number is read as it is written; only strings and booleans need a look inside.
  const found = ['NUMBER', 'FLOAT', 'DECFLOAT'].includes(type.kind)
    ? `coalesce(${read(written)}, ${fromWord}, ${fromTruth})`
    : `CASE WHEN json_type(${json}) IN ('VARCHAR'${FROM_JSON[type.kind] ? `, ${FROM_JSON[type.kind]}` : ''}) THEN ${fromWord} END`;
  if (tolerant) return found;
  const words = `'Failed to cast variant value ' || ${jsonAsText(json)} || ' to ${STORAGE_NAMES[type.kind] ?? type.kind}'`;
  return `coalesce(${found}, CASE WHEN ${written} <> 'null' THEN CAST(error(${words}) AS ${duckType(type)}) END)`;
}

/** A text only grows over VARCHAR(n) in a cast if its source could. */
function limitSql(sql: string, length: number, from: DataType): string {
  return from.kind === 'TEXT' && from.length > length ? limitLength(sql, length, false) : sql;
}

function textToBoolean(sql: string, tolerant: boolean): string {
  const otherwise = tolerant ? 'NULL' : `error('Boolean value ''' || ${sql} || ''' is not recognized')`;
  const word = `lower(trim(${sql}))`;
  return `CASE WHEN ${word} IN ('true','t','yes','y','on','1') THEN true WHEN ${word} IN ('false','f','no','n','off','0') THEN false WHEN ${sql} IS NULL THEN NULL ELSE ${otherwise} END`;
}

/** DuckDB writes `.5` where a DECIMAL has no digit before the point; one more digit gives it the zero. */
export function numberText(sql: string, type: DataType & { kind: 'NUMBER' }): string {
  const wide =
    type.precision === type.scale ? `CAST(${sql} AS DECIMAL(${type.precision + 1},${type.scale}))` : sql;
  return `CAST(${wide} AS VARCHAR)`;
}

/** DuckDB's text of a double has `.0` behind whole numbers, Snowflake's has not. */
export function floatText(sql: string): string {
  return `regexp_replace(CAST(${sql} AS VARCHAR), '\\.0$', '')`;
}

function toText(value: Typed, settings: CastSettings): string {
  const { sql } = value;
  switch (value.type.kind) {
    case 'NUMBER':
      return numberText(sql, value.type);
    case 'FLOAT':
      return floatText(sql);
    case 'DECFLOAT':
      return `sf_decfloat_print(${sql})`;
    case 'BINARY':
      return `hex(${sql})`;
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return printTime(value.type.kind, sql, settings.timezone, settings.print);
    default:
      return `CAST(${sql} AS VARCHAR)`;
  }
}

/** JSON text of a value; dates and times become strings. SQL NULL stays SQL NULL. */
export function toVariant(value: Typed, settings: CastSettings): string {
  switch (value.type.kind) {
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return value.sql;
    case 'TEXT':
    case 'BOOLEAN':
      return `to_json(${value.sql})`;
    case 'NUMBER':
      return `CAST(${numberJson(value.sql, value.type)} AS JSON)`;
    case 'DECFLOAT':
      return `CAST(sf_decfloat_print(${value.sql}) AS JSON)`;
    case 'FLOAT':
      return `CASE WHEN isfinite(${value.sql}) THEN CAST(${floatText(value.sql)} AS JSON) ELSE to_json(CAST(${value.sql} AS VARCHAR)) END`;
    default:
      return `to_json(${toText(value, settings)})`;
  }
}

/** Texts that are written in JSON as they are. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;
/** Whole numbers as DuckDB's SQL writes them. */
const WHOLE = /^CAST\((0|-?[1-9]\d*) AS DECIMAL\(\d+,0\)\)$/;

/**
 * The text of the same JSON, without a JSON in between, which DuckDB would read again; of literals it stands there as it is.
 * @returns a literal of DuckDB's where that can be
 */
export function variantJson(value: Typed, settings: CastSettings): string {
  const { sql, type, constant, untyped } = value;
  if (type.kind === 'TEXT' && typeof constant === 'string' && !untyped && PLAIN_TEXT.test(constant))
    return quote(`"${constant}"`);
  switch (type.kind) {
    case 'BOOLEAN':
      return `CAST(${sql} AS VARCHAR)`;
    case 'NUMBER': {
      const whole = WHOLE.exec(sql)?.[1];
      return whole === undefined ? numberJson(sql, type) : quote(whole);
    }
    case 'FLOAT':
      return `CASE WHEN isfinite(${sql}) THEN ${floatText(sql)} ELSE '"' || CAST(${sql} AS VARCHAR) || '"' END`;
    default:
      return `CAST(${toVariant(value, settings)} AS VARCHAR)`;
  }
}

/** A NUMBER in JSON has no zeros at the end of its fraction. */
function numberJson(sql: string, type: DataType & { kind: 'NUMBER' }): string {
  const text = numberText(sql, type);
  return type.scale > 0 ? `regexp_replace(${text}, '\\.?0+$', '')` : text;
}
