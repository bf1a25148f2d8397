import { existsSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { formatTable } from '../../report/text/table.js';
import type { Context } from '../context.js';
import { checkDataset } from '../dataset/check.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { inspectCsv } from '../dataset/csv.js';
import { DATE_ORDERS, type DateOrder } from '../dataset/files/dates.js';
import { draftOf } from '../dataset/init.js';
import { loadCsv } from '../dataset/load-csv.js';
import { UserError } from '../errors.js';
import { writeOut } from '../ground/out-file.js';
import { apply } from '../operate/apply.js';
import { runGraph } from '../scoring/graph.js';
import type { Command } from './command.js';

interface Args {
  readonly action?: string;
  readonly dataset?: string;
  readonly table?: string;
  readonly file?: string;
  readonly out?: string;
  readonly id?: string;
  readonly los?: string;
  readonly patient?: string;
  readonly null?: string[];
  readonly dateOrder?: DateOrder;
  readonly apply?: boolean;
}

interface Result {
  readonly lines: readonly string[];
  readonly failed: boolean;
}

async function init(ctx: Context, args: Args): Promise<Result> {
  const { name, yaml, decisions, notes, looks, open } = await draftOf(ctx, args, {
    ...(args.id === undefined ? {} : { id: args.id }),
    ...(args.los === undefined ? {} : { los: args.los }),
    ...(args.patient === undefined ? {} : { patient: args.patient }),
    ...(args.null?.length ? { nulls: args.null } : {}),
    ...(args.dateOrder === undefined ? {} : { order: args.dateOrder }),
  });
  const file = resolve(args.out ?? `${name}.yaml`);
  if (existsSync(file))
    throw new UserError(`${file} exists already.`, { next: 'Remove it, or name another with --out.' });
  writeOut(file, yaml);
  return {
    lines: [
      open.length > 0
        ? `${file} was written, but it cannot be used yet:`
        : `${file} was written. Read it; what it guessed stands at its top.`,
      '',
      ...formatTable(decisions),
      '',
      ...[...open, ...looks].map((what) => `LOOK: ${what}`),
      ...notes,
      ...(open.length > 0
        ? [
            'Then: los dataset init once more with what it asks for, or decide it in the contract; until then no command takes it.',
          ]
        : [
            args.file === undefined
              ? `Then: los apply, with dataset: ${basename(file)} in los.config.yaml.`
              : `Then: los dataset load --dataset ${relative('.', file)} --file ${args.file} --apply.`,
          ]),
    ],
    failed: false,
  };
}

async function check(context: Context, args: Args): Promise<Result> {
  const { ctx, contract } = forDataset(context, args.dataset);
  const { dataset, rows, problems, warnings } = await checkDataset(ctx, contract);
  return {
    lines: [
      `${dataset}: ${count(rows, 'row')}, ${count(problems.length, 'problem')}, ${count(warnings.length, 'thing')} to look at`,
      ...problems.map((problem) => `problem: ${problem}`),
      ...warnings.map((warning) => `look at: ${warning}`),
    ],
    failed: problems.length > 0,
  };
}

async function load(context: Context, args: Args): Promise<Result> {
  if (!args.file)
    throw new UserError('los dataset load needs a file.', {
      next: 'Give a CSV with a header line: los dataset load --file admissions.csv.gz.',
    });
  const { ctx, contract } = forDataset(context, args.dataset);
  await inspectCsv(contract, resolve(args.file));
  if (args.apply) await apply(ctx);
  const rows = await loadCsv(ctx, contract, args.file, contract.table);
  const { built } = await runGraph(ctx, contract);
  return {
    lines: [
      `${count(rows, 'row')} loaded into ${contract.table}, ${count(built, 'feature row')} built.`,
      ...(context.settings.dataset === ctx.settings.dataset
        ? []
        : [
            `So that every command takes it, and not ${basename(context.settings.dataset)}, write into los.config.yaml: dataset: ${args.dataset}`,
          ]),
    ],
    failed: false,
  };
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

const actions = { init, check, load };

export const command: Command<Args, Result> = {
  positional: {
    action: { type: 'string', choices: Object.keys(actions), describe: 'what to do' },
  },
  options: {
    ...datasetOption,
    table: { type: 'string', describe: 'init: table to look at, in the configured schema' },
    file: { type: 'string', describe: 'init: CSV or .csv.gz to look at; load: the one to load' },
    id: { type: 'string', describe: 'init: column that identifies an admission' },
    los: { type: 'string', describe: 'init: column that holds the stay in days' },
    patient: { type: 'string', describe: 'init: column that identifies the patient' },
    null: {
      type: 'string',
      array: true,
      nargs: 1,
      describe: "init: text that stands for a missing value, such as '?'; may be repeated",
    },
    'date-order': {
      type: 'string',
      choices: DATE_ORDERS,
      describe:
        'init: order of day, month and year in dates such as 03/04/2026, where the file does not settle it',
    },
    out: { type: 'string', describe: 'init: contract to write; left out: NAME.yaml here' },
    apply: { type: 'boolean', default: false, describe: 'load: deploy what the contract needs before' },
  },
  examples: [
    ['los dataset init --table ADMISSIONS', 'write a first contract by looking at a table'],
    ["los dataset init --file visits.csv --null '?' --los nights", 'the same by looking at a file'],
    ['los dataset check', 'hold the contract against its table'],
    ['los dataset load --file a.csv.gz', 'load admissions and build their features'],
    ['los dataset load --dataset visits.yaml --file visits.csv --apply', 'the first file of a new dataset'],
  ],
  run: (ctx, args) => {
    const action = actions[args.action as keyof typeof actions];
    if (!action)
      throw new UserError('los dataset needs to know what to do.', { next: 'Say init, check or load.' });
    return action(ctx, args);
  },
  print: ({ lines }) => [...lines],
  exitCode: ({ failed }) => (failed ? 1 : 0),
};
