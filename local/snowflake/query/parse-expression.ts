import { notSupportedLocally } from '../errors.js';
import type { TokenStream } from '../statements/lexer.js';
import type { DataType } from '../types/data-type.js';
import { parseType } from '../types/type-name.js';
import type { Call, Expr, FrameBound, OrderItem, Over, Star } from './ast.js';
import { parseQuery, startsQuery } from './parse-query.js';
import { RESERVED } from './reserved.js';

/** Reads one expression, lowest precedence first: OR, AND, NOT, comparison, `+ - ||`, `* / %`, sign, `::`. */
export function parseExpression(s: TokenStream): Expr {
  return infix(s, ['OR'], () => infix(s, ['AND'], () => parseNot(s)));
}

function infix(s: TokenStream, operators: string[], operand: () => Expr): Expr {
  let left = operand();
  for (;;) {
    const op = operators.find((o) => s.is(o));
    if (!op) return left;
    s.take(op);
    const right = operand();
    left = { kind: 'binary', op, left, right, at: left.at, end: right.end };
  }
}

function parseNot(s: TokenStream): Expr {
  const at = s.peek().start;
  if (!s.take('NOT')) return parseComparison(s);
  const operand = parseNot(s);
  return { kind: 'unary', op: 'NOT', operand, at, end: operand.end };
}

const COMPARISONS = ['=', '<>', '!=', '<=', '>=', '<', '>'];

function parseComparison(s: TokenStream): Expr {
  let left = parseAdditive(s);
  for (;;) {
    const at = left.at;
    const op = COMPARISONS.find((o) => s.is(o));
    if (op) {
      s.take(op);
      const quantifier = (['ANY', 'ALL'] as const).find((q) => s.is(q, '('));
      if (quantifier) {
        s.expect(quantifier, '(');
        const query = parseQuery(s);
        s.expect(')');
        left = { kind: 'quantified', op, quantifier, left, query, at, end: s.lastEnd };
      } else {
        const right = parseAdditive(s);
        left = { kind: 'binary', op: op === '!=' ? '<>' : op, left, right, at, end: right.end };
      }
      continue;
    }
    if (s.take('IS')) {
      left = parseIs(s, left);
      continue;
    }
    const predicate = parsePredicate(s, left);
    if (!predicate) return left;
    left = predicate;
  }
}

function parseIs(s: TokenStream, operand: Expr): Expr {
  const not = s.take('NOT');
  if (s.take('DISTINCT', 'FROM')) {
    const right = parseAdditive(s);
    return { kind: 'distinctFrom', not, left: operand, right, at: operand.at, end: right.end };
  }
  for (const what of ['NULL', 'TRUE', 'FALSE'] as const)
    if (s.take(what)) return { kind: 'is', what, not, operand, at: operand.at, end: s.lastEnd };
  throw s.unexpected();
}

/** [NOT] IN, BETWEEN, LIKE, ILIKE, RLIKE, REGEXP behind an operand; undefined if none stands there. */
function parsePredicate(s: TokenStream, operand: Expr): Expr | undefined {
  const at = operand.at;
  const not = s.is('NOT');
  const word = s.peek(not ? 1 : 0);
  if (word.kind !== 'word' || !['IN', 'BETWEEN', 'LIKE', 'ILIKE', 'RLIKE', 'REGEXP'].includes(word.value))
    return undefined;
  if (not) s.next();
  s.next();
  if (word.value === 'IN') {
    s.expect('(');
    if (startsQuery(s)) {
      const query = parseQuery(s);
      s.expect(')');
      return { kind: 'inQuery', not, operand, query, at, end: s.lastEnd };
    }
    const items = list(s, parseExpression);
    s.expect(')');
    return { kind: 'in', not, operand, items, at, end: s.lastEnd };
  }
  if (word.value === 'BETWEEN') {
    const low = parseAdditive(s);
    s.expect('AND');
    const high = parseAdditive(s);
    return { kind: 'between', not, operand, low, high, at, end: high.end };
  }
  const op = word.value === 'REGEXP' ? 'RLIKE' : (word.value as 'LIKE' | 'ILIKE' | 'RLIKE');
  const quantifier = (['ANY', 'ALL'] as const).find((q) => s.take(q));
  let patterns: Expr[];
  if (quantifier) {
    s.expect('(');
    patterns = list(s, parseExpression);
    s.expect(')');
  } else patterns = [parseAdditive(s)];
  const escapeBy = s.take('ESCAPE') ? parseAdditive(s) : undefined;
  return { kind: 'like', op, quantifier, not, operand, patterns, escape: escapeBy, at, end: s.lastEnd };
}

