import { localRefusal } from '../../errors.js';
import type { Binder } from '../../query/bind/binder.js';
import { numberLiteral } from '../../types/cells.js';
import { isNumeric, isTimestamp, mostBytes, type Typed } from '../../types/coerce.js';
import { TEXT_AS_NUMBER } from '../../types/common-type.js';
import { type DataType, FLOAT, MAX_BINARY, NUMBER, TEXT } from '../../types/data-type.js';
import { balance } from '../balanced.js';
import { type CallContext, invalidArguments } from '../function.js';
import { isPlain, sumWithin } from '../value-size.js';
import { decfloatArithmetic } from './decfloat.js';

type Num = DataType & { kind: 'NUMBER' };

/** What a number may stand in for: texts and variants are read as FLOAT. */
export function toNumeric(b: Binder, value: Typed): Typed {
  if (value.untyped) return b.cast(value, NUMBER(38, 0));
  return isNumeric(value.type) ? value : b.cast(value, FLOAT);
}

/** An argument as a number. @throws SnowflakeError 001044 for a type that is none, such as BOOLEAN or DATE */
export function numeric(value: Typed, call: CallContext): Typed {
  const { kind } = value.type;
  if (!value.untyped && !isNumeric(value.type) && !['TEXT', 'VARIANT', 'DECFLOAT'].includes(kind))
    throw invalidArguments(call);
  return toNumeric(call.b, value);
}

/** Precision and scale of results: docs.snowflake.com/en/sql-reference/operators-arithmetic. */
function number(leading: number, scale: number): Num {
  return { kind: 'NUMBER', precision: Math.min(38, Math.max(1, leading + scale)), scale };
}

/**
 * `left op right` for `+ - * / %`, on numbers and on dates.
 * @throws SnowflakeError 001044 for types that the operator does not take
 */
export function arithmetic(b: Binder, left: Typed, op: string, right: Typed, at?: number): Typed {
  const dates = dateArithmetic(b, left, op, right);
  if (dates) return dates;
  for (const side of [left, right])
    if (!side.untyped && !isNumeric(side.type) && !['TEXT', 'VARIANT', 'DECFLOAT'].includes(side.type.kind))
      throw invalidArguments({ b, name: op, at, args: [left, right] });
  if (left.type.kind === 'DECFLOAT' || right.type.kind === 'DECFLOAT')
    return decfloatArithmetic(b, left, op, right);
  const [x, y] = [operand(b, left, right), operand(b, right, left)];
  const nullable = x.nullable || y.nullable;
  if (x.type.kind !== 'NUMBER' || y.type.kind !== 'NUMBER') {
    const [l, r] = [b.cast(x, FLOAT).sql, b.cast(y, FLOAT).sql];
    const sql = op === '/' || op === '%' ? `(${l} ${op} ${nonZero(r, y, 'DOUBLE')})` : `(${l} ${op} ${r})`;
    return { sql, type: FLOAT, nullable };
  }
  const a = x.type;
  const c = y.type;
  const leading = [a.precision - a.scale, c.precision - c.scale] as const;
  switch (op) {
    case '*': {
      const full = a.scale + c.scale;
      const scale = Math.min(full, Math.max(a.scale, c.scale, 12));
      const type = number(leading[0] + leading[1], scale);
      const product = `(${wide(x, leading[0] + leading[1] + full)} * ${y.sql})`;
      const sql = scale < full ? `CAST(${product} AS DECIMAL(${type.precision},${scale}))` : product;
      return { sql, type, nullable };
    }
    case '/':
      return divide(x, y);
    case '%': {
      const scale = Math.max(a.scale, c.scale);
      const type = number(Math.max(...leading), scale);
      return { sql: `(${x.sql} % ${nonZero(y.sql, y, `DECIMAL(38,${c.scale})`)})`, type, nullable };
    }
    default: {
      const type = number(Math.max(...leading) + 1, Math.max(a.scale, c.scale));
      return { sql: `(${wide(x, type.precision)} ${op} ${y.sql})`, type, nullable };
    }
  }
}

