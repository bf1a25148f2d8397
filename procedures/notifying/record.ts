import { dayAt } from '../ground/days.js';
import { qualify } from '../ground/names.js';
import { execute, Refused, type Work } from '../ground/work.js';
import { wasEmittedWithin } from '../watching/events.js';
import { SENDER_SECONDS } from './outbox.js';
import type { NotifyPlan } from './plan.js';

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

/** What `los` reports, as it hands it over. Nothing of a patient is in it. */
export interface Report {
  /** Unique; the Message-ID of its mail. */
  readonly id: string;
  readonly kind: (typeof STATUS_KINDS)[number];
  readonly severity: 'routine' | 'info' | 'warning';
  readonly subject: string;
  readonly message: string;
  readonly next: string | null;
  /** Id of the first report of the same command. */
  readonly thread: string;
  /** What its template takes; null: it is routine. */
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

/**
 * Writes down what `los` reports. Unless it is routine, it is held by the sender at once: no other sends it first.
 * @param lease the sender's word
 * @throws Refused where it is no report
 */
export function* recordReport(
  { place, dataset, silence }: Pick<NotifyPlan, 'place' | 'dataset' | 'silence'>,
  lease: string,
  report: Report,
): Work<void> {
  const { id, kind, severity, subject, message, next, thread, mail, scored, once } = check(report);
  if (once && (yield* wasEmittedWithin(place, dataset, ONCE_HOURS, { kind, subject, message }))) return;
  const table = qualify(place, 'LOS_EVENTS');
  const held =
    severity === 'routine' ? 'NULL, NULL' : `?, DATEADD(second, ${SENDER_SECONDS}, CURRENT_TIMESTAMP())`;
  yield* execute(
    `INSERT INTO ${table} (EVENT_ID, DATASET, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, DETAILS, MAIL, HAPPENED_AT, DAY, ATTEMPTS, LEASE, LEASE_UNTIL)
SELECT ?, ?, ?, ?, ?, ?, ?, PARSE_JSON(?), PARSE_JSON(?), CURRENT_TIMESTAMP(), ${dayAt(silence.zone)}, 0, ${held}
WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE EVENT_ID = ?)`,
    [
      ...[id, dataset, kind, severity, subject, message, next],
      JSON.stringify(severity === 'routine' ? { scored } : { thread }),
      mail === null ? null : JSON.stringify(mail),
      ...(severity === 'routine' ? [] : [lease]),
      id,
    ],
  );
}

/** A caller may hand over anything: alarms and what the loop did are not its to report. */
function check(report: Report): Report {
  const { id, kind, severity, subject, message, next, thread, mail, scored } = report;
  const texts = [id, subject, message, thread, next === null ? '' : next];
  const fits =
    STATUS_KINDS.indexOf(kind) >= 0 &&
    ['routine', 'info', 'warning'].indexOf(severity) >= 0 &&
    (severity === 'routine') === (mail === null) &&
    typeof mail === 'object' &&
    JSON.stringify(mail).length <= LARGEST &&
    texts.every((text) => typeof text === 'string' && text.length <= LONGEST) &&
    typeof scored === 'number';
  if (!fits) throw new Refused('This is no report of los.', 'Leave reports of its work to los.');
  return report;
}
