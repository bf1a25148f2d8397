/**
 * A share as people read it, `12.3 %`.
 * @param share 1 is all of it; null, where it could not be counted: nothing is written
 * @param decimals of the per cents
 * @example
 * percent(0.1234); // "12.3 %"
 */
export function percent(share: number | null, decimals = 1): string {
  return share === null ? '' : `${(share * 100).toFixed(decimals)} %`;
}

/** From here on a number has more digits than anybody reads, and more than a double knows. */
export const HUGE = 1e15;

/** `1.5E17`: three digits of a huge number. */
export function scientificNotation(value: number): string {
  return Number(value.toPrecision(3)).toExponential().replace('e+', 'E');
}
