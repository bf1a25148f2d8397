import { SMALL_GROUPS } from '../ground/small-groups.js';
import type { Expected, Stay } from './expectation.js';
import type { Group } from './judge.js';
import type { Spread } from './spread.js';

/** A stay of which the expectation is known. */
export interface Judged extends Stay {
  /** YYYY-MM of the discharge. */
  readonly month: string;
}

/** Sums of a unit over the stays of a month. */
export interface UnitMonth extends Group {
  readonly month: string;
  readonly unit: string;
}

/**
 * Sums of each unit and month, which add up over months: what a patient's stays have in common counts in the month of the later one.
 * @param units of the stays, by place
 * @param likeness of the stays of a patient
 */
export function sumUnits(
  stays: readonly Judged[],
  units: readonly string[],
  expected: readonly Expected[],
  spreads: readonly Spread[],
  likeness: number,
): UnitMonth[] {
  const order = stays
    .map((_, i) => i)
    .sort((a, b) => ((stays[a] as Judged).month < (stays[b] as Judged).month ? -1 : 1));
  const sums = new Map<string, UnitMonth>();
  const before = new Map<string, { readonly left: number; readonly deviation: number }>();
  for (const i of order) {
    const { patient, month } = stays[i] as Judged;
    const unit = units[i] as string;
    if (unit === SMALL_GROUPS) continue;
    const { days, expected: mean } = expected[i] as Expected;
    const { variance, third } = spreads[i] as Spread;
    const own = `${unit}\n${patient}`;
    const earlier = before.get(own) || { left: 0, deviation: 0 };
    const left = days - mean;
    const deviation = Math.sqrt(variance);
    before.set(own, { left: earlier.left + left, deviation: earlier.deviation + deviation });
    const key = `${month} ${unit}`;
    const sum = sums.get(key) || emptySum(month, unit);
    sums.set(key, {
      month,
      unit,
      stays: sum.stays + 1,
      days: sum.days + days,
      expected: sum.expected + mean,
      variance: sum.variance + variance + 2 * likeness * deviation * earlier.deviation,
      third: sum.third + third,
      squares: sum.squares + left * left + 2 * left * earlier.left,
    });
  }
  return Array.from(sums.values());
}

function emptySum(month: string, unit: string): UnitMonth {
  return { month, unit, stays: 0, days: 0, expected: 0, variance: 0, third: 0, squares: 0 };
}

/** The sums of several months of a unit. */
export function addMonths(months: readonly Group[]): Group {
  const sum = (of: keyof Group) => months.reduce((all, month) => all + month[of], 0);
  return {
    stays: sum('stays'),
    days: sum('days'),
    expected: sum('expected'),
    variance: sum('variance'),
    third: sum('third'),
    squares: sum('squares'),
  };
}
