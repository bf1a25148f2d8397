import type { Typed } from '../../types/coerce.js';
import { BOOLEAN, type DataType, FLOAT, NUMBER, TEXT } from '../../types/data-type.js';
import { duckType, quote } from '../../types/duck-type.js';
import {
  type CallContext,
  type FunctionSpec,
  fn,
  invalidArguments,
  literal,
  literalWhole,
  onlyText,
  requireNumber,
  result,
  wholeNumber,
} from '../function.js';
import { native } from '../native.js';
import { dateTrunc } from '../time/date.js';
import { arithmetic, negate, numeric } from './arithmetic.js';
import { readNumber } from './number-format.js';

/** In kilometres, as the example of functions/haversine needs it. */
const EARTH_RADIUS = 6371;

const float = (value: Typed, call: CallContext): string => call.b.cast(numeric(value, call), FLOAT).sql;

/** DuckDB SQL of a value that a function has for some arguments only. @param outside when it has none */
function defineWithin(outside: string, shown: string, values: string[], sql: string): string {
  const list = values
    .map((value) => `regexp_replace(CAST(${value} AS VARCHAR), '\\.0$', '')`)
    .join(" || ', ' || ");
  const none = `error('Invalid floating point operation: ${shown}(' || ${list} || ')')`;
  return `CASE WHEN ${outside} THEN CAST(${none} AS DOUBLE) ELSE ${sql} END`;
}

/** A function from FLOAT to FLOAT. @param outside where it has no value: a condition on `x` in DuckDB SQL */
function plainFunction(names: string, duck: string, count = 1, outside?: string): FunctionSpec {
  return fn(names, count, count, (args, call) => {
    const values = args.map((arg) => float(arg, call));
    const sql = `${duck}(${values.join(', ')})`;
    const checked =
      outside &&
      defineWithin(
        outside.replaceAll('x', () => values[0]!),
        duck,
        values,
        sql,
      );
    return result(checked ?? sql, FLOAT, args);
  });
}

/** How many decimals are to stay: a constant, or DuckDB SQL. */
function decimalsOf(arg: Typed | undefined, call: CallContext): number | string {
  if (!arg) return 0;
  if (typeof arg.constant === 'number') return Math.max(-38, Math.min(38, Math.round(arg.constant)));
  return `CAST(${wholeNumber(arg, call)} AS INTEGER)`;
}

/** 10^−d. @param decimals d, 1 or more */
const unitOf = (decimals: number): string =>
  `CAST(0.${'0'.repeat(decimals - 1)}1 AS DECIMAL(${decimals + 1},${decimals}))`;

/** A NUMBER cut or rounded to a smaller scale. */
const reduceType = (value: Typed, decimals: number): DataType & { kind: 'NUMBER' } => {
  const { precision, scale } = value.type as DataType & { kind: 'NUMBER' };
  const kept = Math.max(0, decimals);
  return { kind: 'NUMBER', precision: Math.min(38, Math.max(1, precision - scale + kept) + 1), scale: kept };
};

/** ROUND(x [, decimals [, mode]]): halves go away from zero, or to the even neighbour. */
const round: FunctionSpec['bind'] = (args, call) => {
  const value = numeric(args[0]!, call);
  const decimals = decimalsOf(args[1], call);
  const mode = args[2] ? String(literal(args[2], call)).toUpperCase() : 'HALF_AWAY_FROM_ZERO';
  if (mode !== 'HALF_AWAY_FROM_ZERO' && mode !== 'HALF_TO_EVEN')
    throw call.b.error('001008', '22023', `invalid value [${mode}] for parameter 'ROUNDING_MODE'`, call.at);
  const duck = mode === 'HALF_TO_EVEN' ? 'round_even' : 'round';
  if (value.type.kind !== 'NUMBER') return result(`round(${value.sql}, ${decimals})`, FLOAT, args);
  const asFloat = (type: DataType) =>
    result(`CAST(${duck}(CAST(${value.sql} AS DOUBLE), ${decimals}) AS ${duckType(type)})`, type, args);
  if (typeof decimals === 'string') return asFloat(reduceType(value, value.type.scale));
  if (decimals >= value.type.scale) return { ...value, constant: undefined };
  const type = reduceType(value, decimals);
  if (decimals < 0 || duck === 'round_even') return asFloat(type);
  return result(`CAST(${value.sql} AS ${duckType(type)})`, type, args);
};

