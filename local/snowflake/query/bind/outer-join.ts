import type { Expr, Join } from '../../language/ast.js';
import { conditionParts } from './bind-query.js';
import type { Binder } from './binder.js';
import type { Scope, ScopeTable } from './scope.js';
import { partsOf } from './walk.js';

/** One side of a join: its DuckDB SQL with its aliases, and its tables in the scope. */
export interface Side {
  from: string;
  tables: readonly ScopeTable[];
}

/** A part of ON, which AND connects with the others. */
export interface Part {
  sql: string;
  /** Which sides it reads: 1 is the left one, 2 the right one, 3 are both. */
  sides: number;
  /** Of both: whether it compares a value of the one with a value of the other, and for being equal. */
  compares?: 'equal' | 'otherwise';
}

export interface On {
  parts: Part[];
  /** One has another value each time, so that it must be computed for each pair of rows. */
  drawn: boolean;
}

/** Binds ON. @param sides the tables on the left and on the right, in the scope */
export function onParts(
  b: Binder,
  on: Expr,
  scope: Scope,
  sides: readonly [readonly ScopeTable[], readonly ScopeTable[]],
): On {
  const { collected } = b;
  const before = collected.drawn;
  collected.drawn = false;
  const parts = conditionParts(b, on, scope).map(({ sql, expr }): Part => {
    const read = (...exprs: Expr[]) => exprs.reduce((all, each) => all | sidesOf(b, each, scope, sides), 0);
    return { sql, sides: read(expr), compares: comparison(expr, sql, read) };
  });
  const { drawn } = collected;
  collected.drawn ||= before;
  return { parts, drawn };
}

/** Which sides an expression reads; both where it has a name that is no column of theirs. */
function sidesOf(b: Binder, expr: Expr, scope: Scope, sides: readonly (readonly ScopeTable[])[]): number {
  let read = 0;
  for (const part of partsOf(expr)) {
    if (b.collected.words.has(part)) continue;
    if (part.kind === 'identifier' || part.kind === 'position' || part.kind === 'select') return 3;
    if (part.kind !== 'column') continue;
    const [column, ...others] = scope.ownAll((part as Expr & { kind: 'column' }).parts);
    // A subquery's own columns may have names of several here.
    if (!column || others.length > 0) return 3;
    for (const [i, tables] of sides.entries())
      if (tables.some((table) => column.sources?.includes(table) ?? table.columns.includes(column)))
        read |= i + 1;
  }
  return read;
}

const COMPARISONS = ['<>', '<', '>', '<=', '>='];

function comparison(expr: Expr, sql: string, read: (...exprs: Expr[]) => number): Part['compares'] {
  const [left, right, kind] = operandsOf(expr);
  // VARIANTs are compared by an expression of both.
  if (!left || !right || sql.startsWith('CASE')) return undefined;
  return read(left) + read(...right) === 3 && read(left) * read(...right) === 2 ? kind : undefined;
}

function operandsOf(expr: Expr): [Expr?, Expr[]?, Part['compares']?] {
  if (expr.kind === 'binary' && expr.left.kind !== 'tuple') {
    if (expr.op === '=') return [expr.left, [expr.right], 'equal'];
    return COMPARISONS.includes(expr.op) ? [expr.left, [expr.right], 'otherwise'] : [];
  }
  if (expr.kind === 'distinctFrom') return [expr.left, [expr.right], expr.not ? 'equal' : 'otherwise'];
  if (expr.kind === 'between' && !expr.not) return [expr.operand, [expr.low, expr.high], 'otherwise'];
  if (expr.kind === 'call' && expr.name.join() === 'EQUAL_NULL' && expr.args.length === 2)
    return [expr.args[0]!, [expr.args[1]!], 'equal'];
  return [];
}

/**
 * A join that DuckDB can hash. It hashes an outer one only where each part of ON compares a value of one side with one of the
 * other, or is about the side that may be missing; beside any other part it compares every row with every row. So
 *
 * - a condition on one side is compared with a TRUE of the other: `(l.KIND = 'a') = (r.ID IS NULL OR TRUE)`. The rows for which
 *   it is NULL or FALSE find no partner, as before.
 * - where a part mixes both sides beside an equation, or asks a subquery, which DuckDB refuses there, LATERAL looks partners up,
 *   and DuckDB makes hash joins of that.
 *
 * A FULL JOIN with a part that mixes both sides stays as it is, as does what has no equation.
 */
export function joinSql(type: Join['type'], left: Side, right: Side, { parts, drawn }: On): string {
  const plain = (on: string[]) => `${left.from} ${type} JOIN ${right.from} ON ${on.join(' AND ') || 'TRUE'}`;
  const on = parts.map(({ sql }) => sql);
  if (!['LEFT', 'RIGHT', 'FULL'].includes(type)) return plain(on);
  const asks = on.some((sql) => /\bSELECT\b/i.test(sql));
  const mixed = parts.some(({ sides, compares }) => sides === 3 && !compares);
  if (asks || (mixed && !drawn && parts.some(({ compares }) => compares === 'equal'))) {
    const [kept, other] = type === 'RIGHT' ? [right, left] : [left, right];
    const [table, ...others] = other.tables;
    const depends = kept.tables.some(({ alias }) => other.from.includes(`"${alias}"`));
    if (type === 'FULL' || others.length > 0 || depends) return plain(on);
    return `${kept.from} LEFT JOIN LATERAL (SELECT * FROM ${other.from} WHERE ${on.join(' AND ')}) AS "${table!.alias}" ON TRUE`;
  }
  if (drawn) return plain(on);
  return plain(
    parts.map(({ sql, sides }) => {
      const needed = (sides === 1 && type !== 'RIGHT') || (sides === 2 && type !== 'LEFT');
      const across = (sides === 1 ? right : left).tables[0]?.columns[0];
      return needed && across ? `(${sql}) = (${across.sql} IS NULL OR TRUE)` : sql;
    }),
  );
}
