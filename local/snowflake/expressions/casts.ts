import type { Functions } from '../storage/functions.js';
import { decfloat } from '../types/decfloat.js';
import { exponents } from '../types/text-to-number.js';
import { makeNative } from './native.js';

/** Makes the functions known to DuckDB by which casts, results and operators read numbers that it has no type for, or reads inexactly. */
export function makeCasts(functions: Functions): void {
  makeNative(functions, 'expand_exponent', 2, exponents.expand);
  makeNative(functions, 'try_expand_exponent', 2, exponents.tryExpand);
  makeNative(functions, 'decfloat_read', 1, decfloat.read);
  makeNative(functions, 'decfloat_try_read', 1, decfloat.tryRead);
  makeNative(functions, 'decfloat_from_float', 1, decfloat.fromFloat);
  makeNative(functions, 'decfloat_print', 1, decfloat.print);
  makeNative(functions, 'decfloat_operate', 3, decfloat.operate);
  makeNative(functions, 'decfloat_sum', 1, decfloat.sum);
}
