import type { InnerDay } from '../../udfs/model.js';
import { sortBy } from '../ground/lists.js';
import type { Ending } from './periods.js';

/** A curve has up to 40 points: 15 ends of periods, the day before the first, and ten of the open one are others. */
const MOST_DAYS = 14;
/** Share of all stays by which a day must be off the straight line. */
const LEAST_OFF = 0.002;
/** Training rows that must leave in a period up to the day, and after it: a share of fewer says little. */
const FEWEST_ROWS = 10;

interface Place extends InnerDay {
  /** Share of all stays that is gone by its end. */
  readonly gone: number;
}

/**
 * The days inside periods by which other shares are gone than a straight line over the period has: hardly anybody leaves on the
 * first day of a period of two. Those that are farthest off come first.
 * @param endings ascending by day
 * @param ends of the periods
 * @returns ascending by day
 */
export function innerDaysOf(endings: readonly Ending[], ends: readonly number[]): InnerDay[] {
  const ended = endings.filter(({ rows }) => rows > 0);
  const all = ended.reduce((sum, { weight }) => sum + weight, 0);
  const places: Place[] = [];
  const straight: { day: number; gone: number }[] = [{ day: (ended[0] as Ending).day - 1, gone: 0 }];
  let gone = 0;
  ends.forEach((end, k) => {
    const own = ended.filter(({ day }) => day <= end && (k === 0 || day > (ends[k - 1] as number)));
    const leaving = own.reduce((sum, { weight }) => sum + weight, 0);
    let rows = own.reduce((sum, one) => sum + one.rows, 0);
    let [weight, before] = [0, 0];
    for (const one of own) {
      weight += one.weight;
      before += one.rows;
      rows -= one.rows;
      if (before >= FEWEST_ROWS && rows >= FEWEST_ROWS)
        places.push({ day: one.day, share: weight / leaving, gone: gone + weight / all });
    }
    gone += leaving / all;
    straight.push({ day: end, gone });
  });
  const chosen: InnerDay[] = [];
  while (chosen.length < MOST_DAYS) {
    const next = findFarthest(places, straight);
    if (!next) break;
    chosen.push({ day: next.day, share: Math.round(next.share * 1e4) / 1e4 });
    straight.splice(
      straight.findIndex(({ day }) => day > next.day),
      0,
      next,
    );
  }
  return sortBy(chosen, (a, b) => a.day - b.day);
}

/** The day that is farthest off the line through others; undefined where none is far enough. */
function findFarthest(
  places: readonly Place[],
  line: readonly { day: number; gone: number }[],
): Place | undefined {
  let found: Place | undefined;
  let most = LEAST_OFF;
  for (const place of places) {
    const i = line.findIndex(({ day }) => day >= place.day);
    const [to, from] = [line[i], line[i - 1]];
    if (!to || !from) continue;
    const share = from.gone + ((to.gone - from.gone) * (place.day - from.day)) / (to.day - from.day);
    const off = Math.abs(place.gone - share);
    if (off <= most) continue;
    most = off;
    found = place;
  }
  return found;
}
