/** The fewest letters of which a beginning says what was meant. */
const BEGINNING = 3;

/**
 * The name that was meant by another: which begins with it, or that it begins with, or that is few letters away; undefined: none.
 * @param written in upper case, as the names are
 */
export function findNearest(written: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const begins =
      (written.length >= BEGINNING && name.startsWith(written)) ||
      (name.length >= BEGINNING && written.startsWith(`${name}_`));
    const away = begins ? 1 : editDistance(written, name);
    const most = Math.max(1, Math.floor(Math.min(written.length, name.length) / 4));
    if (away <= most && (away < least || (away === least && name.length < (best ?? '').length))) {
      best = name;
      least = away;
    }
  }
  return best;
}

/** Letters to change, leave out or put in, or to exchange with the next (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
