import { depthError } from '../errors.js';
import type { Expr } from './ast.js';
import type { TokenStream } from './lexer.js';
import { parsePrimary } from './parse-primary.js';
import { parseQuery, startsQuery } from './parse-query.js';
import { parseType } from './parse-type.js';

/** Reads one expression, lowest precedence first: OR, AND, NOT, comparison, `+ - ||`, `* / %`, sign, `::`. */
export function parseExpression(s: TokenStream): Expr {
  return s.nest(() => infix(s, ['OR'], () => infix(s, ['AND'], () => parseNot(s))));
}

function infix(s: TokenStream, operators: string[], operand: () => Expr): Expr {
  let left = operand();
  for (;;) {
    const op = s.peek().value;
    if (!operators.includes(op) || !s.take(op)) return left;
    const right = operand();
    left = { kind: 'binary', op, left, right, at: left.at, end: right.end };
  }
}

function parseNot(s: TokenStream): Expr {
  const at = s.peek().start;
  if (!s.take('NOT')) return parseComparison(s);
  const operand = s.nest(() => parseNot(s));
  return { kind: 'unary', op: 'NOT', operand, at, end: operand.end };
}

/** The most comparisons, or casts and paths, behind one operand. */
const LONGEST = 60;

const COMPARISONS = new Set(['=', '<>', '!=', '<=', '>=', '<', '>']);

function parseComparison(s: TokenStream): Expr {
  let left = parseAdditive(s);
  for (let links = 1; ; links++) {
    if (links > LONGEST) throw depthError(LONGEST);
    const at = left.at;
    const op = s.peek().value;
    if (COMPARISONS.has(op) && s.take(op)) {
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
    if (s.peek().kind !== 'word') return left;
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
  throw s.tokenError();
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
  // NOT stands before what LIKE ANY asks, not inside of it.
  if (not && s.is('ANY')) throw s.tokenError();
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

export function parseAdditive(s: TokenStream): Expr {
  return infix(s, ['+', '-', '||'], () => infix(s, ['*', '/', '%'], () => parseSign(s)));
}

function parseSign(s: TokenStream): Expr {
  const { value: op, start: at } = s.peek();
  if ((op !== '-' && op !== '+') || !s.take(op)) return parsePostfix(s);
  const operand = s.nest(() => parseSign(s));
  if (op === '-' && operand.kind === 'number' && !operand.text.startsWith('-'))
    return { ...operand, text: `-${operand.text}`, at };
  return { kind: 'unary', op, operand, at, end: operand.end };
}

/** `::type`, `:path`, `[index]`, `.field` behind an operand. */
function parsePostfix(s: TokenStream): Expr {
  let expr = parsePrimary(s);
  for (let links = 1; ; links++) {
    if (links > LONGEST) throw depthError(LONGEST);
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
  throw s.tokenError();
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
