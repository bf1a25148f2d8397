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
