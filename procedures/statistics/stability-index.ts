/** Number of times that something was seen in the window and in the reference. */
export interface Counts {
  readonly window: number;
  readonly reference: number;
}

/**
 * Population stability index: Σ (w − r) ln(w / r) over groups, half a row standing for none.
 * @param groups rows of window and reference in each
 */
export function stabilityIndex(groups: readonly Counts[]): number {
  const window = total(groups, 'window');
  const reference = total(groups, 'reference');
  if (window === 0 || reference === 0) return 0;
  return groups.reduce((index, one) => {
    const w = Math.max(one.window, 0.5) / window;
    const r = Math.max(one.reference, 0.5) / reference;
    return index + (w - r) * Math.log(w / r);
  }, 0);
}

/** Rows of all groups together. */
export function total(levels: readonly Counts[], side: keyof Counts): number {
  return levels.reduce((rows, one) => rows + one[side], 0);
}
