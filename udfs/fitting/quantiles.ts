/** A value of a row and how much the row weighs; by its id rows of the same value have an order. */
export interface WeightedValue {
  readonly value: number;
  readonly weight: number;
  readonly id: string;
  /** Weight of the rows of its patient together, where these are not independent; left out: its own. */
  readonly together?: number;
}

/** Weights have three decimals; sums of them that differ by less are the same. */
const NEAR = 1e-6;

/** Puts them in order, where they lie. */
export function ascending(rows: WeightedValue[]): WeightedValue[] {
  return rows.sort((a, b) => a.value - b.value || (a.id < b.id ? -1 : 1));
}

/**
 * Weighted conformal quantiles (Tibshirani, Foygel Barber, Candès, Ramdas, "Conformal prediction under
 * covariate shift", 2019): the row to come counts among the others with its own weight, at the far end. That
 * weight depends on its stay; at each error it is taken to be that of the row which has this error. With
 * weights of 1 they are the order statistics ⌈(n + 1) share⌉ and ⌊(n + 1) share⌋. Where a patient has several rows that are alike, the
 * patient to come stands at the far end with all of them (hierarchical conformal prediction; Dunn, Wasserman, Ramdas, "Distribution-free
 * prediction sets for two-layer hierarchical models", JASA 2023).
 * @param rows ascending, at least one
 */
export function upperQuantile(rows: readonly WeightedValue[], share: number): number {
  const total = weightOf(rows);
  let reached = 0;
  for (const { value, weight, together = weight } of rows) {
    reached += weight;
    if (reached >= share * (total + together) - NEAR) return value;
  }
  return (rows[rows.length - 1] as WeightedValue).value;
}

/** The same from below, for the lower end of an interval. */
export function lowerQuantile(rows: readonly WeightedValue[], share: number): number {
  const total = weightOf(rows);
  let reached = 0;
  let found = (rows[0] as WeightedValue).value;
  for (const { value, weight, together = weight } of rows) {
    reached += weight;
    if (reached <= share * (total + together) + NEAR) found = value;
  }
  return found;
}

function weightOf(rows: readonly WeightedValue[]): number {
  let sum = 0;
  for (const { weight } of rows) sum += weight;
  return sum;
}
