import { perform, speak } from '../ground/inside.js';
import type { Place } from '../ground/names.js';
import { recorded } from '../runs.js';
import { type AskedForecast, forecastBeds } from './forecast.js';
import type { BedsPlan } from './plan.js';

/** What both entries of FORECAST_BEDS do: forecasts, writes the run down, and says why where it refuses. */
export function forecastAndRecorded(plan: BedsPlan, place: Place, asked: AskedForecast) {
  try {
    const { result, run } = recorded(plan.runLog, { kind: 'beds', dataset: plan.dataset }, () => {
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
