import { resolve } from 'node:path';
import type { Closed } from '../../procedures/beds/closures/closures.js';
import { mailBeds } from '../../report/beds/mail.js';
import type { BedsResult, Night } from '../../report/beds/nights.js';
import { bedLines } from '../../report/beds/tables.js';
import { whatIfLines } from '../../report/beds/what-if/answer.js';
import { parseWhatIf } from '../../report/beds/what-if/parse-what-if.js';
import { dayOf } from '../../report/text/local-time.js';
import { beds } from '../beds/beds.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { writeOut } from '../ground/out-file.js';
import { findNearest } from '../ground/suggest.js';
import { dayOption } from '../help/day-option.js';
import type { Command } from './command.js';

interface Args {
  readonly svg?: string;
  readonly ward?: string;
  readonly mail?: boolean;
  readonly day?: string;
  readonly whatIf?: string;
  readonly close?: string;
  readonly reason?: string;
  readonly open?: string;
}

/** Number of wards and departments from which on a message names only the nearest ones. */
const MOST_NAMED = 60;

function noSuchUnit(name: string, forecast: readonly Night[]): UserError {
  const all = [...new Set(forecast.filter(({ level }) => level !== 'all').map(({ unit }) => unit))];
  const near = findNearest(name, all);
  const units = all.length > MOST_NAMED && near ? [near] : all.slice(0, MOST_NAMED);
  return new UserError(`No ward or department is called ${name}.`, {
    next:
      units.length > 0
        ? `There ${units.length === 1 ? 'is' : 'are'} ${units.join(', ')}${all.length > units.length ? ` and ${all.length - units.length} more` : ''}.`
        : 'Name ward: or department: in the contract.',
  });
}

/** Closes beds by a sentence of the form that --what-if understands. @param evening the day after which weekdays are looked for */
async function close(
  ctx: Context,
  sentence: string,
  reason: string | undefined,
  evening: string,
): Promise<void> {
  const changes = parseWhatIf(`close ${sentence}`, evening) ?? [];
  const [change] = changes;
  if (changes.length !== 1 || change?.close === undefined || change.ward === undefined)
    throw new UserError(`--close "${sentence}" is not understood.`, {
      next: 'Write how many beds of which ward: "4 ICU", "4 ICU from 2026-12-08 to 2026-12-12".',
    });
  const { close: beds, ward, from, to } = change;
  const closed = await callProcedure<Closed>(ctx, 'CLOSE_BEDS', [
    { object: { ward, beds, ...(from && { from }), ...(to && { to }), ...(reason && { reason }) } },
  ]);
  ctx.progress.note(
    `Closed ${closed.beds} beds of ${closed.ward}; los beds --open ${closed.closure} opens them.`,
  );
}

export const command: Command<Args, BedsResult> = {
  unattended: true,
  dataset: true,
  mailsFailure: true,
  options: {
    ward: { type: 'string', describe: 'this ward or department alone' },
    svg: { type: 'string', describe: 'also draw the fan into this file' },
    day: dayOption('as on the evening of this day (YYYY-MM-DD), from what had happened by then'),
    'what-if': {
      type: 'string',
      describe:
        'beside it, what would be: "10 ORTHO on Tuesday", "close 4 ICU from 2026-12-08", "cancel 4711"',
    },
    close: {
      type: 'string',
      describe: 'first close beds of a ward: "4 ICU from 2026-12-08 to Friday"',
      conflicts: ['what-if', 'day'],
    },
    reason: { type: 'string', describe: 'why, with --close; no names of patients', implies: 'close' },
    open: {
      type: 'string',
      describe: 'first open the beds of this closure (LOS_BED_CLOSURES)',
      conflicts: ['what-if', 'day'],
    },
    mail: { type: 'boolean', describe: 'also mail the numbers, for the bed meeting' },
  },
  examples: [
    ['los beds', 'beds occupied over the next 14 nights, per ward, department and in all'],
    ['los beds --ward surgery --svg beds.svg', 'those of one ward or department, drawn too'],
    ['los beds --day 2026-11-01', 'as forecast on the evening of a past day'],
    ['los beds --mail', 'and mailed, without names of patients'],
    ['los beds --close "4 ICU to Friday" --reason repairs', 'close beds, and forecast without them'],
    ['los beds --what-if "10 ORTHO on Tuesday"', 'and what ten more patients of a ward would change'],
  ],
  async run(ctx, args, contract) {
    const evening = args.day ?? dayOf(new Date(), ctx.settings.timeZone);
    const changes = args.whatIf === undefined ? undefined : parseWhatIf(args.whatIf, evening);
    if (args.whatIf !== undefined && !changes)
      throw new UserError(`--what-if "${args.whatIf}" is not understood.`, {
        next: 'Write "10 ORTHO on Tuesday", "close 4 ICU from 2026-12-08 to 2026-12-12" or "cancel 4711", several between semicolons.',
      });
    if (args.mail && ctx.settings.tasks.silent !== null)
      throw new UserError('No forecast is mailed: a silent period runs.', {
        next: 'Remove tasks.silent from the settings and run los apply, and predictions are shown.',
      });
    if (args.close !== undefined) await close(ctx, args.close, args.reason, evening);
    if (args.open !== undefined) await callProcedure(ctx, 'OPEN_BEDS', [args.open]);
    const made = await ctx.progress.step('Forecast the beds of the next 14 nights', () =>
      beds(ctx, contract, args.day, changes),
    );
    const own = made.forecast.filter(({ unit }) => unit === args.ward);
    if (args.ward !== undefined && own.length === 0) throw noSuchUnit(args.ward, made.forecast);
    const result = own.length > 0 ? { ...made, forecast: own } : made;
    if (args.svg !== undefined) {
      const { fans } = await import('../../report/beds/fan.js');
      writeOut(
        resolve(args.svg),
        fans(result.forecast, `Beds occupied, forecast of ${made.madeOn}`),
        '--svg',
      );
    }
    if (!args.mail) return result;
    const late = args.day === undefined ? made.daysAgo : 0;
    if (!(await mailBeds(ctx, contract, made, { late, ward: args.ward })))
      ctx.progress.warn('Nothing was mailed: there is no forecast of ten patients or more.');
    return result;
  },
  print: (result) => (result.ifSo ? whatIfLines(result, result.ifSo, result.groups) : bedLines(result)),
};
