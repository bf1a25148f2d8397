import { dayAt } from '../ground/days.js';
import { literal, qualify } from '../ground/names.js';
import { resultOf, together } from '../ground/together.js';
import { messageLine, withoutValues } from '../ground/without-values.js';
import { execute, query, queryFirst, type Row, variant, type Work } from '../ground/work.js';
import { COUNTS, type TablesPlan } from './counted.js';
import type { CountedTable } from './counted-table.js';
import { describeDoubled, describeLoss, type Loss } from './describe-loss.js';
import { doubledSql } from './restoring.js';
import { lastSecondCount, type SecondCount } from './second-count.js';

/** Answer of CHECK_TABLES. */
export interface TablesCheck {
  /** Tables whose rows were counted. */
  readonly counted: number;
  readonly losses: readonly Loss[];
  /** Tables that are there and cannot be counted, each with what Snowflake said. */
  readonly uncounted: readonly { readonly table: string; readonly why: string }[];
  /** Rows of tables that never expire, for the second count; null: that of before stays, for rows of one are lost. */
  readonly kept: Readonly<Record<string, number>> | null;
}

/** The longest words of an error that a mail wants. */
const LONGEST = 300;

/** Share of a table whose rows are replaced by others: so large a one, and so many rows, are a loss. */
const MUCH = 1 / 3;
const MANY = 10;

/**
 * Days around the end of retention that count neither way: what expires is deleted by the day of the session's zone, and rows are counted
 * by that of UTC.
 */
const MARGIN = 2;

/**
 * Counts the records of each table and holds them against what was counted before, or where that is gone against the second count. What has gone
 * is not forgotten until a person accepts it.
 */
export function* checkTables(plan: TablesPlan): Work<TablesCheck> {
  const [{ rows, answered, uncounted }, second] = (yield* together<unknown>([
    () => compare(plan),
    () => lastSecondCount(plan.place, plan.dataset),
  ])).map(resultOf) as [Comparison, SecondCount | undefined];
  const losses: Loss[] = [];
  const sound: CountedTable[] = [];
  const kept: Record<string, number> = {};
  let isWhole = true;
  for (const table of plan.tables) {
    const { name, expires } = table;
    const row = recall(
      table,
      answered,
      rows.find(({ TABLE_NAME }) => TABLE_NAME === name),
      second,
    );
    const had = row === undefined ? second?.rows[name] : Math.max(Number(row.PRESENT), Number(row.PAST));
    if (!expires && had !== undefined) kept[name] = had;
    if (row === undefined) continue;
    const doubled = yield* countDoubled(plan, table, row);
    if (isLoss(table, row)) {
      isWhole = isWhole && expires;
      losses.push(yield* describeLoss(plan, table, row));
    } else if (doubled > 0) losses.push(describeDoubled(plan, table, row, doubled));
    else sound.push(table);
  }
  if (rows.length > 0 && sound.length > 0) yield* remember(plan, sound, rows);
  return { counted: rows.length, losses, uncounted, kept: isWhole ? kept : null };
}

/** Recalls what is known of a table; of one whose counts are gone, what the second count has. */
function recall(
  { name, expires }: CountedTable,
  answered: readonly string[],
  row: Row | undefined,
  second: SecondCount | undefined,
): Row | undefined {
  const had = second?.rows[name] || 0;
  if (second === undefined || expires || had === 0 || answered.indexOf(name) < 0) return row;
  if (row !== undefined && row.SINCE !== null) return row;
  const present = row === undefined ? 0 : Number(row.PRESENT);
  return {
    ...row,
    PRESENT: present,
    PAST: had,
    LOST: Math.max(0, had - present),
    SINCE: `${second.at.slice(0, 19).replace('T', ' ')}.000 +0000`,
    SINCE_HERE: null,
  };
}

/**
 * Forgets what was counted of a table: its loss is accepted.
 * @param which a further condition on what was counted
 * @returns whether anything was known of it
 */
export function* acceptLoss(
  place: TablesPlan['place'],
  dataset: string,
  table: string,
  which = 'TRUE',
): Work<boolean> {
  // The rows stay, so that the second count is not asked.
  const counts = qualify(place, COUNTS);
  const sql = `UPDATE ${counts} SET ROW_COUNT = 0, HOURS = NULL WHERE DATASET = ? AND TABLE_NAME = ? AND ${which}`;
  if ((yield* execute(sql, [dataset, table])) > 0) return true;
  const second = yield* lastSecondCount(place, dataset);
  if (second === undefined || second.rows[table] === undefined) return false;
  yield* execute(
    `INSERT INTO ${counts} (DATASET, TABLE_NAME, ROW_COUNT, COUNTED_AT, EXPIRES) SELECT ?, ?, 0, CURRENT_TIMESTAMP(), FALSE`,
    [dataset, table],
  );
  return true;
}

interface Comparison {
  readonly rows: readonly Row[];
  /** Tables that could be counted. One that is empty and was never counted has no row. */
  readonly answered: readonly string[];
  readonly uncounted: TablesCheck['uncounted'];
}

