import type { Account, Bind } from '../account.js';
import { syntaxError } from '../errors.js';
import type { Session } from '../sessions/session.js';
import { TokenStream } from '../statements/lexer.js';
import type { Cell, DataType, ResultColumn } from '../types/data-type.js';
import type { Query } from './ast.js';
import { bindQuery, withClause } from './bind-query.js';
import { Binder } from './binder.js';
import { parseExpression } from './parse-expression.js';
import { parseQuery } from './parse-query.js';
import { type CompiledQuery, fetchRows, prepared } from './run.js';

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
  const tree = typeof query === 'string' ? parseWhole(query) : query.tree;
  const binder = new Binder(context.account, context.session, text, context.binds, consuming, context.signal);
  const bound = bindQuery(binder, tree);
  return { sql: withClause(binder) + bound.sql, columns: bound.columns, binder };
}

function parseWhole(text: string): Query {
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
  return bindQuery(outer.inside(view, view.query), parseWhole(view.query)).columns;
}

/**
 * Evaluates an expression on its own: SET, CALL arguments, a task's WHEN, a default.
 * @throws SnowflakeError
 */
export async function evaluate(
  context: QueryContext,
  text: string,
): Promise<{ type: DataType; cell: Cell }> {
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

