import { resolve } from 'node:path';
import { modelCard } from '../../report/model/card.js';
import { figuresOf, type ShownOverview, shownOverview, tablesOf } from '../../report/model/overview.js';
import { dayOf, localTime, UTC } from '../../report/text/local-time.js';
import { formatTable } from '../../report/text/table.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { UserError } from '../errors.js';
import { writeOut } from '../ground/out-file.js';
import { overview } from '../model/overview.js';
import { type RegistryEntry, versions } from '../model/registry.js';
import type { Command } from './command.js';

interface Args {
  action?: string;
  model?: string;
  dataset?: string;
  out?: string;
  format?: string;
}

interface Result {
  readonly versions?: readonly RegistryEntry[];
  readonly shown?: ShownOverview;
  /** The model card, and the file it was written to. */
  readonly card?: string;
  readonly file?: string;
}

export const command: Command<Args, Result> = {
  positional: {
    action: { type: 'string', choices: ['list', 'show', 'card'], default: 'list', describe: 'what to do' },
    model: { type: 'string', describe: 'version such as health-v3; left out: the champion' },
  },
  options: {
    ...datasetOption,
    out: { type: 'string', describe: 'file for the card instead of the terminal' },
    format: { type: 'string', choices: ['markdown', 'html'], describe: 'of the card; html: one page' },
  },
  examples: [
    ['los model', 'all versions of the dataset'],
    ['los model card --out card.md', 'the champion’s model card: data, use, performance, groups, limits'],
    ['los model card --format html --out card.html', 'the same as a page to open or print'],
    ['los model show health-v2', 'how good it is: overall, by group, by decile'],
  ],
  run: async (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    if (args.out !== undefined && args.action !== 'card')
      throw new UserError('--out is for los model card.', {
        next: 'Leave it out, or write: los model card --out FILE.',
      });
    if (args.format !== undefined && args.action !== 'card')
      throw new UserError('--format is for los model card.', {
        next: 'Leave it out, or write: los model card --format html.',
      });
    if (args.action === 'card') {
      const make =
        args.format === 'html' ? (await import('../../report/pages/report.js')).modelCardPage : modelCard;
      const card = make(
        contract,
        await overview(ctx, contract, args.model),
        dayOf(new Date(), ctx.settings.timeZone),
      );
      if (args.out === undefined) return { card };
      writeOut(args.out, card);
      return { card, file: resolve(args.out) };
    }
    if (args.action !== 'list') return { shown: shownOverview(await overview(ctx, contract, args.model)) };
    if (args.model) throw new UserError('los model list takes no version.', { next: 'Use los model show.' });
    return { versions: (await versions(ctx)).filter(({ dataset }) => dataset === contract.name) };
  },
  print: ({ versions: listed, shown, card, file }, settings) =>
    card !== undefined
      ? [file ? `The card is in ${file}.` : card]
      : shown
        ? showLines(shown)
        : listed?.length
          ? listLines(listed, settings?.timeZone ?? UTC)
          : ['No version has been trained yet.'],
};

function listLines(entries: readonly RegistryEntry[], zone: string): string[] {
  return formatTable({
    title: '',
    columns: ['Version', 'Status', `Trained (${zone})`, 'Promoted', 'Endpoint'],
    rows: entries.map((e) => [
      e.version,
      e.status,
      localTime(e.createdAt, zone),
      e.promotedAt ? localTime(e.promotedAt, zone) : '',
      e.endpoint ?? '',
    ]),
  }).slice(1);
}

function showLines(shown: ShownOverview): string[] {
  const { entry, record } = shown;
  return [
    '',
    `${entry.version} (${entry.status}), on ${record.metrics.rows.toLocaleString('en-US')} stays that it never saw:`,
    ...formatTable({
      title: '',
      columns: ['', ''],
      rows: figuresOf(shown).map(({ label, value }) => [label, value]),
    }).slice(2),
    ...tablesOf(shown).flatMap((table) => ['', ...formatTable(table)]),
  ];
}
