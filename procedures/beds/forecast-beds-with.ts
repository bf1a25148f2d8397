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
    args: [['OPTIONS', 'OBJECT']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: ['run', 'patients'],
  shows: 'predictions',
  plan: (from: PlanSource<BedsSettings>) => bedsConstants(from),
} as const satisfies ProcedureObject<typeof forecastWith>;

/**
 * The same as on the evening of a day that has passed.
 * @param options {as_of: 'YYYY-MM-DD'}; NULL or without it: the last day known
 * @returns {dataset, madeOn, daysAgo, nights, units, occupied, hazardMultiplier, notes, run}
 * @example
 * CALL FORECAST_BEDS({'as_of': '2026-01-31'});
 */
export default function forecastWith(options: object | null) {
  return forecastAndRecord(PLAN, PLACE, options || {});
}
