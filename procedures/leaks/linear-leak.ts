/** Half of the stays: what their numbers have to do with each other. After the numbers come the stay's order and its days. */
export interface Half {
  readonly numbers: number;
  covariance(i: number, j: number): number;
}

/** Limit of what counts as nothing left of a number that others stand for already, by its variance (1 of a whole one). */
const NOTHING = 1e-9;

/**
 * Share of the variance of stays that a weighted sum of some numbers explains (R² of least squares), in the half where it
 * explains less: two stays that are far from all others cannot be in both.
 */
export function linearLeak(
  halves: readonly Half[],
  some: readonly number[],
): { order: number; days: number } {
  if (halves.length < 2) return { order: 0, days: 0 };
  const shares = halves.map((half) => ({
    order: shareExplained(half, some, half.numbers),
    days: shareExplained(half, some, half.numbers + 1),
  }));
  return {
    order: Math.min(...shares.map(({ order }) => order)),
    days: Math.min(...shares.map(({ days }) => days)),
  };
}

/** By Cholesky's decomposition: of each number what those before it do not tell, and what that tells of the target. */
function shareExplained({ covariance }: Half, some: readonly number[], target: number): number {
  const spread = covariance(target, target);
  if (!(spread > 0)) return 0;
  const columns: number[][] = [];
  let told = 0;
  const all = some.concat(target);
  for (let k = 0; k < some.length; k++) {
    const own = some[k] as number;
    const projection = (i: number) =>
      columns.reduce((sum, column) => sum + (column[i] as number) * (column[k] as number), 0);
    const rest = covariance(own, own) - projection(k);
    if (rest <= NOTHING) continue;
    const root = Math.sqrt(rest);
    const column = all.map((other, i) => (i < k ? 0 : (covariance(other, own) - projection(i)) / root));
    columns.push(column);
    told += (column[some.length] as number) ** 2;
  }
  return Math.min(1, told / spread);
}
