import type { Call, Expr } from '../../language/ast.js';
import { isSemiStructured, type Typed } from '../../types/coerce.js';
import type { Binder } from './binder.js';
import { describe } from './describe.js';
import type { Scope } from './scope.js';
import { partsOf } from './walk.js';

/**
 * Functions of numbers that Snowflake's compiler does not compute: what stands in VALUES must be known when the
 * statement is compiled, which "most simple arithmetic expressions and string functions" are (docs: constructs/values).
 */
const NOT_FOLDED = new Set(
  [
    'ACOS ACOSH ASIN ASINH ATAN ATAN2 ATANH CBRT CEIL CEILING COS COSH COT DEGREES DIV0 DIV0NULL EXP FACTORIAL FLOOR',
    'HAVERSINE LN LOG PI POW POWER RADIANS ROUND SIN SINH SQRT SQUARE TAN TANH TRUNC TRUNCATE WIDTH_BUCKET',
  ]
    .join(' ')
    .split(' '),
);

function isFolded(e: Expr): boolean {
  for (const part of partsOf(e)) {
    if (part.kind === 'subquery' || part.kind === 'exists' || part.kind === 'inQuery') return false;
    if (part.kind !== 'call') continue;
    const { name } = part as Call;
    if (name.length === 1 && NOT_FOLDED.has(name[0]!)) return false;
  }
  return true;
}

/** VALUES takes no value that only a query makes, such as PARSE_JSON's or SQRT's. @throws SnowflakeError 002014 */
export function constant(b: Binder, expr: Expr, value: Typed, scope: Scope): Typed {
  const made = isSemiStructured(value.type) && !value.untyped && value.constant !== null;
  if (!made && isFolded(expr)) return value;
  throw b.error('002014', '22000', `Invalid expression [${describe(b, expr, scope)}] in VALUES clause`);
}
