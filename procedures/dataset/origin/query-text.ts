/** Parts of a statement that are no code: comments, texts, names in quotes. */
const NO_CODE =
  /--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|''|[^'\\])*'|"(?:""|[^"])*"|\$\$[\s\S]*?\$\$/g;

/** A statement with blanks in place of its comments and texts, of the same length; names in quotes stay. */
export function codeOf(text: string): string {
  return text.replace(NO_CODE, (part) => (part.charAt(0) === '"' ? part : ' '.repeat(part.length)));
}

/** A query without the semicolon at its end. */
export function trimQuery(text: string): string {
  const trimmed = text.trim();
  const code = trimmed.replace(NO_CODE, (part) => ' '.repeat(part.length)).replace(/\s+$/, '');
  return code.charAt(code.length - 1) === ';'
    ? trimQuery(`${trimmed.slice(0, code.length - 1)}${trimmed.slice(code.length)}`)
    : trimmed;
}

/**
 * Names that no SQL of a contract may have: what goes on behind a statement, the account's own functions and
 * records, and the functions by which los asks SageMaker.
 */
const BEYOND =
  /\bSYSTEM\$\w*|\bACCOUNT_USAGE\b|\b(?:LOS_SAGEMAKER|LOS_INVOKE_\w+|PREDICT_LOS\w*)(?="?\s*\()/i;

function beyond(text: string): string | undefined {
  const found = /->>/.exec(text.replace(NO_CODE, ' ')) || BEYOND.exec(codeOf(text));
  return found
    ? `${found[0]} has no place in it: a contract reads rows and computes with their columns`
    : undefined;
}

/**
 * Finds what is wrong with a text that is to be one expression of SQL.
 * @returns undefined where nothing is
 * @example
 * expressionProblem('1) FROM X; DROP TABLE T'); // 'it is more than one expression'
 */
export function expressionProblem(text: string): string | undefined {
  const code = text.replace(NO_CODE, ' ');
  if (/;/.test(code) || bracketsOpen(code) !== 0) return 'it is more than one expression';
  if (/\$\$|['"]|\/\*/.test(code)) return 'a quote or comment in it is not closed';
  return beyond(text);
}

/** Counts the brackets that stay open; -1: one is closed that was not opened. */
function bracketsOpen(code: string): number {
  let depth = 0;
  for (const sign of code.split('')) {
    if (sign === '(') depth++;
    if (sign === ')' && --depth < 0) break;
  }
  return depth;
}

/**
 * Finds what is wrong with a text that is to be one SELECT statement, so that a view can be made of it.
 * @param text without a semicolon at its end
 * @returns undefined where nothing is
 * @example
 * queryProblem('DELETE FROM T'); // "it begins with DELETE, and only SELECT or WITH … SELECT can be read from"
 */
export function queryProblem(text: string): string | undefined {
  const code = text.replace(NO_CODE, ' ');
  const first = /^[\s(]*([A-Za-z]+)/.exec(code)?.[1];
  if (first === undefined) return 'there is no statement in it';
  if (!/^(SELECT|WITH)$/i.test(first))
    return `it begins with ${first.toUpperCase()}, and only SELECT or WITH … SELECT can be read from`;
  if (code.indexOf(';') >= 0)
    return 'it is more than one statement: leave out what stands behind the first semicolon';
  if (/\$\$|['"]|\/\*/.test(code)) return 'a quote or comment in it is not closed';
  if (bracketsOpen(code) !== 0) return 'its brackets do not match';
  return beyond(text);
}
