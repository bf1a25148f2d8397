import { localRefusal } from '../errors.js';
import type { Cte, Expr, GroupItem, Name, Query, QueryBody, Select, SelectItem } from './ast.js';
import type { TokenStream } from './lexer.js';
import { parseDirection, parseOrderBy } from './parse-call.js';
import { list, parseExpression } from './parse-expression.js';
import { parsePrimary } from './parse-primary.js';
import { parseFrom } from './parse-source.js';
import { nameAfterAs, RESERVED } from './reserved.js';

/** True if a query stands next: SELECT, WITH, VALUES, or parentheses around one. */
export function startsQuery(s: TokenStream): boolean {
  let ahead = 0;
  while (s.peek(ahead).kind === 'operator' && s.peek(ahead).value === '(') ahead++;
  const token = s.peek(ahead);
  return token.kind === 'word' && ['SELECT', 'WITH', 'VALUES'].includes(token.value);
}

/** Reads a query with its WITH, set operators, ORDER BY and LIMIT. @throws SnowflakeError 001003 */
export function parseQuery(s: TokenStream): Query {
  return s.nest(() => parseParts(s));
}

function parseParts(s: TokenStream): Query {
  const at = s.peek().start;
  const ctes = s.take('WITH') ? parseWith(s) : [];
  let limit: Expr | undefined;
  const body = parseSetOperation(s, (top) => {
    limit = top;
  });
  const query: Query = { with: ctes, body, orderBy: [], limit, at, end: at };
  if (s.take('ORDER', 'BY', 'ALL')) query.orderByAll = parseDirection(s);
  else if (s.is('ORDER')) query.orderBy = parseOrderBy(s);
  if (s.take('LIMIT')) query.limit = parseCount(s);
  if (s.take('OFFSET')) {
    query.offset = parseCount(s);
    if (!s.take('ROWS')) s.take('ROW');
  }
  if (s.take('FETCH')) {
    if (!s.take('FIRST')) s.take('NEXT');
    query.limit = parseCount(s);
    if (!s.take('ROWS')) s.take('ROW');
    s.take('ONLY');
  }
  query.end = s.lastEnd;
  return query;
}

/** How many rows: a number, a bind or a variable; NULL and an empty text are no limit. */
function parseCount(s: TokenStream): Expr {
  const { kind, value, start: at, end } = s.peek();
  if (kind === 'string' && value === '') {
    s.next();
    return { kind: 'null', at, end };
  }
  const named = kind === 'number' || kind === 'variable' || s.is('NULL') || s.is('?') || s.is(':');
  if (!named) throw s.tokenError();
  return parsePrimary(s);
}

const MOST_CTES = 400;

function parseWith(s: TokenStream): Cte[] {
  const recursive = s.take('RECURSIVE');
  let count = 0;
  return list(s, () => {
    if (++count > MOST_CTES)
      throw localRefusal(
        `more than ${MOST_CTES} queries in one WITH`,
        'names are looked up in all of them',
        'Make tables of some.',
      );
    const name = s.identifier();
    let columns: string[] | undefined;
    if (s.take('(')) {
      columns = list(s, () => s.identifier());
      s.expect(')');
    }
    s.expect('AS', '(');
    const query = parseQuery(s);
    s.expect(')');
    return { name, columns, query, recursive };
  });
}

function parseSetOperation(s: TokenStream, top: (limit: Expr) => void): QueryBody {
  let left = parseIntersect(s, top);
  for (;;) {
    const op = s.take('UNION') ? 'UNION' : s.take('EXCEPT') || s.take('MINUS') ? 'EXCEPT' : undefined;
    if (!op) return left;
    const all = s.take('ALL');
    if (!all) s.take('DISTINCT');
    const byName = op === 'UNION' && s.take('BY', 'NAME');
    const right = parseIntersect(s, top);
    left = { kind: 'set', op, all, byName, left, right, at: left.at, end: right.end };
  }
}

