// The table functions WAREHOUSE_METERING_HISTORY and SERVERLESS_TASK_HISTORY of INFORMATION_SCHEMA, by the hour.
import type { TableFunction } from '../feature.js';
import { text, time, type ViewColumn, viewOf } from '../kernel/information-view.js';
import { splitName } from '../language/split-name.js';
import type { Relation } from '../query/bind/bind-source.js';
import { fromRows } from '../query/bind/table-functions.js';
import type { Typed } from '../types/coerce.js';
import { NUMBER } from '../types/data-type.js';
import { quoteName } from '../types/duck-type.js';
import { meterOf } from './meter.js';
import type { Consumer, HourOfUse } from './usage.js';

const HOUR = 3_600_000;

function credits(name: string, value: (hour: HourOfUse) => number): ViewColumn<HourOfUse> {
  return { name, type: NUMBER(38, 9), value: (hour) => value(hour).toFixed(9) };
}

const TIMES = [
  time<HourOfUse>('START_TIME', ({ hour }) => hour),
  time<HourOfUse>('END_TIME', ({ hour }) => hour + HOUR),
];

/** docs: sql-reference/functions/warehouse_metering_history */
const WAREHOUSES = viewOf<HourOfUse>(
  () => [],
  [
    ...TIMES,
    text('WAREHOUSE_NAME', ({ name }) => name),
    credits('CREDITS_USED', ({ compute, cloudServices }) => compute + cloudServices),
    credits('CREDITS_USED_COMPUTE', ({ compute }) => compute),
    credits('CREDITS_USED_CLOUD_SERVICES', ({ cloudServices }) => cloudServices),
  ],
);

/** docs: sql-reference/functions/serverless_task_history; CREDITS_USED is a text there, cloud services included */
const TASKS = viewOf<HourOfUse>(
  () => [],
  [
    ...TIMES,
    text('TASK_NAME', ({ name }) => splitName(name).at(-1)!),
    text('CREDITS_USED', ({ compute, cloudServices }) => (compute + cloudServices).toFixed(9)),
  ],
);

/** The range of a SERVERLESS_TASK_HISTORY without a start (the same page). */
const STANDARD_RANGE = "INTERVAL '10 minutes'";

/**
 * Hours of use, for roles that may see them: "results only for the ACCOUNTADMIN role or any role that has been explicitly granted the
 * MONITOR USAGE global privilege" (the same pages).
 */
function history(view: typeof WAREHOUSES, consumer: Consumer, nameOption: string): TableFunction {
  return (b, args, named) => {
    const { account, session } = b;
    const meter = meterOf(account);
    meter.settle();
    const name = (args[2] ?? named.get(nameOption))?.constant;
    const wanted = name === undefined || name === null ? undefined : splitName(String(name)).at(-1);
    const hours = account.access.holdsAccount(session, 'MONITOR USAGE')
      ? meter.usage
          .all()
          .filter((hour) => hour.consumer === consumer)
          .filter((hour) => wanted === undefined || splitName(hour.name).at(-1) === wanted)
      : [];
    const rows = view.rowsOf(hours, { account, session, database: session.database ?? '' });
    const instant = (value: Typed | undefined) =>
      value && b.cast(value, { kind: 'TIMESTAMP_LTZ', scale: 3 }).sql;
    const end = instant(args[1] ?? named.get('DATE_RANGE_END'));
    const now = `make_timestamptz(${account.clock.now() * 1000})`;
    const start = instant(args[0] ?? named.get('DATE_RANGE_START')) ?? `${end ?? now} - ${STANDARD_RANGE}`;
    return within(fromRows(view.columns, rows), start, end);
  };
}

function within(relation: Relation, start: string, end: string | undefined): Relation {
  const at = (name: string) => quoteName(relation.columns.find((column) => column.name === name)!.physical);
  const bounds = [`${at('END_TIME')} > ${start}`, ...(end ? [`${at('START_TIME')} < ${end}`] : [])];
  return { ...relation, sql: `SELECT * FROM (${relation.sql}) WHERE ${bounds.join(' AND ')}` };
}

/** What INFORMATION_SCHEMA says of credits. */
export const meteringFunctions = {
  WAREHOUSE_METERING_HISTORY: history(WAREHOUSES, 'WAREHOUSE', 'WAREHOUSE_NAME'),
  SERVERLESS_TASK_HISTORY: history(TASKS, 'TASK', 'TASK_NAME'),
};
