import type { Random } from '../health/random.js';
import { weekdayOf } from './calendar.js';
import { drawNormal, normalCdf } from './draw.js';
import { type Facts, usualDays } from './facts.js';

/**
 * Model of the stay, given what is known on arrival: everything about it is known by construction.
 *
 * A stay takes one of two courses, without complications or with. In each the days are log-normal around a median that the facts
 * multiply, and are rounded; who would leave on a Sunday stays, now and then, for some days more. So the share of every length, and
 * the mean, can be computed.
 */

/** Standard deviation of the logarithm of days, within a course. */
const SIGMA = 0.52;
/** A complicated course takes so many times as long. */
const COMPLICATED = 1.9;
/** No stay is longer. */
export const LONGEST = 120;
/**
 * Days by which discharges move from a Sunday. So a Sunday has three quarters of a mean day's discharges, as in HDHI.
 */
const AFTER_SUNDAY = [
  { days: 1, share: 0.13 },
  { days: 3, share: 0.13 },
] as const;
/** Usual values in place of missing ones. */
const USUAL = { news: 3, creatinine: 85, crp: 20 };

/** Effect of the facts on the logarithm of the median. */
export function effectOf(facts: Facts): number {
  const news = facts.news ?? USUAL.news;
  const creatinine = facts.creatinine ?? USUAL.creatinine;
  const crp = facts.crp ?? USUAL.crp;
  const friday = facts.type === 'Emergency' && [4, 5].includes(weekdayOf(facts.day));
  const alone = facts.age >= 75 ? 0.28 : 0.12;
  return (
    0.006 * (Math.max(20, facts.age) - 65) +
    0.075 * (news - 3) +
    0.06 * (facts.comorbidities - 2) +
    0.22 * Math.min(2, Math.max(0, Math.log2(creatinine / 90))) +
    0.08 * (Math.log1p(Math.min(300, crp) / 10) - 1.1) +
    (facts.living === 'Alone' ? alone : 0) +
    (facts.living === 'Care home' ? -0.1 : 0) +
    (facts.type === 'Transfer' ? 0.2 : 0) +
    (facts.type === 'Planned' ? -0.08 : 0) +
    (friday ? 0.05 : 0)
  );
}

/** Median days of the course without complications. */
function medianOf(facts: Facts): number {
  return usualDays(facts.diagnosis) * Math.exp(effectOf(facts));
}

/** Probability of a complicated course. */
export function complicationOf(facts: Facts): number {
  const news = facts.news ?? USUAL.news;
  return Math.min(0.5, Math.max(0.04, 0.1 + 0.022 * news + 0.0015 * (facts.age - 60)));
}

/** A stay as it will be. */
export interface Stay {
  readonly nights: number;
  readonly complicated: boolean;
}

/** Draws a stay. */
export function drawStay(facts: Facts, stream: Random): Stay {
  const complicated = stream.nextNumber() < complicationOf(facts);
  const median = medianOf(facts) * (complicated ? COMPLICATED : 1);
  const nights = Math.min(LONGEST, Math.round(median * Math.exp(SIGMA * drawNormal(stream))));
  let u = stream.nextNumber();
  for (const { days, share } of delaysOf(facts.day, nights)) {
    u -= share;
    if (u < 0) return { nights: nights + days, complicated };
  }
  return { nights, complicated };
}

/** Who stays on instead of leaving after so many nights. */
function delaysOf(day: number, nights: number): typeof AFTER_SUNDAY | readonly [] {
  return nights > 0 && weekdayOf(day + nights) === 6 ? AFTER_SUNDAY : [];
}

/** The share of each number of nights, from 0 on, within a course. */
export function sharesOfCourse(facts: Facts, complicated: boolean): Float64Array {
  const median = medianOf(facts) * (complicated ? COMPLICATED : 1);
  const shares = new Float64Array(LONGEST + 4);
  const distribution = (days: number) => (days <= 0 ? 0 : normalCdf(Math.log(days / median) / SIGMA));
  let until = 0;
  for (let nights = 0; nights <= LONGEST; nights++) {
    const next = nights === LONGEST ? 1 : distribution(nights + 0.5);
    const share = next - until;
    until = next;
    let stays = 1;
    for (const later of delaysOf(facts.day, nights)) {
      shares[nights + later.days] = (shares[nights + later.days] as number) + share * later.share;
      stays -= later.share;
    }
    shares[nights] = (shares[nights] as number) + share * stays;
  }
  return shares;
}

/** The share of each number of nights, given what is known on arrival: the best that any model could predict. */
export function sharesOf(facts: Facts): Float64Array {
  const complication = complicationOf(facts);
  const ill = sharesOfCourse(facts, true);
  return sharesOfCourse(facts, false).map(
    (share, i) => (1 - complication) * share + complication * (ill[i] as number),
  );
}

/** Expected nights, given what is known on arrival. */
export function meanOf(facts: Facts): number {
  return sharesOf(facts).reduce((sum, share, nights) => sum + share * nights, 0);
}
