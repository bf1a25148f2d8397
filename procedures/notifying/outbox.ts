import { lastDay } from '../ground/days.js';
import { FREE, LET_GO, leaseRows } from '../ground/lease.js';
import { CALLER, literal, type Place, qualify } from '../ground/names.js';
import { isGone } from '../ground/stale.js';
import { execute, query, queryFirst, Refused, variant, type Work } from '../ground/work.js';
import { holdAlarms, openAlarms } from '../watching/alarms.js';
import { NOT_REFUSED } from '../watching/events.js';
import { standInForMonitor } from '../watching/pipe/tasks.js';
import type { DigestTime, NotifyPlan } from './make-plan.js';

/** An event as its sender reads it. */
export interface EventMessage {
  /** Stands for the event wherever it is sent; a second copy has the same. */
  readonly id: string;
  readonly dataset: string;
  readonly kind: string;
  /** routine: it repeats and went well, and stands in the mail of the day only. */
  readonly severity: 'routine' | 'info' | 'warning' | 'critical';
  readonly subject: string;
  readonly message: string;
  readonly next: string | null;
  /** Day of the data, YYYY-MM-DD, and when it was told, ISO. */
  readonly day: string;
  readonly at: string;
  /** The kind of alarm that it is about; null: about none. */
  readonly alarm: string | null;
  /** Number of times that it has been taken to be sent, this time included. */
  readonly attempts: number;
  /** Events of one alarm or training have the same, and so have those of one command: their mails are one conversation. */
  readonly thread: string;
  /** Values for the template of a status mail, which is a mail of its own; null: the loop's event, or a routine one. */
  readonly mail: object | null;
  /** Admissions that a routine command scored. */
  readonly scored: number;
}

/** For so long no other sender has what one has taken. */
export const SENDER_SECONDS = 600;
/** At most so many at a time: a sender must be through with them before its lease ends. */
export const AT_ONCE = 100;

/** Condition on LOS_EVENTS: reported by `los` about its own work, not by the loop. */
const STATUS = "(MAIL IS NOT NULL OR SEVERITY = 'routine')";
/** Condition on LOS_EVENTS: not only a line for the mail of the day. */
const NOT_ROUTINE = "SEVERITY <> 'routine'";

/**
 * Events that a sender takes. `snowflake`: SEND_NOTIFICATIONS, at once, all but routine events and those that SYSTEM$SEND_EMAIL does not
 * take. `command`: a command of los, what it and others like it report; the loop's events too where no verified recipient gets
 * them. `notify`: los notify, everything that is due, also what SYSTEM$SEND_EMAIL refused. `last`: everything, as no later sender may come.
 */
export type Scope = 'snowflake' | 'command' | 'notify' | 'last';

/** @throws Refused for what no sender outside Snowflake takes */
export function requireScope(scope: string): Scope {
  if (scope === 'command' || scope === 'notify' || scope === 'last') return scope;
  throw new Refused('SCOPE is command, notify or last.', 'Leave the sending of mails to los.');
}

type Sender = Pick<NotifyPlan, 'place' | 'dataset' | 'zone' | 'tasks' | 'digest'> & {
  readonly email: object | null;
};

/**
 * Content of LEASE for a sender's word: a hash of the word and its user, so that who reads the table can neither hold nor settle
 * what another sends.
 */
export function* leaseOf(word: string): Work<string> {
  const row = yield* queryFirst(`SELECT SHA2(${CALLER} || ' ' || ?) AS LEASE`, [word]);
  return String(row?.LEASE);
}

/**
 * Takes what has not been sent, the oldest first, so that no other sends it meanwhile. A sender that dies with it loses it when
 * the lease ends; then it is sent once more, under the same id.
 * @param lease a word that only this sender has
 */
export function* takeEvents(plan: Sender, lease: string, scope: Scope): Work<EventMessage[]> {
  const { place, dataset } = plan;
  yield* unlessRunLogIsGone(() => tellForMonitor(plan));
  const table = qualify(place, 'LOS_EVENTS');
  const waiting = `DATASET = ? AND SENT_AT IS NULL AND ${dueSql(plan, scope)}`;
  yield* leaseRows(table, lease, {
    idle: 'ATTEMPTS',
    // Held ones are left alone: each touch is a change that wakes the task which sends.
    lock: { where: `${waiting} AND ${FREE}`, binds: [dataset] },
    take: {
      where: `${waiting} AND EVENT_ID IN (SELECT EVENT_ID FROM ${table} WHERE ${waiting} AND ${FREE} ORDER BY HAPPENED_AT, EVENT_ID LIMIT ${AT_ONCE})`,
      binds: [dataset, dataset],
    },
    seconds: SENDER_SECONDS,
    also: ', ATTEMPTS = ATTEMPTS + 1',
  });
  const rows = yield* query(
    `SELECT EVENT_ID, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, ATTEMPTS, TO_VARCHAR(DAY, 'YYYY-MM-DD') AS DAY, MAIL,
  TO_VARCHAR(HAPPENED_AT, 'YYYY-MM-DD"T"HH24:MI:SSTZHTZM') AS HAPPENED, DETAILS:alarm::VARCHAR AS ALARM, DETAILS:run::VARCHAR AS RUN,
  DETAILS:thread::VARCHAR AS THREAD, TRY_TO_DOUBLE(DETAILS:scored::VARCHAR) AS SCORED
FROM ${table} WHERE DATASET = ? AND LEASE = ? AND SENT_AT IS NULL ORDER BY HAPPENED_AT, EVENT_ID`,
    [dataset, lease],
  );
  return rows.map((row) => ({
    id: String(row.EVENT_ID),
    dataset,
    kind: String(row.KIND),
    severity: String(row.SEVERITY) as EventMessage['severity'],
    subject: String(row.SUBJECT),
    message: String(row.MESSAGE),
    next: isText(row.NEXT_STEP) ? row.NEXT_STEP : null,
    day: String(row.DAY),
    at: String(row.HAPPENED),
    attempts: Number(row.ATTEMPTS || 0),
    alarm: isText(row.ALARM) ? row.ALARM : null,
    thread: threadOf(row),
    mail: row.MAIL ? variant<object>(row.MAIL) : null,
    scored: Number(row.SCORED || 0),
  }));
}

