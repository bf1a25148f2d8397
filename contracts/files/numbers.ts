/** Sign before the fraction of a number. */
export type DecimalMark = '.' | ',';

const PLAIN = {
  '.': /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  ',': /^[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i,
};
/** Blanks and apostrophes divide thousands whatever the decimal mark is. */
const GROUPED = {
  '.': /^[+-]?\d{1,3}([, \u00A0\u202F'’]\d{3})+(\.\d+)?$/,
  ',': /^[+-]?\d{1,3}([. \u00A0\u202F'’]\d{3})+(,\d+)?$/,
};

/**
 * A number of a file as Snowflake reads it: `1.234,5` with a decimal comma is 1234.5.
 * @param grouped whether thousands may be divided
 * @returns undefined where the text is no such number
 */
export function readNumber(text: string, mark: DecimalMark, grouped = false): string | undefined {
  const plain = text.charCodeAt(0) === 0x2212 ? `-${text.slice(1)}` : text;
  if (PLAIN[mark].test(plain)) return mark === '.' ? plain : plain.replace(',', '.');
  if (!grouped || !GROUPED[mark].test(plain)) return undefined;
  return plain.replace(mark === '.' ? /[, \u00A0\u202F'’]/g : /[. \u00A0\u202F'’]/g, '').replace(',', '.');
}

/** A whole number that begins with a zero, or with more digits than a number is exact in: a code. */
export function isCode(text: string): boolean {
  return /^[+-]?(0\d+|\d{16,})$/.test(text);
}
