import type { Place } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { forecastAndRecord } from './forecast-and-record.js';
import type { BedsPlan, BedsSettings } from './plan.js';
import { bedsConstants } from './statements.js';

/** Derived from the dataset contract (procedures/beds/statements.ts) and compiled in. */
declare const PLAN: BedsPlan;
declare const PLACE: Place;

export const object = {
  signature: {
    name: 'FORECAST_BEDS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: ['run', 'patients'],
  shows: 'predictions',
  plan: (from: PlanSource<BedsSettings>) => bedsConstants(from),
} as const satisfies ProcedureObject<typeof forecast>;

/**
 * Beds occupied over the next 14 nights, per ward, department and in all, into LOS_BED_FORECASTS.
 * @returns {dataset, madeOn, daysAgo, nights, units, occupied, hazardMultiplier, notes, run}
 * @example
 * CALL FORECAST_BEDS();
 */
export default function forecast() {
  return forecastAndRecord(PLAN, PLACE, {});
}
