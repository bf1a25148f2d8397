import type { Table } from '../catalog/objects.js';
import { quoted } from '../storage/storage.js';
import type { DataType, ResultColumn } from '../types/data-type.js';
import type { StatementContext } from './statement.js';

// The query engine's statements stand in the same registry as those here, so it is loaded when it is first
// needed.
const engine = () => import('../query/index.js');
const coercion = () => import('../types/coerce.js');

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
  const { columns, binder } = (await engine()).compileQuery(context, query);
  if (!named) (await engine()).requireQueryNames(query);
  for (const stream of binder.collected.streams) await context.session.lock(stream.id, context.signal);
  return columns;
}

/** The columns of a view's query, as the view itself will resolve it. */
export async function viewQueryColumns(
  context: StatementContext,
  view: { database: string; schema: string; owner: string; query: string },
  named: boolean,
): Promise<ResultColumn[]> {
  const columns = (await engine()).compileView(context, view);
  if (!named) (await engine()).requireQueryNames(view.query);
  return columns;
}

/** Fills a new table with the query's rows, cast to the table's types. @returns how many */
export async function createAsSelect(
  context: StatementContext,
  table: Table,
  query: string,
): Promise<number> {
  const { compileQuery, prepared } = await engine();
  const { castTo } = await coercion();
  const compiled = compileQuery(context, query, true);
  const values = compiled.columns.map(({ type, nullable }, i) => {
    const value = { sql: `c${i + 1}`, type, nullable };
    return castTo(value, table.columns[i]!.type, compiled.binder.casts).sql;
  });
  const names = table.columns.map((column) => quoted(column.physical));
  return prepared(compiled.binder, compiled.sql, (sql) =>
    context.session.connection.run(
      `INSERT INTO ${quoted(table.physical)} (${names.join()}) SELECT ${values.join()} FROM (${sql})`,
    ),
  );
}

/** The type of a default's expression; untyped for NULL. */
export async function defaultColumn(
  context: StatementContext,
  expression: string,
): Promise<{ type: DataType; untyped?: boolean }> {
  const { compileQuery } = await engine();
  return compileQuery(context, `SELECT ${expression}`).columns[0]!;
}

/** DuckDB SQL for the value of a constant expression, cast to a column's type. */
export async function defaultSql(
  context: StatementContext,
  expression: string,
  type: DataType,
): Promise<string> {
  const { evaluate, compileQuery } = await engine();
  const { castTo } = await coercion();
  const { cellLiteral } = await import('../types/cells.js');
  const value = await evaluate(context, expression);
  const { casts } = compileQuery(context, 'SELECT 1').binder;
  return castTo(cellLiteral(value.type, value.cell), type, casts).sql;
}

/** The value of a constant expression, as text. */
export async function evaluateText(context: StatementContext, expression: string): Promise<string | null> {
  return (await (await engine()).evaluate(context, expression)).cell;
}
