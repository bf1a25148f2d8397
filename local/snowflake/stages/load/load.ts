import { rm } from 'node:fs/promises';
import type { Account } from '../../account.js';
import type { Column, Table } from '../../catalog/objects.js';
import type { Session } from '../../sessions/session.js';
import { literal } from '../../storage/storage.js';
import { castTo } from '../../types/coerce.js';
import type { StageFile, StageFiles } from '../files/files.js';
import { metadataValue } from '../files/metadata.js';
import { openPlain } from '../files/plain-file.js';
import type { MatchByName } from '../formats/copy-options.js';
import type { CsvFormat, Format } from '../formats/format.js';
import { duckCsv, exactRows, fromDuckDb, readableByDuckDb, toParquet } from '../formats/read.js';
import { insertBoth, secondHalf } from './halves.js';
import {
  columnMapping,
  fields,
  isNarrow,
  type Mapping,
  numbersOf,
  value,
  withoutIdleNulls,
} from './load-columns.js';
import { findErrors, type LoadError } from './load-errors.js';

/** A file brought into the table's types. */
export interface LoadedFile {
  file: StageFile;
  parsed: number;
  /** Still to be inserted: Parquet files with columns v1 … vN, one for each target column; none if nothing of the file is to be loaded. */
  parquet: string[];
  loaded: number;
  errors: LoadError[];
}

export interface LoadPlan {
  account: Account;
  session: Session;
  table: Table;
  /** Target columns in the order of the file's; by name with MATCH_BY_COLUMN_NAME. */
  columns: Column[];
  /** INCLUDE_METADATA: further target columns, and where their values come from. */
  metadata: { column: Column; source: string }[];
  matchByName: MatchByName;
  format: Format;
  enforceLength: boolean;
  /** When the statement began, in milliseconds since 1970. */
  now: number;
  /** Whether the good rows of a file are loaded in spite of its bad ones. */
  keeps(bad: number, parsed: number): boolean;
}

/** Of such a file DuckDB's reader would make something else than Snowflake does. */
export class NeedsExactReader extends Error {}

/**
 * Inserts one staged file as DuckDB's reader reads it, without a Parquet file between.
 * @param insert inserts the rows of a query, whose columns are the plan's
 * @param asTexts whether numbers are read as texts first, which reads those of more than 18 digits too
 * @param alone whether the transaction reads no other file so: it would not see what is read beside it later
 * @throws NeedsExactReader, or what DuckDB and the table say of a row that does not fit; loadFile finds out which
 */
export async function insertFile(
  plan: LoadPlan,
  files: StageFiles,
  file: StageFile,
  insert: (select: string) => Promise<number>,
  { asTexts, alone }: { asTexts: boolean; alone: boolean },
): Promise<LoadedFile> {
  const exponents = !asTexts && plan.columns.some(({ type }) => isNarrow(type));
  const plain = await openPlain(plan.account, files, file, { ...plan.format, exponents });
  let rest: string | undefined;
  try {
    if (!readableByDuckDb(plain, plan.format)) throw new NeedsExactReader(file.name);
    const format = withoutIdleNulls(plan.format);
    const own = { ...plan, format };
    const mapping = await columnMapping(own, plain);
    if (!asTexts) mapping.read = numbersOf(own, mapping, plain);
    const select = (path: string, of: CsvFormat) =>
      convertSql(own, mapping, file, duckCsv(path, of, mapping.width, mapping.read).relation);
    if (alone) rest = await secondHalf(plain);
    const first = select(plain.path, format);
    const rows =
      rest === undefined
        ? await insert(first)
        : await insertBoth(
            plan,
            insert,
            first,
            select(rest, { ...format, skipHeader: 0, parseHeader: false }),
          );
    return { file, parsed: rows, parquet: [], loaded: rows, errors: [] };
  } finally {
    await plain.dispose();
    if (rest !== undefined) await rm(rest, { force: true });
  }
}

/**
 * Reads one staged file and converts it to the table's types, on a connection of its own so that an error does
 * not abort the session's transaction. DuckDB's reader goes first where it is exact; whatever it refuses, our own
 * reader looks at row by row, for Snowflake's messages.
 */
export async function loadFile(plan: LoadPlan, files: StageFiles, file: StageFile): Promise<LoadedFile> {
  const plain = await openPlain(plan.account, files, file, plan.format);
  const connection = await plan.account.storage.connect();
  try {
    connection.set('TimeZone', literal(plan.session.timezone));
    const { format } = plan;
    const mapping = await columnMapping(plan, plain);
    if (readableByDuckDb(plain, format) && plan.metadata.length === 0) {
      try {
        const raw = duckCsv(plain.path, format, mapping.width);
        const done = await toParquet(plan.account, connection, convertSql(plan, mapping, file, raw.relation));
        return { file, parsed: done.rows, parquet: [done.path], loaded: done.rows, errors: [] };
      } catch (error) {
        if (!fromDuckDb(error)) throw error;
      }
    }
    const raw = await exactRows(connection, plain, format, mapping.width);
    const errors = await findErrors(plan, mapping, connection, raw);
    const parsed = raw.records!.length;
    const bad = badRows(errors);
    if (bad.length > 0 && !plan.keeps(bad.length, parsed))
      return { file, parsed, parquet: [], loaded: 0, errors };
    const where = bad.length > 0 ? ` WHERE "$n" NOT IN (${bad.join()})` : '';
    const good = `(SELECT * FROM ${raw.relation}${where} ORDER BY "$n")`;
    const done = await toParquet(plan.account, connection, convertSql(plan, mapping, file, good));
    return { file, parsed, parquet: [done.path], loaded: done.rows, errors };
  } finally {
    connection.close();
    await plain.dispose();
  }
}

/** The numbers of the rows that have errors. */
export function badRows(errors: LoadError[]): number[] {
  return [...new Set(errors.map((error) => error.row))];
}

/** The rows of a relation of raw fields as values of the table's columns, v1 … vN. */
function convertSql(plan: LoadPlan, mapping: Mapping, file: StageFile, relation: string): string {
  const values = plan.columns.map((column, i) => {
    const sql = value(plan, column, mapping.fields[i], false, mapping.read);
    return notNullSql(column, sql, `c${mapping.fields[i] ?? 1}`);
  });
  for (const { column, source } of plan.metadata) {
    const given = metadataValue(source, file, '"$n"', plan.now);
    values.push(castTo(given, column.type, { timezone: plan.session.timezone }).sql);
  }
  const list = values.map((sql, i) => `${sql} AS v${i + 1}`).join(', ');
  const more = plan.metadata.length > 0 ? ', "$n"' : '';
  return `SELECT ${list} FROM ${fields(plan, mapping, relation, more)}`;
}

/** NULL in a NOT NULL column fails here, where the file and the row can still be named, and not in the INSERT. */
function notNullSql({ nullable }: Column, sql: string, field: string): string {
  // The field is named only so that DuckDB does not compute the error before there is a row.
  return nullable
    ? sql
    : `CASE WHEN (${sql}) IS NULL THEN error(concat('NULL result in a non-nullable column', ${field})) ELSE (${sql}) END`;
}
