import type { Random } from '../health/random.js';
import { drawNormal, normalCdf } from './draw.js';
import type { Facts } from './facts.js';
import { complicationOf, sharesOfCourse } from './stay.js';

/**
 * Measurement during a stay. Each value depends on the course and on how many nights are left, and on nothing else:
 * the better the patient, the nearer the discharge. So the distribution of the rest, given what was measured, is
 * known as well (Bayes).
 */
interface Measure {
  /** True if the logarithm is normal: the value, or its logarithm. */
  readonly log: boolean;
  readonly mean: (left: number, complicated: boolean) => number;
  readonly sd: number;
  /** Whole numbers between these; null: a number with one decimal. */
  readonly whole: { readonly from: number; readonly to: number } | null;
  /** Share of the days on which it is measured. */
  readonly often: number;
}

export const MEASURES = {
  /** C-reactive protein, mg/l: laboratory. */
  crp: {
    log: true,
    mean: (left, complicated) => 1.9 + 0.55 * Math.log1p(left) + (complicated ? 0.5 : 0),
    sd: 0.7,
    whole: null,
    often: 0.45,
  },
  /** Early warning score: nurses, every morning. */
  news: {
    log: false,
    mean: (left, complicated) => 0.6 + 0.9 * Math.log1p(left) + (complicated ? 0.7 : 0),
    sd: 1.2,
    whole: { from: 0, to: 12 },
    often: 0.9,
  },
  /** Mobility, from 0 (in bed) to 6 (walks alone): nurses. */
  mobility: {
    log: false,
    mean: (left, complicated) => 6 - 1.3 * Math.log1p(left) - (complicated ? 0.5 : 0),
    sd: 1.1,
    whole: { from: 0, to: 6 },
    often: 0.6,
  },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;
const NAMES = Object.keys(MEASURES) as MeasureName[];

/** A value of a day of the stay; the first night is before day 1. */
export interface Measurement {
  readonly name: MeasureName;
  readonly day: number;
  readonly value: number;
}

/** Draws what is measured on the mornings of a stay, from the one after the first night to that of the discharge. */
export function drawMeasurements(nights: number, complicated: boolean, stream: Random): Measurement[] {
  const found: Measurement[] = [];
  for (let day = 1; day <= nights; day++)
    for (const name of NAMES) {
      const measure: Measure = MEASURES[name];
      if (stream.nextNumber() >= measure.often) continue;
      const drawn = measure.mean(nights - day, complicated) + measure.sd * drawNormal(stream);
      const value = measure.log ? Math.exp(drawn) : drawn;
      found.push({
        name,
        day,
        value: measure.whole
          ? Math.min(measure.whole.to, Math.max(measure.whole.from, Math.round(value)))
          : Math.max(0.1, Math.round(value * 10) / 10),
      });
    }
  return found;
}

/** Probability (or density) of a value so many nights before the discharge. */
function likelihood({ name, value }: Measurement, left: number, complicated: boolean): number {
  const { log, mean, sd, whole }: Measure = MEASURES[name];
  const centre = mean(left, complicated);
  if (whole === null) {
    const z = ((log ? Math.log(value) : value) - centre) / sd;
    return Math.exp((-z * z) / 2);
  }
  const until = value >= whole.to ? 1 : normalCdf((value + 0.5 - centre) / sd);
  const from = value <= whole.from ? 0 : normalCdf((value - 0.5 - centre) / sd);
  return Math.max(1e-12, until - from);
}

/**
 * The share of each number of nights in all, given what was known on arrival, that the patient is in on the morning of a day of the stay, and
 * what was measured until then: the best that any model could predict then.
 */
export function sharesAsOf(facts: Facts, day: number, measured: readonly Measurement[]): Float64Array {
  const complication = complicationOf(facts);
  const known = measured.filter((one) => one.day <= day);
  const both = ([false, true] as const).map((complicated) =>
    sharesOfCourse(facts, complicated).map((share, nights) => {
      if (nights < day) return 0;
      let weight = share * (complicated ? complication : 1 - complication);
      for (const one of known) weight *= likelihood(one, nights - one.day, complicated);
      return weight;
    }),
  ) as [Float64Array, Float64Array];
  const total = both.reduce((sum, part) => sum + part.reduce((a, b) => a + b, 0), 0);
  return both[0].map((share, i) => (share + (both[1][i] as number)) / total);
}
