import { literal, type Place, qualified } from '../ground/names.js';
import { execute, query, together, type Work } from '../ground/work.js';
import { NOT_REFUSED } from '../watching/events.js';
import { noticeSilence } from '../watching/pipe/silence.js';
import type { NotifyPlan } from './plan.js';

/** An event as its sender reads it. */
export interface Told {
  /** Stands for the event wherever it is sent; a second copy has the same. */
  readonly id: string;
  readonly kind: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly subject: string;
  readonly message: string;
  readonly next: string | null;
  /** Day of the data, YYYY-MM-DD, and when it was told, ISO. */
  readonly day: string;
  readonly at: string;
  /** The kind of alarm that it is about; null: about none. */
  readonly alarm: string | null;
  /** How often it has been taken to be sent, this time included. */
  readonly attempts: number;
  /** Events of one alarm or training have the same: their mails are one conversation. */
  readonly thread: string;
}

/** From which hour of which zone on what can wait is told, once a day. */
export interface DigestTime {
  readonly hour: number;
  readonly zone: string;
}

/** For so long no other sender sends what one has taken. */
const LEASE_MINUTES = 10;
/** At most so many at a time: a sender must be through with them before its lease ends. */
export const AT_ONCE = 100;

/**
 * Takes what has not been sent, the oldest first, so that no other sender sends it meanwhile. A sender that dies loses it when
 * the lease ends; then it is sent once more, under the same id.
 * @param lease a word that only this sender has
 * @param digest what is not critical waits until this hour has come; null: nothing waits
 * @param refused those too that SYSTEM$SEND_EMAIL does not take (setAside): for who sends by another way
 */
export function* takeEvents(
  { place, dataset, silence }: Pick<NotifyPlan, 'place' | 'dataset' | 'silence'>,
  lease: string,
  { digest = null, refused = false }: { digest?: DigestTime | null; refused?: boolean } = {},
): Work<Told[]> {
  yield* noticeSilence(place, dataset, silence);
  const table = qualified(place, 'LOS_EVENTS');
  const due = `${refused ? '' : ` AND ${NOT_REFUSED}`}${digest === null ? '' : ` AND (SEVERITY = 'critical' OR ${isDue(digest)})`}`;
  const free = `DATASET = ? AND SENT_AT IS NULL AND (LEASE_UNTIL IS NULL OR LEASE_UNTIL < CURRENT_TIMESTAMP())${due}`;
  yield* together(function* () {
    // Locked before it is decided who takes them, as in takeLease.
    yield* execute(`UPDATE ${table} SET ATTEMPTS = ATTEMPTS WHERE ${free}`, [dataset]);
    yield* execute(
      `UPDATE ${table} SET LEASE = ?, LEASE_UNTIL = DATEADD(minute, ${LEASE_MINUTES}, CURRENT_TIMESTAMP()), ATTEMPTS = ATTEMPTS + 1
WHERE ${free} AND EVENT_ID IN (SELECT EVENT_ID FROM ${table} WHERE ${free} ORDER BY HAPPENED_AT, EVENT_ID LIMIT ${AT_ONCE})`,
      [lease, dataset, dataset],
    );
  });
  const rows = yield* query(
    `SELECT EVENT_ID, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, ATTEMPTS, TO_VARCHAR(DAY, 'YYYY-MM-DD') AS DAY,
  TO_VARCHAR(HAPPENED_AT, 'YYYY-MM-DD"T"HH24:MI:SSTZHTZM') AS HAPPENED, DETAILS:alarm::VARCHAR AS ALARM, DETAILS:run::VARCHAR AS RUN
FROM ${table} WHERE DATASET = ? AND LEASE = ? AND SENT_AT IS NULL ORDER BY HAPPENED_AT, EVENT_ID`,
    [dataset, lease],
  );
  return rows.map((row) => ({
    id: String(row.EVENT_ID),
    kind: String(row.KIND),
    severity: String(row.SEVERITY) as Told['severity'],
    subject: String(row.SUBJECT),
    message: String(row.MESSAGE),
    next: row.NEXT_STEP === null || row.NEXT_STEP === undefined ? null : String(row.NEXT_STEP),
    day: String(row.DAY),
    at: String(row.HAPPENED),
    attempts: Number(row.ATTEMPTS || 0),
    alarm: isText(row.ALARM) ? row.ALARM : null,
    thread: isText(row.RUN)
      ? `run ${row.RUN}`
      : isText(row.ALARM)
        ? `alarm ${row.ALARM} ${row.SUBJECT}`
        : String(row.EVENT_ID),
  }));
}

/** Whether the hour has struck since an event happened: days begin with it. */
function isDue({ hour, zone }: DigestTime): string {
  const day = (time: string) =>
    `TO_DATE(DATEADD(hour, -${hour}, CONVERT_TIMEZONE(${literal(zone)}, ${time})))`;
  return `${day('HAPPENED_AT')} < ${day('CURRENT_TIMESTAMP()')}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/**
 * Writes down that events were sent, if the lease was still this sender's.
 * @returns how many
 */
export function* eventsSent(place: Place, lease: string, ids: readonly string[], by: string): Work<number> {
  if (ids.length === 0) return 0;
  return yield* execute(
    `UPDATE ${qualified(place, 'LOS_EVENTS')} SET SENT_AT = CURRENT_TIMESTAMP(), SENT_BY = ?, LEASE = NULL, LEASE_UNTIL = NULL
WHERE LEASE = ? AND SENT_AT IS NULL AND ARRAY_CONTAINS(EVENT_ID::VARIANT, PARSE_JSON(?)::ARRAY)`,
    [by, lease, JSON.stringify(ids)],
  );
}

/**
 * Sets an event aside that SYSTEM$SEND_EMAIL does not take, so that it is not tried there again: los notify still sends it, and
 * until then los status counts it as unsent.
 * @returns 1, or 0 where the lease is no longer this sender's
 */
export function* setAside(place: Place, lease: string, id: string, refusal: string): Work<number> {
  return yield* execute(
    `UPDATE ${qualified(place, 'LOS_EVENTS')} SET DETAILS = OBJECT_INSERT(COALESCE(DETAILS::OBJECT, OBJECT_CONSTRUCT()), 'refused', ?, TRUE),
  LEASE = NULL, LEASE_UNTIL = NULL WHERE LEASE = ? AND SENT_AT IS NULL AND EVENT_ID = ?`,
    [refusal.slice(0, 500), lease, id],
  );
}

/** Gives back what was taken and not sent, for the next who asks. */
export function* eventsBack(place: Place, lease: string): Work<void> {
  yield* execute(
    `UPDATE ${qualified(place, 'LOS_EVENTS')} SET LEASE = NULL, LEASE_UNTIL = NULL WHERE LEASE = ? AND SENT_AT IS NULL`,
    [lease],
  );
}
