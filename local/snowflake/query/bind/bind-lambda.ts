import type { Call, Expr } from '../../language/ast.js';
import { type Typed, toVariant } from '../../types/coerce.js';
import { commonType } from '../../types/common-type.js';
import { ARRAY, BOOLEAN, type DataType, FLOAT, NUMBER, VARIANT } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import { defineSql } from '../../types/undefined.js';
import { bindExpression } from './bind-expression.js';
import type { Binder } from './binder.js';
import { describe } from './describe.js';
import type { Scope, ScopeColumn } from './scope.js';

type Lambda = Expr & { kind: 'lambda' };

/** FILTER, TRANSFORM and REDUCE: docs.snowflake.com/en/sql-reference/functions/filter and its neighbours. */
export const higherOrder = new Map<string, (b: Binder, call: Call, scope: Scope) => Typed>([
  ['FILTER', filter],
  ['TRANSFORM', transform],
  ['REDUCE', reduce],
]);

/** The array as a DuckDB list of JSON values, and the lambda with so many parameters. */
function parts(
  b: Binder,
  call: Call,
  scope: Scope,
  count: number,
): { list: string; lambda: Lambda; rest: Expr[]; nullable: boolean } {
  const [first, ...others] = call.args;
  const lambda = others.at(-1);
  if (!first || lambda?.kind !== 'lambda' || lambda.parameters.length !== count)
    throw b.error(
      '001044',
      '42P13',
      `Invalid argument types for function '${call.name[0]}': an ARRAY and a lambda of ${count} argument(s) are expected`,
      call.at,
    );
  const array = bindExpression(b, first, scope);
  const json = b.cast(array, ARRAY).sql;
  return {
    list: `json_extract(${json}, '$[*]')`,
    lambda,
    rest: others.slice(0, -1),
    nullable: array.nullable,
  };
}

/** The lambda's body, with its parameters as values of DuckDB's lambda. */
function body(b: Binder, lambda: Lambda, values: Typed[], scope: Scope): Typed {
  const columns = lambda.parameters.map(({ name, type }, i): ScopeColumn => {
    const value = type ? b.cast(values[i]!, type) : values[i]!;
    return { name, sql: value.sql, type: value.type, nullable: true, local: true };
  });
  const inner: Scope = Object.create(scope, { merged: { value: [...columns, ...scope.merged] } });
  return bindExpression(b, lambda.body, inner);
}

/** A parameter's value: NULL for an undefined element and for a JSON null. */
const element = (name: string): Typed => ({
  sql: defineSql(`nullif(${quoteName(name)}, CAST('null' AS JSON))`),
  type: VARIANT,
  nullable: true,
});

const json = (list: string): string => `CAST(to_json(${list}) AS JSON)`;

function filter(b: Binder, call: Call, scope: Scope): Typed {
  const { list, lambda, nullable } = parts(b, call, scope, 1);
  const x = b.alias();
  const test = b.cast(body(b, lambda, [element(x)], scope), BOOLEAN).sql;
  return {
    sql: json(`list_filter(${list}, lambda ${quoteName(x)}: coalesce(${test}, false))`),
    type: ARRAY,
    nullable,
  };
}

function transform(b: Binder, call: Call, scope: Scope): Typed {
  const { list, lambda, nullable } = parts(b, call, scope, 1);
  const x = b.alias();
  const item = toVariant(body(b, lambda, [element(x)], scope), b.casts);
  return { sql: json(`list_transform(${list}, lambda ${quoteName(x)}: ${item})`), type: ARRAY, nullable };
}

/** The accumulator keeps the type of its first value, or the wider one that the lambda makes of it. */
function reduce(b: Binder, call: Call, scope: Scope): Typed {
  const { list, lambda, rest } = parts(b, call, scope, 2);
  if (rest.length !== 1)
    throw b.error(
      '000938',
      '22023',
      `not enough arguments for function [${describe(b, call, scope)}]`,
      call.at,
    );
  const first = bindExpression(b, rest[0]!, scope);
  const [acc, x] = [b.alias(), b.alias()];
  const with_ = (type: DataType): Typed =>
    body(b, lambda, [{ ...b.cast(element(acc), type), nullable: true }, element(x)], scope);
  const start = lambda.parameters[0]!.type ?? widestType(first.type);
  const made = with_(start);
  const type = commonType({ ...first, type: start }, made) ?? VARIANT;
  const step = toVariant(b.cast(with_(type), type), b.casts);
  const init = `coalesce(CAST(${toVariant(b.cast(first, type), b.casts)} AS JSON), CAST('null' AS JSON))`;
  const names = `${quoteName(acc)}, ${quoteName(x)}`;
  const sql = `list_reduce(${list}, lambda ${names}: coalesce(${step}, CAST('null' AS JSON)), ${init})`;
  return { ...b.cast({ sql, type: VARIANT, nullable: true }, type), nullable: true };
}

/** The first value's own digits do not bound what follows. */
function widestType(type: DataType): DataType {
  if (type.kind === 'NUMBER') return NUMBER(38, type.scale);
  return type.kind === 'TEXT' ? { kind: 'TEXT', length: 16_777_216 } : type.kind === 'FLOAT' ? FLOAT : type;
}
