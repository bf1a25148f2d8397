/**
 * A share as people read it, `12.3 %`.
 * @param share 1 is all of it; null, as of what nobody could count: nothing is written
 * @param decimals of the per cents
 */
export function percent(share: number | null, decimals = 1): string {
  return share === null ? '' : `${(share * 100).toFixed(decimals)} %`;
}