/** TRUNC, CEIL and FLOOR; NUMBERs exactly: DuckDB's own, or by what stands behind the last decimal: x − x mod 10^−d. */
function cutting(kind: 'trunc' | 'ceil' | 'floor'): FunctionSpec['bind'] {
  return (args, call) => {
    const value = numeric(args[0]!, call);
    const decimals = decimalsOf(args[1], call);
    const exact = value.type.kind === 'NUMBER' && typeof decimals === 'number' && decimals >= 0;
    if (!exact) {
      const ten = `pow(10, ${decimals})`;
      const float = `(${kind}(CAST(${value.sql} AS DOUBLE) * ${ten}) / ${ten})`;
      if (value.type.kind !== 'NUMBER')
        // What is cut off to nothing has no sign.
        return result(
          `${decimals === 0 ? `${kind}(${value.sql})` : float}${kind === 'trunc' ? ' + 0.0::DOUBLE' : ''}`,
          FLOAT,
          args,
        );
      const type = reduceType(value, typeof decimals === 'number' ? decimals : value.type.scale);
      return result(`CAST(${float} AS ${duckType(type)})`, type, args);
    }
    if (decimals >= (value.type as { scale: number }).scale) return { ...value, constant: undefined };
    const type = reduceType(value, decimals);
    // The value stands there once: a quotient takes far longer than what is done with it.
    if (decimals === 0) return result(`CAST(${kind}(${value.sql}) AS ${duckType(type)})`, type, args);
    const unit = unitOf(decimals);
    const rest = `${value.sql} % ${unit}`;
    const step = {
      trunc: '',
      ceil: ` + CASE WHEN ${rest} > 0 THEN ${unit} ELSE 0 END`,
      floor: ` - CASE WHEN ${rest} < 0 THEN ${unit} ELSE 0 END`,
    }[kind];
    return result(`CAST(${value.sql} - ${rest}${step} AS ${duckType(type)})`, type, args);
  };
}

/**
 * TO_NUMBER(value [, format] [, precision [, scale]]): scale 0 unless it is given. A text in a fixed format is
 * read without its commas, currency sign and blanks; X reads hexadecimal digits.
 */
function toNumber(tolerant: boolean): FunctionSpec['bind'] {
  return (args, call) => {
    const rest = args.slice(1);
    const format = typeof rest[0]?.constant === 'string' ? String(rest.shift()!.constant) : undefined;
    const [precision, scale] = rest.map((arg, i) =>
      literalWhole(arg, call, i === 0 ? 1 : 0, i === 0 ? 38 : 37),
    );
    const type = NUMBER(precision ?? 38, scale ?? 0);
    onlyText(args[0]!, type, tolerant);
    if (!format) return call.b.cast(args[0]!, type, tolerant);
    const text = call.b.cast(args[0]!, TEXT()).sql;
    const parse = native(call.b, tolerant ? 'try_read_number' : 'read_number', 2, (given, model) => {
      const number = readNumber(given, model);
      if (number === undefined && !tolerant)
        throw new Error(`Can't parse '${given}' as number with format '${model}'`);
      return number ?? null;
    });
    const read: Typed = {
      ...args[0]!,
      sql: `${parse}(${text}, ${quote(format)})`,
      type: TEXT(),
      constant: undefined,
    };
    const number = call.b.cast(read, type, tolerant);
    if (!/^X{1,15}$/.test(format) || precision !== undefined) return number;
    // Hexadecimal digits and nothing else DuckDB reads itself, some twenty times as quick.
    const digits = `regexp_full_match(${text}, '[0-9A-Fa-f]{1,${format.length}}')`;
    return {
      ...number,
      sql: `CASE WHEN ${digits} THEN CAST(CAST('0x' || ${text} AS BIGINT) AS ${duckType(type)}) ELSE ${number.sql} END`,
    };
  };
}

