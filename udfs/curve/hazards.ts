import type { HazardShape, Hazards, InnerDay } from '../model.js';
import { type Curve, compact, meanOf } from './curve.js';

/**
 * Shares still in, of those who outlive the last period's beginning, at which the open last period is written down; between
 * two a straight line.
 */
const TAIL: readonly number[] = [0.75, 0.55, 0.38, 0.25, 0.15, 0.08, 0.04, 0.015, 0.004];
const SURE = 1e-6;

/**
 * The curve of a patient from the hazards of the periods: who is still in after period k is Π (1 − h), and gone is the
 * rest (discrete-time survival; Singer, Willett, "It's About Time", Journal of Educational Statistics 1993). Inside a
 * period stays are spread as those of the training rows were, between the days that say so evenly; beyond the last one they go
 * on geometrically.
 * @param answers probability to leave in each period of those who are still in at its beginning, as the model gives it
 * @param floor shortest stay of the training rows, in days: no one is gone before
 * @example
 * const hazards = { ends: [1, 3, 7], excess: 5 };
 * const curve = curveOfHazards([0.2, 0.4, 0.5], hazards, 1);
 */
export function curveOfHazards(
  answers: readonly number[],
  { ends, excess, inner = [], apart }: HazardShape,
  floor: number,
): Curve {
  const days: number[] = [];
  const gone: number[] = [];
  const first = Math.max(0, Math.ceil(floor));
  // The first period begins with the shortest stay: a line that rises over several days needs the day before it.
  if ((ends[0] as number) > first) {
    days.push(first - 1);
    gone.push(0);
  }
  let here = 1;
  let next = 0;
  for (let k = 0; k < ends.length; k++) {
    const end = ends[k] as number;
    const leaving = here * Math.min(1 - SURE, Math.max(SURE, answers[k] as number));
    for (; next < inner.length && (inner[next] as InnerDay).day < end; next++) {
      const { day, share } = inner[next] as InnerDay;
      days.push(day);
      gone.push(1 - here + leaving * share);
    }
    here -= leaving;
    days.push(end);
    gone.push(1 - here);
  }
  let day = ends[ends.length - 1] as number;
  const from = day;
  // Each further day as many leave as make the mean excess.
  const stays = 1 - 1 / Math.max(1, excess);
  for (const share of TAIL) {
    const next = from + (stays > 0 ? Math.max(1, Math.round(Math.log(share) / Math.log(stays))) : 1);
    if (next <= day) continue;
    day = next;
    days.push(day);
    gone.push(1 - here * stays ** (day - from));
  }
  days.push(day + Math.max(1, Math.round(excess)));
  gone.push(1);
  const curve = compact({ days, gone });
  return apart
    ? scaleHazard(curve, (Math.max(LEAST_MEAN, meanOf(curve)) / apart.middle) ** -apart.by)
    : curve;
}

/** A mean of no days at all would be infinitely far from the middle. */
const LEAST_MEAN = 0.01;

/** Shape from which curves are made, without what only asking needs. */
export function shapeOf({ ends, excess, inner, apart }: Hazards): HazardShape {
  return Object.assign({ ends, excess }, inner && { inner }, apart && { apart });
}

/**
 * A curve whose patients leave so many times as fast: of those still in, S(d) becomes S(d)^pace (proportional hazards in
 * the sense of Cox). 1 leaves it as it is.
 * @example
 * scaleHazard({ days: [1, 2, 3], gone: [0.2, 0.5, 1] }, 2); // {"days": [1, 2, 3], "gone": [0.36, 0.75, 1]}
 */
export function scaleHazard(curve: Curve, pace: number): Curve {
  if (pace === 1) return curve;
  const gone: number[] = [];
  for (let i = 0; i < curve.gone.length; i++) gone.push(1 - (1 - (curve.gone[i] as number)) ** pace);
  return compact({ days: curve.days, gone });
}
