import { type Curve, median } from '../curve/curve.js';
import { curveOf } from '../curve/residual-distribution.js';
import { findNearest } from '../encoding/nearest.js';
import type { TranslatorData } from '../model.js';
import { intervalsOf } from './interval.js';
import { levelOf, longStayProbability } from './long-stay.js';
import type { RowPrediction } from './predictions.js';
import { longStayText } from './words.js';

/** Answer of predict_los_detail for a row that it cannot predict. */
export interface Refusal {
  readonly days: null;
  readonly version: string;
  /** Why, in plain words. */
  readonly reason: string;
  /** As of a prediction; null for versions that do not tell. */
  readonly missing: readonly string[];
  readonly ignored: readonly string[] | null;
  readonly known: number | null;
}

/** Answer of predict_los_detail for a row. */
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
  /** Level of a long stay among all patients, 1 to 5: most long stays are in 4 and 5; null when the version has no levels. */
  readonly level: number | null;
  /** `long_stay` as a sentence. */
  readonly text: string | null;
  /** The day by which half of such patients are gone; null while the version is being calibrated, as is `curve`. */
  readonly median: number | null;
  /** Share of such patients gone by the end of each day. */
  readonly curve: Curve | null;
  readonly version: string;
  /**
   * Features without a value, or without one that can be read as a number. The contract's default is imputed for some, the usual value
   * for others (`assumed`); the rest count as missing, as they did in training rows.
   */
  readonly missing: readonly string[];
  /** Features with a level that is new, or that fewer than ten patients of the training rows had: which of the two is not told. */
  readonly unseen: readonly string[];
  /** Features that hardly any training row lacked, with the usual value that was taken; null for versions that do not tell. */
  readonly assumed: Readonly<Record<string, string | number>> | null;
  /** Keys of the OBJECT that the version does not use, with what may have been meant; null for versions that do not tell. */
  readonly ignored: readonly string[] | null;
  /** Share of what the version leans on that is known of the patient; null for versions that do not tell. */
  readonly known: number | null;
  /** Why the figure says little of the patient, of whom too little is known; left out: enough is. */
  readonly reason?: string;
  /** Note about the version itself, or of values that a person gave; null: nothing. */
  readonly note: string | null;
  /**
   * Changed events since the morning before: what changed of its events since the morning before, and the days that
   * each has made of the rest; left out: that was not asked.
   */
  readonly moved?: readonly { readonly name: string; readonly days: number }[];
}

const NONE: readonly string[] = [];
const NOTHING: Readonly<Record<string, never>> = {};

/** @param position the row's in the batch */
export function refuse(reason: string, data: TranslatorData, position: number): Refusal {
  const note = data.notes?.[position];
  return {
    days: null,
    version: data.version,
    reason: note === undefined ? reason : `${reason} ${note}`,
    missing: data.missing?.[position] ?? NONE,
    ignored: describeIgnored(data, position),
    known: shareKnown(data, position),
  };
}

function shareKnown({ assumed, known }: TranslatorData, position: number): number | null {
  return assumed ? (known?.[position] ?? 1) : null;
}

function describeIgnored(
  { assumed, ignored, names = NONE, version }: TranslatorData,
  position: number,
): readonly string[] | null {
  if (!assumed) return null;
  const keys = ignored?.[position];
  if (!keys) return NONE;
  const suggest = (key: string) => {
    const name = findNearest(key.toUpperCase(), names);
    return name === undefined ? key : `${key} → ${name}?`;
  };
  return keys.unknown.map(suggest).concat(keys.unused.map((key) => `${key} (not used by ${version})`));
}

/** All that is known of the prediction for the row at a position of a batch. */
export function describe(predicted: RowPrediction, data: TranslatorData, position: number): Detail {
  const { days } = predicted;
  const { longStay, floor, version, spread } = data;
  const curve = predicted.curve ?? (spread ? curveOf(days, spread, floor) : null);
  const intervals = intervalsOf(days, curve, data, position, predicted.averaged);
  const chance = longStay && curve ? longStayProbability(curve, longStay.days) : null;
  const missing = data.missing?.[position] ?? NONE;
  const unseen = data.unseen?.[position] ?? NONE;
  const reason = data.little?.[position];
  return {
    days,
    low: intervals ? intervals.of80[0] : null,
    high: intervals ? intervals.of80[1] : null,
    low95: intervals ? intervals.of95[0] : null,
    high95: intervals ? intervals.of95[1] : null,
    long_stay: chance === null ? null : round4(chance),
    long_stay_days: longStay ? longStay.days : null,
    level: chance !== null && longStay?.levels ? levelOf(round4(chance), longStay.levels) : null,
    text: chance !== null && longStay ? longStayText(chance, longStay.days) : null,
    median: curve && median(curve),
    curve,
    version,
    missing,
    unseen,
    assumed: data.assumed ? (data.assumed[position] ?? NOTHING) : null,
    ignored: describeIgnored(data, position),
    known: shareKnown(data, position),
    note: data.assumed
      ? (data.notes?.[position] ?? null)
      : `${version} was trained before usual values were kept: what is left out counts as missing. Train a new version.`,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Four decimals: more would only show how binary fractions add up. */
export function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
