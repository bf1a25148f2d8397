// What an account calls a statement that needs a current database or schema: "Cannot perform CREATE TABLE. …".
import { SnowflakeError } from '../errors.js';
import type { TokenStream } from '../language/lexer.js';

const READING = new Set(['SELECT', 'WITH', 'VALUES', '(']);
/** What may stand between CREATE and the kind of object. */
const MODIFIERS = new Set(
  'OR REPLACE ALTER LOCAL GLOBAL SCOPED TEMP TEMPORARY TRANSIENT VOLATILE SECURE RECURSIVE NOT NULL'.split(
    ' ',
  ),
);
const LONG_KINDS = new Set(['FILE', 'EVENT', 'API', 'STORAGE', 'NOTIFICATION', 'EXTERNAL']);

/** 090105 and 090106 with the statement's name in place of the word "statement". */
export function performError(tokens: TokenStream | undefined, error: SnowflakeError): SnowflakeError {
  if (!tokens || (error.code !== '090105' && error.code !== '090106')) return error;
  const words = tokens.tokens.slice(0, 12).map(({ value }) => value.toUpperCase());
  const message = error.message.replace(/^Cannot perform statement\./, `Cannot perform ${nameWords(words)}.`);
  return new SnowflakeError(error.code, error.sqlState, message, error.position);
}

function nameWords(words: string[]): string {
  const [first = 'operation'] = words;
  if (READING.has(first)) return 'SELECT';
  if (first !== 'CREATE') return first;
  const kind = words.findIndex((word, place) => place > 0 && !MODIFIERS.has(word));
  return ['CREATE', ...words.slice(kind, kind + (LONG_KINDS.has(words[kind]!) ? 2 : 1))].join(' ');
}