const toDouble =
  (tolerant: boolean): FunctionSpec['bind'] =>
  (args, call) => {
    const [value, format] = args;
    onlyText(value!, FLOAT, tolerant);
    if (!format) return call.b.cast(value!, FLOAT, tolerant);
    if (format.type.kind !== 'TEXT') throw invalidArguments(call);
    const [digits, scale] = [38, 9].map(
      (n): Typed => ({
        sql: `${n}`,
        type: NUMBER(2, 0),
        nullable: false,
        constant: n,
      }),
    );
    return call.b.cast(toNumber(tolerant)([value!, format, digits!, scale!], call), FLOAT);
  };

const toBoolean =
  (tolerant: boolean): FunctionSpec['bind'] =>
  ([value], { b }) => {
    onlyText(value!, BOOLEAN, tolerant);
    return b.cast(value!, BOOLEAN, tolerant);
  };

/** UNIFORM(min, max, gen): whole numbers between whole bounds, else FLOAT. `gen` is RANDOM() or a column. */
const uniform: FunctionSpec['bind'] = ([low, high, gen], call) => {
  const whole =
    low!.type.kind === 'NUMBER' &&
    high!.type.kind === 'NUMBER' &&
    low!.type.scale === 0 &&
    high!.type.scale === 0;
  const unit = `(CAST(hash(${gen!.sql}) % 9007199254740992 AS DOUBLE) / 9007199254740992)`;
  const span = `(${float(high!, call)} - ${float(low!, call)}${whole ? ' + 1' : ''})`;
  const value = `(${float(low!, call)} + ${unit} * ${span})`;
  const digits = Math.max(
    ...[low!, high!].map(({ type: bound }) => ('precision' in bound ? bound.precision : 0)),
  );
  const type: DataType = whole ? NUMBER(digits, 0) : FLOAT;
  return { sql: whole ? `CAST(floor(${value}) AS BIGINT)` : value, type, nullable: false };
};

/** RANDOM(): a 64-bit whole number; with a seed the same sequence over the rows of a statement each time. */
const random: FunctionSpec['bind'] = ([seed], call) => {
  if (seed?.untyped || seed?.constant === null)
    throw call.b.error('001015', '22023', 'argument 1 of function RANDOM: seed must not be NULL', call.at);
  if (seed) requireNumber(seed, call);
  const type = NUMBER(19, 0);
  call.b.collected.drawn = true;
  if (!seed)
    return { sql: `CAST(floor((random() - 0.5) * 18446744073709549568) AS BIGINT)`, type, nullable: false };
  const n = `(row_number() OVER ())`;
  return {
    sql: `CAST(CAST(hash(${n}, ${seed.sql}) >> 1 AS BIGINT) * CASE WHEN hash(${n}) % 2 = 0 THEN 1 ELSE -1 END AS BIGINT)`,
    type,
    nullable: false,
  };
};

