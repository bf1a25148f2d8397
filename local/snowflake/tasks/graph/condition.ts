import { localRefusal, SnowflakeError } from '../../errors.js';
import { TokenStream } from '../../language/lexer.js';
import { splitName } from '../../language/split-name.js';

/** What WHEN may call (docs: sql-reference/sql/create-task): these two, and casts. */
const FUNCTIONS = new Set([
  'SYSTEM$STREAM_HAS_DATA',
  'SYSTEM$GET_PREDECESSOR_RETURN_VALUE',
  'CAST',
  'TRY_CAST',
  'TO_BOOLEAN',
  'TO_NUMBER',
  'TO_VARCHAR',
]);
/** Words that a parenthesis may follow without a call: `NOT (…)`, `x IN (…)`, `x::NUMBER(3)`. */
const NO_CALLS = new Set(['NOT', 'AND', 'OR', 'IN', 'NUMBER', 'DECIMAL', 'NUMERIC', 'VARCHAR', 'FLOAT']);

/** Reads the text of WHEN, up to AS outside parentheses (or the end). @throws SnowflakeError as `checkCondition` */
export function readCondition(tokens: TokenStream): string {
  const from = tokens.peek().start;
  let to = from;
  for (let depth = 0; !tokens.done && !(depth === 0 && (tokens.is('AS') || tokens.is(';'))); ) {
    const token = tokens.next();
    if (token.value === '(' && token.kind === 'operator') depth++;
    if (token.value === ')' && token.kind === 'operator') depth--;
    to = token.end;
  }
  return checkCondition(tokens.text.slice(from, to));
}

/** @throws SnowflakeError for what WHEN may not contain */
function checkCondition(text: string): string {
  const tokens = new TokenStream(text);
  while (!tokens.done) {
    const token = tokens.next();
    if (token.kind !== 'word') continue;
    const called = tokens.is('(') && !NO_CALLS.has(token.value);
    if (token.value === 'SELECT' || (called && !FUNCTIONS.has(token.value)))
      throw new SnowflakeError(
        '002076',
        '0A000',
        `SQL compilation error:\nInvalid expression [${token.value}] in the WHEN clause of a task: it may use SYSTEM$STREAM_HAS_DATA, SYSTEM$GET_PREDECESSOR_RETURN_VALUE, casts, comparisons, AND, OR and NOT.`,
      );
  }
  return text;
}

/** The names of the streams whose data a condition asks for, in parts. */
export function streamsIn(condition: string): string[][] {
  const tokens = new TokenStream(condition);
  const names: string[][] = [];
  while (!tokens.done) {
    if (tokens.next().value !== 'SYSTEM$STREAM_HAS_DATA' || !tokens.take('(')) continue;
    if (tokens.peek().kind !== 'string')
      throw localRefusal('SYSTEM$STREAM_HAS_DATA of no literal in WHEN', 'the stream must be known');
    names.push(splitName(tokens.string()));
  }
  return names;
}
