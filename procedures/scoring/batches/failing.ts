/** Places 1 … n, both ends included. */
export interface Failing {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds by halving which of the places 1 … `last` fail.
 * @param computes whether all places of a range go well together
 * @param mostProbes how often it may be asked; after that a range that fails counts as failing whole. The widest are
 *   halved first, so that what is left by then is narrow.
 * @returns the failing places in order, neighbours as one range
 */
export function findFailing(
  last: number,
  computes: (from: number, to: number) => boolean,
  mostProbes: number,
): Failing[] {
  if (last < 1) return [];
  if (mostProbes < 1) return [{ from: 1, to: last }];
  let left = mostProbes - 1;
  let failing: Failing[] = computes(1, last) ? [] : [{ from: 1, to: last }];
  // Level by level: all ranges of a level are about as wide.
  while (left > 0 && failing.some(({ from, to }) => to > from)) {
    const next: Failing[] = [];
    for (const { from, to } of failing) {
      if (from === to || left < 1) {
        next.push({ from, to });
        continue;
      }
      const middle = Math.floor((from + to) / 2);
      const lower = { from, to: middle };
      const upper = { from: middle + 1, to };
      left--;
      const lowerFails = !computes(from, middle);
      // If the lower half is well, the upper one must be what fails, without asking.
      let upperFails = true;
      if (lowerFails && left > 0) {
        left--;
        upperFails = !computes(middle + 1, to);
      }
      if (lowerFails) next.push(lower);
      if (upperFails) next.push(upper);
    }
    failing = next;
  }
  return joinRanges(failing);
}

function joinRanges(ranges: readonly Failing[]): Failing[] {
  const result: Failing[] = [];
  for (const range of ranges) {
    const before = result[result.length - 1];
    if (before !== undefined && before.to === range.from - 1)
      result[result.length - 1] = { from: before.from, to: range.to };
    else result.push(range);
  }
  return result;
}
