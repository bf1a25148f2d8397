import { literal, qualify } from '../../ground/names.js';
import { execute, queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import { patienceHours } from './task-rule.js';

/** When everything was looked at, in ISO's words, and the comment that LOS_RUN_LOG has. */
export interface Heartbeat {
  readonly at: string;
  readonly comment: string;
}

/**
 * The sign of life, every hour that everything could be looked at: in the comment of LOS_RUN_LOG, before the deployer's mark, where SHOW finds
 * it and wakes no warehouse. Who misses it knows that nothing inside Snowflake watches any more (docs/runbook/sign-of-life.md).
 */
export function* beat({ place }: WatchPlan, { at, comment }: Heartbeat): Work<void> {
  const mark = comment.replace(/^Monitoring is alive at \S+ /, '');
  yield* execute(
    `ALTER TABLE ${qualify(place, 'LOS_RUN_LOG')} SET COMMENT = ${literal(`Monitoring is alive at ${at} ${mark}`)}`,
  );
}

/** Now, where the daily monitor has gone through and could look at everything as often as it should; null: it has not. */
export function* timeToBeat({ contract, place, tasks }: WatchPlan): Work<Heartbeat | null> {
  // A daily monitor that fails once is made up for the next day, and is an alarm until then.
  const hours = Math.max(24, ...tasks.map(({ run, hours: gap }) => (run === 'watch' ? gap || 0 : 0))) + 10;
  const { database, schema } = place.snowflake;
  // The catalogue and not SHOW: this is asked with the other questions, and SHOW costs as much as some ten of them.
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS AT, t.COMMENT
FROM ${database}.INFORMATION_SCHEMA.TABLES AS t
WHERE t.TABLE_SCHEMA = ${literal(schema)} AND t.TABLE_NAME = 'LOS_RUN_LOG' AND EXISTS (
  SELECT 1 FROM ${qualify(place, 'LOS_RUN_LOG')} WHERE DATASET = ? AND KIND = 'watch' AND STATUS = 'SUCCEEDED' AND DETAILS:unanswered IS NULL
    AND FINISHED_AT > DATEADD(hour, -${patienceHours(hours)}, CURRENT_TIMESTAMP()))`,
    [contract.name],
  );
  return row === undefined ? null : { at: String(row.AT), comment: String(row.COMMENT) };
}
