import { SnowflakeError } from '../../errors.js';
import { isNumeric, type Typed, toVariant } from '../../types/coerce.js';
import { ARRAY, BOOLEAN, FLOAT, NUMBER, OBJECT, TEXT } from '../../types/data-type.js';
import { typeName } from '../../types/type-name.js';
import { variantIdentity, variantKey } from '../../types/variant-order.js';
import {
  type CallContext,
  type FunctionSpec,
  fn,
  invalidArguments,
  literal,
  literalNumber,
  literalWhole,
  onlyBoolean,
} from '../function.js';
import { arrayOf, itemsOf } from '../json/json-parts.js';
import { native } from '../native.js';
import { divide, numeric } from '../numbers/arithmetic.js';
import { decfloatArithmetic, decfloatSum } from '../numbers/decfloat.js';
import { listWithin } from '../value-size.js';

const float = (value: Typed, call: CallContext): string => call.b.cast(numeric(value, call), FLOAT).sql;

/** Variances multiply their argument with itself: `*` is what refuses it. */
const squareOf = (call: CallContext): CallContext => ({
  ...call,
  name: '*',
  args: [call.args[0]!, call.args[0]!],
});

function agg(names: string, min: number, max: number, bind: FunctionSpec['bind']): FunctionSpec {
  return fn(names, min, max, bind, { group: 'aggregate' });
}

const distinct = (call: CallContext): string => (call.distinct ? 'DISTINCT ' : '');

/** ` ORDER BY …` of WITHIN GROUP, inside the parentheses of DuckDB's aggregate. */
function orderWithin(call: CallContext): string {
  if (call.order.length === 0 || call.over) return '';
  return ` ORDER BY ${call.order.map(({ value, suffix }) => value.sql + suffix).join(', ')}`;
}

/** An aggregate over FLOATs that gives a FLOAT, NULL for no rows. */
function floats(names: string, duck: string): FunctionSpec {
  return agg(names, 1, 1, (args, call) => ({
    sql: `${duck}(${distinct(call)}${args.map((arg) => float(arg, call)).join(', ')})${call.over}`,
    type: FLOAT,
    nullable: true,
  }));
}

function deviation(names: string, duck: string): FunctionSpec {
  return agg(names, 1, 1, ([value], call) => {
    const number = numeric(value!, squareOf(call));
    return {
      sql: `${duck}(${distinct(call)}${float(number, call)})${call.over}`,
      type: FLOAT,
      nullable: true,
    };
  });
}

/** The variance of NUMBERs is a NUMBER: with six decimals for whole ones, else with at least twelve. */
function variance(names: string, duck: string): FunctionSpec {
  return agg(names, 1, 1, ([value], call) => {
    const number = numeric(value!, squareOf(call));
    const sql = `${duck}(${distinct(call)}${float(number, call)})${call.over}`;
    const of: Typed = { sql, type: FLOAT, nullable: true };
    if (number.type.kind !== 'NUMBER') return of;
    const { scale } = number.type;
    return call.b.cast(of, NUMBER(38, scale === 0 ? 6 : Math.max(12, scale)));
  });
}

/** An aggregate that keeps its argument's type. */
function keeping(names: string, duck: string): FunctionSpec {
  return agg(names, 1, 1, ([value], call) => {
    const { sql, type } = value!;
    // Neither BOOLEANs nor what has keys or elements has a smallest or largest value.
    if (duck !== 'any_value' && !value!.untyped && ['BOOLEAN', 'OBJECT', 'ARRAY'].includes(type.kind))
      throw invalidArguments(call);
    const args =
      type.kind === 'VARIANT' && duck !== 'any_value'
        ? `arg_${duck}(${sql}, ${variantKey(sql)})`
        : `${duck}(${distinct(call)}${sql})`;
    return { sql: `${args}${call.over}`, type, nullable: true };
  });
}

