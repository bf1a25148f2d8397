import { type Curve, compact, meanOf, quantile, remainingNights, shareGone } from './curve.js';

/**
 * Least share still in hospital on which the curve can rely: below it the curve rests on a handful of stays and soon ends: of
 * a patient who is still here it would say "gone tomorrow", day after day.
 */
export const LEAST_HERE = 0.02;
/** The tail goes on as the longest tenth of stays does. */
const TAIL_FROM = 0.9;
/** The tail is written down until so few are left. */
const TAIL_ENDS = 0.0005;
const TAIL_POINTS = 30;
/** A look into a realm's globals costs a microsecond, and `walked` runs for every patient and night. */
const { round } = Math;

/**
 * Remaining stay after some days, given that the patient is still here: R(h) = (F(d + h) − F(d)) / (1
 * − F(d)), counted in days from now.
 *
 * Beyond the curve (fewer than 2 % of such patients stay that long, or none) the last known hazard goes on: the rest of
 * the stay is geometric, with the mean by which the longest tenth of stays exceeds the day that nine tenths are gone by.
 * So a patient past the end of the curve is expected to stay about as long again as other long-stayers do, never 0 days.
 * @param daysSoFar whole days whose end the patient has seen in hospital; a fraction does not count. Below 0: the
 *   patient comes only in so many days
 * @example
 * remaining({ days: [1, 2, 3, 4], gone: [0.2, 0.5, 0.75, 1] }, 2); // {"days": [1, 2], "gone": [0.5, 1]}
 */
export function remaining(curve: Curve, daysSoFar: number): Curve {
  const seen = Math.floor(daysSoFar);
  const before = shareGone(curve, seen);
  const here = 1 - before;
  if (here < LEAST_HERE) return tail(curve);
  const days: number[] = [];
  const gone: number[] = [];
  for (let i = 0; i < curve.days.length; i++) {
    const further = (curve.days[i] as number) - seen;
    if (further <= 0) continue;
    // Inside the curve the line to the next listed day begins now.
    if (days.length === 0 && i > 0 && further > 1) {
      days.push(0);
      gone.push(0);
    }
    days.push(further);
    gone.push(((curve.gone[i] as number) - before) / here);
  }
  gone[gone.length - 1] = 1;
  return { days, gone };
}

/** The geometric rest of a stay that has outlived its curve. */
function tail(curve: Curve): Curve {
  const from = quantile(curve, TAIL_FROM);
  const here = 1 - shareGone(curve, from);
  // Days of those who are still here then, each counted from that day on: at least 1.
  const mean = here > 0 ? remainingNights(curve, from) / here : 1;
  const stays = 1 - 1 / Math.max(1, mean);
  const days: number[] = [0];
  const gone: number[] = [0];
  for (let i = 1; i <= TAIL_POINTS; i++) {
    const left = TAIL_ENDS ** (i / TAIL_POINTS);
    const day = stays > 0 ? Math.max(1, Math.ceil(Math.log(left) / Math.log(stays))) : 1;
    if (day === days[days.length - 1]) continue;
    days.push(day);
    gone.push(1 - stays ** day);
  }
  gone[gone.length - 1] = 1;
  return { days, gone };
}

/** Answer of predict_los_remaining. */
export interface Remaining {
  /** Expected further days. */
  readonly days: number;
  /** The day from now by which half of such patients are gone. */
  readonly median: number;
  /** 80 % interval of the further days. */
  readonly low: number;
  readonly high: number;
  /** The rest as a curve, counted from now. */
  readonly curve: Curve;
}

/** `remaining` with the figures that follow from it. */
export function describeRemaining(curve: Curve, daysSoFar: number): Remaining {
  const rest = compact(remaining(curve, daysSoFar));
  return {
    days: Math.round(meanOf(rest) * 1e4) / 1e4,
    median: quantile(rest, 0.5),
    low: quantile(rest, 0.1),
    high: quantile(rest, 0.9),
    curve: rest,
  };
}

/**
 * The share of such patients, still here after some days, who are gone after one more night, two, … The same as
 * `shareGone(remaining(curve, daysSoFar), night)`, for many nights at once.
 * @param nights how many; at least 0
 * @example
 * dischargeShares({ days: [1, 2, 3, 4], gone: [0.2, 0.5, 0.75, 1] }, 2, 3); // [0.5, 1, 1]
 */
export function dischargeShares(curve: Curve, daysSoFar: number, nights: number): number[] {
  const seen = Math.floor(daysSoFar);
  const before = shareGone(curve, seen);
  // One walk along the curve: this runs for every patient in hospital.
  if (1 - before >= LEAST_HERE) return walk(curve, seen, before, nights);
  return walk(tail(curve), 0, 0, nights);
}

/** (F(day + night) − F(day)) / (1 − F(day)) for each night. */
function walk({ days, gone }: Curve, day: number, before: number, nights: number): number[] {
  const shares: number[] = [];
  const last = days.length - 1;
  const scale = 1e6 / (1 - before);
  let i = 0;
  for (let night = 1; night <= nights; night++) {
    const at = day + night;
    while (i < last && (days[i] as number) < at) i++;
    const to = days[i] as number;
    const share = gone[i] as number;
    let reached = share;
    if (at < to) {
      const from = i > 0 ? (days[i - 1] as number) : to - 1;
      const lower = i > 0 ? (gone[i - 1] as number) : 0;
      reached = at > from ? lower + ((share - lower) * (at - from)) / (to - from) : lower;
    }
    // Six decimals: a sum over a hospital's beds is exact to a thousandth of a bed.
    shares.push(round((reached - before) * scale) / 1e6);
  }
  return shares;
}
