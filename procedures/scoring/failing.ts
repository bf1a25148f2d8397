/** Places 1 … n, both ends included. */
export interface Failing {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds by halving which of the places 1 … `last` fail.
 * @param computes whether all places of a range go well together
 * @param mostProbes how often it may be asked; after that a range that fails counts as failing whole
 * @returns the failing places in order, neighbours as one range
 */
export function findFailing(
  last: number,
  computes: (from: number, to: number) => boolean,
  mostProbes: number,
): Failing[] {
  const failing: Failing[] = [];
  let probes = 0;
  const add = (from: number, to: number) => {
    const before = failing[failing.length - 1];
    if (before !== undefined && before.to === from - 1) failing[failing.length - 1] = { from: before.from, to };
    else failing.push({ from, to });
  };
  const look = (from: number, to: number) => {
    if (from > to) return;
    if (probes >= mostProbes) {
      add(from, to);
      return;
    }
    probes++;
    if (computes(from, to)) return;
    if (from === to) {
      add(from, to);
      return;
    }
    const middle = Math.floor((from + to) / 2);
    look(from, middle);
    look(middle + 1, to);
  };
  look(1, last);
  return failing;
}