/** A text that is no literal is a NUMBER(18,5) beside a NUMBER. */
function operand(b: Binder, value: Typed, other: Typed): Typed {
  const text = value.type.kind === 'TEXT' && !value.untyped && value.constant === undefined;
  return text && other.type.kind === 'NUMBER' ? b.cast(value, TEXT_AS_NUMBER) : toNumeric(b, value);
}

/**
 * DuckDB computes with 64 bits if both operands have at most 18 digits, and fails if the result has more; one
 * operand of 19 digits makes it use 128.
 */
function wide(value: Typed, digits: number): string {
  const { precision, scale } = value.type as Num;
  return digits > 18 && precision <= 18
    ? `CAST(${value.sql} AS DECIMAL(${Math.max(19, scale + 1)},${scale}))`
    : value.sql;
}

/** Snowflake raises on a zero divisor, DuckDB gives NULL or infinity. */
function nonZero(sql: string, value: Typed, type: string): string {
  if (typeof value.constant === 'number' && value.constant !== 0) return sql;
  return `CASE WHEN ${sql} = 0 THEN CAST(error('Division by zero') AS ${type}) ELSE ${sql} END`;
}

/** Characters of DuckDB SQL beyond which operands are computed once and named. */
const LONG_OPERANDS = 2000;

/**
 * Division of NUMBERs, in whole numbers because DuckDB's `/` gives a DOUBLE: the scale is
 * max(s1, min(s1 + 6, 12)), the last digit rounded half away from zero.
 */
export function divide(x: Typed, y: Typed): Typed {
  const a = x.type as Num;
  const c = y.type as Num;
  const scale = Math.max(a.scale, Math.min(a.scale + 6, 12));
  const type = number(a.precision - a.scale + c.scale, scale);
  // x / y · 10^scale = (x · 10^(scale + s2)) / (y · 10^s2), both whole.
  // A product keeps the places of x: of 38 digits they are lost to the whole ones, so that x is made whole first.
  const places = scale + c.scale - a.scale;
  if (places > 37)
    throw localRefusal(
      'a divisor with so many decimal places',
      'the dividend gets more digits than DuckDB’s numbers have',
      'Cast it to fewer, or to FLOAT.',
    );
  const dividend = a.scale
    ? `(CAST(${wide(x, 38)} * ${power(a.scale)} AS HUGEINT) * CAST(1${'0'.repeat(places)} AS HUGEINT))`
    : `CAST(${wide(x, 38)} * ${power(places)} AS HUGEINT)`;
  const divisor = `CAST(${c.scale ? `${wide(y, 38)} * ${power(c.scale)}` : y.sql} AS HUGEINT)`;
  const roundSql = (n: string, d: string) =>
    `(${n} + sign(${n}) * (abs(${d}) // 2)) // ${nonZero(d, y, 'HUGEINT')}`;
  // Both stand there more than once: of a quotient of quotients that would be a power of their number.
  const long = dividend.length + divisor.length > LONG_OPERANDS;
  const quotient = long
    ? `list_transform([{n: ${dividend}, d: ${divisor}}], lambda q: ${roundSql('q.n', 'q.d')})[1]`
    : roundSql(dividend, divisor);
  const sql = `(CAST(${quotient} AS DECIMAL(38,0)) * ${unit(scale)})`;
  return { sql, type, nullable: x.nullable || y.nullable };
}

function power(exponent: number): string {
  return `CAST(1${'0'.repeat(exponent)} AS DECIMAL(${exponent + 1},0))`;
}

function unit(scale: number): string {
  return scale === 0
    ? 'CAST(1 AS DECIMAL(1,0))'
    : `CAST(0.${'0'.repeat(scale - 1)}1 AS DECIMAL(${scale + 1},${scale}))`;
}

