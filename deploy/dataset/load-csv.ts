import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import { rawName, sourceOf } from '../../procedures/dataset/raw.js';
import { qualified } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { inspectCsv } from './csv.js';
import { withPlainFile } from './files/plain-file.js';

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
  const path = resolve(file);
  const { plain } = await inspectCsv(contract, path);
  return plain
    ? await copyIn(ctx, contract, file, path, table)
    : await withPlainFile(contract, path, (made) => copyIn(ctx, contract, file, made, table));
}

/** @param path what is loaded: the user's file, or a plain copy of it */
async function copyIn(
  { settings, snowflake }: Context,
  contract: Contract,
  file: string,
  path: string,
  table: string,
): Promise<number> {
  // A folder of its own: COPY INTO skips a file that it has loaded before, by path.
  const folder = `@${qualified(settings, settings.snowflake.stages.load)}/${contract.name}/${randomUUID()}`;
  await snowflake.put(path, folder);
  const columns = Object.keys(contract.columns).map((name) => rawName(contract, name));
  const copy = `COPY INTO ${qualified(settings, table)} (${columns.join(', ')})
FROM ${folder}
FILE_FORMAT = (FORMAT_NAME = '${qualified(settings, 'LOS_CSV')}')
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

/** Snowflake quotes the offending value, which may be a patient's: only the place is passed on. */
function explained(contract: Contract, file: string, error: unknown): unknown {
  if (!(error instanceof SnowflakeError)) return error;
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