/** Nearly always all can be read, so one statement asks for all. One that is gone is said by another check of monitoring. */
function* compare(plan: TablesPlan): Work<Comparison> {
  try {
    const rows = yield* query(compareSql(plan, plan.tables), [plan.dataset]);
    return { rows, answered: plan.tables.map(({ name }) => name), uncounted: [] };
  } catch {
    const rows: Row[] = [];
    const answered: string[] = [];
    const uncounted: { table: string; why: string }[] = [];
    for (const table of plan.tables)
      try {
        rows.push(...(yield* query(compareSql(plan, [table]), [plan.dataset])));
        answered.push(table.name);
      } catch (error) {
        const why = messageLine(withoutValues(error).message).slice(0, LONGEST);
        if (!/does not exist/i.test(why)) uncounted.push({ table: table.name, why });
        // Without what was counted before nothing can be held against anything.
        else if (why.indexOf(COUNTS) >= 0) throw error;
      }
    return { rows, answered, uncounted };
  }
}

/** Format in which a moment is handed on: what is written is compared to the millisecond. */
const MOMENT = 'YYYY-MM-DD HH24:MI:SS.FF3';
const momentText = (of: string) => `TO_VARCHAR(CONVERT_TIMEZONE('UTC', ${of}), '${MOMENT}') || ' +0000'`;
const momentOf = (text: string) => `TO_TIMESTAMP_LTZ(${text}, '${MOMENT} TZHTZM')`;
const milliseconds = (of: string) => `DATE_PART(epoch_millisecond, ${of})`;

/**
 * A row for each table that has rows or had some. What is remembered later is what this statement sees, in CHANGES: how many rows of a day (d) are
 * there more (n) than were counted at a moment (s; 0: never). What is written while this runs is not of its moment.
 */
function compareSql({ place, dataset, keepDays, zone }: TablesPlan, tables: readonly CountedTable[]): string {
  const kept = `DATEADD(day, ${MARGIN - keepDays}, ${dayAt(zone)})`;
  const counts = qualify(place, COUNTS);
  const lasts = tables.map(
    ({ name }, i) =>
      `COALESCE(MAX(IFF(TABLE_NAME = ${literal(name)}, COUNTED_AT, NULL)), CURRENT_TIMESTAMP()) AS LAST${i}`,
  );
  const counted = tables.map(({ name, day, rows, moment: at, expires }, i) => {
    const [existed, joined] =
      at === undefined
        ? ['TRUE AS EXISTED, TRUE AS EXISTS_NOW', '']
        : [`${at} <= LAST${i} AS EXISTED, ${at} <= NOW AS EXISTS_NOW`, ' CROSS JOIN moments'];
    const [column, ofDay, grouped] =
      day === undefined
        ? ['NULL::DATE AS DAY', '', '']
        : ['DAY', `${day} AS DAY, `, `${expires ? ` WHERE DAY IS NULL OR DAY >= ${kept}` : ''} GROUP BY DAY`];
    return `SELECT ${literal(name)} AS TABLE_NAME, ${column}, COUNT_IF(EXISTED) AS PRESENT, COUNT_IF(EXISTS_NOW) AS LATEST, NULL::NUMBER(38,0) AS PAST, NULL::TIMESTAMP_LTZ AS COUNTED_AT
FROM (SELECT ${ofDay}${existed} FROM ${qualify(place, name)}${joined} WHERE ${rows})${grouped}`;
  });
  return `WITH moments AS (
  SELECT ${momentOf(momentText('CURRENT_TIMESTAMP()'))} AS NOW, ${lasts.join(', ')} FROM ${counts} WHERE DATASET = ${literal(dataset)}
)
SELECT TABLE_NAME, SUM(PRESENT) AS PRESENT, SUM(HAD) AS PAST, SUM(GREATEST(HAD - PRESENT, 0)) AS LOST,
  SUM(IFF(HAD > 0, GREATEST(PRESENT - HAD, 0), 0)) AS MORE,
  COUNT_IF(HAD > PRESENT) AS DAYS, TO_VARCHAR(MIN(IFF(HAD > PRESENT, DAY, NULL)), 'YYYY-MM-DD') AS FIRST_DAY,
  TO_VARCHAR(MAX(IFF(HAD > PRESENT, DAY, NULL)), 'YYYY-MM-DD') AS LAST_DAY,
  ${momentText('MAX(COUNTED_AT)')} AS SINCE,
  TO_VARCHAR(CONVERT_TIMEZONE(${literal(zone)}, MAX(COUNTED_AT)), 'YYYY-MM-DD HH24:MI') AS SINCE_HERE,
  ${momentText('CURRENT_TIMESTAMP()')} AS MOMENT,
  ARRAY_AGG(IFF(PAST IS NULL OR LATEST > PAST OR (DAY IS NULL AND LATEST < PAST),
    OBJECT_CONSTRUCT('d', TO_VARCHAR(DAY, 'YYYY-MM-DD'), 'n', LATEST - COALESCE(PAST, 0), 's', COALESCE(${milliseconds('COUNTED_AT')}, 0)), NULL)) AS CHANGES
FROM (
  SELECT TABLE_NAME, DAY, SUM(PRESENT) AS PRESENT, SUM(LATEST) AS LATEST, MAX(PAST) AS PAST, GREATEST(COALESCE(MAX(PAST), 0), 0) AS HAD, MAX(COUNTED_AT) AS COUNTED_AT FROM (
    ${counted.join('\n    UNION ALL\n    ')}
    UNION ALL
    SELECT TABLE_NAME, DAY, 0, 0, MAX(ROW_COUNT), MAX(COUNTED_AT) FROM ${counts}
    WHERE DATASET = ? AND TABLE_NAME IN (${tables.map(({ name }) => literal(name)).join(', ')})
      AND NOT (EXPIRES AND DAY IS NOT NULL AND DAY < ${kept})
    GROUP BY TABLE_NAME, DAY
  ) GROUP BY TABLE_NAME, DAY
) GROUP BY TABLE_NAME`;
}

