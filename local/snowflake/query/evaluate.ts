import { syntaxError } from '../errors.js';
import { TokenStream } from '../language/lexer.js';
import { parseExpression } from '../language/parse-expression.js';
import type { Cell, DataType } from '../types/data-type.js';
import { compileQuery, type QueryContext } from './compile.js';
import { fetchRows } from './run/run.js';

/**
 * Evaluates an expression on its own: SET, CALL arguments, a task's WHEN, a default.
 * @throws SnowflakeError
 */
export async function evaluate(context: QueryContext, text: string): Promise<{ type: DataType; cell: Cell }> {
  const [value] = await evaluateAll(context, [text]);
  return value!;
}

/** Evaluates several expressions in one go. */
export async function evaluateAll(
  context: QueryContext,
  texts: string[],
): Promise<{ type: DataType; cell: Cell }[]> {
  if (texts.length === 0) return [];
  const values = texts.map((text) => {
    const tokens = new TokenStream(text);
    const expr = parseExpression(tokens);
    tokens.expectEnd();
    return { expr, text };
  });
  const all = texts.join(', ');
  const query = compileQuery(context, `SELECT ${all}`);
  const [row] = await fetchRows(query);
  if (!row || row.length !== values.length) throw syntaxError(`unexpected expression list '${all}'.`);
  return row.map((cell, i) => ({ type: query.columns[i]!.type, cell }));
}
