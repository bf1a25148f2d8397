/** What in a statement is no code: comments, texts, names in quotes. */
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
 * What is wrong with a text that is to be one SELECT statement, so that a view can be made of it.
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
  let depth = 0;
  for (const sign of code.split('')) {
    if (sign === '(') depth++;
    if (sign === ')' && --depth < 0) break;
  }
  if (depth !== 0) return 'its brackets do not match';
  return undefined;
}
