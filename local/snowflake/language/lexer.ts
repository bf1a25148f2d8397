import { depthError, type SnowflakeError, syntaxError } from '../errors.js';

/**
 * A token of a statement. `value`: identifiers folded as Snowflake folds them (upper-case unless quoted),
 * strings without quotes and escapes, numbers and operators as written.
 */
export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'operator' | 'variable' | 'end';
  value: string;
  /** Offsets into the statement's text. */
  start: number;
  end: number;
}

const OPERATORS = ['->>', '=>', '::', '||', '<>', '!=', '<=', '>=', ':=', '->', '**'];

/**
 * Splits Snowflake SQL into tokens. Comments (line and block) are passed over, but `//` after a colon is part
 * of PUT's and GET's file://…; `$$ … $$` is a string
 * without escapes; `'` strings know `''` and backslash escapes; `$1`, `$name` are variables.
 * @throws SnowflakeError 001003 for a quote or comment that is not closed
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  /** Where the stage's path that was met last ends: `//` in it is no comment. */
  let path = 0;
  const push = (kind: Token['kind'], value: string, start: number) =>
    tokens.push({ kind, value, start, end: at });
  while (at < text.length) {
    const start = at;
    const c = text[at]!;
    if (/\s/.test(c)) {
      at++;
    } else if (
      text.startsWith('--', at) ||
      (text.startsWith('//', at) && text[at - 1] !== ':' && at >= path)
    ) {
      const newline = text.indexOf('\n', at);
      at = newline < 0 ? text.length : newline + 1;
    } else if (text.startsWith('/*', at)) {
      at = closing(text, '*/', at + 2, start);
    } else if (text.startsWith('$$', at)) {
      at = closing(text, '$$', at + 2, start);
      push('string', text.slice(start + 2, at - 2), start);
    } else if (c === "'") {
      const [value, end] = readString(text, at);
      at = end;
      push('string', value, start);
    } else if (c === '"') {
      const [value, end] = readIdentifier(text, at);
      at = end;
      push('quoted', value, start);
    } else if (/[A-Za-z_\u0080-\uffff]/.test(c)) {
      at = matchEnd(/[A-Za-z0-9_$\u0080-\uffff]*/y, text, at);
      push('word', text.slice(start, at).toUpperCase(), start);
    } else if (/[0-9]/.test(c) || (c === '.' && /[0-9]/.test(text[at + 1] ?? ''))) {
      at = matchEnd(/(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/y, text, at);
      push('number', text.slice(start, at), start);
    } else if (c === '$' && /[A-Za-z0-9_]/.test(text[at + 1] ?? '')) {
      at = matchEnd(/\$[A-Za-z0-9_]*/y, text, at);
      push('variable', text.slice(start + 1, at).toUpperCase(), start);
    } else {
      const operator = OPERATORS.find((o) => text.startsWith(o, at)) ?? c;
      if (c === '@') path = at + locationText(text, at).length;
      at += operator.length;
      push('operator', operator, start);
    }
  }
  return tokens;
}

/** Line (from 1) and character (from 0) of an offset, as Snowflake's messages give them. */
export function positionOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, character: before[before.length - 1]!.length };
}

/** `@"my stage"/a//b`; '' where none stands. */
function locationText(text: string, at: number): string {
  const location = /@(?:"(?:[^"]|"")*"|[^\s(),;'"])+/y;
  location.lastIndex = at;
  return location.exec(text)?.[0] ?? '';
}

function closing(text: string, mark: string, from: number, start: number): number {
  const found = text.indexOf(mark, from);
  if (found < 0) throw syntaxError(`unterminated ${text.slice(start, start + 2)}.`, positionOf(text, start));
  return found + mark.length;
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

/** Escapes of single-quoted strings: docs.snowflake.com/en/sql-reference/data-types-text, "Escape sequences". */
function readString(text: string, start: number): [string, number] {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at]!;
    if (c === "'") {
      if (text[at + 1] !== "'") return [value, at + 1];
      value += "'";
      at++;
    } else if (c === '\\') {
      const next = text[++at] ?? '';
      const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(text.slice(at, at + 5));
      const octal = /^[0-3][0-7]{2}/.exec(text.slice(at, at + 3))?.[0];
      if (octal) {
        value += String.fromCharCode(Number.parseInt(octal, 8));
        at += 2;
      } else if (hex) {
        value += String.fromCharCode(Number.parseInt(hex[1] ?? hex[2]!, 16));
        at += hex[0].length - 1;
      } else value += ESCAPES[next] ?? next;
    } else value += c;
  }
  throw syntaxError("unterminated string literal '.", positionOf(text, start));
}

function readIdentifier(text: string, start: number): [string, number] {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') value += text[at];
    else if (text[at + 1] === '"') {
      value += '"';
      at++;
    } else return [value, at + 1];
  }
  throw syntaxError('unterminated identifier ".', positionOf(text, start));
}

/** How deep brackets, calls, signs and subqueries may stand in each other: DuckDB takes the cube of it. */
const DEEPEST = 250;

/** Reads one statement's tokens from left to right; the hand-written statement parsers are built on it. */
export class TokenStream {
  private at = 0;
  private depth = 0;
  readonly tokens: Token[];
  /** What `TIMESTAMP` means: the session's TIMESTAMP_TYPE_MAPPING. */
  timestampType: 'TIMESTAMP_NTZ' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ' = 'TIMESTAMP_NTZ';
  /** Whether new sequences are ORDER unless they say NOORDER: the session's NOORDER_SEQUENCE_AS_DEFAULT. */
  orderedSequences = false;

