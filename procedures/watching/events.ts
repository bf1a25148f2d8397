import { FREE, type Rows } from '../ground/lease.js';
import { type Place, qualify } from '../ground/names.js';
import { type Bind, execute, queryFirst, type Work } from '../ground/work.js';
import type { AlarmPlan } from './plan.js';

/** Event that people should know of; LOS_EVENTS keeps it until a sender delivers it. */
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
    | 'silence over'
    | 'stream restored'
    | 'stream broken'
    | 'excess days'
    | 'dates compared'
    | 'delay days';
  readonly severity: 'routine' | 'info' | 'warning' | 'critical';
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
export function* emitEvent(plan: AlarmPlan, day: string, event: WatchEvent): Work<void> {
  const { select, binds } = rowOf(plan, day, event);
  yield* execute(`INSERT INTO ${qualify(plan.place, 'LOS_EVENTS')} (${COLUMNS})\n${select}`, binds);
}

/**
 * Writes an event down unless there is one that says the same. By MERGE, as alarms are: of several monitoring runs that notice it at the
 * same time one writes it down.
 * @param same condition on LOS_EVENTS AS t: the event that says the same, of this dataset
 * @returns whether this has written it down
 * @example
 * const isNews = yield* emitUnless(plan, '2026-11-20', event, { where: 't.DETAILS:run::VARCHAR = ?', binds: [run.id] });
 */
export function* emitUnless(plan: AlarmPlan, day: string, event: WatchEvent, same: Rows): Work<boolean> {
  const { select, binds } = rowOf(plan, day, event);
  const written = yield* execute(
    `MERGE INTO ${qualify(plan.place, 'LOS_EVENTS')} AS t USING (
${select}
) AS n ON t.DATASET = n.DATASET AND ${same.where}
WHEN NOT MATCHED THEN INSERT (${COLUMNS}) VALUES (${COLUMNS.split(', ')
      .map((column) => `n.${column}`)
      .join(', ')})`,
    binds.concat(same.binds),
  );
  return written > 0;
}

const COLUMNS =
  'EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, DETAILS, ATTEMPTS, SENT_AT, SENT_BY';

/** SELECT of an event's row, by COLUMNS. */
function rowOf({ contract }: AlarmPlan, day: string, event: WatchEvent): { select: string; binds: Bind[] } {
  const sent = event.quiet ? ['CURRENT_TIMESTAMP()', "'none'"] : ['NULL::TIMESTAMP_LTZ', 'NULL::VARCHAR'];
  return {
    select: `SELECT UUID_STRING() AS EVENT_ID, ? AS DATASET, CURRENT_TIMESTAMP() AS HAPPENED_AT, TO_DATE(?, 'YYYY-MM-DD') AS DAY, ? AS KIND, ? AS SEVERITY, ? AS SUBJECT, ? AS MESSAGE,
  ? AS NEXT_STEP, PARSE_JSON(?) AS DETAILS, 0 AS ATTEMPTS, ${sent[0]} AS SENT_AT, ${sent[1]} AS SENT_BY`,
    binds: [
      contract.name,
      day,
      event.kind,
      event.severity,
      event.subject,
      event.message,
      event.next === undefined ? null : event.next,
      JSON.stringify(event.details || {}),
    ],
  };
}

/** Condition for emitUnless: an event of this kind and subject within a day. */
export function withinADay({ kind, subject }: WatchEvent): Rows {
  return {
    where: 't.KIND = ? AND t.SUBJECT = ? AND t.HAPPENED_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP())',
    binds: [kind, subject],
  };
}

/**
 * Wakes the task that sends (send.ts), where events wait whose mails did not leave so often that it has gone to sleep: a mail server
 * that is up again sends no mail of it.
 */
export function* wakeSender({ contract, place }: AlarmPlan): Work<void> {
  const events = qualify(place, 'LOS_EVENTS');
  const asleep = `DATASET = ? AND SENT_AT IS NULL AND ATTEMPTS > 0 AND ${NOT_REFUSED} AND ${FREE}`;
  const row = yield* queryFirst(`SELECT COUNT(*) AS N FROM ${events} WHERE ${asleep}`, [contract.name]);
  if (Number(row?.N) > 0)
    yield* execute(`UPDATE ${events} SET ATTEMPTS = ATTEMPTS WHERE ${asleep}`, [contract.name]);
}

/**
 * Tells whether the same was emitted within so many hours: of the same subject, and where a message is given also in the same words, whatever
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
