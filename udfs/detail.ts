import { type Curve, median } from './curve/curve.js';
import { curveOf } from './curve/spread.js';
import { levelOf, longStayProbability } from './long-stay.js';
import type { TranslatorData } from './model.js';
import { bandOf, type Predicted } from './predictions.js';
import { longStayText } from './words.js';

/** What predict_los_detail returns for a row that it cannot predict. */
export interface Refusal {
  readonly days: null;
  readonly version: string;
  /** Why, in plain words. */
  readonly reason: string;
}

/** What predict_los_detail returns for a row. */
export interface Detail {
  readonly days: number;
  /** 80 % interval in days; null when the version has no intervals yet. */
  readonly low: number | null;
  readonly high: number | null;
  /** 95 % interval in days. */
  readonly low95: number | null;
  readonly high95: number | null;
  /** Probability of a stay of at least `long_stay_days` days. */
  readonly long_stay: number | null;
  readonly long_stay_days: number | null;
  /** How likely a long stay is among all patients, 1 to 5: most long stays are in 4 and 5; null when the version has no levels. */
  readonly level: number | null;
  /** `long_stay` as a sentence. */
  readonly text: string | null;
  /** The day by which half of such patients are gone; null when the version has no curve. */
  readonly median: number | null;
  /** Share of such patients gone by the end of each day. */
  readonly curve: Curve | null;
  readonly version: string;
  /** Features without a value, or without one that can be read as a number. */
  readonly missing: readonly string[];
  /** Features with a level that the model never saw. */
  readonly unseen: readonly string[];
}

const NONE: readonly string[] = [];

export function refuse(reason: string, { version }: TranslatorData): Refusal {
  return { days: null, version, reason };
}

/** All that is known of the prediction for the row at a position of a batch. */
export function describe(predicted: Predicted, data: TranslatorData, position: number): Detail {
  const { days } = predicted;
  const { bands, longStay, floor, version, spread } = data;
  const band = bandOf(days, bands);
  const margin = data.margins?.[position];
  const [margin80, margin95] = margin ?? [0, 0];
  const curve = predicted.curve ?? (spread ? curveOf(days, spread, floor) : null);
  const chance = longStay ? longStayProbability(days, curve, longStay) : null;
  const middle = curve ? median(curve) : null;
  // The ends come from other rows' errors than the curve, a group's margin among them: an interval that left out the
  // middle of its own curve would contradict it, so it reaches there.
  const end = (error: number | undefined, outwards: number, far: (a: number, b: number) => number) => {
    if (error === undefined) return null;
    const day = Math.max(days + error + outwards, floor);
    return rounded(middle === null ? day : far(day, middle));
  };
  const low = end(band?.low, -margin80, Math.min);
  const high = end(band?.high, margin80, Math.max);
  // Margins are fitted to each share alone: what 95 % of stays are in holds what 80 % are in.
  const beyond = (inner: number | null, outer: number | null, far: (a: number, b: number) => number) =>
    inner === null || outer === null ? outer : far(inner, outer);
  // A version that did not tell them apart counts what it never saw as missing.
  const missing = (data.missing ?? data.unknown)?.[position] ?? NONE;
  const unseen = data.unseen?.[position] ?? NONE;
  return {
    days,
    low,
    high,
    low95: beyond(low, end(band?.low95, -margin95, Math.min), Math.min),
    high95: beyond(high, end(band?.high95, margin95, Math.max), Math.max),
    long_stay: chance === null ? null : rounded(chance),
    long_stay_days: longStay ? longStay.days : null,
    level: chance !== null && longStay?.levels ? levelOf(rounded(chance), longStay.levels) : null,
    text: chance !== null && longStay ? longStayText(chance, longStay.days) : null,
    median: middle,
    curve,
    version,
    missing,
    unseen,
  };
}

/** Four decimals: more would only show how binary fractions add up. */
export function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
