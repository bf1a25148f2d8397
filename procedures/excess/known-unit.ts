/** From this share of the stays on a feature tells the unit. */
const TELLS = 0.95;

/**
 * Decides whether a feature tells the unit of a stay: how often the unit that most other stays of its level are in is the right one. A unit
 * that nearly all stays are in is guessed without a feature; then one tells it that leaves at most half as many wrong.
 * @param codes of `codesOf`
 * @param units of the stays
 */
export function tellsUnit(codes: readonly number[], units: readonly string[]): boolean {
  const levels = new Map<number, Map<string, number>>();
  const all = new Map<string, number>();
  codes.forEach((code, i) => {
    const unit = units[i] as string;
    const level = levels.get(code) || new Map<string, number>();
    levels.set(code, level.set(unit, (level.get(unit) || 0) + 1));
    all.set(unit, (all.get(unit) || 0) + 1);
  });
  let right = 0;
  levels.forEach((level) => {
    const [most = 0, second = 0] = Array.from(level.values()).sort((a, b) => b - a);
    // Without the stay in question its unit must still be the most frequent one.
    if (most - 1 > second || (second === 0 && most > 1)) right += most;
  });
  const guessed = Math.max(...Array.from(all.values())) / codes.length;
  return right / codes.length >= TELLS && 1 - right / codes.length <= (1 - guessed) / 2 && all.size > 1;
}
