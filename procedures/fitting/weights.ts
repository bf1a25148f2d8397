/**
 * Stays that the cut-off hides are represented by weights of those that it does not (cohort.ts). Whatever is said
 * of a version is said with these weights, as SQL over rows with a WEIGHT; where every weight is 1, it is
 * the plain mean, median or order statistic.
 */

/** Weights have three decimals; sums of them that differ by less are the same. */
const TOLERANCE = '1e-6';

/** Weighted mean of an expression that is never NULL. */
export function meanByWeight(value: string): string {
  return `SUM(WEIGHT * (${value})) / SUM(WEIGHT)`;
}

/**
 * Two columns beside each row: REACHED, the weight of all rows up to it, and TOTAL, the weight of all.
 * @param order what rows are put in order by, over which the functions below take quantiles
 * @param by columns whose values part the rows
 */
export function cumulativeWeights(order: string, by?: string): string {
  const part = by ? `PARTITION BY ${by}` : '';
  return `SUM(WEIGHT) OVER (${part} ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS REACHED, SUM(WEIGHT) OVER (${part}) AS TOTAL`;
}

/** Weighted median of the expression that `reached` put in order. */
export function medianByWeight(value: string): string {
  const minWhere = (condition: string) => `MIN(IFF(${condition}, ${value}, NULL))`;
  return `(${minWhere(`REACHED >= TOTAL / 2 - ${TOLERANCE}`)} + ${minWhere(`REACHED > TOTAL / 2 + ${TOLERANCE}`)}) / 2`;
}
