import type { Column, Table } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Name } from '../../language/ast.js';
import type { Binder } from '../bind/binder.js';
import { nullIn, translateError } from './duck-errors.js';

/**
 * DML says which column the value was for that could not be made or stored (docs: sql/insert, "DML operation to
 * table … failed on column …"). DuckDB does not say it, so the values are computed once more, column by column,
 * when the statement has been undone.
 */

/** One column's values. */
export interface Probe {
  column: Column;
  /** A query of one column, `v`; that of `rows` must not fail. */
  sql: string;
}

export interface Probes {
  /** A query that takes the same rows but none of their values: if it fails, no column is to blame. */
  rows?: string;
  values: Probe[];
}

/** Errors of values: what they are not, or do not fit into. */
const OF_VALUES = new Set(
  '100035 100037 100038 100039 100040 100046 100071 100072 100078 100096 100108 100115'.split(' '),
);

const later = new WeakMap<SnowflakeError, () => Promise<SnowflakeError>>();

/**
 * The probes of rows that a query gives in the columns' order.
 * @param cells the values by row, if they are written out: DuckDB would compute all of them for one
 */
export function probesOf(columns: Column[], sql: string, cells?: string[][]): Probes {
  if (cells) {
    const values = (i: number) => cells.map((row) => `(${row[i]})`).join(', ');
    return {
      values: columns.map((column, i) => ({ column, sql: `SELECT * FROM (VALUES ${values(i)}) AS t(v)` })),
    };
  }
  const names = columns.map((_, i) => `x${i + 1}`);
  const from = `FROM (${sql}) AS "$probed"(${names.join(', ')})`;
  return {
    rows: `SELECT 1 AS v ${from}`,
    values: columns.map((column, i) => ({ column, sql: `SELECT ${names[i]} AS v ${from}` })),
  };
}

/** The error of a column, in DML's words. */
export function columnError(b: Binder, table: Name, column: string, error: SnowflakeError): SnowflakeError {
  const name = b.nameParts(table).join('.');
  const message = `DML operation to table ${name} failed on column ${column} with error: ${error.message}`;
  return new SnowflakeError(error.code, error.sqlState, message);
}

/** Writes, and remembers how to find the column if a value fails; see `explainError`. */
export async function writing<T>(
  b: Binder,
  written: { name: Name; table: Table },
  probes: () => Probes,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = translateError(thrown);
    if (!(error instanceof SnowflakeError) || !OF_VALUES.has(error.code)) throw error;
    const empty = written.table.columns.find(({ physical }) => physical === nullIn(error));
    if (empty) throw columnError(b, written.name, empty.name, error);
    later.set(error, () => found(b, written.name, probes(), error));
    throw error;
  }
}

/** The error with the column it came from, once the statement that failed has been undone. */
export async function explainError(error: unknown): Promise<unknown> {
  return (error instanceof SnowflakeError && (await later.get(error)?.())) || error;
}

async function found(b: Binder, table: Name, probes: Probes, error: SnowflakeError): Promise<SnowflakeError> {
  if (probes.rows && (await failure(b, probes.rows))) return error;
  for (const { column, sql } of probes.values) {
    const own = await failure(b, sql);
    if (own instanceof SnowflakeError && own.code === error.code)
      return columnError(b, table, column.name, own);
  }
  return error;
}

/** What a query fails with. A transaction is as it was before it. */
async function failure(b: Binder, sql: string): Promise<unknown> {
  const { transaction, connection } = b.session;
  try {
    await transaction.statement(() => connection.rows(`SELECT CAST(max(hash(v)) AS VARCHAR) FROM (${sql})`));
    return undefined;
  } catch (error) {
    return translateError(error);
  }
}
