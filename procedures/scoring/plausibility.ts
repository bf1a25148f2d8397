/** The most of a day that a past makes plausible whose largest day had `most`: twice as many, and what chance adds. */
export function plausibleMost(most: number): number {
  return 2 * most + 3 * Math.sqrt(most);
}
