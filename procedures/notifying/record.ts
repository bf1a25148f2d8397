import { dayAt } from '../ground/days.js';
import { CALLER, qualify } from '../ground/names.js';
import { execute, Refused, type Work } from '../ground/work.js';
import { wasEmittedWithin } from '../watching/events.js';
import type { NotifyPlan } from './make-plan.js';
import { SENDER_SECONDS } from './outbox.js';

/** Kinds of status mails: what `los` reports of its own work. */
export const STATUS_KINDS = [
  'deploy',
  'destroy',
  'data',
  'eda',
  'features',
  'training',
  'promotion',
  'scoring',
  'simulation',
  'beds',
  'failure',
] as const;

/** Form of an event's id: it becomes a Message-ID, and is asked for wherever one comes in. */
export const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Report of `los`, as it hands it over. Nothing of a patient is in it. */
export interface Report {
  /** A UUID; the Message-ID of its mail. */
  readonly id: string;
  readonly kind: (typeof STATUS_KINDS)[number];
  readonly severity: 'routine' | 'info' | 'warning';
  readonly subject: string;
  readonly message: string;
  readonly next: string | null;
  /** Id of the first report of the same command. */
  readonly thread: string;
  /** Values for its template; null: it is routine. */
  readonly mail: object | null;
  /** Admissions that a routine command scored. */
  readonly scored: number;
  /** The same words, whatever their numbers, are not reported again for some hours, however often a cron job meets them. */
  readonly once: boolean;
}

/** Hours for which the same failure is not mailed again. */
export const ONCE_HOURS = 6;
/** Characters of a text, and of what a template takes as JSON. */
const LONGEST = 10_000;
const LARGEST = 200_000;

/** Sentences about routine work, by the kind of its report; the count is of admissions. */
const ROUTINE: Readonly<Partial<Record<Report['kind'], (count: number) => string>>> = {
  deploy: () => 'Nothing to deploy: no differences',
  scoring: (count) => `${count} ${count === 1 ? 'admission' : 'admissions'} scored`,
};

/**
 * Writes down routine work for the mail of the day: who runs the pipeline chooses a sentence and a count, and no other word.
 * @throws Refused where there is no such sentence
 */
export function* recordRoutine(
  { place, dataset, zone }: Pick<NotifyPlan, 'place' | 'dataset' | 'zone'>,
  kind: string,
  count: number,
): Work<void> {
  const sentence = Object.keys(ROUTINE).indexOf(kind) < 0 ? undefined : ROUTINE[kind as Report['kind']];
  if (sentence === undefined || !(count >= 0 && count <= 1e9 && Math.floor(count) === count))
    throw new Refused('This is no routine work of los.', 'Leave reports of its work to los.');
  const subject = sentence(count);
  yield* execute(
    `INSERT INTO ${qualify(place, 'LOS_EVENTS')} (EVENT_ID, DATASET, KIND, SEVERITY, SUBJECT, MESSAGE, DETAILS, HAPPENED_AT, DAY, ATTEMPTS)
SELECT UUID_STRING(), ?, ?, 'routine', ?, ?, OBJECT_CONSTRUCT('scored', ?::NUMBER(38,0), 'by', ${CALLER}), CURRENT_TIMESTAMP(), ${dayAt(zone)}, 0`,
    [dataset, kind, subject, `${subject}.`, count],
  );
}

/**
 * Writes down what `los` reports, held by its sender at once: no other sends it first.
 * @param lease by which the sender holds it
 * @throws Refused where it is no report
 */
export function* recordReport(
  { place, dataset, zone }: Pick<NotifyPlan, 'place' | 'dataset' | 'zone'>,
  lease: string,
  report: Report,
): Work<void> {
  const { id, kind, severity, subject, message, next, thread, mail, once } = check(report);
  if (once && (yield* wasEmittedWithin(place, dataset, ONCE_HOURS, { kind, subject, message }))) return;
  const table = qualify(place, 'LOS_EVENTS');
  yield* execute(
    `INSERT INTO ${table} (EVENT_ID, DATASET, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, DETAILS, MAIL, HAPPENED_AT, DAY, ATTEMPTS, LEASE, LEASE_UNTIL)
SELECT ?, ?, ?, ?, ?, ?, ?, OBJECT_CONSTRUCT('thread', ?, 'by', ${CALLER}), PARSE_JSON(?), CURRENT_TIMESTAMP(), ${dayAt(zone)}, 0, ?, DATEADD(second, ${SENDER_SECONDS}, CURRENT_TIMESTAMP())
WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE EVENT_ID = ?)`,
    [...[id, dataset, kind, severity, subject, message, next], ...[thread, JSON.stringify(mail), lease, id]],
  );
}

/** A caller may hand over anything: alarms and what the loop did are not its to report. */
function check(report: Report): Report {
  const { id, kind, severity, subject, message, next, thread, mail } = report;
  const texts = [subject, message, next === null ? '' : next];
  const fits =
    [id, thread].every((each) => typeof each === 'string' && UUID.test(each)) &&
    STATUS_KINDS.indexOf(kind) >= 0 &&
    ['info', 'warning'].indexOf(severity) >= 0 &&
    typeof mail === 'object' &&
    mail !== null &&
    JSON.stringify(mail).length <= LARGEST &&
    texts.every((text) => typeof text === 'string' && text.length <= LONGEST);
  if (!fits) throw new Refused('This is no report of los.', 'Leave reports of its work to los.');
  return report;
}
