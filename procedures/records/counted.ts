import { literal, type Place, qualify } from '../ground/names.js';
import type { PlanSource } from '../object.js';
import type { CountedTable } from './counted-table.js';

/** Plan that CHECK_TABLES is compiled with. */
export interface TablesPlan {
  readonly place: Place;
  readonly dataset: string;
  /** The hospital's time zone. */
  readonly zone: string;
  /** Days for which records are kept that expire. */
  readonly keepDays: number;
  readonly tables: readonly CountedTable[];
}

/** The settings that counting heeds. */
export interface CountingSettings extends Place {
  readonly timeZone: string;
  readonly watch: { readonly keepDays: number };
}

/** Plan by which the tables of records are counted. */
export function tablesPlan({
  contract,
  settings,
  counted,
}: Pick<PlanSource<CountingSettings>, 'contract' | 'settings' | 'counted'>): TablesPlan {
  return {
    place: { snowflake: { database: settings.snowflake.database, schema: settings.snowflake.schema } },
    dataset: contract.name,
    zone: settings.timeZone,
    keepDays: settings.watch.keepDays,
    tables: counted,
  };
}

export const COUNTS = 'LOS_TABLE_COUNTS';

/**
 * SELECT of a table's rows by the day they count for: TABLE_NAME, DAY (NULL: the whole table), ROW_COUNT.
 * @param only a further condition, in words of the table
 */
export function countSql(place: Place, { name, day, rows }: CountedTable, only = 'TRUE'): string {
  const from = `FROM ${qualify(place, name)} WHERE ${rows} AND ${only}`;
  if (day === undefined)
    return `SELECT ${literal(name)} AS TABLE_NAME, NULL::DATE AS DAY, COUNT(*) AS ROW_COUNT ${from}`;
  return `SELECT ${literal(name)} AS TABLE_NAME, ${day} AS DAY, COUNT(*) AS ROW_COUNT ${from} GROUP BY ${day}`;
}

/**
 * The statement that takes what is about to be erased out of what is remembered, in the erasure's transaction: then it is no loss. It does so
 * below 0 as well, and where nothing was counted: a look that has counted such rows and remembers them later adds how many more they had become
 * (check.ts), so that in either order what stands there is what is there.
 * @param erasure DELETE of a table's rows, which takes an id once; the statement takes it once too
 */
export function forgetCounts(place: Place, dataset: string, table: CountedTable, erasure: string): string {
  const condition = erasure.replace(/^DELETE FROM \S+ WHERE /, '');
  return `MERGE INTO ${qualify(place, COUNTS)} AS t USING (
  ${countSql(place, table, condition)}
) AS n ON t.DATASET = ${literal(dataset)} AND t.TABLE_NAME = n.TABLE_NAME AND EQUAL_NULL(t.DAY, n.DAY)
WHEN MATCHED THEN UPDATE SET ROW_COUNT = t.ROW_COUNT - n.ROW_COUNT
WHEN NOT MATCHED AND n.ROW_COUNT > 0 THEN INSERT (DATASET, TABLE_NAME, DAY, ROW_COUNT, COUNTED_AT, EXPIRES)
VALUES (${literal(dataset)}, n.TABLE_NAME, n.DAY, -n.ROW_COUNT, TO_TIMESTAMP_LTZ(0), ${table.expires ? 'TRUE' : 'FALSE'})`;
}
