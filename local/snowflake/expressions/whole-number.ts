import type { Typed } from '../types/coerce.js';
import { NUMBER } from '../types/data-type.js';
import { type CallContext, invalidArguments, literal } from './function.js';

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
export function whole(value: Typed, call: CallContext, largest = LARGEST): string {
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