export const numericFunctions: FunctionSpec[] = [
  fn('ABS', 1, 1, ([value], call) => {
    if (value!.type.kind === 'DECFLOAT') {
      const negated = negate(call.b, value!).sql;
      return { ...value!, sql: `greatest(${value!.sql}, ${negated})` };
    }
    const number = numeric(value!, call);
    return { ...number, sql: `abs(${number.sql})`, constant: undefined };
  }),
  fn('SIGN', 1, 1, (args, call) =>
    result(`CAST(sign(${numeric(args[0]!, call).sql}) AS INTEGER)`, NUMBER(1, 0), args),
  ),
  fn('MOD', 2, 2, ([a, z], { b }) => arithmetic(b, a!, '%', z!)),
  fn('ROUND', 1, 3, round, { parameters: ['EXPR', 'SCALE', 'ROUNDING_MODE'] }),
  // TRUNC of a date is DATE_TRUNC with its arguments the other way round.
  fn('TRUNC TRUNCATE', 1, 2, (args, call) => {
    const { kind } = args[0]!.type;
    if (kind !== 'DATE' && !kind.startsWith('TIMESTAMP')) return cutting('trunc')(args, call);
    if (!args[1]) throw invalidArguments(call);
    const part = String(literal(args[1], call)).toUpperCase();
    return dateTrunc([args[0]!], { ...call, keywords: [part] });
  }),
  fn('CEIL CEILING', 1, 2, cutting('ceil')),
  fn('FLOOR', 1, 2, cutting('floor')),
  fn('DIV0', 2, 2, (args, call) => div0(args, call, '= 0')),
  fn('DIV0NULL', 2, 2, (args, call) => div0(args, call, '= 0 OR @ IS NULL')),
  fn('POWER POW', 2, 2, (args, call) => {
    const [x, n] = args.map((arg) => float(arg, call));
    const outside = `(${x} < 0 AND ${n} <> trunc(${n}) AND isfinite(${n})) OR (${x} = 0 AND ${n} < 0)`;
    return result(defineWithin(outside, 'pow', [x!, n!], `pow(${x}, ${n})`), FLOAT, args);
  }),
  fn('SQUARE', 1, 1, (args, call) => result(`pow(${float(args[0]!, call)}, 2)`, FLOAT, args)),
  fn('LOG', 2, 2, (args, call) => {
    const [base, x] = args.map((arg) => float(arg, call));
    const outside = `${base} <= 0 OR ${base} = 1 OR ${x} <= 0`;
    return result(defineWithin(outside, 'log', [base!, x!], `(ln(${x}) / ln(${base}))`), FLOAT, args);
  }),
  fn('PI', 0, 0, () => ({ sql: 'pi()', type: FLOAT, nullable: false })),
  plainFunction('SQRT', 'sqrt', 1, 'x < 0'),
  plainFunction('CBRT', 'cbrt'),
  plainFunction('EXP', 'exp'),
  plainFunction('LN', 'ln', 1, 'x <= 0'),
  plainFunction('SIN', 'sin', 1, 'isinf(x)'),
  plainFunction('COS', 'cos', 1, 'isinf(x)'),
  plainFunction('TAN', 'tan', 1, 'isinf(x)'),
  fn('COT', 1, 1, (args, call) => {
    const x = float(args[0]!, call);
    const sql = `CASE WHEN ${x} = 0 THEN CAST('inf' AS DOUBLE) ELSE 1 / tan(${x}) END`;
    return result(defineWithin(`isinf(${x})`, 'cot', [x], sql), FLOAT, args);
  }),
  plainFunction('ASIN', 'asin', 1, 'abs(x) > 1'),
  plainFunction('ACOS', 'acos', 1, 'abs(x) > 1'),
  plainFunction('ATAN', 'atan'),
  plainFunction('ATAN2', 'atan2', 2),
  plainFunction('SINH', 'sinh'),
  plainFunction('COSH', 'cosh'),
  plainFunction('TANH', 'tanh'),
  plainFunction('ASINH', 'asinh'),
  plainFunction('ACOSH', 'acosh', 1, 'x < 1'),
  plainFunction('ATANH', 'atanh', 1, 'abs(x) >= 1'),
  fn('HAVERSINE', 4, 4, (args, call) => {
    const [lat1, lon1, lat2, lon2] = args.map((arg) => `radians(${float(arg, call)})`);
    const half = (a: string, z: string) => `pow(sin((${z} - ${a}) / 2), 2)`;
    const chord = `${half(lat1!, lat2!)} + cos(${lat1}) * cos(${lat2}) * ${half(lon1!, lon2!)}`;
    return result(`(2 * ${EARTH_RADIUS} * asin(sqrt(${chord})))`, FLOAT, args);
  }),
  plainFunction('DEGREES', 'degrees'),
  plainFunction('RADIANS', 'radians'),
  fn('FACTORIAL', 1, 1, (args, call) => {
    const n = wholeNumber(args[0]!, call);
    const none = `error('Invalid argument for function FACTORIAL: ' || ${n} || ' is not between 0 and 33')`;
    const known = `CASE WHEN ${n} BETWEEN 0 AND 33 THEN ${n} END`;
    const sql = `CASE WHEN ${n} NOT BETWEEN 0 AND 33 THEN CAST(${none} AS HUGEINT) ELSE factorial(CAST(${known} AS INTEGER)) END`;
    return result(sql, NUMBER(38, 0), args);
  }),
  fn('WIDTH_BUCKET', 4, 4, (args, call) => {
    const [x, low, high] = args.map((arg) => float(arg, call));
    const n = `CAST(${wholeNumber(args[3]!, call)} AS INTEGER)`;
    const inside = `CAST(floor((${x} - ${low}) * ${n} / (${high} - ${low})) AS INTEGER) + 1`;
    // From a higher to a lower bound the buckets are counted downwards.
    const boundsSql = (before: string, behind: string) =>
      `WHEN ${x} ${before} ${low} THEN 0 WHEN ${x} ${behind} ${high} THEN ${n} + 1`;
    const domainError = (what: string) =>
      `CAST(error('Invalid argument for function WIDTH_BUCKET: ${what}') AS INTEGER)`;
    return result(
      `CASE WHEN ${low} = ${high} THEN ${domainError('the bounds are equal')} WHEN ${n} <= 0 THEN ${domainError('the number of buckets must be positive')} WHEN ${low} < ${high} THEN CASE ${boundsSql('<', '>=')} ELSE ${inside} END ELSE CASE ${boundsSql('>', '<=')} ELSE ${inside} END END`,
      NUMBER(10, 0),
      args,
    );
  }),
  fn('TO_NUMBER TO_DECIMAL TO_NUMERIC', 1, 4, toNumber(false)),
  fn('TRY_TO_NUMBER TRY_TO_DECIMAL TRY_TO_NUMERIC', 1, 4, toNumber(true)),
  fn('TO_DOUBLE', 1, 2, toDouble(false)),
  fn('TRY_TO_DOUBLE', 1, 2, toDouble(true)),
  fn('TO_BOOLEAN', 1, 1, toBoolean(false)),
  fn('TRY_TO_BOOLEAN', 1, 1, toBoolean(true)),
  fn('RANDOM', 0, 1, random),
  fn('UNIFORM', 3, 3, uniform),
  fn('NORMAL', 3, 3, (args, call) => {
    const unit = (salt: number) =>
      `((hash(${args[2]!.sql}, ${salt}) % 9007199254740991 + 1)::DOUBLE / 9007199254740992)`;
    const standard = `(sqrt(-2 * ln(${unit(1)})) * cos(2 * pi() * ${unit(2)}))`;
    return {
      sql: `(${float(args[0]!, call)} + ${float(args[1]!, call)} * ${standard})`,
      type: FLOAT,
      nullable: false,
    };
  }),
  fn('HASH', 1, 1000, (args) => {
    // 64 bits with sign; stable over runs of this DuckDB version only, as Snowflake's is over its releases.
    const parts = args.map((arg) => arg.sql).join(', ');
    return {
      sql: `CAST(CAST(hash(${parts}) AS HUGEINT) - 9223372036854775808 AS BIGINT)`,
      type: NUMBER(19, 0),
      nullable: false,
    };
  }),
];

function div0(args: Typed[], call: CallContext, test: string): Typed {
  const { b } = call;
  const [a, z] = args.map((arg) => numeric(arg, call)) as [Typed, Typed];
  const safe: Typed = { ...z, sql: `nullif(${z.sql}, 0)`, constant: undefined };
  const quotient = arithmetic(b, a, '/', safe);
  const zero = test.replace('@', () => z.sql);
  const otherwise = `CAST(0 AS ${duckType(quotient.type)})`;
  return { ...quotient, sql: `CASE WHEN ${z.sql} ${zero} THEN ${otherwise} ELSE ${quotient.sql} END` };
}
