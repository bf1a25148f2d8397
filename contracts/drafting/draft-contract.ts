import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Context } from '../../deploy/context.js';
import { messageOf, UserError } from '../../deploy/errors.js';
import { objectNames } from '../../deploy/headers/files.js';
import { RESERVED_WORDS } from '../../procedures/dataset/column-rules.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { doorProblems } from '../../procedures/dataset/origin/door.js';
import { nameParts } from '../../procedures/dataset/origin/grants.js';
import { trimQuery } from '../../procedures/dataset/origin/query-text.js';
import { qualify } from '../../procedures/ground/names.js';
import { profileTable } from '../profiling/profile.js';
import { profileCsv } from '../profiling/profile-csv.js';
import { refuseView } from '../profiling/relation.js';
import { type Door, type DraftContract, draft, type Hints } from './draft.js';
import { staysOfFile, staysOfTable, withLongStay } from './long-stay.js';

/**
 * Writes a first contract by looking at a table, in Snowflake.
 * @param table unqualified name in the configured schema
 * @throws UserError when there is no such table, it is empty, or a column that was named is not in it
 * @example
 * const { yaml, open } = await draftContract(ctx, 'ADMISSIONS', { id: 'CASE_ID', patient: 'PATIENT_ID' });
 * if (open.length === 0) writeFileSync('sql/datasets/admissions.yaml', yaml);
 */
export async function draftContract(ctx: Context, table: string, hints: Hints = {}): Promise<DraftContract> {
  const name = table.toUpperCase();
  if (!/^[A-Z_][A-Z0-9_$]*$/.test(name) || RESERVED_WORDS.has(name))
    throw new UserError(
      `A table called ${table} needs quotes in SQL, which the table of a contract cannot have.`,
      {
        next: 'Rename it, or let a task keep a table of a plain name like it. Its columns may be called as they are.',
      },
    );
  await refuseView(ctx.snowflake, qualify(ctx.settings, name));
  return await draftRelation(ctx, qualify(ctx.settings, name), name, { table: name }, hints);
}

/**
 * The same by looking at rows where they are: a relation of any schema and owner, or the result of a query.
 * @param name what the dataset is to be called; left out: after the relation
 * @throws UserError where they cannot be read, with what their owner has to grant
 * @example
 * const { yaml } = await draftFromOrigin(ctx, { source: 'ANALYTICS.CORE.ENCOUNTER' });
 */
export async function draftFromOrigin(
  ctx: Context,
  door: { readonly source: string } | { readonly query: string },
  hints: Hints = {},
  name?: string,
): Promise<DraftContract> {
  const given = 'query' in door ? trimQuery(door.query) : door.source;
  const problems = doorProblems({ name: 'x', ...door });
  if (problems.length > 0 || ('source' in door && !SOURCE.test(given)))
    throw new UserError(
      problems[0]
        ? `Of the query: ${problems[0].replace('query: ', '')}.`
        : `${given} is no name of a relation.`,
      { next: 'Name DATABASE.SCHEMA.NAME with --source, or a file with one SELECT with --query.' },
    );
  const last = 'source' in door ? nameParts(given).slice(-1)[0]?.replaceAll('"', '') : 'ADMISSIONS';
  return 'source' in door
    ? await draftRelation(ctx, given, name ?? last ?? '', { source: given }, hints)
    : await draftRelation(ctx, `(\n${given}\n)`, name ?? 'ADMISSIONS', { query: given }, hints);
}

const PART = '([A-Za-z_][A-Za-z0-9_$]*|"([^"]|"")+")';
const SOURCE = new RegExp(`^(${PART}\\.){1,2}${PART}$`);

async function draftRelation(
  ctx: Context,
  relation: string,
  name: string,
  door: Door,
  hints: Hints,
): Promise<DraftContract> {
  const profile = await profileTable(ctx.snowflake, relation, {
    ...(hints.nulls ? { nulls: hints.nulls } : {}),
    levels: true,
  });
  return await withLongStay(draft(name, profile, hints, door), (contract) => staysOfTable(ctx, contract));
}

/**
 * Writes a first contract by looking at a file, here; the table that it names is made by `los apply`.
 * @param file path of a .csv or .csv.gz with a header line
 * @example
 * const { yaml, looks } = await draftFromFile('visits.csv', { order: 'DMY' });
 */
export async function draftFromFile(file: string, hints: Hints = {}): Promise<DraftContract> {
  const { encoding, unnamed, ...profile } = await profileCsv(file, hints.nulls, hints.order);
  const drafted = await withLongStay(draft(tableName(file), profile, hints), (contract) =>
    staysOfFile(file, contract),
  );
  const notes = [
    ...drafted.notes,
    ...(encoding === 'utf-8'
      ? []
      : [
          `The file is read as ${encoding}${encoding === 'windows-1252' ? ', being no UTF-8. Where letters look wrong, save it as UTF-8' : ''}.`,
        ]),
    ...(unnamed > 0 ? ['A column without a name is left out.'] : []),
  ];
  return { ...drafted, notes };
}

/** A table's name from a file's: `My visits-2026.csv.gz` is MY_VISITS_2026. */
function tableName(file: string): string {
  const stem = basename(file)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]*$/, '')
    .toUpperCase()
    .replace(/[^A-Z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const name = /^[A-Z]/.test(stem) ? stem : ['ADMISSIONS', stem].filter(Boolean).join('_');
  const { raw: _, ...made } = datasetNames({ name: name.toLowerCase(), table: name } as Parameters<
    typeof datasetNames
  >[0]);
  const taken = new Set<string>([...Object.values(made), ...objectNames()]);
  return RESERVED_WORDS.has(name) || taken.has(name) ? `${name}_ADMISSIONS` : name;
}

/** @throws UserError for a way of naming a source that is none or two */
export async function draftOf(
  ctx: Context,
  { table, source, query, file }: { table?: string; source?: string; query?: string; file?: string },
  hints: Hints,
): Promise<DraftContract> {
  const given = [table, source, query, file].filter((each) => each !== undefined).length;
  if (given !== 1)
    throw new UserError(
      given === 0
        ? 'los dataset init needs rows to look at.'
        : 'los dataset init looks at one of table, source, query and file.',
      {
        next: 'Name a table of the configured schema (--table ADMISSIONS), a relation elsewhere (--source ANALYTICS.CORE.ENCOUNTER), a file with a SELECT (--query stays.sql) or a CSV file (--file admissions.csv).',
      },
    );
  if (table !== undefined) return await draftContract(ctx, table, hints);
  if (source !== undefined) return await draftFromOrigin(ctx, { source }, hints);
  if (query !== undefined)
    return await draftFromOrigin(ctx, { query: readQuery(query) }, hints, tableName(query));
  return await draftFromFile(file ?? '', hints);
}

function readQuery(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`The query ${file} cannot be read: ${messageOf(error)}.`, {
      next: 'Name a file with one SELECT.',
    });
  }
}
