import type { Curve } from '../curve/curve.js';
import { BUCKETS } from '../encoding/stay.js';
import type { Band } from '../model.js';
import { fitBands, type IntervalRow, roundOutwards } from './intervals.js';

/** A morning that validates; its error is in log-odds of its curve. */
export interface MorningRow extends IntervalRow {
  readonly day: number;
  readonly curve: Curve;
}

/** Patients whose mornings a range of days of stay needs: a tenth of them is order statistics that are none of the extremes. */
const FEWEST_PATIENTS = 20;
/** Below so many the ends of 95 % are extremes, and those of all days count where they are further. */
const FEWEST_FAR = 40;
/** So many patients say as much of the ends as the curves themselves do (bench/notes/stay.md). */
const SHRINKAGE = 20;

/**
 * Intervals by day of stay: of those who are still in after two weeks rests are less known than on the first day, so ranges of days have bands
 * of their own (BUCKETS, joined from the last one back until each is of twenty patients). The mornings of a stay are alike, so a patient
 * counts with all of them (quantiles.ts). Order statistics of so few patients are far apart: ends shrink towards those that
 * the curves of the same mornings have themselves.
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
  const { bands, bandOf } = fitBands(rows, { independent: patientsOf(rows).size, togetherOf: patientsOf });
  return bands.map((band, i) => {
    const own = rows.filter((_, place) => bandOf[place] === i);
    return own.length > 0 ? shrinkEnds(band, own) : band;
  });
}

/** A band whose ends are between its own, with the weight of its patients, and those by its mornings' curves. */
function shrinkEnds(band: Band, rows: readonly MorningRow[]): Band {
  const reached = foreseenShares(rows);
  const patients = patientsOf(rows).size;
  const blend = (own: number, place: number) => {
    const share = Math.min(STEPS - 1, Math.max(1, place)) / STEPS;
    return (patients * own + SHRINKAGE * Math.log(share / (1 - share))) / (patients + SHRINKAGE);
  };
  const lowEnd = (own: number, share: number) =>
    -roundOutwards(
      -blend(
        own,
        reached.findIndex((sum) => sum > share + NEAR),
      ),
    );
  const highEnd = (own: number, share: number) =>
    roundOutwards(
      blend(
        own,
        reached.findIndex((sum) => sum >= share - NEAR),
      ),
    );
  return {
    ...band,
    low: lowEnd(band.low, 0.1),
    high: highEnd(band.high, 0.9),
    low95: lowEnd(band.low95, 0.025),
    high95: highEnd(band.high95, 0.975),
  };
}

/** Shares on curves have four decimals. */
const STEPS = 1e4;
/** Sums that differ by less are the same. */
const NEAR = 1e-9;

/**
 * Expected distribution of the shares discharged by the end of a stay's last day. They lie above an even
 * distribution: of those who leave on one day all count as gone by its end.
 * @returns at place i the share of rests whose share gone is at most i / STEPS
 */
function foreseenShares(rows: readonly MorningRow[]): Float64Array {
  const shares = new Float64Array(STEPS + 1);
  let all = 0;
  for (const { curve, weight } of rows) {
    all += weight;
    let before = 0;
    curve.days.forEach((day, i) => {
      const steps = i > 0 ? day - (curve.days[i - 1] as number) : 1;
      const share = ((curve.gone[i] as number) - before) / steps;
      for (let step = 1; step <= steps; step++) {
        const place = Math.round((before + step * share) * STEPS);
        shares[place] = (shares[place] as number) + weight * share;
      }
      before = curve.gone[i] as number;
    });
  }
  let below = 0;
  return shares.map((share) => {
    below += share / all;
    return below;
  });
}

/** Total weight of each patient's rows. */
function patientsOf(rows: readonly IntervalRow[]): Map<number, number> {
  const weights = new Map<number, number>();
  for (const { patient, weight } of rows) weights.set(patient, (weights.get(patient) ?? 0) + weight);
  return weights;
}
