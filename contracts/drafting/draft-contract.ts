import { basename } from 'node:path';
import type { Context } from '../../deploy/context.js';
import { UserError } from '../../deploy/errors.js';
import { objectNames } from '../../deploy/headers/files.js';
import { RESERVED_WORDS } from '../../procedures/dataset/column-rules.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { qualify } from '../../procedures/ground/names.js';
import { profileTable } from '../profiling/profile.js';
import { profileCsv } from '../profiling/profile-csv.js';
import { type DraftContract, draft, type Hints } from './draft.js';
import { ninetiethOfFile, ninetiethOfTable, withLongStay } from './long-stay.js';

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
  const profile = await profileTable(ctx.snowflake, qualify(ctx.settings, name), {
    ...(hints.nulls ? { nulls: hints.nulls } : {}),
    levels: true,
  });
  return await withLongStay(draft(name, profile, hints), (contract) => ninetiethOfTable(ctx, contract));
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
    ninetiethOfFile(file, contract),
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
  const name = /^[A-Z]/.test(stem) ? stem : stem ? `ADMISSIONS_${stem}` : 'ADMISSIONS';
  const { raw: _, ...made } = datasetNames({ name: name.toLowerCase(), table: name } as Parameters<
    typeof datasetNames
  >[0]);
  const taken = new Set<string>([...Object.values(made), ...objectNames()]);
  return RESERVED_WORDS.has(name) || taken.has(name) ? `${name}_ADMISSIONS` : name;
}

/** @throws UserError for a way of naming a source that is none or two */
export async function draftOf(
  ctx: Context,
  { table, file }: { table?: string; file?: string },
  hints: Hints,
): Promise<DraftContract> {
  if (table !== undefined && file === undefined) return await draftContract(ctx, table, hints);
  if (file !== undefined && table === undefined) return await draftFromFile(file, hints);
  throw new UserError(
    table === undefined
      ? 'los dataset init needs a table or a file to look at.'
      : 'los dataset init looks at a table or at a file, not at both.',
    {
      next: 'Name a table of the configured schema or a CSV file: los dataset init --table ADMISSIONS, or --file admissions.csv.',
    },
  );
}
