import { literal, qualify } from '../../ground/names.js';
import { execute, queryFirst, type Work } from '../../ground/work.js';
import type { TablesCheck } from '../../records/check.js';
import { commentSql, SIGNED, signedComment } from '../../records/second-count.js';
import type { WatchPlan } from '../plan.js';
import { patienceHours } from './task-rule.js';

/** When everything was looked at, in ISO's words, and the comment that LOS_RUN_LOG has. */
export interface Heartbeat {
  readonly at: string;
  readonly comment: string;
}

/**
 * The sign of life, every hour that everything could be looked at: in the comment of LOS_RUN_LOG, where SHOW finds it and wakes no warehouse.
 * Who misses it knows that nothing inside Snowflake watches any more (docs/runbook/sign-of-life.md).
 * @param rows of tables that never expire (check.ts)
 */
export function* beat(
  { place, contract }: WatchPlan,
  { at, comment }: Heartbeat,
  rows: TablesCheck['kept'],
): Work<void> {
  yield* execute(
    `ALTER TABLE ${qualify(place, SIGNED)} SET COMMENT = ${literal(signedComment(comment, at, rows, contract.name))}`,
  );
}

/** Now, where the daily monitor has gone through and could look at everything as often as it should; null: it has not. */
export function* timeToBeat({ contract, place, tasks }: WatchPlan): Work<Heartbeat | null> {
  // A daily monitor that fails once is made up for the next day, and is an alarm until then.
  const hours = Math.max(24, ...tasks.map(({ run, hours: gap }) => (run === 'watch' ? gap || 0 : 0))) + 10;
  const now = `TO_VARCHAR(CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS AT`;
  const row = yield* queryFirst(
    commentSql(
      place,
      `${now}, COMMENT`,
      `EXISTS (
  SELECT 1 FROM ${qualify(place, 'LOS_RUN_LOG')} WHERE DATASET = ? AND KIND = 'watch' AND STATUS = 'SUCCEEDED' AND DETAILS:unanswered IS NULL
    AND FINISHED_AT > DATEADD(hour, -${patienceHours(hours)}, CURRENT_TIMESTAMP()))`,
    ),
    [contract.name],
  );
  return row === undefined ? null : { at: String(row.AT), comment: String(row.COMMENT) };
}