const sum: FunctionSpec['bind'] = ([value], call) => {
  if (value!.type.kind === 'DECFLOAT')
    return decfloatSum(
      `list(${distinct(call)}${value!.sql}) FILTER (WHERE ${value!.sql} IS NOT NULL)${call.over}`,
    );
  const number = numeric(value!, call);
  const sql = `sum(${distinct(call)}${number.sql})${call.over}`;
  if (number.type.kind === 'FLOAT') return { sql, type: FLOAT, nullable: true };
  return { sql, type: NUMBER(38, number.type.kind === 'NUMBER' ? number.type.scale : 0), nullable: true };
};

/**
 * AVG of a NUMBER is a NUMBER with six more decimals (at most twelve), with OVER three more, as the examples of
 * docs.snowflake.com/en/sql-reference/functions/avg show it: sum divided by count.
 */
const avg: FunctionSpec['bind'] = (args, call) => {
  if (args[0]!.type.kind === 'DECFLOAT') {
    const rows = `nullif(count(${distinct(call)}${args[0]!.sql})${call.over}, 0)`;
    const of: Typed = { sql: rows, type: NUMBER(18, 0), nullable: true };
    return decfloatArithmetic(call.b, sum(args, call), '/', of);
  }
  // An AVG is a SUM over a COUNT, which is what refuses its argument.
  const number = numeric(args[0]!, { ...call, name: 'SUM' });
  if (number.type.kind !== 'NUMBER')
    return { sql: `avg(${distinct(call)}${number.sql})${call.over}`, type: FLOAT, nullable: true };
  const total = sum([number], call);
  const count: Typed = {
    sql: `nullif(count(${distinct(call)}${number.sql})${call.over}, 0)`,
    type: NUMBER(18, 0),
    nullable: true,
    constant: 1,
  };
  const quotient = divide(total, count);
  if (!call.over) return quotient;
  const { scale } = number.type;
  return call.b.cast(quotient, NUMBER(38, Math.max(scale, Math.min(scale + 3, 12))));
};

const count: FunctionSpec['bind'] = (args, call) => {
  const type = NUMBER(18, 0);
  if (args.length === 0) return { sql: `count(*)${call.over}`, type, nullable: false };
  // A JSON null counts as NULL.
  const values = args.map(({ sql, type: { kind } }) =>
    kind === 'VARIANT'
      ? `CASE WHEN json_type(${sql}) <> 'NULL' THEN ${call.distinct ? variantIdentity(sql) : sql} END`
      : sql,
  );
  if (values.length === 1)
    return { sql: `count(${distinct(call)}${values[0]})${call.over}`, type, nullable: false };
  const row = rowWithoutNull(values.map((sql) => ({ sql })));
  return { sql: `count(${distinct(call)}${row})${call.over}`, type, nullable: false };
};

/** Several columns as one value: rows with a NULL in any of them do not count. */
function rowWithoutNull(columns: { sql: string }[]): string {
  const known = columns.map(({ sql }) => `${sql} IS NOT NULL`).join(' AND ');
  return `CASE WHEN ${known} THEN row(${columns.map(({ sql }) => sql).join(', ')}) END`;
}

/**
 * All values as one DuckDB list, each turned by `convert` at the end: DISTINCT and ORDER BY are about the values
 * themselves. NULLs are left out.
 */
function collect(value: Typed, call: CallContext, convert: (item: Typed) => string): string {
  const apart = call.distinct && !call.over && call.order.find((term) => term.value.sql !== value.sql);
  if (apart)
    throw new SnowflakeError(
      '000979',
      '42601',
      'SQL compilation error:\nWITHIN GROUP orders by another expression than the one that is DISTINCT: it is not a valid order by expression',
    );
  const list = `list(${distinct(call)}${value.sql}${orderWithin(call)}) FILTER (WHERE ${value.sql} IS NOT NULL)${call.over}`;
  const converted = convert({ ...value, sql: 'item', constant: undefined });
  return converted === 'item' ? list : `list_transform(${list}, lambda item: ${converted})`;
}

const listagg: FunctionSpec['bind'] = ([value, separator], call) => {
  if (separator) literal(separator, call);
  const by = separator ? call.b.cast(separator, TEXT()).sql : "''";
  const list = collect(value!, call, (item) => call.b.cast(item, TEXT()).sql);
  const sql = `coalesce(${listWithin(list, `array_to_string(l, ${by})`, by)}, '')`;
  return { sql, type: TEXT(), nullable: false };
};

