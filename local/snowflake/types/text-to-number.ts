import type { Typed } from './coerce.js';
import { type DataType, TEXT } from './data-type.js';
import { duckType, quote } from './duck-type.js';

type NumberType = DataType & { kind: 'NUMBER' };

const EXPONENT = /^(\s*[-+]?)(\d*)\.?(\d*)e([-+]?\d+)(\s*)$/is;
/** Zeros behind the point with which a number is none but 0 in all NUMBERs. */
const FAR = 40;

/**
 * A number with an exponent as one without: `1.5e3` as `1500.`, digit by digit. DuckDB reads `5e-2` as 1 in a DECIMAL(18,0), forgets
 * the digits that are more than the type has before it looks at the exponent, and takes `1.2345e4` as a number of four digits.
 * @param whole the digits before the point that the type has
 * @returns the text itself where it is no such number, undefined for one that has more digits before the point
 */
function expandExponent(text: string, whole: number): string | undefined {
  const found = EXPONENT.exec(text);
  if (!found) return text;
  const [, sign = '', ahead = '', behind = '', power = '', blank = ''] = found;
  if (ahead + behind === '') return text;
  const digits = (ahead + behind).replace(/^0+/, '');
  /** Where the point is in the digits. */
  const point = digits.length - behind.length + Number(power);
  if (digits === '' || point < -FAR) return `${sign}0${blank}`;
  if (point > whole) return undefined;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}${blank}`;
  const padded = digits.padEnd(point, '0');
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}${blank}`;
}

/** What Snowflake says of a text that is no number of the type. */
const refusal = (text: string): string => `Numeric value '${text}' is not recognized`;

/** The functions that DuckDB calls, on texts; what they throw becomes the query's error. */
export const exponents = {
  expand(text: string, whole: string): string {
    const plain = expandExponent(text, Number(whole));
    if (plain === undefined) throw new Error(refusal(text));
    return plain;
  },
  tryExpand: (text: string, whole: string): string | null => expandExponent(text, Number(whole)) ?? null,
};

/** Digits that DuckDB keeps in 64 bits. */
export const NARROW = 18;
/** Characters from which on DuckDB binds a text twice for longer than it takes to give it a name. */
const LONG = 200;
/** What is another value each time it is computed, and so must not stand twice. */
const VOLATILE = /\b(random|uuid)\w*\(/;

const castSql = (text: string, type: NumberType, tolerant: boolean): string =>
  `${tolerant ? 'TRY_CAST' : 'CAST'}(${text} AS ${duckType(type)})`;

/** A text as a NUMBER, rounded half away from zero; each by a function of ours, which takes a microsecond. */
export function exactNumber(text: string, type: NumberType, tolerant: boolean): string {
  const expand = `sf_${tolerant ? 'try_' : ''}expand_exponent`;
  return castSql(`${expand}(${text}, '${type.precision - type.scale}')`, type, tolerant);
}

/** The same, by DuckDB alone where there is no exponent. */
export function textToNumber({ sql, constant }: Typed, type: NumberType, tolerant: boolean): string {
  if (typeof constant === 'string') {
    const plain = expandExponent(constant, type.precision - type.scale);
    if (plain === constant) return castSql(sql, type, tolerant);
    const otherwise = tolerant ? 'NULL' : `error(${quote(refusal(constant))})`;
    return castSql(plain === undefined ? otherwise : quote(plain), type, tolerant);
  }
  if (sql.length > LONG)
    return `(list_transform([${sql}], lambda word: ${textToNumber({ sql: 'word', type: TEXT(), nullable: true }, type, tolerant)}))[1]`;
  const exact = exactNumber(sql, type, tolerant);
  if (VOLATILE.test(sql)) return exact;
  const plain = `replace(lower(${sql}), 'e', '?')`;
  if (type.precision <= NARROW || type.scale >= NARROW)
    return `coalesce(${castSql(plain, type, true)}, ${exact})`;
  // Those of 38 digits DuckDB reads forty times as slowly.
  const narrow = `TRY_CAST(${plain} AS DECIMAL(${NARROW},${type.scale}))`;
  return `coalesce(CAST(${narrow} AS ${duckType(type)}), ${exact})`;
}
