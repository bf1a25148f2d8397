import { FREE } from '../ground/lease.js';
import { type Place, qualify } from '../ground/names.js';
import { execute, queryFirst, type Work } from '../ground/work.js';
import type { WatchPlan } from './plan.js';

/** What people should know; LOS_EVENTS keeps it until a sender delivers it. */
export interface WatchEvent {
  readonly kind:
    | 'alarm'
    | 'alarm ended'
    | 'retraining'
    | 'promoted'
    | 'not promoted'
    | 'proposed'
    | 'retraining failed'
    | 'training ended'
    | 'training failed'
    | 'rolling back'
    | 'rolled back'
    | 'graph failed'
    | 'graph recovered'
    | 'stream restored'
    | 'stream broken'
    | 'heartbeat';
  readonly severity: 'info' | 'warning' | 'critical';
  readonly subject: string;
  readonly message: string;
  readonly next?: string;
  readonly details?: object;
  /** Only recorded: no mail is sent. */
  readonly quiet?: boolean;
}

/** Condition on LOS_EVENTS: not set aside, as SYSTEM$SEND_EMAIL does not take its mail (notifying/outbox.ts). */
export const NOT_REFUSED = 'DETAILS:refused IS NULL';

/**
 * Writes an event down, in the transaction of what it tells of.
 * @param day of the data, YYYY-MM-DD
 * @example
 * yield* emitEvent(plan, '2026-11-20', {
 *   kind: 'alarm', severity: 'warning', subject: 'AGE has shifted', message: 'A fifth of the patients have no age.',
 * });
 */
export function* emitEvent({ contract, place }: WatchPlan, day: string, event: WatchEvent): Work<void> {
  yield* execute(
    `INSERT INTO ${qualify(place, 'LOS_EVENTS')} (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, DETAILS, ATTEMPTS, SENT_AT, SENT_BY)
SELECT UUID_STRING(), ?, CURRENT_TIMESTAMP(), TO_DATE(?, 'YYYY-MM-DD'), ?, ?, ?, ?, ?, PARSE_JSON(?), 0, ${event.quiet ? "CURRENT_TIMESTAMP(), 'none'" : 'NULL, NULL'}`,
    [
      contract.name,
      day,
      event.kind,
      event.severity,
      event.subject,
      event.message,
      event.next === undefined ? null : event.next,
      JSON.stringify(event.details || {}),
    ],
  );
}

/**
 * Wakes the task that sends (send.ts), where events wait whose mails did not leave so often that it has gone to sleep: a mail server
 * that is up again sends no mail of it.
 */
export function* wakeSender({ contract, place }: WatchPlan): Work<void> {
  const events = qualify(place, 'LOS_EVENTS');
  const asleep = `DATASET = ? AND SENT_AT IS NULL AND ATTEMPTS > 0 AND ${NOT_REFUSED} AND ${FREE}`;
  const row = yield* queryFirst(`SELECT COUNT(*) AS N FROM ${events} WHERE ${asleep}`, [contract.name]);
  if (Number(row?.N) > 0)
    yield* execute(`UPDATE ${events} SET ATTEMPTS = ATTEMPTS WHERE ${asleep}`, [contract.name]);
}

/**
 * Whether the same was emitted within so many hours: of the same subject, and where a message is given also in the same words, whatever
 * their numbers.
 */
export function* wasEmittedWithin(
  place: Place,
  dataset: string,
  hours: number,
  { kind, subject, message }: { readonly kind: string; readonly subject: string; readonly message?: string },
): Work<boolean> {
  const words = (text: string) => `REGEXP_REPLACE(${text}, '[0-9]+', '')`;
  const same =
    message === undefined
      ? 'SUBJECT = ?'
      : `${words('SUBJECT')} = ${words('?')} AND ${words('MESSAGE')} = ${words('?')}`;
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N FROM ${qualify(place, 'LOS_EVENTS')}
WHERE DATASET = ? AND KIND = ? AND ${same} AND HAPPENED_AT > DATEADD(hour, -${hours}, CURRENT_TIMESTAMP())`,
    [dataset, kind, subject, ...(message === undefined ? [] : [message])],
  );
  return Number(row?.N || 0) > 0;
}