const arrayAgg: FunctionSpec['bind'] = ([value], call) => {
  const list = collect(value!, call, (item) => toVariant(item, call.b.casts));
  // Values are JSON already: to_json reads each again, and keeps what it has read of 2,048 arrays at once.
  const array = `CAST('[' || array_to_string(l, ',') || ']' AS JSON)`;
  return {
    sql: `coalesce(${listWithin(list, array, "','")}, CAST('[]' AS JSON))`,
    type: ARRAY,
    nullable: false,
  };
};

const objectAgg: FunctionSpec['bind'] = ([key, value], call) => {
  if (!key!.untyped && key!.type.kind !== 'TEXT') throw invalidArguments(call);
  const name = call.b.cast(key!, TEXT()).sql;
  const pair = `CAST(to_json(${name}) AS VARCHAR) || ':' || CAST(${toVariant(value!, call.b.casts)} AS VARCHAR)`;
  const list = `list_filter(list(${pair} ORDER BY ${name})${call.over}, lambda x: x IS NOT NULL)`;
  const members = listWithin(list, "array_to_string(l, ',')", "','");
  const sql = `CAST('{' || coalesce(${members}, '') || '}' AS JSON)`;
  return { sql, type: OBJECT, nullable: false };
};

/** PERCENTILE_CONT(p) WITHIN GROUP (ORDER BY x). */
function percentile(duck: string, continuous: boolean): FunctionSpec['bind'] {
  return ([fraction], call) => {
    const [order] = call.order;
    if (!order || call.order.length > 1)
      throw call.b.error(
        '001003',
        '42000',
        `${call.name} needs WITHIN GROUP (ORDER BY …) with one expression.`,
        call.at,
      );
    const p = Number(literal(fraction!, call));
    onlyNumbers(order.value);
    if (!(p >= 0 && p <= 1))
      throw call.b.error(
        '001015',
        '22023',
        `argument of function ${call.name} must be between 0 and 1, found ${p}`,
        call.at,
      );
    if (continuous) return quantile(duck, order.value, order.descending ? 1 - p : p, call);
    return {
      sql: `${duck}(${order.value.sql}, ${order.descending ? 1 - p : p})${call.over}`,
      type: order.value.type,
      nullable: true,
    };
  };
}

/** Percentiles are of numbers: an ordering by dates or BOOLEANs is refused, also by PERCENTILE_DISC. */
function onlyNumbers({ type, untyped }: Typed): void {
  if (untyped || isNumeric(type) || ['TEXT', 'VARIANT', 'DECFLOAT'].includes(type.kind)) return;
  throw new SnowflakeError(
    '002011',
    '42601',
    `SQL compilation error:\nincompatible types: [${typeName(type)}] and [NUMBER(38,0)]`,
  );
}

/** The continuous quantile: NUMBER gets three more decimals, as in Snowflake's MEDIAN. Texts are whole numbers. */
function quantile(duck: string, value: Typed, p: number, call: CallContext): Typed {
  const number =
    value.type.kind === 'TEXT' && !value.untyped
      ? call.b.cast(call.b.cast(value, FLOAT), NUMBER(35, 0))
      : numeric(value, call);
  const sql = `${duck}(${call.b.cast(number, FLOAT).sql}, ${p})${call.over}`;
  if (number.type.kind !== 'NUMBER') return { sql, type: FLOAT, nullable: true };
  const scale = Math.min(37, number.type.scale + 3);
  const type = NUMBER(Math.min(38, number.type.precision + 3), scale);
  return call.b.cast({ sql, type: FLOAT, nullable: true }, type);
}

/** CORR, COVAR and the regression aggregates take (y, x); pairs with a NULL are left out. */
const pairs = [
  'CORR corr',
  'COVAR_POP covar_pop',
  'COVAR_SAMP covar_samp',
  'REGR_SLOPE regr_slope',
  'REGR_INTERCEPT regr_intercept',
  'REGR_R2 regr_r2',
  'REGR_AVGX regr_avgx',
  'REGR_AVGY regr_avgy',
  'REGR_SXX regr_sxx',
  'REGR_SXY regr_sxy',
  'REGR_SYY regr_syy',
];

