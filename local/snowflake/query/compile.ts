import type { Account, Bind } from '../account.js';
import type { Query } from '../language/ast.js';
import { TokenStream } from '../language/lexer.js';
import { parseQuery } from '../language/parse-query.js';
import type { Session } from '../sessions/session.js';
import { bindQuery, withClause } from './bind/bind-query.js';
import { Binder } from './bind/binder.js';
import type { CompiledQuery } from './run/run.js';

/** What compiling needs of a statement's context; StatementContext has it all. */
export interface QueryContext {
  account: Account;
  session: Session;
  binds?: Record<string, Bind>;
  signal?: AbortSignal;
}

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
  const tree = typeof query === 'string' ? parseText(query) : query.tree;
  const binder = new Binder(context.account, context.session, text, context.binds, consuming, context.signal);
  const bound = bindQuery(binder, tree);
  return { sql: withClause(binder) + bound.sql, columns: bound.columns, binder };
}

/** A query's tree. @throws SnowflakeError 001003 */
export function parseText(text: string): Query {
  const tokens = new TokenStream(text);
  const query = parseQuery(tokens);
  tokens.expectEnd();
  return query;
}
