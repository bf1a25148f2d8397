import type { WatchResult } from '../../procedures/watching/watch.js';
import { count } from '../../report/text/count.js';
import { formatTable } from '../../report/text/table.js';
import { watchTables } from '../../report/watching/watch-tables.js';
import { dayOption } from '../help/day-option.js';
import { watch } from '../watching/watch.js';
import type { Command } from './command.js';

interface Args {
  readonly day?: string;
}

export const command: Command<Args, WatchResult> = {
  unattended: true,
  dataset: true,
  mailsFailure: true,
  options: {
    day: dayOption('a day without a watch, YYYY-MM-DD, instead of the last one'),
  },
  examples: [
    ['los watch', 'what has changed about inputs, predictions and the pipeline, and the alarms'],
    ['los watch --day 2026-11-20', 'the same at the end of a day that has passed'],
  ],
  run: (ctx, { day }, contract) =>
    ctx.progress.step('Watch inputs, predictions and the pipeline', () => watch(ctx, contract, day)),
  print: (watched) => [
    `${watched.day}: ${watched.alarms.length === 0 ? 'no alarm' : count(watched.alarms.length, 'alarm')}${watched.champion === null ? '' : `, ${watched.champion} answers`}. ${watched.raised} raised, ${watched.ended} ended by this watch.`,
    ...watchTables(watched).flatMap((table) => ['', ...formatTable(table)]),
    ...watched.notes.flatMap((note) => ['', note]),
    ...watched.events.flatMap(({ kind, subject, message }) => ['', `${kind}, ${subject}: ${message}`]),
    ...(watched.decision.what === 'nothing' ? ['', watched.decision.why] : []),
  ],
};
