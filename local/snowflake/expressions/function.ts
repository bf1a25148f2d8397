import type { Binder } from '../query/bind/binder.js';
import { refuseTry, type Typed } from '../types/coerce.js';
import { BOOLEAN, type DataType, NUMBER } from '../types/data-type.js';
import { typeName } from '../types/type-name.js';

/** One call of a function, its arguments already typed. */
export interface CallContext {
  b: Binder;
  name: string;
  /** Offset in the statement, for errors. */
  at: number;
  /** All arguments that are values, as `bind` gets them. */
  args: Typed[];
  /** Upper-case texts of the arguments that are keywords, e.g. date parts; see FunctionSpec.keywords. */
  keywords: string[];
  /** The same as they are written. */
  written: string[];
  /** An argument as it is written, for errors. */
  shown?(arg: Typed): string;
  distinct: boolean;
  /** ` OVER (…)` with a leading blank, or empty. */
  over: string;
  /** ORDER BY terms of WITHIN GROUP or OVER, each with its value. */
  order: { value: Typed; suffix: string; descending: boolean }[];
  ignoreNulls: boolean;
}

/** A built-in function: how many arguments it takes, and its DuckDB SQL. */
export interface FunctionSpec {
  names: string[];
  min: number;
  max: number;
  /** Aggregates may be called with OVER too; 'window' functions must be. */
  group?: 'aggregate' | 'window';
  /** Positions of arguments that are keywords such as DAY or MONTH, taken as text, not as columns. */
  keywords?: number[];
  /** The names by which arguments may be given (`name => value`), in their order. */
  parameters?: string[];
  bind(args: Typed[], call: CallContext): Typed;
}

/** Arity as `fn(names, min, max, bind)`; names separated by blanks. */
export function fn(
  names: string,
  min: number,
  max: number,
  bind: FunctionSpec['bind'],
  more: Partial<FunctionSpec> = {},
): FunctionSpec {
  return { names: names.split(' '), min, max, bind, ...more };
}

export const anyNull = (args: Typed[]): boolean => args.some((arg) => arg.nullable);

/** A result whose NULLs come from the arguments only. */
export function result(sql: string, type: DataType, args: Typed[]): Typed {
  return { sql, type, nullable: anyNull(args) };
}

/** Refuses what a TRY_TO_ function does not read: all but texts. @throws SnowflakeError 001065 */
export function onlyText(value: Typed, to: DataType, tolerant: boolean): void {
  if (tolerant && (value.untyped || value.type.kind !== 'TEXT')) throw refuseTry(value, to);
}

/** 001044: the function takes no arguments of these types. */
export function invalidArguments({
  b,
  name,
  at,
  args,
}: Pick<CallContext, 'b' | 'name' | 'args'> & { at?: number }): Error {
  const types = args.map((arg) => (arg.untyped ? 'NULL' : typeName(arg.type))).join(', ');
  return b.error('001044', '42P13', `Invalid argument types for function '${name}': (${types})`, at);
}

/**
 * Refuses what is no BOOLEAN where a function asks whether something holds: numbers, texts and VARIANTs are not
 * converted there, other than in a CAST.
 * @param name the function that the error names
 * @throws SnowflakeError 001044
 */
export function onlyBoolean(test: Typed, call: CallContext, name = call.name): string {
  if (!test.untyped && test.type.kind !== 'BOOLEAN') throw invalidArguments({ ...call, name });
  return call.b.cast(test, BOOLEAN).sql;
}

/** The value of an argument that must be a literal. @throws SnowflakeError 001015 */
export function literal(arg: Typed, call: CallContext): string | number | boolean | null {
  if (arg.constant !== undefined) return arg.constant;
  throw call.b.error(
    '001015',
    '22023',
    `argument of function ${call.name} needs to be constant, found '${call.shown?.(arg) ?? arg.sql}'`,
    call.at,
  );
}

/** What a BIGINT holds. */
const LARGEST = 9e18;

const READ_AS_NUMBER = new Set(['NUMBER', 'FLOAT', 'DECFLOAT', 'TEXT', 'VARIANT', 'BOOLEAN']);

/** Refuses what is not converted to a number unless it is cast. @throws SnowflakeError 001044 */
export function requireNumber(value: Typed, call: CallContext): void {
  if (!value.untyped && !READ_AS_NUMBER.has(value.type.kind)) throw invalidArguments(call);
}

/**
 * An argument as a BIGINT: a count, a position, a part of a date; fractions are rounded away.
 * @param largest what a larger literal stands for
 */
export function wholeNumber(value: Typed, call: CallContext, largest = LARGEST): string {
  const { constant } = value;
  if (typeof constant === 'number' && !Number.isNaN(constant))
    return String(Math.sign(constant) * Math.round(Math.min(largest, Math.abs(constant))));
  requireNumber(value, call);
  return `CAST(${call.b.cast(value, NUMBER(38, 0)).sql} AS BIGINT)`;
}

/**
 * An argument that must be a literal number within bounds, and becomes part of DuckDB's text.
 * @throws SnowflakeError 001015 or 001044
 */
export function literalNumber(value: Typed, call: CallContext, low: number, high: number): number {
  requireNumber(value, call);
  const given = literal(value, call);
  const number = Number(given);
  if (given !== null && given !== '' && number >= low && number <= high) return number;
  throw call.b.error(
    '001015',
    '22023',
    `argument of function ${call.name} needs to be a number from ${low} to ${high}, found '${given}'`,
    call.at,
  );
}

/** The same, rounded to a whole number. */
export const literalWhole: typeof literalNumber = (...given) => Math.round(literalNumber(...given));
