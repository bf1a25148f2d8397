import { localRefusal, SnowflakeError } from '../errors.js';
import type { TokenStream } from '../language/lexer.js';

/** Words between CREATE and the kind of object. */
const MODIFIERS = new Set([
  // Snowpark's word before TEMPORARY, on no page of the documentation; an account takes it for nothing more.
  'SCOPED',
  'TRANSIENT',
  'TEMPORARY',
  'TEMP',
  'VOLATILE',
  'LOCAL',
  'GLOBAL',
  'SECURE',
  'RECURSIVE',
]);

const TEMPORARY = ['TEMPORARY', 'TEMP', 'VOLATILE'];

/** Whether CREATE says that the object lasts as long as the session. */
export function isTemporary(modifiers: ReadonlySet<string>): boolean {
  return TEMPORARY.some((word) => modifiers.has(word));
}

/** The modifiers that mean something to these kinds, in the order in which they stand; others look after themselves. */
const TAKEN: Record<string, string[]> = {
  DATABASE: ['TRANSIENT'],
  'FILE FORMAT': TEMPORARY,
  ROLE: [],
  SCHEMA: ['TRANSIENT'],
  SEQUENCE: [],
  STAGE: TEMPORARY,
  STREAM: [],
  TASK: [],
  USER: [],
  VIEW: ['SECURE', 'LOCAL', 'GLOBAL', ...TEMPORARY, 'RECURSIVE'],
  WAREHOUSE: [],
};

export interface CreateStart {
  orReplace: boolean;
  orAlter: boolean;
  modifiers: Set<string>;
}

/** Reads `CREATE [OR REPLACE | OR ALTER] [modifiers]`, up to the kind of object. */
export function createStart(tokens: TokenStream): CreateStart {
  tokens.expect('CREATE');
  const start: CreateStart = { orReplace: false, orAlter: false, modifiers: new Set() };
  if (tokens.take('OR', 'REPLACE')) start.orReplace = true;
  else if (tokens.take('OR', 'ALTER')) start.orAlter = true;
  while (tokens.peek().kind === 'word' && MODIFIERS.has(tokens.peek().value)) {
    start.modifiers.add(tokens.next().value);
  }
  if (start.modifiers.delete('SCOPED') && !isTemporary(start.modifiers)) throw tokens.tokenError();
  return start;
}

export interface CreateHead extends CreateStart {
  ifNotExists: boolean;
  name: string[];
}

/**
 * Reads `CREATE [OR REPLACE | OR ALTER] [modifiers] KIND [IF NOT EXISTS] name`.
 * @param kind e.g. 'FILE', 'FORMAT'
 */
export function createHead(tokens: TokenStream, ...kind: string[]): CreateHead {
  const start = createStart(tokens);
  const modifiers = TAKEN[kind.join(' ')];
  for (const word of modifiers ? start.modifiers : []) {
    if (modifiers!.includes(word)) continue;
    if (TEMPORARY.includes(word))
      throw localRefusal(
        `CREATE ${word} ${kind.join(' ')}`,
        'only tables, stages, file formats and views can be temporary here',
      );
    throw tokens.tokenError();
  }
  const places = [...start.modifiers].map((word) => modifiers?.indexOf(word) ?? 0);
  if (places.some((place, i) => i > 0 && place < places[i - 1]!)) throw tokens.tokenError();
  if (isScopeAlone(start.modifiers)) throw tokens.tokenError();
  tokens.expect(...kind);
  const before = tokens.take('IF', 'NOT', 'EXISTS');
  const name = tokens.name();
  const ifNotExists = before || tokens.take('IF', 'NOT', 'EXISTS');
  refuseBoth(start, ifNotExists);
  return { ...start, ifNotExists, name };
}

/** LOCAL and GLOBAL say something of what is temporary only. */
function isScopeAlone(modifiers: ReadonlySet<string>): boolean {
  return (modifiers.has('LOCAL') || modifiers.has('GLOBAL')) && !isTemporary(modifiers);
}

