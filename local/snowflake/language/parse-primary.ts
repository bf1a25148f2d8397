import { localRefusal } from '../errors.js';
import { type DataType, MAX_BINARY } from '../types/data-type.js';
import type { Expr } from './ast.js';
import type { TokenStream } from './lexer.js';
import { emptyCall, parseCall, parseExtract, parsePosition } from './parse-call.js';
import { list, parseExpression } from './parse-expression.js';
import { parseQuery, startsQuery } from './parse-query.js';
import { parseStar } from './parse-star.js';
import { parseType } from './parse-type.js';
import { RESERVED } from './reserved.js';

/** `?` are numbered by their order in the statement. */
const questionMarks = new WeakMap<TokenStream, number>();

/** A literal, a name, a call, or something in brackets: what operators stand between. */
export function parsePrimary(s: TokenStream): Expr {
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
      throw s.tokenError();
  }
}

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
  throw s.tokenError();
}

/** `X'4A'` */
const BINARY: DataType = { kind: 'BINARY', length: MAX_BINARY };

const TYPED_LITERALS = [
  'DECFLOAT',
  'FLOAT',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
];

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
    if (s.is('RENAME', 'FIELDS') || s.is('ADD', 'FIELDS'))
      throw localRefusal(`CAST … ${s.peek().value} FIELDS`, 'it is not built', 'Write OBJECT_CONSTRUCT(…).');
    s.expect(')');
    return { kind: 'cast', operand, type, tolerant: word === 'TRY_CAST', at, end: s.lastEnd };
  }
  if (s.is('IDENTIFIER', '(')) {
    s.expect('IDENTIFIER', '(');
    const expr = parseExpression(s);
    s.expect(')');
    if (s.is('(')) return { ...parseCall(s, ['IDENTIFIER'], at), identifier: expr };
    return { kind: 'identifier', expr, at, end: s.lastEnd };
  }
  if (
    (word === 'CONNECT_BY_ROOT' || word === 'PRIOR') &&
    s.peek(1).kind === 'word' &&
    !RESERVED.has(s.peek(1).value)
  )
    throw localRefusal('CONNECT BY', 'hierarchical queries are not built', 'Write WITH RECURSIVE.');
  if (s.is('EXTRACT', '(')) return parseExtract(s);
  if (s.is('POSITION', '(')) return parsePosition(s);
  if (word === 'INTERVAL' && s.peek(1).kind === 'string') {
    s.next();
    return { kind: 'interval', text: s.string(), at, end: s.lastEnd };
  }
  if (word === 'X' && s.peek(1).kind === 'string' && s.peek(1).start === at + 1) {
    s.next();
    const operand = parsePrimary(s);
    return { kind: 'cast', operand, type: BINARY, tolerant: false, at, end: s.lastEnd };
  }
  if (TYPED_LITERALS.includes(word) && s.peek(1).kind === 'string') {
    const type = parseType(s);
    const operand = parsePrimary(s);
    return { kind: 'cast', operand, type, tolerant: false, at, end: s.lastEnd };
  }
  if (RESERVED.has(word) && !s.is(word, '(')) throw s.tokenError();
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
  if (s.is('(', '+', ')'))
    throw localRefusal('(+) for an outer join', 'it is not built', 'Write LEFT JOIN … ON.');
  if (s.is('(')) return parseCall(s, parts, at);
  return { kind: 'column', parts, at, end: s.lastEnd };
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
  if (whens.length === 0) throw s.tokenError();
  const otherwise = s.take('ELSE') ? parseExpression(s) : undefined;
  s.expect('END');
  return { kind: 'case', operand, whens, otherwise, at, end: s.lastEnd };
}