function parseAdditive(s: TokenStream): Expr {
  return infix(s, ['+', '-', '||'], () => infix(s, ['*', '/', '%'], () => parseSign(s)));
}

function parseSign(s: TokenStream): Expr {
  const at = s.peek().start;
  for (const op of ['-', '+'] as const)
    if (s.take(op)) {
      const operand = parseSign(s);
      if (op === '-' && operand.kind === 'number' && !operand.text.startsWith('-'))
        return { ...operand, text: `-${operand.text}`, at };
      return { kind: 'unary', op, operand, at, end: operand.end };
    }
  return parsePostfix(s);
}

/** `::type`, `:path`, `[index]`, `.field` behind an operand. */
function parsePostfix(s: TokenStream): Expr {
  let expr = parsePrimary(s);
  for (;;) {
    const at = expr.at;
    if (s.take('::')) {
      const type = parseType(s);
      expr = { kind: 'cast', operand: expr, type, tolerant: false, at, end: s.lastEnd };
    } else if (s.is(':') && s.peek(1).kind !== 'number') {
      s.take(':');
      const steps: (string | Expr)[] = [pathKey(s)];
      while (s.is('.') || s.is('[')) steps.push(pathStep(s));
      expr = { kind: 'path', base: expr, steps, at, end: s.lastEnd };
    } else if (s.is('[')) {
      const steps: (string | Expr)[] = [];
      while (s.is('[') || (s.is('.') && steps.length > 0)) steps.push(pathStep(s));
      expr = { kind: 'path', base: expr, steps, at, end: s.lastEnd };
    } else return expr;
  }
}

/** Keys of a path keep their case, quoted or not. */
function pathKey(s: TokenStream): string {
  const token = s.next();
  if (token.kind === 'quoted') return token.value;
  if (token.kind === 'word') return s.text.slice(token.start, token.end);
  s.seek(token.start);
  throw s.unexpected();
}

function pathStep(s: TokenStream): string | Expr {
  if (s.take('.')) return pathKey(s);
  s.expect('[');
  const index = parseExpression(s);
  s.expect(']');
  return index;
}

/** Reads `item, item, …` */
export function list<T>(s: TokenStream, item: (s: TokenStream) => T): T[] {
  const items = [item(s)];
  while (s.take(',')) items.push(item(s));
  return items;
}

function parsePrimary(s: TokenStream): Expr {
  const token = s.peek();
  const at = token.start;
  switch (token.kind) {
    case 'number':
      s.next();
      return { kind: 'number', text: token.value, at, end: token.end };
    case 'string':
      s.next();
      return { kind: 'string', value: token.value, at, end: token.end };
    case 'variable':
      s.next();
      if (/^\d+$/.test(token.value))
        return { kind: 'position', index: Number(token.value), at, end: token.end };
      return { kind: 'variable', name: token.value, at, end: token.end };
    case 'operator':
      return parseOperatorPrimary(s);
    case 'quoted':
      return parseName(s);
    case 'word':
      return parseWord(s);
    default:
      throw s.unexpected();
  }
}

/** `?` are numbered by their order in the statement. */
const questionMarks = new WeakMap<TokenStream, number>();

