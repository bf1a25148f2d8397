import { sortBy } from '../../ground/lists.js';
import { normalTail } from '../../statistics/tests.js';

/** Comparison of people's dates with the model's over the stays of a line. */
export interface DateComparison {
  readonly stays: number;
  /** Mean over stays of people's error less the model's, in days, and its standard error: pairs of one stay are no two findings. */
  readonly difference: number;
  readonly error: number;
}

/** The side whose dates were nearer beyond chance; null: the difference is no more than chance. */
export type Nearer = 'people' | 'model' | null;

/** Chance that any line of a month names a side where neither was nearer. */
const CHANCE = 0.05;

/**
 * Names whose dates were nearer, line by line, with one chance of error for all lines together (Holm, Scandinavian Journal of Statistics 6, 1979, 65).
 * @example
 * compareDates([{ stays: 200, difference: -0.8, error: 0.1 }, { stays: 12, difference: 0.8, error: 0.5 }]); // ["people", null]
 */
export function compareDates(lines: readonly DateComparison[]): Nearer[] {
  const nearer: Nearer[] = lines.map(() => null);
  const places = sortBy(
    lines.map((line, place) => ({ place, line, chance: chanceOf(line) })),
    (a, b) => a.chance - b.chance,
  );
  for (const [i, { place, line, chance }] of places.entries()) {
    if (chance > CHANCE / (lines.length - i)) break;
    nearer[place] = line.difference < 0 ? 'people' : 'model';
  }
  return nearer;
}

/** Probability of so large a difference by chance: Student's t by the normal distribution (Abramowitz, Stegun, "Handbook of Mathematical Functions", 26.7.8). */
function chanceOf({ stays, difference, error }: DateComparison): number {
  if (error === 0) return difference === 0 ? 1 : 0;
  const [t, degrees] = [difference / error, stays - 1];
  return normalTail((t * (1 - 1 / (4 * degrees))) / Math.sqrt(1 + (t * t) / (2 * degrees)));
}
