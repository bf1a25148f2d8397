import type { Watched } from '../../procedures/watching/watch.js';
import { formatTable } from '../../report/text/table.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { dayOption } from '../help/day-option.js';
import { mailingFailure } from '../mail/failure.js';
import { watch, watchTables } from '../watching/watch.js';
import type { Command } from './command.js';

interface Args {
  readonly dataset?: string;
  readonly day?: string;
}

export const command: Command<Args, Watched> = {
  unattended: true,
  options: {
    ...datasetOption,
    day: dayOption('a day without a watch, YYYY-MM-DD, instead of the last one'),
  },
  examples: [
    ['los watch', 'what has changed about inputs, predictions and the pipe, and the alarms'],
    ['los watch --day 2026-11-20', 'the same at the end of a day that has passed'],
  ],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return mailingFailure(ctx, 'los watch', () =>
      ctx.progress.step('Watch inputs, predictions and the pipe', () => watch(ctx, contract, args.day)),
    );
  },
  print: (watched) => [
    `${watched.day}: ${watched.alarms.length === 0 ? 'no alarm' : `${watched.alarms.length} ${watched.alarms.length === 1 ? 'alarm' : 'alarms'}`}${watched.champion === null ? '' : `, ${watched.champion} answers`}. ${watched.raised} raised, ${watched.ended} ended by this watch.`,
    ...watchTables(watched).flatMap((table) => ['', ...formatTable(table)]),
    ...watched.notes.flatMap((note) => ['', note]),
    ...watched.events.flatMap(({ kind, subject, message }) => ['', `${kind}, ${subject}: ${message}`]),
    ...(watched.decision.what === 'nothing' ? ['', watched.decision.why] : []),
  ],
};
