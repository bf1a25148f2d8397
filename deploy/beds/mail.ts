import type { Context } from '../context.js';
import type { BedsResult } from './beds.js';
import { dayOf, mailTables, overCapacity } from './tables.js';

/**
 * The mail for the bed meeting: numbers on top, the names of nobody.
 * @returns false where there is no forecast, and so nothing to mail
 */
export async function mailBeds(ctx: Pick<Context, 'mail'>, result: BedsResult): Promise<boolean> {
  const { forecast, taken, dataset, notes } = result;
  const first = forecast.find(({ horizon }) => horizon === 1);
  if (!first) return false;
  await ctx.mail.send('beds', {
    dataset,
    night: dayOf(first.night),
    expected: Math.round(first.mean),
    sentences: [...overCapacity(forecast), ...notes],
    summary: `${whole(first.mean)} beds are expected to be taken on the night of ${dayOf(first.night)}, between ${whole(first.p10)} and ${whole(first.p90)} eight times in ten.`,
    figures: [
      { label: 'Beds taken now', value: taken },
      { label: 'At least so many, nine times in ten', value: first.atLeast90 },
      { label: 'Admissions expected before that night', value: Math.round(first.admissions) },
      { label: 'Discharges expected before that night', value: Math.round(first.discharges) },
    ],
    tables: mailTables(forecast),
  });
  return true;
}

function whole(beds: number): string {
  return Math.round(beds).toLocaleString('en-US');
}
