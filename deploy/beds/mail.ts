import type { Context } from '../context.js';
import type { BedsResult } from './beds.js';
import { bedTables, dayOf, overCapacity } from './tables.js';

/** The mail for the bed meeting: numbers on top, the names of nobody. */
export async function mailBeds(ctx: Pick<Context, 'mail'>, result: BedsResult): Promise<void> {
  const { forecast, taken, dataset, notes } = result;
  const first = forecast.find(({ horizon }) => horizon === 1);
  await ctx.mail.send('beds', {
    dataset,
    night: first ? dayOf(first.night) : '–',
    expected: first ? Math.round(first.mean) : 0,
    sentences: [...overCapacity(forecast), ...notes],
    summary: first
      ? `${Math.round(first.mean)} beds are expected to be taken on the night of ${dayOf(first.night)}, between ${Math.round(first.p10)} and ${Math.round(first.p90)} eight times in ten.`
      : 'Nobody is in and nobody is expected.',
    figures: [
      { label: 'Beds taken now', value: taken },
      ...(first
        ? [
            { label: 'At least so many, nine times in ten', value: first.atLeast90 },
            { label: 'Admissions expected before that night', value: Math.round(first.admissions) },
            { label: 'Discharges expected before that night', value: Math.round(first.discharges) },
          ]
        : []),
    ],
    tables: bedTables(forecast).filter(({ rows }) => rows.length > 0),
  });
}