function parseOperatorPrimary(s: TokenStream): Expr {
  const at = s.peek().start;
  if (s.take('(')) {
    if (startsQuery(s)) {
      const query = parseQuery(s);
      s.expect(')');
      return { kind: 'subquery', query, at, end: s.lastEnd };
    }
    const items = list(s, parseExpression);
    s.expect(')');
    if (items.length > 1) return { kind: 'tuple', items, at, end: s.lastEnd };
    return { ...items[0]!, at, end: s.lastEnd };
  }
  if (s.take('?')) {
    const key = (questionMarks.get(s) ?? 0) + 1;
    questionMarks.set(s, key);
    return { kind: 'bind', key: String(key), at, end: s.lastEnd };
  }
  if (s.is(':') && ['number', 'word'].includes(s.peek(1).kind)) {
    s.next();
    return { kind: 'bind', key: s.next().value, at, end: s.lastEnd };
  }
  if (s.take('[')) {
    const items = s.is(']') ? [] : list(s, parseExpression);
    s.expect(']');
    return { kind: 'array', items, at, end: s.lastEnd };
  }
  if (s.take('{')) {
    if (s.is('*')) {
      const star = { kind: 'star' as const, star: parseStar(s), at, end: s.lastEnd };
      s.expect('}');
      return { ...emptyCall('OBJECT_CONSTRUCT', at, s.lastEnd), args: [star] };
    }
    const pair = () => {
      const key = s.string();
      s.expect(':');
      return { key, value: parseExpression(s) };
    };
    const pairs = s.is('}') ? [] : list(s, pair);
    s.expect('}');
    return { kind: 'object', pairs, at, end: s.lastEnd };
  }
  if (s.is('*')) return { kind: 'star', star: parseStar(s), at, end: s.lastEnd };
  throw s.unexpected();
}

const emptyCall = (name: string, at: number, end: number): Call => ({
  kind: 'call',
  name: [name],
  args: [],
  named: [],
  distinct: false,
  at,
  end,
});

const plainStar = (): Star => ({ exclude: [], replace: [], rename: [] });

/** `*` and what may follow it: ILIKE, EXCLUDE, REPLACE, RENAME. The qualifier is read already. */
export function parseStar(s: TokenStream, of?: string[]): Star {
  s.expect('*');
  const star: Star = { ...plainStar(), of };
  const group = <T>(item: () => T): T[] => {
    if (!s.take('(')) return [item()];
    const items = list(s, item);
    s.expect(')');
    return items;
  };
  if (s.take('ILIKE')) star.ilike = s.string();
  if (s.take('EXCLUDE')) star.exclude = group(() => s.identifier());
  const aliased = () => {
    const expr = parseExpression(s);
    s.expect('AS');
    return { expr, name: s.identifier() };
  };
  if (s.is('REPLACE', '(')) {
    s.take('REPLACE');
    star.replace = group(aliased);
  }
  const renamed = () => {
    const from = s.identifier();
    s.expect('AS');
    return { from, to: s.identifier() };
  };
  if (s.is('RENAME', '(') || (s.is('RENAME') && s.peek(2).value === 'AS')) {
    s.take('RENAME');
    star.rename = group(renamed);
  }
  return star;
}

const TYPED_LITERALS = ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'];

function parseWord(s: TokenStream): Expr {
  const { start: at, value: word } = s.peek();
  if (s.take('NULL')) return { kind: 'null', at, end: s.lastEnd };
  if (s.take('TRUE')) return { kind: 'boolean', value: true, at, end: s.lastEnd };
  if (s.take('FALSE')) return { kind: 'boolean', value: false, at, end: s.lastEnd };
  if (s.is('CASE')) return parseCase(s);
  if (s.is('EXISTS', '(')) {
    s.expect('EXISTS', '(');
    const query = parseQuery(s);
    s.expect(')');
    return { kind: 'exists', query, at, end: s.lastEnd };
  }
  if (s.is('CAST', '(') || s.is('TRY_CAST', '(')) {
    s.expect(word, '(');
    const operand = parseExpression(s);
    s.expect('AS');
    const type = parseType(s);
    s.expect(')');
    return { kind: 'cast', operand, type, tolerant: word === 'TRY_CAST', at, end: s.lastEnd };
  }
  if (s.is('IDENTIFIER', '(')) {
    s.expect('IDENTIFIER', '(');
    const expr = parseExpression(s);
    s.expect(')');
    return { kind: 'identifier', expr, at, end: s.lastEnd };
  }
  if (s.is('EXTRACT', '(')) return parseExtract(s);
  if (s.is('POSITION', '(')) return parsePosition(s);
  if (word === 'INTERVAL' && s.peek(1).kind === 'string') {
    s.next();
    return { kind: 'interval', text: s.string(), at, end: s.lastEnd };
  }
  if (TYPED_LITERALS.includes(word) && s.peek(1).kind === 'string') {
    const type = parseType(s) as DataType;
    const operand = parsePrimary(s);
    return { kind: 'cast', operand, type, tolerant: false, at, end: s.lastEnd };
  }
  if (RESERVED.has(word) && !s.is(word, '(')) throw s.unexpected();
  return parseName(s);
}

