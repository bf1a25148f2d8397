import { existsSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import type { Command } from '../../deploy/commands/command.js';
import { UserError } from '../../deploy/errors.js';
import { writeOut } from '../../deploy/ground/out-file.js';
import { formatTable } from '../../report/text/table.js';
import { draftOf } from '../drafting/draft-contract.js';
import { DATE_ORDERS, type DateOrder } from '../files/dates.js';

interface Args {
  readonly table?: string;
  readonly source?: string;
  readonly query?: string;
  readonly file?: string;
  readonly out?: string;
  readonly id?: string;
  readonly los?: string;
  readonly patient?: string;
  readonly null?: string[];
  readonly dateOrder?: DateOrder;
}

export const command: Command<Args, { readonly lines: readonly string[] }> = {
  options: {
    table: { type: 'string', describe: 'table to look at, in the configured schema' },
    source: {
      type: 'string',
      describe: 'table or view of any schema and owner to look at instead, as ANALYTICS.CORE.ENCOUNTER',
    },
    query: { type: 'string', describe: 'file with a SELECT, which may join several, to look at instead' },
    file: { type: 'string', describe: 'CSV or .csv.gz to look at instead' },
    id: { type: 'string', describe: 'column that identifies an admission' },
    los: { type: 'string', describe: 'column that holds the stay in days' },
    patient: { type: 'string', describe: 'column that identifies the patient' },
    null: {
      type: 'string',
      array: true,
      nargs: 1,
      describe: "text that stands for a missing value, such as '?'; may be repeated",
    },
    'date-order': {
      type: 'string',
      choices: DATE_ORDERS,
      describe: 'order of day, month and year in dates such as 03/04/2026, where the file does not settle it',
    },
    out: { type: 'string', describe: 'contract to write; left out: NAME.yaml here' },
  },
  examples: [
    ['los dataset init --table ADMISSIONS', 'write a first contract by looking at a table'],
    ['los dataset init --source ANALYTICS.CORE.ENCOUNTER', 'the same of rows that others own'],
    ["los dataset init --file visits.csv --null '?' --los nights", 'the same by looking at a file'],
  ],
  async run(ctx, args) {
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
        nextStep(file, args.file, open.length > 0),
      ],
    };
  },
  print: ({ lines }) => [...lines],
};

/** What to do with a drafted contract. */
function nextStep(file: string, data: string | undefined, open: boolean): string {
  if (open)
    return 'Then: los dataset init once more with what it asks for, or decide it in the contract; until then no command takes it.';
  return data === undefined
    ? `Then: los apply, with dataset: ${basename(file)} in los.config.yaml.`
    : `Then: los dataset load --dataset ${relative('.', file)} --file ${data} --apply.`;
}