/** Tells that hourly monitoring is silent, where nothing else says so to who reads mails. */
function* tellForMonitor({ dataset, place, zone, tasks }: Sender): Work<void> {
  const plan = { contract: { name: dataset }, place, zone, tasks };
  const signs = yield* standInForMonitor(plan);
  if (signs.length > 0)
    yield* holdAlarms(plan, yield* lastDay(zone), signs, [], { result: yield* openAlarms(plan) });
}

/** Mails leave without a run log too: one of them says that it is gone. */
export function* unlessRunLogIsGone(work: () => Work<unknown>): Work<void> {
  try {
    yield* work();
  } catch (error) {
    const { message } = error as Error;
    if (!isGone(message) || message.indexOf('LOS_RUN_LOG') < 0) throw error;
  }
}

/** Condition on LOS_EVENTS: what a sender is to send now. */
function dueSql({ digest, email }: Sender, scope: Scope): string {
  if (scope === 'last') return 'TRUE';
  if (scope === 'snowflake') return `${NOT_ROUTINE} AND ${NOT_REFUSED}`;
  const now =
    digest === null ? 'TRUE' : `(SEVERITY = 'critical' OR MAIL IS NOT NULL OR ${hasStruck(digest)})`;
  if (scope === 'notify') return now;
  return `${now} AND ${NOT_REFUSED}${email === null ? '' : ` AND ${STATUS}`}`;
}

function threadOf({ THREAD, RUN, ALARM, SUBJECT, EVENT_ID }: Readonly<Record<string, unknown>>): string {
  if (isText(THREAD)) return THREAD;
  if (isText(RUN)) return `run ${RUN}`;
  return isText(ALARM) ? `alarm ${ALARM} ${SUBJECT}` : String(EVENT_ID);
}

/** Condition that the hour has struck since an event happened: days begin with it, by the clock on the wall. */
function hasStruck({ hour, zone }: DigestTime): string {
  const day = (time: string) =>
    `TO_DATE(DATEADD(hour, -${hour}, CONVERT_TIMEZONE(${literal(zone)}, ${time})))`;
  return `${day('HAPPENED_AT')} < ${day('CURRENT_TIMESTAMP()')}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Who has sent an event, in SQL: the user who calls, the procedure that mails by SYSTEM$SEND_EMAIL, or none. */
const SENDERS = { caller: CALLER, snowflake: "'SEND_NOTIFICATIONS'", none: "'none'" } as const;

/**
 * Writes down that events were sent, if the lease was still this sender's. What the template of a status mail took goes: it is
 * in the mail.
 * @returns how many
 */
export function* eventsSent(
  place: Place,
  lease: string,
  ids: readonly string[],
  by: keyof typeof SENDERS,
): Work<number> {
  if (ids.length === 0) return 0;
  return yield* execute(
    `UPDATE ${qualify(place, 'LOS_EVENTS')} SET SENT_AT = CURRENT_TIMESTAMP(), SENT_BY = ${SENDERS[by]}, MAIL = NULL, ${LET_GO}
WHERE LEASE = ? AND SENT_AT IS NULL AND ARRAY_CONTAINS(EVENT_ID::VARIANT, PARSE_JSON(?)::ARRAY)`,
    [lease, JSON.stringify(ids)],
  );
}

/**
 * Sets an event aside that SYSTEM$SEND_EMAIL does not take, so that it is not tried there again: los notify still sends it, and
 * until then the status says that it has reached no one.
 * @returns 1, or 0 where the lease is no longer this sender's
 */
export function* setAside(place: Place, lease: string, id: string, refusal: string): Work<number> {
  return yield* execute(
    `UPDATE ${qualify(place, 'LOS_EVENTS')} SET DETAILS = OBJECT_INSERT(COALESCE(DETAILS::OBJECT, OBJECT_CONSTRUCT()), 'refused', ?, TRUE),
  ${LET_GO} WHERE LEASE = ? AND SENT_AT IS NULL AND EVENT_ID = ?`,
    [refusal.slice(0, 500), lease, id],
  );
}

/** Gives back what was taken and not sent, for the next sender. */
export function* eventsBack(place: Place, lease: string): Work<void> {
  yield* execute(`UPDATE ${qualify(place, 'LOS_EVENTS')} SET ${LET_GO} WHERE LEASE = ? AND SENT_AT IS NULL`, [
    lease,
  ]);
}
