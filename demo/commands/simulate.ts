import type { Command } from '../../deploy/commands/command.js';
import { dayOption } from '../../deploy/help/day-option.js';
import { bedLines } from '../../report/beds/tables.js';
import { count } from '../../report/text/count.js';
import { formatTable } from '../../report/text/table.js';
import { simulateLoop } from '../simulate/loop.js';
import { DRIFTS, type DriftKind, type LoopResult, loopSummary, loopTables } from '../simulate/loop-tables.js';
import type { SimulateResult } from '../simulate/mail.js';
import { simulate } from '../simulate/simulate.js';

interface Args {
  readonly days?: number;
  readonly drift?: DriftKind;
  readonly from?: string;
  readonly to?: string;
  readonly perDay: number;
  readonly seed: number;
}

const DAY = 86_400_000;
const TWELVE_WEEKS = 84;

export const command: Command<Args, SimulateResult | LoopResult> = {
  finishes: true,
  dataset: true,
  mailsFailure: true,
  options: {
    days: { type: 'number', describe: 'days (or batches) at most; by default until no admission waits' },
    drift: {
      type: 'string',
      choices: DRIFTS,
      describe:
        'instead: months in a made-up hospital in which this changes a third of the way, with look, watch, retraining and mails; needs an empty local state',
    },
    from: dayOption('with --drift: first day (default: twelve weeks before the last)'),
    to: dayOption('with --drift: last day (default: yesterday)'),
    perDay: { type: 'number', default: 120, describe: 'with --drift: admissions on a usual day' },
    seed: { type: 'number', default: 1, describe: 'with --drift: the same seed, the same patients' },
  },
  examples: [
    ['los simulate --days 7', 'let a week of waiting admissions arrive'],
    ['los simulate --drift effect', 'see how monitoring and retraining react to longer stays'],
  ],
  async run(ctx, { days, drift, from, to, perDay, seed }, contract) {
    if (drift === undefined) return await simulate(ctx, contract, { limit: days });
    const last = to ?? dayOf(Date.now() - DAY);
    const first = from ?? dayOf(Date.parse(last) - (TWELVE_WEEKS - 1) * DAY);
    return await simulateLoop(ctx, contract, { from: first, to: last, drift, perDay, seed });
  },
  print: (result) => ('story' in result ? loopLines(result) : arrivalLines(result)),
};

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

const were = (n: number) => (n === 1 ? 'was' : 'were');

function loopLines(result: LoopResult): string[] {
  return [
    `${count(result.admitted, 'admission')} came in ${count(result.days, 'day')}, ${result.scored} ${were(result.scored)} scored, ${count(result.mails, 'mail')} went out.`,
    loopSummary(result),
    ...loopTables(result).flatMap((table) => ['', ...formatTable(table)]),
  ];
}

function arrivalLines({ steps, admitted, scored, discharged, forecasts, beds }: SimulateResult): string[] {
  return [
    `${count(admitted, 'admission')} arrived in ${count(steps, 'step')}, ${scored} ${were(scored)} scored, ${discharged} ${were(discharged)} discharged.`,
    ...(beds
      ? [`Beds were forecast on ${count(forecasts, 'evening')}; the last says:`, ...bedLines(beds)]
      : []),
  ];
}