/** DuckDB's JSON of a list of FLOATs, in which it writes NaN and Infinity as such. */
const numbersOf = (json: string): number[] => json.slice(1, -1).split(',').filter(Boolean).map(Number);

/** The sample excess kurtosis by the formula of functions/kurtosis; none for fewer than four values. */
function kurtosis(values: number[]): string | null {
  const n = values.length;
  if (n < 4) return null;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const moment = (power: number) => values.reduce((sum, x) => sum + (x - mean) ** power, 0);
  const variance = moment(2) / (n - 1);
  if (variance === 0) return null;
  const scaled = ((n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3))) * (moment(4) / variance ** 2);
  return String(scaled - (3 * (n - 1) ** 2) / ((n - 2) * (n - 3)));
}

function by(duck: string): FunctionSpec['bind'] {
  return ([value, key, n], call) => {
    if (n) {
      const list = `${duck}(${toVariant(value!, call.b.casts)}, ${key!.sql}, ${literalWhole(n, call, 1, 999_999)})${call.over}`;
      return { sql: `CAST(to_json(${list}) AS JSON)`, type: ARRAY, nullable: true };
    }
    return { sql: `${duck}(${value!.sql}, ${key!.sql})${call.over}`, type: value!.type, nullable: true };
  };
}

/** The k most frequent values with their counts, `[[value, count], …]`; exact, as Snowflake's are for few values. */
function mostFrequent(json: string, k: string): string {
  const counts = new Map<string, number>();
  for (const item of itemsOf(json)!) counts.set(item, (counts.get(item) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, z]) => z - a).slice(0, Number(k));
  return arrayOf(sorted.map(([item, count]) => arrayOf([item, String(count)])));
}

/** BOOLAND_AGG and its like read BOOLEANs, NUMBERs and texts, but no FLOATs. */
function truth(value: Typed, call: CallContext): string {
  if (!value.untyped && !['BOOLEAN', 'NUMBER', 'TEXT'].includes(value.type.kind))
    throw invalidArguments(call);
  return call.b.cast(value, BOOLEAN).sql;
}

