// The pipe operator: `SHOW TABLES ->> SELECT "name" FROM $1`. Docs: sql-reference/operators-flow.
import type { Bind } from '../account.js';
import { SnowflakeError, syntaxError } from '../errors.js';
import { type Token, tokenize } from '../language/lexer.js';
import type { StatementContext, StatementOutcome } from './statement.js';

const PIPE = '->>';

const isOperator = (token: Token | undefined, value: string) =>
  token?.kind === 'operator' && token.value === value;

/** True if the statement is a chain of several. */
export function isPiped({ tokens }: StatementContext): boolean {
  return tokens.tokens.some((token) => isOperator(token, PIPE));
}

/**
 * Runs the statements of a chain one after the other; `FROM $n` in one is the result of the n-th before it.
 * @returns the last one's result
 */
export async function runPiped(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, signal } = context;
  const ids: string[] = [];
  let outcome: StatementOutcome | undefined;
  let binds = 0;
  for (const text of pieces(context.text, context.tokens.tokens)) {
    const tokens = tokenize(text);
    const own = tokens.filter((token) => isOperator(token, '?')).length;
    const { queryId, ...result } = await account.run(session, withSources(text, tokens, ids), {
      binds: shiftBinds(context.binds, binds, own),
      describeOnly: context.describeOnly,
      signal,
    });
    ids.unshift(queryId);
    binds += own;
    outcome = result;
  }
  return outcome!;
}

function pieces(text: string, tokens: Token[]): string[] {
  const cuts = tokens.filter((token) => isOperator(token, PIPE));
  const starts = [0, ...cuts.map(({ end }) => end)];
  const ends = [...cuts.map(({ start }) => start), text.length];
  return starts.map((start, i) => {
    const piece = text.slice(start, ends[i]).trim();
    if (piece === '') throw syntaxError(`a statement is missing beside ${PIPE}.`);
    return piece;
  });
}

/** The text with `$n` behind FROM and JOIN replaced by what it stands for. */
function withSources(text: string, tokens: Token[], ids: string[]): string {
  let out = '';
  let at = 0;
  let source = false;
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    const opens = before?.kind === 'word' && (before.value === 'FROM' || before.value === 'JOIN');
    const goesOn = source && isOperator(before, ',');
    if (token.kind === 'variable' && /^\d+$/.test(token.value) && (opens || goesOn)) {
      const id = ids[Number(token.value) - 1];
      if (id === undefined)
        throw new SnowflakeError(
          '002049',
          '42601',
          `SQL compilation error:\nInvalid pipe number $${token.value}: there are ${ids.length} statements before this one.`,
        );
      out += `${text.slice(at, token.start)}TABLE(RESULT_SCAN('${id}'))`;
      at = token.end;
      source = true;
    } else if (!isOperator(token, ',')) source = false;
  }
  return out + text.slice(at);
}

/** The binds of one statement of the chain, numbered from 1 again. */
function shiftBinds(binds: Record<string, Bind>, before: number, count: number): Record<string, Bind> {
  const own: Record<string, Bind> = {};
  for (let i = 1; i <= count; i++) {
    const bind = binds[String(before + i)];
    if (bind) own[String(i)] = bind;
  }
  return own;
}
