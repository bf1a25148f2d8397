import type { Binder } from '../../query/bind/binder.js';
import type { Typed } from '../../types/coerce.js';
import { DECFLOAT, TEXT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { type FunctionSpec, fn, invalidArguments, literal, onlyText, result } from '../function.js';
import { native } from '../native.js';
import { readNumber } from './number-format.js';

/** `left op right` for `+ - * / %`, both DECFLOAT or to be made so. */
export function decfloatArithmetic(b: Binder, left: Typed, op: string, right: Typed): Typed {
  const [a, z] = [left, right].map((side) => b.cast(side, DECFLOAT));
  return result(`sf_decfloat_operate(${a!.sql}, ${quote(op)}, ${z!.sql})`, DECFLOAT, [left, right]);
}

/** SUM of DECFLOATs. @param values DuckDB's list of them */
export function decfloatSum(values: string): Typed {
  return { sql: `sf_decfloat_sum(CAST(to_json(${values}) AS VARCHAR))`, type: DECFLOAT, nullable: true };
}

/** TO_DECFLOAT(value [, format]). */
function toDecfloat(tolerant: boolean): FunctionSpec['bind'] {
  return ([value, format], call) => {
    if (value!.type.kind === 'DECFLOAT') return value!;
    onlyText(value!, DECFLOAT, tolerant);
    if (!format) return call.b.cast(value!, DECFLOAT, tolerant);
    if (format.type.kind !== 'TEXT') throw invalidArguments(call);
    const read = native(call.b, tolerant ? 'try_read_number' : 'read_number', 2, (given, model) => {
      const number = readNumber(given, model);
      if (number === undefined && !tolerant)
        throw new Error(`Can't parse '${given}' as number with format '${model}'`);
      return number ?? null;
    });
    const text = `${read}(${call.b.cast(value!, TEXT()).sql}, ${quote(String(literal(format, call)))})`;
    return call.b.cast({ sql: text, type: TEXT(), nullable: true }, DECFLOAT, tolerant);
  };
}

export const decfloatFunctions: FunctionSpec[] = [
  fn('TO_DECFLOAT', 1, 2, toDecfloat(false)),
  fn('TRY_TO_DECFLOAT', 1, 2, toDecfloat(true)),
];