/** Either what is there is replaced, or it stays. @throws SnowflakeError 002262-like */
export function refuseBoth(start: CreateStart, ifNotExists: boolean): void {
  if (!ifNotExists || !(start.orReplace || start.orAlter)) return;
  const first = start.orReplace ? 'OR REPLACE' : 'OR ALTER';
  throw new SnowflakeError(
    '001506',
    '42601',
    `SQL compilation error:\noptions ${first} and IF NOT EXISTS are incompatible.`,
  );
}

/**
 * The leading keywords of a statement, as `Statement.leading` names them: DESC is DESCRIBE, and what CREATE and
 * SHOW may carry between is left out.
 */
export function leadingWords(tokens: TokenStream, count: number): string[] {
  const words: string[] = [];
  for (let at = 0; words.length < count; at++) {
    const token = tokens.peek(at);
    if (token.kind !== 'word' && token.kind !== 'operator') break;
    const after = words.length === 1 ? words[0] : undefined;
    if (after === 'SHOW' && token.value === 'TERSE') continue;
    if (after === 'CREATE' && MODIFIERS.has(token.value)) continue;
    if (
      after === 'CREATE' &&
      token.value === 'OR' &&
      ['REPLACE', 'ALTER'].includes(tokens.peek(at + 1).value)
    )
      at++;
    else words.push(at === 0 && token.value === 'DESC' ? 'DESCRIBE' : token.value);
  }
  return words;
}

/** 001426: an option that is given twice. */
export function duplicateProperty(key: string): SnowflakeError {
  return new SnowflakeError('001426', '22023', `SQL compilation error:\nduplicate property '${key}'`);
}

/** Value of `KEY = value`: words upper-case, lists of values, nested `KEY = (A = 1 B = 2)`. */
export type OptionValue = string | number | boolean | OptionValue[] | { [key: string]: OptionValue };

/**
 * Reads `KEY = value` pairs (commas between them allowed) until something else stands there. A word TRUE or
 * FALSE is a boolean, any other word its upper-case text.
 * @param stop words that end the list, e.g. AS
 * @throws SnowflakeError 001003, or `duplicate` for an option that is given twice with different values
 */
export function readOptions(
  tokens: TokenStream,
  stop: string[] = [],
  duplicate = duplicateProperty,
): Record<string, OptionValue> {
  const options: Record<string, OptionValue> = {};
  for (;;) {
    tokens.take(',');
    const key = tokens.peek();
    if (key.kind !== 'word' || stop.includes(key.value) || tokens.peek(1).value !== '=') return options;
    tokens.next();
    tokens.expect('=');
    const given = readOptionValue(tokens);
    if (key.value in options && JSON.stringify(options[key.value]) !== JSON.stringify(given))
      throw duplicate(key.value);
    options[key.value] = given;
  }
}

/** Reads one value of an option. @throws SnowflakeError 001003 */
export function readOptionValue(tokens: TokenStream): OptionValue {
  if (tokens.take('(')) {
    if (tokens.peek().kind === 'word' && tokens.peek(1).value === '=') {
      const nested = readOptions(tokens);
      tokens.expect(')');
      return nested;
    }
    const list: OptionValue[] = [];
    while (!tokens.take(')')) {
      list.push(readOptionValue(tokens));
      tokens.take(',');
    }
    return list;
  }
  const bound = tokens.takeBind();
  if (bound !== undefined) return bound;
  const negative = tokens.take('-');
  const token = tokens.next();
  if (token.kind === 'number') return (negative ? -1 : 1) * Number(token.value);
  if (token.kind === 'string' || token.kind === 'quoted') return token.value;
  if (token.kind === 'word') {
    if (token.value === 'TRUE' || token.value === 'FALSE') return token.value === 'TRUE';
    let word = token.value;
    while (tokens.is('.') && tokens.peek(1).kind === 'word') {
      tokens.next();
      word += `.${tokens.next().value}`;
    }
    return word;
  }
  throw tokens.tokenError();
}

/** The keys of CLUSTER BY as an account keeps them; GET_DDL writes `LINEAR(…)`, which is read as well. */
export function clusterKeys(tokens: TokenStream): string {
  tokens.take('LINEAR');
  return `LINEAR(${tokens.parenthesesText()})`;
}
