import { qualify } from '../../ground/names.js';
import { execute, queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';

/**
 * The daily sign of life: an event once a day, after the daily monitor has gone through and could look at everything. Who misses it
 * knows that nothing inside Snowflake watches any more (docs/runbook/sign-of-life.md). No mail has it, unless `mail.heartbeat`.
 */
export function* beat(plan: WatchPlan): Work<void> {
  const { contract, place, mailsHeartbeat } = plan;
  const events = qualify(place, 'LOS_EVENTS');
  const [severity, sent] = mailsHeartbeat
    ? ['info', 'NULL, NULL']
    : ['routine', "CURRENT_TIMESTAMP(), 'none'"];
  yield* execute(
    `INSERT INTO ${events} (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, DETAILS, ATTEMPTS, SENT_AT, SENT_BY)
SELECT UUID_STRING(), ?, CURRENT_TIMESTAMP(), TO_DATE(w.DAY, 'YYYY-MM-DD'), 'heartbeat', '${severity}', 'monitoring',
  'Monitoring is alive: it has looked at everything up to ' || w.DAY || '.', OBJECT_CONSTRUCT(), 0, ${sent}
FROM (${dueSql(plan)}) AS w`,
    [contract.name, contract.name, contract.name],
  );
}

/** Whether it is time for a sign of life. */
export function* isBeatDue(plan: WatchPlan): Work<boolean> {
  const { name } = plan.contract;
  return (yield* queryFirst(dueSql(plan), [name, name])) !== undefined;
}

/** SELECT of the daily run of which a sign of life is due; it takes the dataset twice. */
function dueSql({ place, silence }: WatchPlan): string {
  return `SELECT w.DAY FROM (
  SELECT DETAILS:day::VARCHAR AS DAY, FINISHED_AT FROM ${qualify(place, 'LOS_RUN_LOG')}
  WHERE DATASET = ? AND KIND = 'watch' AND STATUS = 'SUCCEEDED' AND DETAILS:unanswered IS NULL
    AND FINISHED_AT > DATEADD(hour, -${Number(silence.watch)}, CURRENT_TIMESTAMP())
  ORDER BY FINISHED_AT DESC LIMIT 1
) AS w WHERE NOT EXISTS (SELECT 1 FROM ${qualify(place, 'LOS_EVENTS')} WHERE DATASET = ? AND KIND = 'heartbeat'
  AND (HAPPENED_AT > w.FINISHED_AT OR HAPPENED_AT > DATEADD(hour, -20, CURRENT_TIMESTAMP())))`;
}
