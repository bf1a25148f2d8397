import { BUCKETS } from '../encoding/stay.js';
import type { Band } from '../model.js';
import { fitBands, type IntervalRow } from './intervals.js';

/** A morning that validates. */
export interface MorningRow extends IntervalRow {
  readonly day: number;
}

/** Patients whose mornings a range of days of stay needs: a tenth of them is order statistics that are none of the extremes. */
const FEWEST_PATIENTS = 20;
/** Below so many the ends of 95 % are extremes, and those of all days count where they are further. */
const FEWEST_FAR = 40;

/**
 * Intervals by day of stay: of those who are still in after two weeks rests are less known than on the first day, so ranges of days have bands
 * of their own (BUCKETS, joined from the last one back until each is of twenty patients). The mornings of a stay are alike, so a patient
 * counts with all of them (quantiles.ts).
 * @returns by day of stay, then by predicted rest
 */
export function fitStayBands(rows: readonly MorningRow[]): Band[] {
  const whole = bandsOf(rows);
  const bands: Band[] = [];
  rangesOf(rows).forEach((from, i, ranges) => {
    const next = ranges[i + 1];
    const own = rows.filter(({ day }) => (i === 0 || day >= from) && (next === undefined || day < next));
    const few = patientsOf(own).size < FEWEST_FAR;
    for (const band of bandsOf(own))
      bands.push({
        untilDay: next === undefined ? null : next - 1,
        ...band,
        ...(few && {
          low95: Math.min(band.low95, ...whole.map(({ low95 }) => low95)),
          high95: Math.max(band.high95, ...whole.map(({ high95 }) => high95)),
        }),
      });
  });
  return bands;
}

/** First days of the ranges. */
function rangesOf(rows: readonly MorningRow[]): number[] {
  const found: number[] = [];
  let patients = new Set<number>();
  for (let i = BUCKETS.length - 1; i >= 0; i--) {
    const [from, next = Number.POSITIVE_INFINITY] = [BUCKETS[i] as number, BUCKETS[i + 1]];
    for (const { day, patient } of rows) if (day >= from && day < next) patients.add(patient);
    if (patients.size < FEWEST_PATIENTS) continue;
    found.unshift(from);
    patients = new Set();
  }
  // What is left of the first days joins the range after them.
  return found.length > 0 ? found : [BUCKETS[0] as number];
}

function bandsOf(rows: readonly MorningRow[]): Band[] {
  return fitBands(rows, { independent: patientsOf(rows).size, togetherOf: patientsOf }).bands;
}

/** What the rows of each patient weigh together. */
function patientsOf(rows: readonly IntervalRow[]): Map<number, number> {
  const weights = new Map<number, number>();
  for (const { patient, weight } of rows) weights.set(patient, (weights.get(patient) ?? 0) + weight);
  return weights;
}
