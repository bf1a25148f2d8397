import { perform, speak } from '../ground/inside.js';
import type { Place } from '../ground/names.js';
import { recordRun } from '../runs.js';
import { type ForecastRequest, forecastBeds } from './forecast.js';
import type { BedsPlan } from './plan.js';

/** What both entries of FORECAST_BEDS do: forecasts, writes the run down, and says why where it refuses. */
export function forecastAndRecord(plan: BedsPlan, place: Place, asked: ForecastRequest) {
  try {
    const { result, run } = recordRun(plan.runLog, { kind: 'beds', dataset: plan.dataset }, () => {
      const made = perform(place, forecastBeds(plan, asked));
      return {
        rows: made.units * made.nights,
        details: { madeOn: made.madeOn, notes: made.notes },
        result: made,
      };
    });
    return { ...result, run };
  } catch (error) {
    return speak(error);
  }
}