/** A column, `t.*`, `t.$1`, or a function call. */
function parseName(s: TokenStream): Expr {
  const at = s.peek().start;
  const parts = [s.identifier()];
  while (s.is('.')) {
    const next = s.peek(1);
    if (next.kind === 'operator' && next.value === '*') {
      s.take('.');
      return { kind: 'star', star: parseStar(s, parts), at, end: s.lastEnd };
    }
    s.take('.');
    if (next.kind === 'variable') {
      s.next();
      return { kind: 'position', index: Number(next.value), of: parts.at(-1), at, end: s.lastEnd };
    }
    parts.push(s.is('.') ? 'PUBLIC' : s.identifier());
  }
  if (s.is('(')) return parseCall(s, parts, at);
  return { kind: 'column', parts, at, end: s.lastEnd };
}

/** The arguments of a call and its WITHIN GROUP, IGNORE NULLS and OVER clauses. */
export function parseCall(s: TokenStream, name: string[], at: number): Call {
  const call = emptyCall(name[0]!, at, at);
  call.name = name;
  s.expect('(');
  call.distinct = s.take('DISTINCT');
  if (!call.distinct) s.take('ALL');
  if (!s.is(')'))
    list(s, () => {
      if (s.peek(1).value === '=>' && s.peek(1).kind === 'operator') {
        const argument = s.identifier();
        s.expect('=>');
        call.named.push({ name: argument, value: parseExpression(s) });
      } else call.args.push(startsQuery(s) ? bareSubquery(s) : parseExpression(s));
    });
  const nulls = () => {
    if (s.take('IGNORE', 'NULLS')) call.ignoreNulls = true;
    else if (s.take('RESPECT', 'NULLS')) call.ignoreNulls = false;
  };
  nulls();
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
    const descending = s.take('DESC');
    if (!descending) s.take('ASC');
    const nullsFirst = s.take('NULLS', 'FIRST') ? true : s.take('NULLS', 'LAST') ? false : undefined;
    return { expr, descending, nullsFirst };
  });
}

function parseOver(s: TokenStream): Over {
  if (!s.is('(')) throw notSupportedLocally('OVER name', 'named windows are not built', 'Write OVER (…).');
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

function parseCase(s: TokenStream): Expr {
  const at = s.peek().start;
  s.expect('CASE');
  const operand = s.is('WHEN') ? undefined : parseExpression(s);
  const whens: { when: Expr; result: Expr }[] = [];
  while (s.take('WHEN')) {
    const when = parseExpression(s);
    s.expect('THEN');
    whens.push({ when, result: parseExpression(s) });
  }
  if (whens.length === 0) throw s.unexpected();
  const otherwise = s.take('ELSE') ? parseExpression(s) : undefined;
  s.expect('END');
  return { kind: 'case', operand, whens, otherwise, at, end: s.lastEnd };
}

/** EXTRACT(part FROM value) is DATE_PART(part, value). */
function parseExtract(s: TokenStream): Expr {
  const at = s.peek().start;
  s.expect('EXTRACT', '(');
  const part = s.peek();
  s.next();
  if (!s.take(',')) s.expect('FROM');
  const value = parseExpression(s);
  s.expect(')');
  const name: Expr = { kind: 'string', value: part.value, at: part.start, end: part.end };
  return { ...emptyCall('DATE_PART', at, s.lastEnd), args: [name, value] };
}

/** POSITION(a IN b) is POSITION(a, b). */
function parsePosition(s: TokenStream): Expr {
  const at = s.peek().start;
  s.expect('POSITION', '(');
  const args = [parseAdditive(s)];
  if (s.take('IN')) args.push(parseAdditive(s));
  else while (s.take(',')) args.push(parseExpression(s));
  s.expect(')');
  return { ...emptyCall('POSITION', at, s.lastEnd), args };
}
