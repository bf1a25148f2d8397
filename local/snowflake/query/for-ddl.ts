import type { Table } from '../catalog/objects.js';
import type { StatementContext } from '../kernel/statement.js';
import { fillTableSql } from '../kernel/table-storage.js';
import { cellLiteral } from '../types/cells.js';
import { castTo } from '../types/coerce.js';
import type { DataType, ResultColumn } from '../types/data-type.js';
import { bindQuery } from './bind/bind-query.js';
import { checkSqlBody } from './bind/bind-routine.js';
import { Binder } from './bind/binder.js';
import { requireNames } from './bind/column-names.js';
import { compileQuery, parseText, type QueryContext } from './compile.js';
import { evaluate } from './evaluate.js';
import { prepare } from './run/run.js';

/** Compiles the body of a SQL function that is being made. @throws SnowflakeError */
export function compileFunctionBody(
  context: QueryContext,
  routine: Parameters<typeof checkSqlBody>[1] & { database: string; schema: string; owner: string },
): void {
  const outer = new Binder(context.account, context.session, routine.body);
  checkSqlBody(outer.enter(routine, routine.body), routine);
}

/** Refuses a query whose columns have no names. @throws SnowflakeError 001003, 002022 */
const requireQueryNames = (text: string): void => requireNames(parseText(text));

/**
 * The columns of a view's query, resolved as the view will: in its own schema, with its owner's rights.
 * @throws SnowflakeError if the query is wrong
 */
function compileView(
  context: QueryContext,
  view: { database: string; schema: string; owner: string; query: string },
): ResultColumn[] {
  const outer = new Binder(context.account, context.session, view.query);
  return bindQuery(outer.enter(view, view.query), parseText(view.query)).columns;
}

/**
 * The columns of the query in a CREATE … AS. The streams that it consumes are locked already: once the table is
 * being made there is no waiting for a lock, which would begin the transaction anew.
 * @param named the statement gives the columns' names itself
 * @throws SnowflakeError if the query is wrong
 */
export async function queryColumns(
  context: StatementContext,
  query: string,
  named = false,
): Promise<ResultColumn[]> {
  const { columns, binder } = compileQuery(context, query);
  if (!named) requireQueryNames(query);
  for (const stream of binder.collected.streams) await context.session.lock(stream.id, context.signal);
  return columns;
}

/** The columns of a view's query, as the view itself will resolve it. */
export async function viewQueryColumns(
  context: StatementContext,
  view: { database: string; schema: string; owner: string; query: string },
  named: boolean,
): Promise<ResultColumn[]> {
  const columns = compileView(context, view);
  if (!named) requireQueryNames(view.query);
  return columns;
}

/** Fills a new table with the query's rows, cast to the table's types. @returns how many */
export async function createAsSelect(
  context: StatementContext,
  table: Table,
  query: string,
): Promise<number> {
  const compiled = compileQuery(context, query, true);
  const values = compiled.columns.map(({ type, nullable }, i) => {
    const value = { sql: `c${i + 1}`, type, nullable };
    return castTo(value, table.columns[i]!.type, compiled.binder.casts).sql;
  });
  return prepare(compiled.binder, compiled.sql, (sql) =>
    context.session.connection.run(
      fillTableSql(table, table.columns, `SELECT ${values.join()} FROM (${sql})`),
    ),
  );
}

/** The type of a default's expression; untyped for NULL. */
export async function defaultColumn(
  context: StatementContext,
  expression: string,
): Promise<{ type: DataType; untyped?: boolean }> {
  return compileQuery(context, `SELECT ${expression}`).columns[0]!;
}

/** DuckDB SQL for the value of a constant expression, cast to a column's type. */
export async function defaultSql(
  context: StatementContext,
  expression: string,
  type: DataType,
): Promise<string> {
  const value = await evaluate(context, expression);
  const { casts } = compileQuery(context, 'SELECT 1').binder;
  return castTo(cellLiteral(value.type, value.cell), type, casts).sql;
}

/** The value of a constant expression, as text. */
export async function evaluateText(context: StatementContext, expression: string): Promise<string | null> {
  return (await evaluate(context, expression)).cell;
}
