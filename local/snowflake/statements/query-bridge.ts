import type { DataType, ResultColumn } from '../types/data-type.js';
import type { StatementContext } from './statement.js';

// The query engine's statements are in the same registry as those here, so it is loaded when it is first
// needed: statements/index.ts imports both.
const engine = () => import('../query/index.js');

/** The columns of the query in a CREATE … AS. @param at where it begins in the statement, for error positions */
export async function queryColumns(
  context: StatementContext,
  query: string,
  at: number,
): Promise<ResultColumn[]> {
  return (await engine()).queryColumns(context, query, at);
}

/** Fills a new table with the query's rows. @returns how many */
export async function createAsSelect(
  context: StatementContext,
  table: import('../catalog/objects.js').Table,
  query: string,
  at: number,
): Promise<number> {
  return (await engine()).createAsSelect(context, table, query, at);
}

/** DuckDB SQL for the value of a constant expression, cast to a column's type. */
export async function defaultSql(
  context: StatementContext,
  expression: string,
  type: DataType,
): Promise<string> {
  return (await engine()).constantSql(context, expression, type);
}
