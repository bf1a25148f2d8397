/**
 * An error without what Snowflake quotes of a row: free text of a patient has been seen in such messages. Names of
 * columns, tables and functions stay.
 */
export function withoutValues(error: unknown): Error {
  const { message, stackTraceTxt } = error as { message?: string; stackTraceTxt?: string };
  const text = message === undefined ? String(error) : message;
  const clean = text
    // The words of a remote service are the endpoint's, about numbers without names.
    .replace(/(value|Date|Timestamp|Time|String|Boolean|Numeric value) '[^\n]*' (is |cannot )/g, "$1 '…' $2")
    .replace(/(Failed to cast variant value) [^\n]* (to \w)/g, '$1 … $2')
    .replace(/(Row Values: )\[[^\n]*\]/g, '$1[…]');
  return clean === text && error instanceof Error
    ? error
    : new Error(stackTraceTxt ? `${clean}\n${stackTraceTxt}` : clean);
}

/** The line of an error that says what is wrong: Snowflake's first ones may only say where, or that there is one. */
export function messageLine(message: string): string {
  const lines = message.split('\n');
  const last = lines.findIndex(
    (line) => !/:\s*$|^SQL compilation error|error line \d+ at position \d+\s*$/.test(line),
  );
  return lines
    .slice(0, last < 0 ? 1 : last + 1)
    .join(' ')
    .trim();
}

/** The longest words of an error that a person wants to read. */
const LONGEST = 300;

/** An error in one line of so many characters at most, without a value of a row. */
export function errorLine(error: unknown): string {
  return messageLine(withoutValues(error).message).slice(0, LONGEST).trim();
}

/** Sentence of the message that a failed run left. */
export function shortSentence(message: unknown): string {
  const line = errorLine(new Error(message ? String(message) : 'It left no message.'));
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
