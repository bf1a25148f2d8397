/**
 * Stays that the cut-off hides are stood for by weights of those that it does not (cohort.ts). Whatever is said
 * of a version is said with these weights, as SQL over rows with a WEIGHT; where every weight is 1, it is
 * the plain mean, median or order statistic.
 */

/** Weights have three decimals; sums of them that differ by less are the same. */
const NEAR = '1e-6';

/** Weighted mean of an expression that is never NULL. */
export function weightedMean(value: string): string {
  return `SUM(WEIGHT * (${value})) / SUM(WEIGHT)`;
}

/**
 * Two columns beside each row: REACHED, the weight of all rows up to it, and TOTAL, the weight of all.
 * @param order what rows are put in order by, over which the functions below take quantiles
 * @param by columns whose values part the rows
 */
export function reached(order: string, by?: string): string {
  const part = by ? `PARTITION BY ${by}` : '';
  return `SUM(WEIGHT) OVER (${part} ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS REACHED, SUM(WEIGHT) OVER (${part}) AS TOTAL`;
}

/** Weighted median of the expression that `reached` put in order. */
export function weightedMedian(value: string): string {
  const first = (condition: string) => `MIN(IFF(${condition}, ${value}, NULL))`;
  return `(${first(`REACHED >= TOTAL / 2 - ${NEAR}`)} + ${first(`REACHED > TOTAL / 2 + ${NEAR}`)}) / 2`;
}

/**
 * Weighted conformal quantiles (Tibshirani, Foygel Barber, Candès, Ramdas, "Conformal prediction under
 * covariate shift", 2019): the row to come counts among the others with its own weight, at the far end. That
 * weight depends on its stay; at each error it is taken to be that of the row which has this error. With
 * weights of 1 they are the order statistics ⌈(n + 1) share⌉ and ⌊(n + 1) share⌋.
 */
export function upperQuantile(error: string, share: string): string {
  return `COALESCE(MIN(IFF(REACHED >= ${share} * (TOTAL + WEIGHT) - ${NEAR}, ${error}, NULL)), MAX(${error}))`;
}

/** The same from below, for the lower end of an interval. */
export function lowerQuantile(error: string, share: string): string {
  return `COALESCE(MAX(IFF(REACHED <= ${share} * (TOTAL + WEIGHT) + ${NEAR}, ${error}, NULL)), MIN(${error}))`;
}
