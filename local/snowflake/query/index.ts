import type { Account, Bind } from '../account.js';
import type { Column, Table } from '../catalog/objects.js';
import { syntaxError } from '../errors.js';
import type { Query } from '../language/ast.js';
import { TokenStream } from '../language/lexer.js';
import { parseExpression } from '../language/parse-expression.js';
import { parseQuery } from '../language/parse-query.js';
import type { Session } from '../sessions/session.js';
import type { Cell, DataType, ResultColumn } from '../types/data-type.js';
import { bindQuery, withClause } from './bind/bind-query.js';
import { checkSqlBody } from './bind/bind-routine.js';
import { Binder } from './bind/binder.js';
import { requireNames } from './bind/column-names.js';
import { Scope } from './bind/scope.js';
import { converted } from './change/insert.js';
import { columnOf, eventTableRefuses, insertRows } from './change/write.js';
import { type CompiledQuery, fetchRows, prepared } from './run/run.js';

/** What compiling needs of a statement's context; StatementContext has it all. */
export interface QueryContext {
  account: Account;
  session: Session;
  binds?: Record<string, Bind>;
  signal?: AbortSignal;
}

export { type CompiledQuery, fetchRows, prepared };

/**
 * Compiles a query. A stream that it reads is consumed only if `consuming` (the query feeds a DML statement).
 * @param query its text, or the tree with the text that the tree's offsets mean
 * @throws SnowflakeError 001003, 000904, 002003 …
 */
export function compileQuery(
  context: QueryContext,
  query: string | { tree: Query; text: string },
  consuming = false,
): CompiledQuery {
  const text = typeof query === 'string' ? query : query.text;
  const tree = typeof query === 'string' ? parsed(query) : query.tree;
  const binder = new Binder(context.account, context.session, text, context.binds, consuming, context.signal);
  const bound = bindQuery(binder, tree);
  return { sql: withClause(binder) + bound.sql, columns: bound.columns, binder };
}

/** Compiles the body of a SQL function that is being made. @throws SnowflakeError */
export function compileFunctionBody(
  context: QueryContext,
  routine: Parameters<typeof checkSqlBody>[1] & { database: string; schema: string; owner: string },
): void {
  const outer = new Binder(context.account, context.session, routine.body);
  checkSqlBody(outer.inside(routine, routine.body), routine);
}

/** Refuses a query whose columns have no names. @throws SnowflakeError 001003, 002022 */
export const requireQueryNames = (text: string): void => requireNames(parsed(text));

/** A query's tree. @throws SnowflakeError 001003 */
export function parsed(text: string): Query {
  const tokens = new TokenStream(text);
  const query = parseQuery(tokens);
  tokens.expectEnd();
  return query;
}

/**
 * The columns of a view's query, resolved as the view will: in its own schema, with its owner's rights.
 * @throws SnowflakeError if the query is wrong
 */
export function compileView(
  context: QueryContext,
  view: { database: string; schema: string; owner: string; query: string },
): ResultColumn[] {
  const outer = new Binder(context.account, context.session, view.query);
  return bindQuery(outer.inside(view, view.query), parsed(view.query)).columns;
}

/**
 * Evaluates an expression on its own: SET, CALL arguments, a task's WHEN, a default.
 * @throws SnowflakeError
 */
export async function evaluate(context: QueryContext, text: string): Promise<{ type: DataType; cell: Cell }> {
  const [value] = await evaluateAll(context, [text]);
  return value!;
}

/** Evaluates several expressions in one go. */
export async function evaluateAll(
  context: QueryContext,
  texts: string[],
): Promise<{ type: DataType; cell: Cell }[]> {
  if (texts.length === 0) return [];
  const values = texts.map((text) => {
    const tokens = new TokenStream(text);
    const expr = parseExpression(tokens);
    tokens.expectEnd();
    return { expr, text };
  });
  const all = texts.join(', ');
  const query = compileQuery(context, `SELECT ${all}`);
  const [row] = await fetchRows(query);
  if (!row || row.length !== values.length) throw syntaxError(`unexpected expression list '${all}'.`);
  return row.map((cell, i) => ({ type: query.columns[i]!.type, cell }));
}

/** The columns of the query that begins at an offset of the statement (CREATE … AS). */
export function queryColumns(
  context: QueryContext & { text: string },
  _query: string,
  at: number,
): ResultColumn[] {
  return compileQuery(context, parseAt(context.text, at)).columns;
}

function parseAt(text: string, at: number): { tree: Query; text: string } {
  const tokens = new TokenStream(text);
  tokens.seek(at);
  const tree = parseQuery(tokens);
  tokens.expectEnd();
  return { tree, text };
}

/** Fills a new table with the rows of the query that begins at an offset of the statement. @returns how many */
export async function createAsSelect(
  context: QueryContext & { text: string },
  table: Table,
  _query: string,
  at: number,
): Promise<number> {
  const { tree, text } = parseAt(context.text, at);
  const { sql, columns, binder } = compileQuery(context, { tree, text }, true);
  const select = converted(binder, { sql, columns }, table.columns);
  return prepared(binder, select, (final) => insertRows(binder, table, table.columns, final));
}

/**
 * Inserts what a DuckDB query gives, in the columns' types; the other columns get their defaults. The caller has
 * checked the privilege; the table is locked here.
 * @returns the number of rows inserted
 */
export async function insertFrom(
  context: QueryContext,
  table: Table,
  columnNames: string[],
  duckSelect: string,
): Promise<number> {
  const b = new Binder(context.account, context.session, duckSelect, {}, true, context.signal);
  if (table.event) throw eventTableRefuses(table);
  await context.session.lock(table.id, context.signal);
  return insertRows(
    b,
    table,
    columnNames.map((name) => columnOf(b, table, name)),
    duckSelect,
  );
}

/** Adds records to an event table, in a transaction of their own, when nobody else is changing the table. */
export async function insertEvents(
  context: QueryContext,
  table: Table,
  columns: Column[],
  duckSelect: string,
): Promise<void> {
  const { account, session } = context;
  const b = new Binder(account, session, duckSelect);
  await session.transaction.statement(async () => {
    await session.lock(table.id);
    await insertRows(b, table, columns, duckSelect);
  });
}

/** DuckDB SQL for the value of an expression that names no column, cast to a type. */
export function constantSql(context: QueryContext, expression: string, type: DataType): string {
  const b = new Binder(context.account, context.session, expression, context.binds);
  return b.cast(b.bind(parseExpression(new TokenStream(expression)), new Scope()), type).sql;
}
