import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import type { Context } from '../../deploy/context.js';
import { UserError } from '../../deploy/errors.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { rawName, sourceOf } from '../../procedures/dataset/raw.js';
import { LOAD_STAGE, qualify } from '../../procedures/ground/names.js';
import { withPlainFile } from './plain-file.js';
import { MEND_VALUE } from './reader.js';

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
  return await withPlainFile(contract, resolve(file), (plain) =>
    loadPlainCsv(ctx, contract, plain, table, file),
  );
}

/**
 * The same for a file that needs no guess: the contract's columns in order, in UTF-8, with commas, plain days and numbers.
 * @param file what messages call it
 */
export async function loadPlainCsv(
  { settings, snowflake }: Context,
  contract: Contract,
  plain: string,
  table: string,
  file = plain,
): Promise<number> {
  // A folder of its own: COPY INTO skips a file that it has loaded before, by path.
  const folder = `@${qualify(settings, LOAD_STAGE)}/${contract.name}/${randomUUID()}`;
  await snowflake.put(plain, folder);
  const columns = Object.keys(contract.columns).map((name) => rawName(contract, name));
  const copy = `COPY INTO ${qualify(settings, table)} (${columns.join(', ')})
FROM ${folder}
FILE_FORMAT = (FORMAT_NAME = '${qualify(settings, 'LOS_CSV')}')
ON_ERROR = ABORT_STATEMENT`;
  try {
    const files = await snowflake.query<{ rows_loaded?: number }>(copy);
    return files.reduce((rows, loaded) => rows + Number(loaded.rows_loaded ?? 0), 0);
  } catch (error) {
    throw explain(contract, file, error);
  } finally {
    await snowflake.execute(`REMOVE ${folder}`);
  }
}

/** Explains what only Snowflake refuses, as a number that is too large. It quotes the value, which may be a patient's: only the place is passed on. */
function explain(contract: Contract, file: string, error: unknown): unknown {
  if (!(error instanceof SnowflakeError)) return error;
  const { message } = error;
  const column = Object.keys(contract.columns).find((name) =>
    message.includes(`"${sourceOf(contract, name)}"`),
  );
  if (!column) return error;
  const at = /line (\d+)/i.exec(message)?.[1];
  return new UserError(
    `${file}${at ? `, line ${at}` : ''}: the value in column ${column} is no ${contract.columns[column]}.`,
    { next: MEND_VALUE },
  );
}