/** DATE ± days, DATE − DATE. */
function dateArithmetic(b: Binder, left: Typed, op: string, right: Typed): Typed | undefined {
  const nullable = left.nullable || right.nullable;
  const days = (value: Typed) => `CAST(${b.cast(value, NUMBER(38, 0)).sql} AS INTEGER)`;
  if (left.type.kind === 'DATE' && right.type.kind === 'DATE' && op === '-')
    return { sql: `date_diff('day', ${right.sql}, ${left.sql})`, type: NUMBER(9, 0), nullable };
  if (left.type.kind === 'DATE' && (op === '+' || op === '-') && isNumeric(right.type))
    return { sql: `(${left.sql} ${op} ${days(right)})`, type: left.type, nullable };
  if (right.type.kind === 'DATE' && op === '+' && isNumeric(left.type))
    return { sql: `(${right.sql} + ${days(left)})`, type: right.type, nullable };
  if (op === '-' && isTimestamp(left.type) && (isTimestamp(right.type) || right.type.kind === 'DATE'))
    throw localRefusal(
      'the difference of two timestamps with -',
      'it is an INTERVAL, a type that is not built',
      'Use DATEDIFF.',
    );
  return undefined;
}

/** @throws SnowflakeError 001044 for what has no sign, such as BOOLEANs and dates */
function refuseSign(b: Binder, value: Typed, name: string): void {
  const { kind } = value.type;
  if (!value.untyped && !isNumeric(value.type) && !['TEXT', 'VARIANT', 'DECFLOAT'].includes(kind))
    throw invalidArguments({ b, name, args: [value] });
}

/** `+x` is x, if it is a number at all. */
export function plus(b: Binder, value: Typed): Typed {
  refuseSign(b, value, 'UNARY PLUS');
  return value.type.kind === 'DECFLOAT' || value.untyped ? value : toNumeric(b, value);
}

export function negate(b: Binder, value: Typed): Typed {
  refuseSign(b, value, 'NEGATE');
  if (value.type.kind === 'DECFLOAT') return decfloatArithmetic(b, numberLiteral('0'), '-', value);
  const number = toNumeric(b, value);
  return { ...number, sql: `(-${number.sql})`, constant: undefined };
}

const joinParts = (parts: Typed[]): string =>
  parts.length === 1
    ? `(${parts[0]!.sql})`
    : balance(
        parts.map(({ sql }) => sql),
        '||',
      );

/** So many texts are put together in one go: `||` makes a text of every two, and copies it into the next. */
const AT_ONCE = 4;

/** The same of texts; DuckDB's concat() takes NULL for an empty text. */
function joinTexts(parts: Typed[]): string {
  if (parts.length < AT_ONCE || !parts.every(({ sql }) => isPlain(sql))) return joinParts(parts);
  const nulls = parts.filter((part) => !isTextConstant(part)).map((part) => `${part.sql} IS NULL`);
  const sql = `concat(${parts.map((part) => part.sql).join(', ')})`;
  return nulls.length > 0 ? `CASE WHEN ${nulls.join(' OR ')} THEN NULL ELSE ${sql} END` : sql;
}

/** `||`: NULL if any part is. */
export function concat(b: Binder, parts: Typed[], name = '||', at?: number): Typed {
  if (parts.some(({ type }) => type.kind === 'ARRAY' || type.kind === 'OBJECT'))
    throw invalidArguments({ b, name, at, args: parts });
  if (parts.every(({ type, untyped }) => type.kind === 'BINARY' && !untyped))
    return {
      sql: joinParts(parts),
      type: { kind: 'BINARY', length: MAX_BINARY },
      nullable: parts.some((part) => part.nullable),
    };
  const texts = parts.map((part) => b.cast(part, TEXT()));
  return {
    sql: sumWithin(
      texts.map(({ sql }) => sql),
      joinTexts(texts),
      parts.reduce((sum, { type }) => sum + mostBytes(type), 0),
    ),
    type: TEXT(),
    nullable: parts.some((part) => part.nullable),
    // Snowflake's compiler knows what constants make together: such a text may be a format, for example.
    ...(parts.every(isTextConstant) && { constant: parts.map(({ constant }) => constant).join('') }),
  };
}

const isTextConstant = ({ constant, type, untyped }: Typed): boolean =>
  typeof constant === 'string' && type.kind === 'TEXT' && !untyped;