function parseIntersect(s: TokenStream, top: (limit: Expr) => void): QueryBody {
  let left = parseOperand(s, top);
  while (s.take('INTERSECT')) {
    const right = parseOperand(s, top);
    left = { kind: 'set', op: 'INTERSECT', all: false, left, right, at: left.at, end: right.end };
  }
  return left;
}

function parseOperand(s: TokenStream, top: (limit: Expr) => void): QueryBody {
  const at = s.peek().start;
  if (s.take('(')) {
    const query = parseQuery(s);
    s.expect(')');
    return { kind: 'nested', query, at, end: s.lastEnd };
  }
  if (s.take('VALUES')) {
    const rows = list(s, parseRow);
    return { kind: 'values', rows, at, end: s.lastEnd };
  }
  return parseSelect(s, top);
}

/** `(a, b, …)` */
export function parseRow(s: TokenStream): Expr[] {
  s.expect('(');
  const items = list(s, parseExpression);
  s.expect(')');
  return items;
}

function parseSelect(s: TokenStream, top: (limit: Expr) => void): Select {
  const at = s.peek().start;
  s.expect('SELECT');
  const distinct = s.take('DISTINCT');
  if (!distinct) s.take('ALL');
  if (s.is('TOP') && s.peek(1).kind === 'number') {
    s.next();
    const token = s.next();
    top({ kind: 'number', text: token.value, at: token.start, end: token.end });
  }
  const select: Select = { kind: 'select', distinct, items: [], from: [], at, end: at };
  do select.items.push(parseItem(s));
  while (
    // A comma may stand behind the last column (docs: sql-reference/sql/select).
    s.take(',') &&
    !s.is('FROM')
  );
  if (s.take('FROM')) select.from = parseFrom(s);
  if (s.take('WHERE')) select.where = parseExpression(s);
  if (s.is('START', 'WITH') || s.is('CONNECT', 'BY'))
    throw localRefusal('CONNECT BY', 'hierarchical queries are not built', 'Write WITH RECURSIVE.');
  if (s.take('GROUP', 'BY')) select.groupBy = s.take('ALL') ? 'ALL' : list(s, parseGroupItem);
  if (s.take('HAVING')) select.having = parseExpression(s);
  if (s.is('QUALIFY')) {
    select.qualifyAt = s.next().start;
    select.qualify = parseExpression(s);
  }
  select.end = s.lastEnd;
  return select;
}

function parseItem(s: TokenStream): SelectItem {
  const expr = parseExpression(s);
  const at = expr.at;
  if (expr.kind === 'star') return { star: expr.star, at, end: s.lastEnd };
  return { expr, alias: parseAlias(s), at, end: expr.end };
}

/** `AS name` or a bare name that is no keyword. */
export function parseAlias(s: TokenStream): string | undefined {
  if (s.take('AS')) return nameAfterAs(s);
  const token = s.peek();
  if (token.kind === 'quoted' || (token.kind === 'word' && !RESERVED.has(token.value))) return s.identifier();
  return undefined;
}

function parseGroupItem(s: TokenStream): GroupItem {
  for (const kind of ['ROLLUP', 'CUBE'] as const)
    if (s.take(kind)) {
      s.expect('(');
      const items = list(s, parseExpression);
      s.expect(')');
      return { kind, items };
    }
  if (s.take('GROUPING', 'SETS')) {
    s.expect('(');
    const sets = list(s, () => {
      if (!s.take('(')) return [parseExpression(s)];
      const items = s.is(')') ? [] : list(s, parseExpression);
      s.expect(')');
      return items;
    });
    s.expect(')');
    return { kind: 'GROUPING SETS', sets };
  }
  return { kind: 'expression', expr: parseExpression(s) };
}

/** A table's name: dotted, or IDENTIFIER(…). */
export function parseTableName(s: TokenStream): Name {
  const at = s.peek().start;
  if (s.take('IDENTIFIER', '(')) {
    const identifier = parseExpression(s);
    s.expect(')');
    return { identifier, at };
  }
  if (s.peek().kind === 'variable' && /\D/.test(s.peek().value))
    return { identifier: parseExpression(s), at };
  return { parts: s.name(), at };
}
