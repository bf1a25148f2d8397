import type { InnerDay } from '../../udfs/model.js';
import { sortBy } from '../ground/lists.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';

/** Training rows whose stay ends on a day: what they stand for, and of how many patients they are. */
export interface Ending {
  readonly day: number;
  readonly weight: number;
  /** Patients whose longest stay is among them: added up over days, no patient counts twice. */
  readonly patients: number;
}

/** A curve has up to 40 points: 15 ends of periods, the day before the first, and ten of the open one are others. */
const MOST_DAYS = 14;
/** Share of all stays by which a day must be off the straight line. */
const LEAST_OFF = 0.002;

/** A day, and what is gone by its end. */
interface Gone {
  readonly day: number;
  /** Share of all stays. */
  readonly gone: number;
  readonly patients: number;
}

type Place = Gone & InnerDay;

/**
 * The days inside periods by which other shares are gone than a straight line over the period has: hardly anybody leaves on the
 * first day of a period of two. Those that are farthest off come first.
 * @param endings ascending by day
 * @param ends of the periods
 * @returns ascending by day
 */
export function innerDaysOf(endings: readonly Ending[], ends: readonly number[]): InnerDay[] {
  const ended = endings.filter(({ weight }) => weight > 0);
  const all = ended.reduce((sum, { weight }) => sum + weight, 0);
  const places: Place[] = [];
  const straight: Gone[] = [{ day: (ended[0] as Ending).day - 1, gone: 0, patients: 0 }];
  let gone = 0;
  let patients = 0;
  ends.forEach((end, k) => {
    const own = ended.filter(({ day }) => day <= end && (k === 0 || day > (ends[k - 1] as number)));
    const leaving = own.reduce((sum, { weight }) => sum + weight, 0);
    let weight = 0;
    for (const one of own) {
      weight += one.weight;
      patients += one.patients;
      if (one.day < end)
        places.push({ day: one.day, share: weight / leaving, gone: gone + weight / all, patients });
    }
    gone += leaving / all;
    straight.push({ day: end, gone, patients });
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

/**
 * The day that is farthest off the line through others, where ten patients leave between it and each of its neighbours; undefined where
 * none is far enough.
 */
function findFarthest(places: readonly Place[], line: readonly Gone[]): Place | undefined {
  let found: Place | undefined;
  let most = LEAST_OFF;
  for (const place of places) {
    const i = line.findIndex(({ day }) => day >= place.day);
    const [to, from] = [line[i], line[i - 1]];
    if (!to || !from || to.day === place.day) continue;
    if (Math.min(place.patients - from.patients, to.patients - place.patients) < FEWEST_PATIENTS) continue;
    const share = from.gone + ((to.gone - from.gone) * (place.day - from.day)) / (to.day - from.day);
    const off = Math.abs(place.gone - share);
    if (off <= most) continue;
    most = off;
    found = place;
  }
  return found;
}
