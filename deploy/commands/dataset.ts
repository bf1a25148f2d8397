import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { checkDataset } from '../dataset/check.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { draftContract } from '../dataset/init.js';
import { loadCsv } from '../dataset/load-csv.js';
import { UserError } from '../errors.js';
import { runGraph } from '../scoring/graph.js';
import type { Command } from './command.js';

interface Args {
  readonly action?: string;
  readonly dataset?: string;
  readonly table?: string;
  readonly file?: string;
}

interface Result {
  readonly lines: readonly string[];
  readonly failed: boolean;
}

async function init(ctx: Context, args: Args): Promise<Result> {
  if (!args.table)
    throw new UserError('los dataset init needs a table to look at.', {
      next: 'Name one of the configured schema: los dataset init --table ADMISSIONS.',
    });
  const { name, yaml, notes } = await draftContract(ctx, args.table);
  const file = resolve(args.file ?? `${name}.yaml`);
  if (existsSync(file))
    throw new UserError(`${file} exists already.`, { next: 'Remove it, or name another with --file.' });
  writeFileSync(file, yaml);
  return {
    lines: [`${file} was written. Read it; what it guessed stands at its top.`, ...notes],
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
  const rows = await loadCsv(ctx, contract, args.file, contract.table);
  const { built } = await runGraph(ctx, contract);
  return {
    lines: [`${count(rows, 'row')} loaded into ${contract.table}, ${count(built, 'feature row')} built.`],
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
    file: { type: 'string', describe: 'init: contract to write; load: CSV or .csv.gz to read' },
  },
  examples: [
    ['los dataset init --table ADMISSIONS', 'write a first contract by looking at a table'],
    ['los dataset check', 'hold the contract against its table'],
    ['los dataset load --file a.csv.gz', 'load admissions and build their features'],
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
