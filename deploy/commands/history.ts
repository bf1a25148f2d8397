import { schemaPath } from '../../procedures/ground/names.js';
import { historyLines } from '../../report/operations/history.js';
import type { Entry } from '../../report/results/deployment.js';
import { UTC } from '../../report/text/local-time.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { entries } from '../history/entries.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import type { Command } from './command.js';

/** Who changed this deployment, the latest first; empty where nothing has been applied yet. */
export async function history(ctx: Context, last: number): Promise<Entry[]> {
  const tables = await showOrNothing(
    ctx,
    `SHOW TABLES LIKE 'LOS_DEPLOYMENT_LOG' IN SCHEMA ${schemaPath(ctx.settings)}`,
  );
  return tables.length ? await entries(ctx, last) : [];
}

export const command: Command<{ last: number }, Entry[]> = {
  options: {
    last: { type: 'number', default: 20, describe: 'so many entries, the latest first' },
  },
  examples: [
    ['los history', 'who applied, trained, promoted what and when; failures too'],
    ['los history --target cloud --last 100 --json', 'the same as JSON, for a report'],
  ],
  run: (ctx, { last }) => {
    if (!(Number.isInteger(last) && last > 0 && last <= 10_000))
      throw new UserError(`--last must be a whole number from 1 to 10000, not ${last}.`, {
        next: 'For instance: los history --last 50.',
      });
    return history(ctx, last);
  },
  print: (listed, settings) =>
    listed.length
      ? [
          ...historyLines(listed, settings?.timeZone ?? UTC),
          'The latest entries (--last sets how many). Entries older than watch.keepDays are deleted, except the last apply.',
        ]
      : ['Nothing has been applied yet, or only by an earlier release, which los apply upgrades.'],
};
