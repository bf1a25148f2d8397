import type { Call, Expr, FrameBound, OrderItem, Over } from './ast.js';
import type { TokenStream } from './lexer.js';
import { list, parseAdditive, parseExpression } from './parse-expression.js';
import { parseLambda } from './parse-lambda.js';
import { parseQuery, startsQuery } from './parse-query.js';

export const emptyCall = (name: string, at: number, end: number): Call => ({
  kind: 'call',
  name: [name],
  args: [],
  named: [],
  distinct: false,
  at,
  end,
});

/** The arguments of a call and its WITHIN GROUP, IGNORE NULLS and OVER clauses. */
export function parseCall(s: TokenStream, name: string[], at: number): Call {
  const call = emptyCall(name[0]!, at, at);
  call.name = name;
  s.expect('(');
  call.distinct = s.take('DISTINCT');
  // A column may be called ALL… but not ALL itself, which is reserved.
  if (!call.distinct && s.take('ALL')) call.all = true;
  if (!s.is(')'))
    list(s, () => {
      if (s.peek(1).value === '=>' && s.peek(1).kind === 'operator') {
        const argument = s.identifier();
        s.expect('=>');
        call.named.push({ name: argument, value: parseExpression(s) });
      } else call.args.push(startsQuery(s) ? bareSubquery(s) : (parseLambda(s) ?? parseExpression(s)));
    });
  const nulls = () => {
    if (s.take('IGNORE', 'NULLS')) call.ignoreNulls = true;
    else if (s.take('RESPECT', 'NULLS')) call.ignoreNulls = false;
  };
  nulls();
  if (call.ignoreNulls !== undefined) call.nullsInside = true;
  s.expect(')');
  nulls();
  if (s.take('WITHIN', 'GROUP', '(')) {
    call.withinGroup = parseOrderBy(s);
    s.expect(')');
  }
  if (s.take('OVER')) call.over = parseOver(s);
  call.end = s.lastEnd;
  return call;
}

function bareSubquery(s: TokenStream): Expr {
  const at = s.peek().start;
  const query = parseQuery(s);
  return { kind: 'subquery', query, at, end: s.lastEnd };
}

/** ORDER BY with the keywords. */
export function parseOrderBy(s: TokenStream): OrderItem[] {
  s.expect('ORDER', 'BY');
  return list(s, () => {
    const expr = parseExpression(s);
    return { expr, ...parseDirection(s) };
  });
}

/** ASC or DESC, and where NULLs go. */
export function parseDirection(s: TokenStream): Omit<OrderItem, 'expr'> {
  const descending = s.take('DESC');
  if (!descending) s.take('ASC');
  const nullsFirst = s.take('NULLS', 'FIRST') ? true : s.take('NULLS', 'LAST') ? false : undefined;
  return { descending, nullsFirst };
}

function parseOver(s: TokenStream): Over {
  s.expect('(');
  const over: Over = { partitionBy: [], orderBy: [] };
  if (s.take('PARTITION', 'BY')) over.partitionBy = list(s, parseExpression);
  if (s.is('ORDER', 'BY')) over.orderBy = parseOrderBy(s);
  const unit = (['ROWS', 'RANGE'] as const).find((u) => s.take(u));
  if (unit) {
    if (s.take('BETWEEN')) {
      const from = parseBound(s);
      s.expect('AND');
      over.frame = { unit, from, to: parseBound(s) };
    } else over.frame = { unit, from: parseBound(s), to: 'CURRENT ROW' };
  }
  s.expect(')');
  return over;
}

function parseBound(s: TokenStream): FrameBound {
  if (s.take('CURRENT', 'ROW')) return 'CURRENT ROW';
  if (s.take('UNBOUNDED', 'PRECEDING')) return 'UNBOUNDED PRECEDING';
  if (s.take('UNBOUNDED', 'FOLLOWING')) return 'UNBOUNDED FOLLOWING';
  const offset = parseExpression(s);
  if (s.take('PRECEDING')) return { offset, direction: 'PRECEDING' };
  s.expect('FOLLOWING');
  return { offset, direction: 'FOLLOWING' };
}

/** EXTRACT(part FROM value), with a comma too. */
export function parseExtract(s: TokenStream): Expr {
  const at = s.peek().start;
  s.expect('EXTRACT', '(');
  const part = s.peek();
  s.next();
  if (!s.take(',')) s.expect('FROM');
  const value = parseExpression(s);
  s.expect(')');
  const name: Expr = { kind: 'string', value: part.value, at: part.start, end: part.end };
  return { ...emptyCall('EXTRACT', at, s.lastEnd), args: [name, value] };
}

/** POSITION(a IN b) is POSITION(a, b). */
export function parsePosition(s: TokenStream): Expr {
  const at = s.peek().start;
  s.expect('POSITION', '(');
  const args = [parseAdditive(s)];
  if (s.take('IN')) args.push(parseAdditive(s));
  else while (s.take(',')) args.push(parseExpression(s));
  s.expect(')');
  return { ...emptyCall('POSITION', at, s.lastEnd), args };
}
