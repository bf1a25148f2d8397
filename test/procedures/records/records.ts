import { readDeclarations } from '../../../deploy/headers/files.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { CountedTable } from '../../../procedures/records/counted-table.js';

/** What a hospital has not whose rows are in a table of the schema, and who has no other rows. */
const OF_OTHERS = ['origin', 'others', 'events', 'planned', 'lists', 'expected', 'excess'];

/** A table whose rows are counted by day. */
export const BY_DAY: CountedTable = {
  name: 'LOS_PREDICTION_LOG',
  key: ['DATASET', 'CASE_ID', 'MODEL_VERSION', 'RUN_ID'],
  day: "TO_DATE(CONVERT_TIMEZONE('UTC', PREDICTED_AT))",
  rows: "DATASET = 'health'",
  moment: 'PREDICTED_AT',
  expires: false,
};

/** Every table that holds records, of such a hospital. */
export const recordTables: readonly string[] = readDeclarations()
  .filter(({ header }) => header.holds === 'records' && !OF_OTHERS.includes(header.only ?? ''))
  .map(({ header }) => header.name);

/** Values without which a made-up row would not be counted, or would wake what reads it. */
const VALUES: Readonly<Record<string, string>> = {
  DATASET: "'health'",
  'LOS_BED_FORECASTS.KIND': "'forecast'",
  'LOS_BED_FORECASTS.MADE_ON': 'DATEADD(day, -3 - MOD(I, 5), CURRENT_DATE())',
  'LOS_BED_FORECASTS.LEVEL': "'all'",
  'LOS_WATCH_PERFORMANCE.PERIOD': "'week'",
  'LOS_TRAINING_RUNS.STATUS': "'DONE'",
  'LOS_TRAINING_RUNS.STEPPED_AT': 'CURRENT_TIMESTAMP()',
  'LOS_EVENTS.SENT_AT': 'CURRENT_TIMESTAMP()',
  'LOS_ALARMS.ENDED_ON': 'CURRENT_DATE()',
};

/** Writes made-up rows into a table of records, each with a key of its own: over five days, or, with another prefix, now. */
export async function fillRecords(
  ctx: OpenContext,
  table: string,
  rows: number,
  prefix = 'made up',
): Promise<void> {
  const columns = await ctx.snowflake.query(
    `SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = '${table}' AND TABLE_SCHEMA = CURRENT_SCHEMA()`,
  );
  const values = columns.flatMap(({ COLUMN_NAME, DATA_TYPE, IS_NULLABLE }) => {
    const given = VALUES[`${table}.${COLUMN_NAME}`] ?? VALUES[String(COLUMN_NAME)];
    if (given === undefined && IS_NULLABLE === 'YES') return [];
    return [
      [
        String(COLUMN_NAME),
        given ?? madeUp(String(DATA_TYPE), prefix, prefix === 'made up' ? 5 : 1),
      ] as const,
    ];
  });
  await ctx.snowflake.execute(
    `INSERT INTO ${table} (${values.map(([name]) => name).join(', ')})
SELECT ${values.map(([, value]) => value).join(', ')} FROM (SELECT SEQ4() AS I FROM TABLE(GENERATOR(ROWCOUNT => ${rows})))`,
  );
}

function madeUp(type: string, prefix: string, days: number): string {
  if (type === 'DATE') return `DATEADD(day, -MOD(I, ${days}), CURRENT_DATE())`;
  if (type.startsWith('TIMESTAMP')) return `DATEADD(day, -MOD(I, ${days}), CURRENT_TIMESTAMP())`;
  if (type === 'TEXT') return `'${prefix} ' || I`;
  return type === 'BOOLEAN' ? 'FALSE' : 'I';
}

/** The columns that tell a table's rows apart. */
export function keyOf(table: string): string {
  const { header } = readDeclarations().find((each) => each.header.name === table)!;
  return (header.key ?? []).map((column) => column.replace('?', '')).join(', ');
}
