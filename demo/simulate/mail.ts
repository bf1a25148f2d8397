import type { Context } from '../../deploy/context.js';
import { bedPicture } from '../../report/beds/mail.js';
import type { BedsResult } from '../../report/beds/nights.js';
import type { Table } from '../../report/mail/events.js';
import { itemAt } from '../../udfs/require-value.js';

export interface SimulateResult {
  readonly steps: number;
  readonly admitted: number;
  readonly scored: number;
  readonly discharged: number;
  /** Errors in days on logged predictions whose patients have left; null while fewer than ten have. */
  readonly live: { rows: number; rmse: number; mae: number } | null;
  /** Number of evenings with a forecast, and the last of these forecasts; null: rows without dates. */
  readonly forecasts: number;
  readonly beds: BedsResult | null;
  /** Seconds that the forecasts took. */
  readonly forecastSeconds: number;
}

/** Outcome of one day (or batch) brought. */
export interface Day {
  readonly label: string;
  readonly arrived: number;
  readonly scored: number;
}

/** More lines than this become one a week. */
const LINES = 10;

/** The mail about a simulation that has ended: every day of it, and the beds that follow. */
export async function mailSimulation(
  ctx: Context,
  version: string,
  result: Pick<SimulateResult, 'admitted' | 'scored' | 'discharged' | 'live' | 'beds'> & {
    readonly days: readonly Day[];
  },
): Promise<void> {
  const { days, admitted, scored, discharged, live, beds } = result;
  await ctx.mail.send('simulation', {
    version,
    days: days.length,
    rows: scored,
    key: [
      { label: 'admissions arrived', value: admitted },
      { label: 'predictions logged', value: scored },
      { label: 'discharged', value: discharged },
    ],
    summary: `The task graph scored with ${version}, as in live operation: ${days[0]?.label} to ${days.at(-1)?.label}.${describeEarlier(admitted, scored)}`,
    ...(beds && ctx.settings.tasks.silent === null ? pictureOf(beds) : {}),
    figures: live
      ? [
          {
            label: 'Mean absolute error of discharged patients, days (mostly short stays)',
            value: live.mae.toFixed(1),
          },
          { label: 'Their RMSE, days', value: live.rmse.toFixed(1) },
        ]
      : [],
    tables: [dayTable(days)],
    next: 'Beds of the next nights:',
    commands: ['los beds', 'SELECT * FROM LOS_BEDS;'],
  });
}

/** Who was in hospital before is predicted, too. @returns a sentence with a blank before it; '' where there were none */
export function describeEarlier(admitted: number, scored: number): string {
  const earlier = scored - admitted;
  return earlier > 0
    ? ` ${earlier.toLocaleString('en-US')} predictions are of patients who were in hospital already, or of values that were corrected.`
    : '';
}

function pictureOf(beds: BedsResult) {
  const picture = bedPicture(beds);
  return picture ? { picture } : {};
}

/** Days, or weeks of them. */
function dayTable(days: readonly Day[]): Table {
  const step = days.length > LINES ? 7 : 1;
  const rows: Table['rows'] = [];
  for (let i = 0; i < days.length; i += step) {
    const part = days.slice(i, i + step);
    const sum = (of: (day: Day) => number) => part.reduce((all, day) => all + of(day), 0);
    rows.push([itemAt(part, 0).label, sum(({ arrived }) => arrived), sum(({ scored }) => scored)]);
  }
  return {
    title: step > 1 ? 'By week' : 'By day',
    columns: [step > 1 ? 'week from' : 'day', 'arrived', 'scored'],
    rows,
    bar: 2,
  };
}
