import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import { rawName, sourceOf } from '../../procedures/dataset/raw.js';
import { literal, qualified, shared } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { type CsvShape, inspectCsv } from './csv.js';
import { NEXT_UTF8, type Separator } from './csv-file.js';
import { isDate } from './profile.js';

/**
 * Loads a CSV file into a table that has the contract's raw columns: PUT, then COPY INTO, all or nothing.
 * @param file path of a .csv or .csv.gz with a header line
 * @param table unqualified
 * @returns rows loaded
 */
export async function loadCsv(
  ctx: Context,
  contract: Contract,
  file: string,
  table: string,
): Promise<number> {
  const { settings, snowflake } = ctx;
  const path = resolve(file);
  const shape = await inspectCsv(contract, path);
  // A folder of its own: COPY INTO skips a file that it has loaded before, by path.
  const folder = `@${qualified(settings, settings.snowflake.stages.load)}/${contract.name}/${randomUUID()}`;
  await snowflake.put(path, folder);
  const columns = Object.keys(contract.columns);
  const source =
    shape.exact && !contract.nulls && shape.separator === ',' && !shape.dotted
      ? folder
      : `(SELECT ${columns.map((name, i) => field(contract, name, shape.positions[i]!, shape)).join(', ')} FROM ${folder})`;
  const copy = `COPY INTO ${qualified(settings, table)} (${columns.map((name) => rawName(contract, name)).join(', ')})
FROM ${source}
FILE_FORMAT = (${shape.separator === ',' ? `FORMAT_NAME = '${qualified(settings, shared.csv)}'` : otherFormat(shape.separator)})
ON_ERROR = ABORT_STATEMENT`;
  try {
    const files = await snowflake.query<{ rows_loaded?: number }>(copy);
    return files.reduce((rows, loaded) => rows + Number(loaded.rows_loaded ?? 0), 0);
  } catch (error) {
    throw explained(contract, file, error);
  } finally {
    await snowflake.execute(`REMOVE ${folder}`);
  }
}

/**
 * A field of the file, as Snowflake reads it, and NULL where it holds one of the contract's markers: they are texts, whatever the
 * column's type.
 */
function field(
  contract: Contract,
  column: string,
  position: number,
  { separator, dotted }: CsvShape,
): string {
  const type = contract.columns[column] ?? 'VARCHAR';
  const value = (contract.nulls?.[column] ?? []).reduce(
    (inner, marker) => `NULLIF(${inner}, ${literal(marker)})`,
    `$${position}`,
  );
  if (isDate(type) && dotted) return plainDateSql(value);
  return type === 'FLOAT' && separator !== ',' ? plainNumberSql(value) : value;
}

/** `plainDate` of a field of a staged file, in SQL that COPY INTO takes in, which knows few functions. */
function plainDateSql(field: string): string {
  const part = (from: number, length: number) => `SUBSTR(${field}, ${from}, ${length})`;
  return `CASE WHEN ${part(3, 1)} = '.' AND ${part(6, 1)} = '.' THEN ${part(7, 4)} || '-' || ${part(4, 2)} || '-' || ${part(1, 2)} || SUBSTR(${field}, 11) ELSE ${field} END`;
}

/** `plainNumber` of a field of a staged file, in SQL. */
function plainNumberSql(field: string): string {
  return `REPLACE(${field}, ',', '.')`;
}

/** sql/loading/csv-format.sql with something else between fields; COPY INTO takes a named format or options, not both. */
function otherFormat(separator: Separator): string {
  return `TYPE = CSV FIELD_DELIMITER = ${literal(separator)} SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"' EMPTY_FIELD_AS_NULL = TRUE TRIM_SPACE = TRUE DATE_FORMAT = 'YYYY-MM-DD'`;
}

/** Snowflake quotes the offending value, which may be a patient's: only the place is passed on. */
function explained(contract: Contract, file: string, error: unknown): unknown {
  if (!(error instanceof SnowflakeError)) return error;
  if (/invalid utf-?8/i.test(error.message))
    return new UserError(`${file} is not UTF-8.`, { next: NEXT_UTF8 });
  const at = /line (\d+)/i.exec(error.message)?.[1];
  if (/number of columns|end of record reached/i.test(error.message))
    return new UserError(
      `${file}${at ? `, line ${at}` : ''}: the line has more or fewer fields than the header promises.`,
      {
        next: 'Correct the line; what divides fields, or a line break, needs quotes around the field that has it.',
      },
    );
  const column = Object.keys(contract.columns).find((name) =>
    error.message.includes(`"${sourceOf(contract, name)}"`),
  );
  if (!column) return error;
  return new UserError(
    `${file}${at ? `, line ${at}` : ''}: the value in column ${column} is no ${contract.columns[column]}.`,
    {
      next: 'Correct the file, or the type in the dataset contract; a text that stands for a missing value goes into nulls: there.',
    },
  );
}