function isLoss({ day }: CountedTable, row: Row): boolean {
  const lost = Number(row.LOST);
  return day === undefined ? lost >= MANY && lost >= MUCH * Number(row.PAST) : lost > 0;
}

/**
 * Counts rows that are there more than once, which is looked at only where days have more rows than they had: rows that were on their way at
 * the last count, or brought back, are no such ones.
 */
function* countDoubled({ place }: TablesPlan, table: CountedTable, row: Row): Work<number> {
  if (table.moment === undefined || table.day === undefined || !(Number(row.MORE) > 0)) return 0;
  const found = yield* queryFirst(doubledSql(place, table));
  return Number(found?.N || 0);
}

/** Change of a day, or of the whole table, by compareSql. */
interface Change {
  readonly d?: string;
  readonly n: number;
  readonly s: number;
}

/**
 * Keeps what was counted last, which the next look is held against. Nothing is counted again here, so that what goes since then is missed; and what has
 * changed is added to what stands there, not put in its place: an erasure that ends meanwhile has taken from that what it erased. Counting again could
 * not know: a statement waits for the erasure's end and "only sees data that was committed before the statement began"
 * (sql-reference/transactions). Of two looks at the same time the second one to end adds nothing: the moment that it saw is no longer there.
 */
function* remember(
  { place, dataset }: TablesPlan,
  tables: readonly CountedTable[],
  rows: readonly Row[],
): Work<void> {
  const names = tables.map(({ name }) => name);
  const expiring = tables.filter(({ expires }) => expires).map(({ name }) => literal(name));
  const changes: object[] = [];
  for (const { TABLE_NAME, MOMENT: m, CHANGES } of rows)
    if (names.indexOf(String(TABLE_NAME)) >= 0)
      for (const { d, n, s } of variant<readonly Change[]>(CHANGES))
        changes.push({ t: TABLE_NAME, m, d, n, s });
  const moment = String((rows[0] as Row).MOMENT);
  yield* execute(
    `MERGE INTO ${qualify(place, COUNTS)} AS t USING (
  SELECT TABLE_NAME, DAY, MAX(CHANGE) AS CHANGE, MAX(SINCE) AS SINCE, MAX(COUNTED_AT) AS COUNTED_AT FROM (
    SELECT VALUE:t::VARCHAR AS TABLE_NAME, TO_DATE(VALUE:d::VARCHAR, 'YYYY-MM-DD') AS DAY, VALUE:n::NUMBER(38,0) AS CHANGE,
      VALUE:s::NUMBER(38,0) AS SINCE, ${momentOf('VALUE:m::VARCHAR')} AS COUNTED_AT FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))
    UNION ALL
    SELECT TABLE_NAME, DAY, NULL, NULL, ${momentOf('?')} FROM ${qualify(place, COUNTS)} WHERE DATASET = ? AND TABLE_NAME IN (${names.map((name) => literal(name)).join(', ')})
  ) GROUP BY TABLE_NAME, DAY
) AS n ON t.DATASET = ? AND t.TABLE_NAME = n.TABLE_NAME AND EQUAL_NULL(t.DAY, n.DAY)
WHEN MATCHED THEN UPDATE SET ROW_COUNT = t.ROW_COUNT + IFF(${milliseconds('t.COUNTED_AT')} = n.SINCE, n.CHANGE, 0), COUNTED_AT = GREATEST(t.COUNTED_AT, n.COUNTED_AT)
WHEN NOT MATCHED AND n.SINCE = 0 THEN INSERT (DATASET, TABLE_NAME, DAY, ROW_COUNT, COUNTED_AT, EXPIRES)
VALUES (?, n.TABLE_NAME, n.DAY, n.CHANGE, n.COUNTED_AT, n.TABLE_NAME IN (${["''", ...expiring].join(', ')}))`,
    [JSON.stringify(changes), moment, dataset, dataset, dataset],
  );
}
