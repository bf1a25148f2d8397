/** What stands between words for INITCAP (docs.snowflake.com/en/sql-reference/functions/initcap). */
export const WORD_SEPARATORS = ' \t\n\r\f\v!?@"^#$&~_,.:;+-*%/|\\[](){}<>';

/** Each word with its first letter in upper case and the others in lower case. */
export function capitalize(text: string, separators: string): string {
  const between = new Set(separators);
  let first = true;
  let out = '';
  for (const character of text) {
    const separates = between.has(character);
    out += separates ? character : first ? character.toUpperCase() : character.toLowerCase();
    first = separates;
  }
  return out;
}
