import type { Cte, Expr, Pivot, Query, QueryBody, Source } from '../language/ast.js';
import { isNumeric } from '../types/coerce.js';
import { quote } from '../types/duck-type.js';
import { compileQuery, type QueryContext } from './compile.js';
import { fetchRows } from './run/run.js';

/**
 * Puts the values into `PIVOT … IN (ANY [ORDER BY …])` and `IN (SELECT …)`: they are asked for before the query that
 * pivots over them is compiled, because its columns must be known then
 * (docs.snowflake.com/en/sql-reference/constructs/pivot).
 * @param text the statement's, which the tree's offsets mean
 */
export function withPivotValues(context: QueryContext, query: Query, text: string): Promise<void> {
  return walkQuery({ context, text }, query, []);
}

interface Walk {
  context: QueryContext;
  text: string;
}

/** @param ctes the WITH queries that are visible */
async function walkQuery(walk: Walk, query: Query, ctes: Cte[]): Promise<void> {
  const visible = [...ctes];
  for (const cte of query.with) {
    await walkQuery(walk, cte.query, visible);
    visible.push(cte);
  }
  await walkBody(walk, query.body, visible);
}

async function walkBody(walk: Walk, body: QueryBody, ctes: Cte[]): Promise<void> {
  if (body.kind === 'nested') return walkQuery(walk, body.query, ctes);
  if (body.kind === 'set') {
    await walkBody(walk, body.left, ctes);
    return walkBody(walk, body.right, ctes);
  }
  if (body.kind === 'select') for (const source of body.from) await walkSource(walk, source, ctes);
}

async function walkSource(walk: Walk, source: Source, ctes: Cte[]): Promise<void> {
  if (source.kind === 'join') {
    await walkSource(walk, source.join.left, ctes);
    return walkSource(walk, source.join.right, ctes);
  }
  if (source.kind === 'query') await walkQuery(walk, source.query, ctes);
  const { pivot } = source;
  if (pivot?.kind === 'pivot' && pivot.any)
    pivot.values = await valuesOf(walk, { ...source, pivot: undefined }, pivot, ctes);
}

async function valuesOf(
  { context, text }: Walk,
  source: Source,
  pivot: Pivot,
  ctes: Cte[],
): Promise<Pivot['values']> {
  const { at } = source;
  const column: Expr = { kind: 'column', parts: [pivot.column], at, end: at };
  const items = [{ expr: column, at, end: at }];
  // In no order that is asked for, an account gives columns by their values.
  const byValue = [{ expr: column, descending: false }];
  const distinct: Query = {
    with: ctes,
    body: { kind: 'select', distinct: true, items, from: [source], at, end: at },
    orderBy: 'orderBy' in pivot.any! && pivot.any.orderBy.length > 0 ? pivot.any.orderBy : byValue,
    at,
    end: at,
  };
  const asked =
    'query' in pivot.any! ? { ...pivot.any.query, with: [...ctes, ...pivot.any.query.with] } : distinct;
  const compiled = compileQuery(context, { tree: asked, text });
  const { type } = compiled.columns[0]!;
  const rows = await fetchRows(compiled);
  const values = [...new Map(rows.map(([cell]) => [cell, cell])).values()];
  return values.flatMap((cell): Pivot['values'] => {
    // NULL is one of the values.
    if (cell === null || cell === undefined) return [{ value: { kind: 'null', at, end: at }, name: 'NULL' }];
    if (isNumeric(type)) return [{ value: { kind: 'number', text: cell, at, end: at }, name: cell }];
    return [{ value: { kind: 'string', value: cell, at, end: at }, name: quote(cell) }];
  });
}
