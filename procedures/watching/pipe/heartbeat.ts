import { literal, qualify, schemaPath } from '../../ground/names.js';
import { execute, queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import { patienceHours } from './task-rule.js';

/**
 * The sign of life, every hour that everything could be looked at: in the comment of LOS_RUN_LOG, before the deployer's mark, where SHOW finds
 * it and wakes no warehouse. Who misses it knows that nothing inside Snowflake watches any more (docs/runbook/sign-of-life.md).
 * @param at when, in ISO's words
 */
export function* beat({ place }: WatchPlan, at: string): Work<void> {
  const shown = yield* queryFirst(`SHOW TABLES LIKE 'LOS_RUN_LOG' IN SCHEMA ${schemaPath(place)}`);
  const mark = String(shown?.comment).replace(/^Monitoring is alive at \S+ /, '');
  yield* execute(
    `ALTER TABLE ${qualify(place, 'LOS_RUN_LOG')} SET COMMENT = ${literal(`Monitoring is alive at ${at} ${mark}`)}`,
  );
}

/** Now, where the daily monitor has gone through and could look at everything as often as it should; null: it has not. */
export function* timeToBeat({ contract, place, tasks }: WatchPlan): Work<string | null> {
  // A daily monitor that fails once is made up for the next day, and is an alarm until then.
  const hours = Math.max(24, ...tasks.map(({ run, hours: gap }) => (run === 'watch' ? gap || 0 : 0))) + 10;
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS AT
FROM ${qualify(place, 'LOS_RUN_LOG')}
WHERE DATASET = ? AND KIND = 'watch' AND STATUS = 'SUCCEEDED' AND DETAILS:unanswered IS NULL
  AND FINISHED_AT > DATEADD(hour, -${patienceHours(hours)}, CURRENT_TIMESTAMP())
LIMIT 1`,
    [contract.name],
  );
  return row === undefined ? null : String(row.AT);
}
