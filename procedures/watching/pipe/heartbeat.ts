import { qualify } from '../../ground/names.js';
import { queryFirst, type Work } from '../../ground/work.js';
import { emitUnless } from '../events.js';
import type { WatchPlan } from '../plan.js';

/** Hours between two signs of life: fewer than a day has, as monitoring does not end at the same minute each day. */
const LEAST_HOURS = 20;
const RECENT = `HAPPENED_AT > DATEADD(hour, -${LEAST_HOURS}, CURRENT_TIMESTAMP())`;

/**
 * The daily sign of life: an event once a day, after the daily monitor has gone through and could look at everything. Who misses it
 * knows that nothing inside Snowflake watches any more (docs/runbook/sign-of-life.md). No mail has it, unless `mail.heartbeat`.
 * @param day that was monitored, YYYY-MM-DD
 */
export function* beat(plan: WatchPlan, day: string): Work<void> {
  const event = {
    kind: 'heartbeat',
    severity: plan.mailsHeartbeat ? 'info' : 'routine',
    subject: 'monitoring',
    message: `Monitoring is alive: it has looked at everything up to ${day}.`,
    quiet: !plan.mailsHeartbeat,
  } as const;
  yield* emitUnless(plan, day, event, { where: `t.KIND = 'heartbeat' AND t.${RECENT}`, binds: [] });
}

/** The day whose monitoring has no sign of life yet, YYYY-MM-DD; null: there is none. */
export function* dayToBeat({ contract, place, silence }: WatchPlan): Work<string | null> {
  const row = yield* queryFirst(
    `SELECT w.DAY FROM (
  SELECT DETAILS:day::VARCHAR AS DAY, FINISHED_AT FROM ${qualify(place, 'LOS_RUN_LOG')}
  WHERE DATASET = ? AND KIND = 'watch' AND STATUS = 'SUCCEEDED' AND DETAILS:unanswered IS NULL
    AND FINISHED_AT > DATEADD(hour, -${Number(silence.watch)}, CURRENT_TIMESTAMP())
  ORDER BY FINISHED_AT DESC LIMIT 1
) AS w WHERE NOT EXISTS (SELECT 1 FROM ${qualify(place, 'LOS_EVENTS')} WHERE DATASET = ? AND KIND = 'heartbeat'
  AND (HAPPENED_AT > w.FINISHED_AT OR ${RECENT}))`,
    [contract.name, contract.name],
  );
  return row === undefined ? null : String(row.DAY);
}
