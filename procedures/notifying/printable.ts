/**
 * Characters that no text of ours needs: control characters but tabs and line ends, and what reorders or divides lines unseen (U+2028 to
 * U+202E, U+2066 to U+2069). On a terminal they move the cursor, rename the window or write what is not there.
 */
const UNPRINTABLE = /[^\t\n -~\u00a0-\u2027\u202f-\u2065\u206a-\uffff]/g;

/**
 * A text as it may leave: for a terminal, a mail, a page or a picture. Names of levels come from the hospital's rows, and messages
 * may quote them.
 * @example
 * printable('Ward \u001b[2J'); // "Ward \ufffd[2J"
 */
export function printable(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNPRINTABLE, '\ufffd');
}

/**
 * The same of JSON, which loses nothing: what may not leave as it is stands there by its number.
 * @example
 * printableJson('"\u009b"'); // "\"\\u009b\""
 */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (one) => `\\u${`000${one.charCodeAt(0).toString(16)}`.slice(-4)}`);
}