  constructor(
    readonly text: string,
    tokens?: Token[],
  ) {
    this.tokens = tokens ?? tokenize(text);
  }

  /** The next token, or the one `ahead` places after it, without taking it. */
  peek(ahead = 0): Token {
    const end = this.text.length;
    return this.tokens[this.at + ahead] ?? { kind: 'end', value: '', start: end, end };
  }

  next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  /** Where the token taken last ends in the text. */
  get lastEnd(): number {
    return this.tokens[this.at - 1]?.end ?? 0;
  }

  /** Moves to the first token that starts at this offset or behind it, in either direction. */
  seek(offset: number): void {
    const found = this.tokens.findIndex((token) => token.start >= offset);
    this.at = found < 0 ? this.tokens.length : found;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** True if the next words are these keywords or operators (unquoted). */
  is(...words: string[]): boolean {
    for (let i = 0; i < words.length; i++) {
      const token = this.tokens[this.at + i];
      if (!token || token.value !== words[i] || (token.kind !== 'word' && token.kind !== 'operator'))
        return false;
    }
    return true;
  }

  /** Takes the next words if they are these. */
  take(...words: string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }

  /** Takes these words. @throws SnowflakeError 001003 if something else stands there */
  expect(...words: string[]): void {
    for (const word of words) if (!this.take(word)) throw this.tokenError();
  }

  /** An identifier, folded. @throws SnowflakeError 001003 */
  identifier(): string {
    const token = this.next();
    if (token.kind !== 'word' && token.kind !== 'quoted') {
      this.at--;
      throw this.tokenError();
    }
    return token.value;
  }

  /** Gives IDENTIFIER($x) and IDENTIFIER(?) the text they stand for; set by code that knows the session. */
  values?: { variable(name: string): string; bind(position: number): string };

  /** A dotted name: parts folded, at most three. `DB..T` means the PUBLIC schema. Or IDENTIFIER(…) of such a text. */
  name(): string[] {
    if (this.is('IDENTIFIER', '(')) return this.identifierByValue();
    const parts = [this.identifier()];
    while (this.take('.')) parts.push(this.is('.') ? 'PUBLIC' : this.identifier());
    return parts;
  }

  /** The name of an object that lies in the account itself, such as a role: an identifier, or IDENTIFIER(…). */
  accountName(): string {
    if (!this.is('IDENTIFIER', '(')) return this.identifier();
    const place = this.peek();
    const parts = this.name();
    if (parts.length === 1) return parts[0]!;
    this.seek(place.start);
    throw this.tokenError();
  }

  private identifierByValue(): string[] {
    this.expect('IDENTIFIER', '(');
    const bound = this.takeBind();
    const token = bound === undefined ? this.next() : undefined;
    let text = bound ?? token!.value;
    if (token?.kind === 'variable' && this.values) text = this.values.variable(token.value);
    else if (token && token.kind !== 'string') {
      this.at--;
      throw this.tokenError();
    }
    this.expect(')');
    const inner = new TokenStream(text);
    const parts = inner.name();
    inner.expectEnd();
    return parts;
  }

  /** Takes a `?`, if it is next, and gives the value that is bound to it as text. */
  takeBind(): string | undefined {
    const isBind = (token: Token) => token.kind === 'operator' && token.value === '?';
    if (!this.values || !isBind(this.peek())) return undefined;
    const before = this.tokens.slice(0, this.at).filter(isBind).length;
    this.next();
    return this.values.bind(before + 1);
  }

  /** The text of `@stage/path`, `'@stage/path'` or `'s3://…'`: to the next blank, comma or parenthesis. */
  location(): string {
    const token = this.peek();
    if (token.kind === 'string') return this.string();
    const found = locationText(this.text, token.start);
    if (found === '') throw this.tokenError();
    this.seek(token.start + found.length);
    return found;
  }

  string(): string {
    const token = this.next();
    if (token.kind === 'string') return token.value;
    this.at--;
    throw this.tokenError();
  }

  /** Reads a part that may stand in a part of its kind. @throws SnowflakeError 000002 if it does so too often */
  nest<T>(read: () => T): T {
    if (this.depth >= DEEPEST) throw depthError(DEEPEST);
    this.depth++;
    try {
      return read();
    } finally {
      this.depth--;
    }
  }

  /** The text from the next token to the end of the statement, taken whole. */
  rest(): string {
    const text = this.text.slice(this.peek().start);
    this.at = this.tokens.length;
    return text.replace(/;\s*$/, '');
  }

  /** The text of a balanced `( … )`, without the parentheses; the stream moves behind it. */
  parenthesesText(): string {
    this.expect('(');
    const from = this.peek().start;
    for (let depth = 1; ; ) {
      const token = this.next();
      if (token.kind === 'end') throw syntaxError('unexpected end of statement, expected ).');
      if (token.kind !== 'operator') continue;
      if (token.value === '(') depth++;
      if (token.value === ')' && --depth === 0) return this.text.slice(from, token.start);
    }
  }

  /** @throws SnowflakeError 001003 if anything but a final `;` is left */
  expectEnd(): void {
    this.take(';');
    if (!this.done) throw this.tokenError();
  }

  tokenError(): SnowflakeError {
    const token = this.peek();
    const shown = token.kind === 'end' ? '<EOF>' : this.text.slice(token.start, token.end);
    return syntaxError(`unexpected '${shown}'.`, positionOf(this.text, token.start));
  }
}
