import { setImmediate } from 'node:timers/promises';
import { localRefusal } from '../errors.js';
import { type Token, tokenize } from './lexer.js';

/** One statement of several in a text, with the number of `?` that come before it. */
export interface Piece {
  text: string;
  bindsBefore: number;
  binds: number;
}

/**
 * Splits a text at its semicolons (not those in strings, comments or BEGIN … END blocks). Empty statements and
 * the comments after the last one are left out.
 * @throws SnowflakeError 001003 for an open quote or comment
 */
export function splitStatements(text: string): Piece[] {
  const tokens = tokenize(text);
  const pieces: Piece[] = [];
  let first = 0;
  let bindsBefore = 0;
  const cut = (end: number) => {
    if (end > first) {
      const binds = tokens.slice(first, end).filter(isBind).length;
      pieces.push({ text: text.slice(tokens[first]!.start, tokens[end - 1]!.end), bindsBefore, binds });
      bindsBefore += binds;
    }
    first = end + 1;
  };
  for (let at = 0; at < tokens.length; at++) {
    if (beginsBlock(tokens, at)) at = endOfBlock(tokens, at);
    else if (isOperator(tokens[at]!, ';')) cut(at);
  }
  cut(tokens.length);
  return pieces;
}

/** How many values a statement takes: one for each `?`, and one for each of `:1`, `:2` …, however often it stands there. */
export function countBinds(text: string): number {
  const tokens = tokenize(text);
  const numbered = tokens.flatMap((token, at) => {
    const next = tokens[at + 1];
    const isNumbered = isOperator(token, ':') && next?.kind === 'number' && next.start === token.end;
    return isNumbered ? [next.value] : [];
  });
  return tokens.filter(isBind).length + new Set(numbered).size;
}

/** Refuses Snowflake Scripting by name: a block, or a statement whose body is one. */
export function refuseBlock(tokens: { peek(ahead?: number): Token; is(...words: string[]): boolean }): void {
  if (!tokens.is('DECLARE') && !(tokens.is('BEGIN') && !endsBegin(tokens.peek(1)))) return;
  throw localRefusal(
    'Snowflake Scripting block',
    'only JavaScript procedures are built',
    'Write the block as a JavaScript procedure, or run its statements one by one.',
  );
}

function isOperator(token: Token, value: string): boolean {
  return token.kind === 'operator' && token.value === value;
}

function isBind(token: Token): boolean {
  return isOperator(token, '?');
}

function isWord(token: Token | undefined, ...values: string[]): boolean {
  return token?.kind === 'word' && values.includes(token.value);
}

/** BEGIN as a transaction statement is followed by nothing, TRANSACTION, WORK or NAME. */
function endsBegin(next: Token): boolean {
  return next.kind === 'end' || isOperator(next, ';') || isWord(next, 'TRANSACTION', 'WORK', 'NAME');
}

/** A block begins with BEGIN, or with DECLARE at a statement's start. */
function beginsBlock(tokens: Token[], at: number): boolean {
  if (isWord(tokens[at], 'DECLARE')) return at === 0 || isOperator(tokens[at - 1]!, ';');
  if (!isWord(tokens[at], 'BEGIN')) return false;
  const next = tokens[at + 1];
  return next !== undefined && !endsBegin(next);
}

/** The index of the block's last END; CASE … END and nested blocks are counted. */
function endOfBlock(tokens: Token[], begin: number): number {
  let depth = 0;
  const first = isWord(tokens[begin], 'DECLARE')
    ? tokens.findIndex((_, at) => at > begin && beginsBlock(tokens, at))
    : begin;
  if (first < 0) return tokens.length;
  for (let at = first; at < tokens.length; at++) {
    if (isWord(tokens[at], 'BEGIN', 'CASE')) depth++;
    else if (isWord(tokens[at], 'IF', 'FOR', 'WHILE', 'LOOP', 'REPEAT') && isWord(tokens[at - 1], 'END'))
      continue;
    else if (isWord(tokens[at], 'END') && !isWord(tokens[at + 1], 'IF', 'FOR', 'WHILE', 'LOOP', 'REPEAT')) {
      if (--depth === 0) return at;
    }
  }
  return tokens.length;
}

/** A statement of so many characters takes more than some 10 ms to be read, and as much again to be bound. */
const LONG = 4000;

/**
 * Lets other sessions' statements have their turn between the steps of a long statement, each of which holds the
 * event loop: tokenizing, parsing, binding.
 */
export async function othersFirst(text: string): Promise<void> {
  if (text.length > LONG) await setImmediate();
}
