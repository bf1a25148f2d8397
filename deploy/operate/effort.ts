import { literal } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';

/** Statements, requests to the endpoint (batches of an external function, repeated ones too) and bytes over the wire. */
interface Use {
  readonly statements: number;
  readonly requests: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** What scoring asks of the account, as far as Snowflake's own history tells; each of these has its price there. */
export interface Effort {
  /** The last run of the scoring graph that scored: of its own statements; null: none that the history still holds. */
  readonly lastRun: Use | null;
  /** Everything on the warehouse in the last 24 hours, and how often that can have woken it: each time costs a minute at least. */
  readonly day: Use & { readonly wakeUps: number };
}

/** The history's own limit. */
const MOST = 10_000;

/** null where the role may not see the history. */
export async function effort(ctx: Context): Promise<Effort | null> {
  try {
    return await read(ctx);
  } catch (error) {
    if (error instanceof SnowflakeError && error.beyondRole) return null;
    throw error;
  }
}

async function read({ settings, snowflake }: Context): Promise<Effort> {
  const { database, schema, warehouse } = settings.snowflake;
  const [run] = await snowflake.query<{ BEGAN: number; ENDED: number }>(
    `SELECT DATE_PART(EPOCH_MILLISECOND, MIN(QUERY_START_TIME)) AS BEGAN, DATE_PART(EPOCH_MILLISECOND, MAX(COMPLETED_TIME)) AS ENDED
FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => ${MOST}))
WHERE DATABASE_NAME = ${literal(database)} AND SCHEMA_NAME = ${literal(schema)} AND STATE = 'SUCCEEDED'
  AND NAME IN (${['LOS_BUILD_FEATURES', 'LOS_SCORE', 'LOS_REPORT'].map(literal).join(', ')})
GROUP BY GRAPH_RUN_GROUP_ID HAVING COUNT_IF(NAME = ${literal('LOS_SCORE')}) > 0 ORDER BY 1 DESC LIMIT 1`,
  );
  const from = run ? Math.min(Number(run.BEGAN), Date.now() - 86_400_000) : Date.now() - 86_400_000;
  const at = (ms: number) => `TO_TIMESTAMP_LTZ(${Math.floor(ms)}, 3)`;
  // A task's statements are those of another user than whoever looks: by Snowflake's own, called SYSTEM.
  const inRun = run
    ? `USER_NAME <> CURRENT_USER() AND START_TIME BETWEEN ${at(Number(run.BEGAN))} AND ${at(Number(run.ENDED))}`
    : 'FALSE';
  const rows = await snowflake.query<Record<string, number | null>>(
    `SELECT IFF(IN_RUN, 1, 0) AS RUN, IFF(START_TIME >= DATEADD(hour, -24, CURRENT_TIMESTAMP()), 1, 0) AS LATE, COUNT(*) AS N,
  SUM(EXTERNAL_FUNCTION_TOTAL_INVOCATIONS) AS REQUESTS, SUM(EXTERNAL_FUNCTION_TOTAL_SENT_BYTES) AS SENT,
  SUM(EXTERNAL_FUNCTION_TOTAL_RECEIVED_BYTES) AS RECEIVED,
  COUNT_IF(QUIET_SINCE IS NULL OR DATEDIFF(second, QUIET_SINCE, START_TIME) > ${warehouse.autoSuspendSeconds}) AS WAKE_UPS
FROM (
  SELECT *, ${inRun} AS IN_RUN,
    MAX(COALESCE(END_TIME, START_TIME)) OVER (ORDER BY START_TIME, QUERY_ID ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS QUIET_SINCE
  FROM TABLE(${database}.INFORMATION_SCHEMA.QUERY_HISTORY_BY_WAREHOUSE(WAREHOUSE_NAME => ${literal(warehouse.name)},
    END_TIME_RANGE_START => ${at(from)}, RESULT_LIMIT => ${MOST}))
) GROUP BY 1, 2`,
  );
  const sum = (of: typeof rows, key: string) => of.reduce((all, row) => all + Number(row[key] ?? 0), 0);
  const use = (of: typeof rows): Use => ({
    statements: sum(of, 'N'),
    requests: sum(of, 'REQUESTS'),
    sentBytes: sum(of, 'SENT'),
    receivedBytes: sum(of, 'RECEIVED'),
  });
  const late = rows.filter(({ LATE }) => Number(LATE) === 1);
  // The local cloud forgets its queries when it stops, and no run is without any.
  const ofRun = use(rows.filter(({ RUN }) => Number(RUN) === 1));
  return {
    lastRun: ofRun.statements > 0 ? ofRun : null,
    day: { ...use(late), wakeUps: sum(late, 'WAKE_UPS') },
  };
}

/** The same in lines. */
export function effortLines({ lastRun, day }: Effort): string[] {
  const words = ({ statements, requests, sentBytes, receivedBytes }: Use) =>
    `${count(statements, 'statement')}, ${count(requests, 'request')} to the endpoint (${megabytes(sentBytes)} out, ${megabytes(receivedBytes)} back)`;
  return [
    ...(lastRun ? [`Last run   ${words(lastRun)}`] : []),
    `24 hours   ${words(day)}; the warehouse woken at most ${day.wakeUps === 1 ? 'once' : `${count(day.wakeUps, 'time')}`}`,
  ];
}

const count = (n: number, what: string) => `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes > 0 && bytes < 1e5 ? 3 : 1)} MB`;
