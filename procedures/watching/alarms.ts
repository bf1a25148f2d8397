import { sortBy } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import { type Outcome, resultOf } from '../ground/together.js';
import { execute, query, type Row, transaction, type Work } from '../ground/work.js';
import { emitEvent, type WatchEvent } from './events.js';
import type { AlarmPlan } from './plan.js';
import { type Sign, withoutConsequences } from './signs.js';

/** An alarm that lasts. */
export interface Alarm extends Sign {
  readonly id: string;
  /** Days of the data, YYYY-MM-DD. */
  readonly beganOn: string;
  readonly lastOn: string;
}

/**
 * For so many days an alarm shows no sign before it ends: what comes and goes is one alarm. What is looked at every hour ends with the
 * first look that finds no sign of it.
 */
const QUIET_DAYS: Readonly<Record<Sign['kind'], number>> = {
  inputs: 7,
  performance: 7,
  groups: 7,
  discharges: 1,
  volume: 1,
  scoring: 0,
  tasks: 0,
  unreadable: 0,
  source: 0,
  tables: 0,
  objects: 0,
  budget: 0,
};
const DAY = 86_400_000;

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** Changes of the alarms by a watch. */
export interface AlarmsChanged {
  readonly raised: readonly Sign[];
  readonly ended: readonly Alarm[];
  /** All that last, after it, with or without a sign today. */
  readonly open: readonly Sign[];
}

/** The alarms that have not ended, the first raised first. */
export function* openAlarms({ contract, place }: AlarmPlan): Work<Alarm[]> {
  const rows = yield* query<Row>(
    `SELECT ALARM_ID, KIND, SUBJECT, SEVERITY, MESSAGE, LOOK_AT, TO_VARCHAR(BEGAN_ON, 'YYYY-MM-DD') AS BEGAN, TO_VARCHAR(LAST_ON, 'YYYY-MM-DD') AS LAST,
  TO_VARCHAR(CONVERT_TIMEZONE('UTC', RAISED_AT), 'YYYY-MM-DD HH24:MI:SS.FF9') || KIND || SUBJECT AS PLACE
FROM ${qualify(place, 'LOS_ALARMS')} WHERE DATASET = ? AND ENDED_ON IS NULL`,
    [contract.name],
  );
  return sortBy(rows, (a, b) => (String(a.PLACE) < String(b.PLACE) ? -1 : 1)).map((row) => ({
    id: String(row.ALARM_ID),
    kind: String(row.KIND) as Sign['kind'],
    subject: String(row.SUBJECT),
    severity: String(row.SEVERITY) as Sign['severity'],
    message: String(row.MESSAGE),
    lookAt: String(row.LOOK_AT),
    beganOn: String(row.BEGAN),
    lastOn: String(row.LAST),
  }));
}

/**
 * Holds the alarms to what a watch has found: a sign without an alarm raises one, an alarm without its sign ends; each is
 * told once. Once more with the same signs changes nothing.
 * @param day of the watch
 * @param found the signs
 * @param kinds that were looked for to the end; alarms of others do not end
 * @param known the alarms that have not ended, or why they cannot be read
 */
export function* holdAlarms(
  plan: AlarmPlan,
  day: string,
  found: readonly Sign[],
  kinds: readonly Sign['kind'][],
  known: Outcome<readonly Alarm[]>,
): Work<AlarmsChanged> {
  const isOf = (sign: Sign) => (other: Sign) => other.kind === sign.kind && other.subject === sign.subject;
  const all = resultOf(known);
  const signs = withoutConsequences(found, all, kinds);
  const before = all.filter((alarm) => kinds.indexOf(alarm.kind) >= 0 || signs.some(isOf(alarm)));
  const began = signs.filter((sign) => !before.some(isOf(sign)));
  const changing = before.filter((alarm) => isNews(day, alarm, signs.find(isOf(alarm))));
  const raised: Sign[] = [];
  const ended: Alarm[] = [];
  // The hourly look may be at the same alarms: what changes a row tells of it, and the second changes none.
  const change = function* () {
    for (const sign of began) if (yield* raise(plan, day, sign)) raised.push(sign);
    for (const alarm of changing) {
      const sign = signs.find(isOf(alarm));
      if (sign) yield* goOn(plan, day, alarm, sign);
      else if (yield* end(plan, day, alarm)) ended.push(alarm);
    }
  };
  if (began.length + changing.length > 0) yield* transaction(change);
  const lasting = before.filter((alarm) => !signs.some(isOf(alarm)) && ended.indexOf(alarm) < 0);
  return { raised, ended, open: signs.concat(lasting) };
}

