import { existsSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import type { Command } from '../../deploy/commands/command.js';
import type { Context } from '../../deploy/context.js';
import { UserError } from '../../deploy/errors.js';
import { writeOut } from '../../deploy/ground/out-file.js';
import { formatTable } from '../../report/text/table.js';
import { draftOf } from '../drafting/draft-contract.js';
import { eventRelation, withEvents } from '../drafting/feeds/draft-events.js';
import { withMoves } from '../drafting/feeds/draft-moves.js';
import { withPlanned } from '../drafting/feeds/draft-planned.js';
import { withTeamFeed } from '../drafting/feeds/draft-teams.js';
import { namedRelation } from '../drafting/feeds/named-relation.js';
import type { Hints } from '../drafting/types.js';
import { DATE_ORDERS, type DateOrder } from '../files/dates.js';
import { type DraftOfShape, draftShape, type ShapeRequest } from '../shapes/draft-shape.js';
import { SHAPES, type ShapeName } from '../shapes/shape.js';

interface Args {
  readonly table?: string;
  readonly source?: string;
  readonly query?: string;
  readonly file?: string;
  readonly shape?: ShapeName;
  readonly set?: string[];
  readonly name?: string;
  readonly out?: string;
  readonly id?: string;
  readonly los?: string;
  readonly admission?: string;
  readonly discharge?: string;
  readonly force?: boolean;
  readonly patient?: string;
  readonly null?: string[];
  readonly dateOrder?: DateOrder;
  readonly events?: string[];
  readonly moves?: string;
  readonly planned?: string;
  readonly decisions?: string;
  readonly expectedDischarge?: string;
  readonly readyForDischarge?: string;
}

export const command: Command<Args, { readonly lines: readonly string[] }> = {
  options: {
    table: { type: 'string', describe: 'table to look at, in the configured schema' },
    source: {
      type: 'string',
      describe:
        'table or view of any schema and owner to look at instead, as ANALYTICS.CORE.ENCOUNTER; with --shape the schema, as ANALYTICS.OMOP',
    },
    query: { type: 'string', describe: 'file with a SELECT, which may join several, to look at instead' },
    file: { type: 'string', describe: 'CSV or .csv.gz to look at instead' },
    shape: {
      type: 'string',
      choices: SHAPES,
      describe: 'standard in which the tables are: several of them make the admissions',
    },
    set: {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'with --shape: KEY=VALUE of an option of it, such as which visits are stays; may be repeated',
    },
    events: {
      type: 'string',
      array: true,
      nargs: 1,
      describe:
        'rows of what happens during stays: a relation, as LAB.CORE.RESULTS, or a file with a SELECT; with --shape also events or moves of it; may be repeated',
    },
    moves: {
      type: 'string',
      describe:
        'moves between wards: a relation, as EPR.CORE.MOVEMENTS, or a file with a SELECT; with --shape omop, fhir and adt also moves',
    },
    planned: {
      type: 'string',
      describe:
        'list of planned admissions: a relation, as ANALYTICS.CORE.BOOKINGS, or a file with a SELECT; with --shape fhir and adt also planned',
    },
    decisions: {
      type: 'string',
      describe: 'decisions to admit: a relation, as EPR.CORE.ED_DECISIONS, or a file with a SELECT',
    },
    'expected-discharge': {
      type: 'string',
      describe: 'dates of discharge that teams expect: a relation, or a file with a SELECT',
    },
    'ready-for-discharge': {
      type: 'string',
      describe: 'since when patients are fit to leave: a relation, or a file with a SELECT',
    },
    name: { type: 'string', describe: 'with --shape: name of the dataset; left out: that of the shape' },
    id: { type: 'string', describe: 'column that identifies an admission' },
    los: { type: 'string', describe: 'column that holds the stay in days' },
    admission: {
      type: 'string',
      implies: 'discharge',
      conflicts: 'los',
      describe: 'column that holds the day or moment of admission',
    },
    discharge: { type: 'string', implies: 'admission', describe: 'the same of discharge' },
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
    force: { type: 'boolean', default: false, describe: 'write over a contract that is there' },
  },
  examples: [
    ['los dataset init --table ADMISSIONS', 'write a first contract by looking at a table'],
    ['los dataset init --source ANALYTICS.CORE.ENCOUNTER', 'the same of rows that others own'],
    [
      'los dataset init --source ANALYTICS.CORE.ENCOUNTER --events LAB.CORE.RESULTS',
      'propose, too, which events of a stay become features of predictions every morning',
    ],
    ["los dataset init --file visits.csv --null '?' --los nights", 'the same by looking at a file'],
    [
      'los dataset init --shape omop --source ANALYTICS.OMOP',
      'the same of several tables in a standard shape',
    ],
  ],
  async run(ctx, args) {
    const hints = {
      ...(args.id === undefined ? {} : { id: args.id }),
      ...(args.los === undefined ? {} : { los: args.los }),
      ...(args.admission === undefined ? {} : { admission: args.admission }),
      ...(args.discharge === undefined ? {} : { discharge: args.discharge }),
      ...(args.patient === undefined ? {} : { patient: args.patient }),
      ...(args.null?.length ? { nulls: args.null } : {}),
      ...(args.dateOrder === undefined ? {} : { order: args.dateOrder }),
    };
    const shaped =
      args.shape === undefined ? undefined : await draftOfShape(ctx, { ...args, shape: args.shape }, hints);
    const relations = (args.events ?? []).map((given) => eventRelation(given, shaped?.more));
    const named = (option: string, given: string | undefined) =>
      given === undefined ? undefined : namedRelation(option, given, shaped?.more);
    const feeds = {
      planned: named('--planned', args.planned),
      moves: named('--moves', args.moves),
      decisions: named('--decisions', args.decisions),
      expectedDischarge: named('--expected-discharge', args.expectedDischarge),
      readyForDischarge: named('--ready-for-discharge', args.readyForDischarge),
    };
    if (relations.length > 0 || Object.values(feeds).some(Boolean)) refuseRowsBesideFile(args);
    let drafted = shaped?.drafted ?? (await draftOf(ctx, args, hints));
    drafted = await withMoves(ctx, await withEvents(ctx, drafted, relations), feeds.moves);
    for (const key of ['planned', 'decisions'] as const)
      drafted = await withPlanned(ctx, drafted, feeds[key], key);
    for (const key of ['expectedDischarge', 'readyForDischarge'] as const)
      drafted = await withTeamFeed(ctx, drafted, key, feeds[key]);
    const { name, yaml, decisions, notes, looks, open } = drafted;
    const file = resolve(args.out ?? `${name}.yaml`);
    if (existsSync(file) && !args.force)
      throw new UserError(`${file} exists already.`, {
        next: 'Write over it with --force, or name another with --out.',
      });
    writeOut(file, yaml);
    return {
      lines: [
        open.length > 0
          ? `${file} was written, but it cannot be used yet:`
          : `${file} was written. Read it; what it guessed stands at its top.`,
        '',
        ...(shaped ? [...formatTable(shaped.kinds), ''] : []),
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

/** @throws UserError where a table or file is named besides, or what only a shape has */
async function draftOfShape(
  ctx: Context,
  { table, file, query, ...request }: ShapeRequest & Pick<Args, 'table' | 'file' | 'query'>,
  hints: Hints,
): Promise<DraftOfShape> {
  if ([table, file, query].some((each) => each !== undefined))
    throw new UserError('A shape is of several tables: it goes with none of --table, --file and --query.', {
      next: 'Name the schema with its tables: --shape omop --source DATABASE.SCHEMA.',
    });
  return await draftShape(ctx, request, hints);
}

/** @throws UserError where the admissions are in a file, which Snowflake cannot hold events or a list against */
function refuseRowsBesideFile({ file }: Args): void {
  if (file === undefined) return;
  throw new UserError(
    'Events, moves, lists and what teams write are held against admissions in Snowflake, and --file is here.',
    {
      next: 'Load the file first (los dataset load), then los dataset init --table … with --events, --moves, --planned and the like.',
    },
  );
}

/** Says what to do with a drafted contract. */
function nextStep(file: string, data: string | undefined, open: boolean): string {
  if (open)
    return 'Then: los dataset init once more with what it asks for, or decide it in the contract; until then no command takes it.';
  return data === undefined
    ? `Then: los apply, with dataset: ${basename(file)} in los.config.yaml.`
    : `Then: los dataset load --dataset ${relative('.', file)} --file ${data} --apply.`;
}
