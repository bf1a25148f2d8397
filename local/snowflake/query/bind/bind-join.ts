import { SnowflakeError } from '../../errors.js';
import type { Expr, Join } from '../../language/ast.js';
import type { Typed } from '../../types/coerce.js';
import { comparable } from '../../types/common-type.js';
import { bindSource } from './bind-source.js';
import type { Binder } from './binder.js';
import { joinSql, type On, onParts, type Part } from './outer-join.js';
import type { Scope, ScopeTable } from './scope.js';

/** A join in DuckDB SQL; the columns of both sides are in the scope then. */
export function bindJoin(b: Binder, join: Join, scope: Scope): string {
  const first = scope.tables.length;
  const left = bindSource(b, join.left, scope);
  const second = scope.tables.length;
  const right = bindSource(b, join.right, scope);
  const sides = [scope.tables.slice(first, second), scope.tables.slice(second)] as const;
  const { type } = join;
  if (type === 'LEFT' || type === 'FULL' || type === 'ASOF') padTables(sides[1]);
  if (type === 'RIGHT' || type === 'FULL') padTables(sides[0]);
  const using = join.natural ? commonNames(...sides) : join.using;
  const equal = using?.map((name) => mergeColumn(b, name, sides, type, scope)) ?? [];
  const on = join.on ? bindOn(b, join.on, scope, sides) : { parts: [], drawn: false };
  if (join.match) {
    const all = [...equal, ...on.parts].map(({ sql }) => sql);
    return `${left} ASOF LEFT JOIN ${right} ON ${[...all, matchCondition(b, join.match, scope)].join(' AND ')}`;
  }
  const parts = [...equal, ...on.parts];
  if (parts.length === 0 && (type === 'CROSS' || type === 'INNER')) return `${left} CROSS JOIN ${right}`;
  const [l, r] = [left, right].map((from, i) => ({ from, tables: sides[i as 0 | 1] }));
  return joinSql(type, l!, r!, { ...on, parts });
}

/** ON, which knows the select list's aliases as WHERE does. */
function bindOn(b: Binder, on: Expr, scope: Scope, sides: readonly [ScopeTable[], ScopeTable[]]): On {
  const { block } = scope;
  const before = block.aliases;
  block.aliases = block.selected ?? before;
  try {
    return onParts(b, on, scope, sides);
  } finally {
    block.aliases = before;
  }
}

/** The side of an outer join that has NULLs where the other one has no partner. */
function padTables(tables: ScopeTable[]): void {
  for (const { columns } of tables) for (const column of columns) column.nullable = true;
}

/** MATCH_CONDITION (left >= right): the closest row of the right side. @throws SnowflakeError if it is no such comparison */
function matchCondition(b: Binder, match: Expr, scope: Scope): string {
  if (match.kind !== 'binary' || !['>=', '>', '<=', '<'].includes(match.op))
    throw new SnowflakeError(
      '002034',
      '42601',
      'SQL compilation error:\nMATCH_CONDITION clause is invalid: Only comparison operators <, <=, > and >= are allowed.',
    );
  const sides: Typed[] = [b.bind(match.left, scope), b.bind(match.right, scope)];
  const [left, right] = comparable(sides, b.casts);
  return `${left!.sql} ${match.op} ${right!.sql}`;
}

function commonNames(left: ScopeTable[], right: ScopeTable[]): string[] {
  const names = new Set(right.flatMap((table) => table.columns.map((column) => column.name)));
  return left
    .flatMap((table) => table.columns)
    .filter(({ name, hidden }) => !hidden && names.has(name))
    .map(({ name }) => name);
}

/** A column of USING: one column in the output, and the condition that joins on it. */
function mergeColumn(
  b: Binder,
  name: string,
  [left, right]: readonly [ScopeTable[], ScopeTable[]],
  type: Join['type'],
  scope: Scope,
): Part {
  const find = (tables: ScopeTable[]) => {
    const column = tables.flatMap((table) => table.columns).find((each) => each.name === name);
    if (!column) throw b.error('000904', '42000', `invalid identifier '${name}'`);
    return column;
  };
  const before = scope.merged.find((column) => column.name === name);
  const l = before ?? find(left);
  const r = find(right);
  const sql = type === 'RIGHT' ? r.sql : type === 'FULL' ? `coalesce(${l.sql}, ${r.sql})` : l.sql;
  scope.merged = scope.merged.filter((column) => column.name !== name);
  scope.merged.push({ ...l, sql, sources: [...left, ...right] });
  const [a, z] = comparable([l, r], b.casts);
  return { sql: `${a!.sql} = ${z!.sql}`, sides: 3, compares: 'equal' };
}
