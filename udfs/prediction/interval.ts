import { type Curve, median } from '../curve/curve.js';
import { daysBetween } from '../curve/ends.js';
import type { Band, TranslatorData } from '../model.js';

/** An interval in days. */
export type Interval = readonly [low: number, high: number];

/** Both intervals of a prediction; undefined where the version has none yet. */
export interface Intervals {
  readonly of80: Interval;
  readonly of95: Interval;
}

/**
 * The intervals of a prediction, from its band's ends and its group's margins.
 * @param days predicted
 * @param curve of the patient; null where the version has none
 * @param position of the row in the batch
 * @param averaged whether the curve is an average, and so wider than that of a row of which as much is known
 */
export function intervalsOf(
  days: number,
  curve: Curve | null,
  { bands, day, ends, floor, margins }: TranslatorData,
  position: number,
  averaged = false,
): Intervals | undefined {
  const band = bandOf(days, bands, day?.[position]);
  if (!band) return undefined;
  const [margin80, margin95] = margins?.[position] ?? [0, 0];
  const middle = curve && median(curve);
  const intervalFrom = (low: number, high: number): Interval => {
    const [from, to] = ends === 'curve' && curve ? daysBetween(curve, low, high) : [days + low, days + high];
    const [first, last] = [roundDown(Math.max(from, floor)), -roundDown(-Math.max(to, floor))];
    // An interval that left out the middle of its own curve would contradict it, so it reaches there.
    return middle === null ? [first, last] : [Math.min(first, middle), Math.max(last, middle)];
  };
  // Days beside a prediction do not know how far apart those are that it is the average of; its curve does.
  const isOfCurve = averaged && curve !== null && ends !== 'curve';
  const of80 = isOfCurve ? intervalOn(curve, 0.1) : intervalFrom(band.low - margin80, band.high + margin80);
  const of95 = isOfCurve
    ? intervalOn(curve, 0.025)
    : intervalFrom(band.low95 - margin95, band.high95 + margin95);
  // Margins are fitted to each share alone: what 95 % of stays are in holds what 80 % are in.
  return { of80, of95: [Math.min(of80[0], of95[0]), Math.max(of80[1], of95[1])] };
}

/** The interval that leaves out a share at either end of a curve. */
function intervalOn(curve: Curve, share: number): Interval {
  const odds = Math.log((1 - share) / share);
  const [from, to] = daysBetween(curve, -odds, odds);
  return [roundDown(from), -roundDown(-to)];
}

/** The band a prediction falls into; undefined while the version has none. */
function bandOf(days: number, bands: readonly Band[], day = 0): Band | undefined {
  return bands.find(
    ({ upTo, untilDay = null }) => (untilDay === null || day <= untilDay) && (upTo === null || days <= upTo),
  );
}

/** Four decimals, never inwards: a stay that an end was taken from is inside. */
function roundDown(day: number): number {
  return Math.floor(day * 1e4 + 1e-4) / 1e4;
}