/** A sign of which there was no alarm. @returns whether this raised one */
function* raise(plan: AlarmPlan, day: string, sign: Sign): Work<boolean> {
  const { kind, subject, severity, message, lookAt } = sign;
  const raised = yield* execute(
    `MERGE INTO ${qualify(plan.place, 'LOS_ALARMS')} AS t USING (
  SELECT UUID_STRING() AS ALARM_ID, ? AS DATASET, ? AS KIND, ? AS SUBJECT, ? AS SEVERITY, TO_DATE(?, 'YYYY-MM-DD') AS DAY, ? AS MESSAGE, ? AS LOOK_AT
) AS n ON t.DATASET = n.DATASET AND t.KIND = n.KIND AND t.SUBJECT = n.SUBJECT AND t.ENDED_ON IS NULL
WHEN NOT MATCHED THEN INSERT (ALARM_ID, DATASET, KIND, SUBJECT, SEVERITY, BEGAN_ON, LAST_ON, RAISED_AT, MESSAGE, LOOK_AT)
VALUES (n.ALARM_ID, n.DATASET, n.KIND, n.SUBJECT, n.SEVERITY, n.DAY, n.DAY, CURRENT_TIMESTAMP(), n.MESSAGE, n.LOOK_AT)`,
    [plan.contract.name, kind, subject, severity, day, message, lookAt],
  );
  if (raised === 0) return false;
  yield* emitEvent(plan, day, alarmEvent(sign));
  return true;
}

/** Event that tells people of a sign. */
export function alarmEvent({ kind, severity, subject, message, next, lookAt }: Sign): WatchEvent {
  const page = `See docs/runbook/${lookAt}.md.`;
  return {
    kind: 'alarm',
    severity,
    subject,
    message,
    next: next === undefined ? page : `${next} ${page}`,
    details: { alarm: kind },
  };
}

/** An alarm of which there is a sign again. */
function* goOn(plan: AlarmPlan, day: string, alarm: Alarm, sign: Sign): Work<void> {
  const changed = yield* execute(
    `UPDATE ${qualify(plan.place, 'LOS_ALARMS')} SET LAST_ON = TO_DATE(?, 'YYYY-MM-DD'), SEVERITY = ?, MESSAGE = ? WHERE ALARM_ID = ? AND SEVERITY = ?`,
    [day, sign.severity, sign.message, alarm.id, alarm.severity],
  );
  if (changed === 0 || sign.severity !== 'critical' || alarm.severity === 'critical') return;
  yield* emitEvent(plan, day, alarmEvent({ ...sign, message: `It has become worse. ${sign.message}` }));
}

/**
 * Ends an alarm of which an event of its own tells that it has passed, in that event's transaction.
 */
export function* endQuietly(
  plan: AlarmPlan,
  day: string,
  { kind, subject }: Pick<Sign, 'kind' | 'subject'>,
): Work<void> {
  yield* execute(
    `UPDATE ${qualify(plan.place, 'LOS_ALARMS')} SET ENDED_ON = TO_DATE(?, 'YYYY-MM-DD') WHERE DATASET = ? AND KIND = ? AND SUBJECT = ? AND ENDED_ON IS NULL`,
    [day, plan.contract.name, kind, subject],
  );
}

/** Tells whether its row has to change: its sign is another than the last one, or it has been without one for long enough. */
function isNews(day: string, alarm: Alarm, sign: Sign | undefined): boolean {
  return sign === undefined
    ? daysBetween(alarm.lastOn, day) >= QUIET_DAYS[alarm.kind]
    : alarm.lastOn !== day || alarm.severity !== sign.severity || alarm.message !== sign.message;
}

/** An alarm without a sign. @returns whether it has ended with that */
function* end(plan: AlarmPlan, day: string, alarm: Alarm): Work<boolean> {
  const changed = yield* execute(
    `UPDATE ${qualify(plan.place, 'LOS_ALARMS')} SET ENDED_ON = TO_DATE(?, 'YYYY-MM-DD') WHERE ALARM_ID = ? AND ENDED_ON IS NULL`,
    [day, alarm.id],
  );
  if (changed === 0) return false;
  yield* emitEvent(plan, day, {
    kind: 'alarm ended',
    severity: 'info',
    subject: alarm.subject,
    // What is looked at every hour counts for the day before until noon.
    message: `${QUIET_DAYS[alarm.kind] === 0 ? 'It has passed.' : `No sign of it after ${alarm.lastOn}; it began on ${alarm.beganOn}.`} It was: ${alarm.message}`,
    details: { alarm: alarm.kind },
  });
  return true;
}
