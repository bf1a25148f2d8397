import type { SqlSignature } from '../../udfs/signature.js';
import { perform, speak } from '../ground/inside.js';
import type { Place } from '../ground/names.js';
import { recorded } from '../runs.js';
import { forecastBeds } from './forecast.js';
import type { BedsPlan } from './plan.js';

/** Derived from the dataset contract (deploy/beds/plan.ts) and compiled in. */
declare const PLAN: BedsPlan;
declare const PLACE: Place;

export const signature = {
  name: 'FORECAST_BEDS',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof forecast>;

/**
 * Beds taken over the next 14 nights, per ward, department and in all, into LOS_BED_FORECASTS.
 * @returns {dataset, madeOn, nights, units, taken, pace, notes, run}
 */
export default function forecast() {
  try {
    const { result, run } = recorded(PLAN.runLog, { kind: 'beds', dataset: PLAN.dataset }, () => {
      const made = perform(PLACE, forecastBeds(PLAN));
      return {
        rows: made.units * made.nights,
        details: { madeOn: made.madeOn, notes: made.notes.length },
        result: made,
      };
    });
    return { ...result, run };
  } catch (error) {
    return speak(error);
  }
}