export const aggregateFunctions: FunctionSpec[] = [
  agg('COUNT', 0, 1000, count),
  agg('COUNT_IF', 1, 1, ([test], call) => ({
    // Snowflake makes a SUM over an IFF of it, and says so.
    sql: `count(CASE WHEN ${onlyBoolean(test!, call, 'IFF')} THEN 1 END)${call.over}`,
    type: NUMBER(18, 0),
    nullable: false,
  })),
  agg('SUM', 1, 1, sum),
  agg('AVG', 1, 1, avg),
  keeping('MIN', 'min'),
  keeping('MAX', 'max'),
  keeping('ANY_VALUE', 'any_value'),
  agg('MODE', 1, 1, ([value], call) => ({
    sql: `mode(${value!.sql})${call.over}`,
    type: value!.type,
    nullable: true,
  })),
  agg('MIN_BY', 2, 3, by('min_by')),
  agg('MAX_BY', 2, 3, by('max_by')),
  agg('LISTAGG', 1, 2, listagg),
  agg('ARRAY_AGG ARRAYAGG', 1, 1, arrayAgg),
  agg('ARRAY_UNIQUE_AGG', 1, 1, ([value], call) => arrayAgg([value!], { ...call, distinct: true })),
  agg('OBJECT_AGG', 2, 2, objectAgg),
  agg('MEDIAN', 1, 1, ([value], call) => quantile('quantile_cont', value!, 0.5, call)),
  agg('PERCENTILE_CONT', 1, 1, percentile('quantile_cont', true)),
  agg('PERCENTILE_DISC', 1, 1, percentile('quantile_disc', false)),
  agg('APPROX_PERCENTILE', 2, 2, ([value, p], call) => ({
    // As a plain decimal: DuckDB takes no exponent here.
    sql: `CAST(approx_quantile(${float(value!, call)}, ${literalNumber(p!, call, 0, 1).toFixed(18)})${call.over} AS DOUBLE)`,
    type: FLOAT,
    nullable: true,
  })),
  agg('APPROX_COUNT_DISTINCT HLL', 1, 1000, (args, call) => ({
    sql: `approx_count_distinct(${args.length > 1 ? rowWithoutNull(args) : args[0]!.sql})${call.over}`,
    type: NUMBER(18, 0),
    nullable: false,
  })),
  deviation('STDDEV STDDEV_SAMP', 'stddev_samp'),
  deviation('STDDEV_POP', 'stddev_pop'),
  variance('VARIANCE VAR_SAMP VARIANCE_SAMP', 'var_samp'),
  variance('VAR_POP VARIANCE_POP', 'var_pop'),
  floats('SKEW', 'skewness'),
  agg('KURTOSIS', 1, 1, ([value], call) => {
    const number = numeric(value!, call);
    const list = `list(${float(number, call)}) FILTER (WHERE ${number.sql} IS NOT NULL)${call.over}`;
    const run = native(call.b, 'kurtosis', 1, (values) => kurtosis(numbersOf(values)));
    const sql = `CAST(${run}(CAST(to_json(${list}) AS VARCHAR)) AS DOUBLE)`;
    const of: Typed = { sql, type: FLOAT, nullable: true };
    return number.type.kind === 'NUMBER' ? call.b.cast(of, NUMBER(38, 12)) : of;
  }),
  ...pairs.map((pair) => {
    const [name, duck] = pair.split(' ');
    // Of values that are all alike DuckDB says NaN.
    return agg(name!, 2, 2, (args, call) => ({
      sql: `nullif(${duck}(${args.map((arg) => float(arg, call)).join(', ')})${call.over}, 'NaN'::DOUBLE)`,
      type: FLOAT,
      nullable: true,
    }));
  }),
  agg('REGR_COUNT', 2, 2, ([y, x], call) => ({
    sql: `CAST(regr_count(${float(y!, call)}, ${float(x!, call)})${call.over} AS BIGINT)`,
    type: NUMBER(18, 0),
    nullable: false,
  })),
  agg('BOOLAND_AGG', 1, 1, ([value], call) => ({
    sql: `bool_and(${truth(value!, call)})${call.over}`,
    type: BOOLEAN,
    nullable: true,
  })),
  agg('BOOLOR_AGG', 1, 1, ([value], call) => ({
    sql: `bool_or(${truth(value!, call)})${call.over}`,
    type: BOOLEAN,
    nullable: true,
  })),
  agg('BOOLXOR_AGG', 1, 1, ([value], call) => {
    const test = truth(value!, call);
    return {
      sql: `(count(CASE WHEN ${test} THEN 1 END)${call.over} = CASE WHEN count(${test})${call.over} > 0 THEN 1 END)`,
      type: BOOLEAN,
      nullable: true,
    };
  }),
  agg('APPROX_TOP_K', 1, 3, ([value, most], call) => {
    const run = native(call.b, 'approx_top_k', 2, mostFrequent);
    const list = `string_agg(CAST(coalesce(${toVariant(value!, call.b.casts)}, CAST('null' AS JSON)) AS VARCHAR), ',')${call.over}`;
    const k = most ? literalWhole(most, call, 1, 100_000) : 1;
    return {
      sql: `CAST(${run}('[' || coalesce(${list}, '') || ']', '${k}') AS JSON)`,
      type: ARRAY,
      nullable: false,
    };
  }),
  agg('HASH_AGG', 1, 1000, (args, call) => ({
    sql: `CAST(CAST(bit_xor(hash(${args.map((arg) => arg.sql).join(', ')}))${call.over} AS HUGEINT) - 9223372036854775808 AS BIGINT)`,
    type: NUMBER(19, 0),
    nullable: false,
  })),
  agg('GROUPING GROUPING_ID', 1, 30, (args, { b, name, at, over }) => {
    if (over) throw b.error('002304', '42601', `Invalid function type [${name}] for window function.`, at);
    return {
      sql: `CAST(grouping(${args.map((arg) => arg.sql).join(', ')}) AS BIGINT)`,
      type: NUMBER(38, 0),
      nullable: false,
    };
  }),
];
