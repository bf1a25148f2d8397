import { dateOf, type Stay } from './hospital.js';
import type { OnCall } from './on-call.js';

/** Columns of HEALTH_FEATURES that the hospital's own books give. */
const INPUTS = ['AGE', 'SEVERITY_OF_ILLNESS', 'WARD_TYPE', 'DEPARTMENT', 'ADMISSION_DEPOSIT'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Inputs of the model as they follow from a stay, by column. */
function inputsOf(stay: Stay): Record<string, string | number> {
  const came = new Date(dateOf(stay.came));
  return {
    ...Object.fromEntries(INPUTS.map((name) => [name, stay[name]])),
    ADMISSION_MONTH: MONTHS[came.getUTCMonth()]!,
    ADMISSION_DAY: WEEKDAYS[came.getUTCDay()]!,
    DEPARTMENT_ILLNESS: `${stay.DEPARTMENT}-${stay.SEVERITY_OF_ILLNESS}`,
  };
}

const losOf = ({ came, left }: Stay) => (left === null ? null : left - came);

/** A few of what differs, and how many there are. */
const few = (all: readonly string[]) =>
  all.length > 5 ? [...all.slice(0, 5), `… ${all.length} in all`] : [...all];

/**
 * Holds features, log and beds against what the hospital knows itself: each admission has one row of features, with its inputs and its
 * stay; each that came since the model went live is in the log, no revision twice, with the actual stay; who was cancelled is marked; who is
 * in is counted.
 * @returns what differs, in words; none: all is right
 */
export async function differences(onCall: OnCall): Promise<string[]> {
  return [
    ...(await featureDifferences(onCall)),
    ...(await logDifferences(onCall)),
    ...(await bedDifferences(onCall)),
  ];
}

async function featureDifferences({ hospital, dba }: OnCall): Promise<string[]> {
  const rows = await dba.snowflake.query<Record<string, string | number | null>>(
    `SELECT CASE_ID, ${INPUTS.join(', ')}, ADMISSION_MONTH, ADMISSION_DAY, DEPARTMENT_ILLNESS, LOS, WITHDRAWN_AT IS NOT NULL AS WITHDRAWN FROM PREDICT_LOS.LOS.HEALTH_FEATURES`,
  );
  const found: string[] = [];
  const seen = new Set<number>();
  for (const row of rows) {
    const id = Number(row.CASE_ID);
    if (seen.has(id)) found.push(`features: ${id} twice`);
    seen.add(id);
    const stay = hospital.stays.get(id);
    if (!stay) {
      if (!row.WITHDRAWN) found.push(`features: ${id} was never admitted`);
      continue;
    }
    if (Boolean(row.WITHDRAWN) !== stay.cancelled)
      found.push(`features: ${id} is ${row.WITHDRAWN ? '' : 'not '}withdrawn`);
    if (stay.cancelled) continue;
    for (const [name, value] of Object.entries(inputsOf(stay)))
      if (String(row[name]) !== String(value))
        found.push(`features: ${id} ${name} ${row[name]}, is ${value}`);
    const los = row.LOS === null ? null : Number(row.LOS);
    if (los !== losOf(stay)) found.push(`features: ${id} LOS ${los}, is ${losOf(stay)}`);
  }
  for (const { id, cancelled } of hospital.stays.values())
    if (!cancelled && !seen.has(id)) found.push(`features: ${id} is missing`);
  return few(found);
}

async function logDifferences({ hospital, dba }: OnCall): Promise<string[]> {
  const rows = await dba.snowflake.query<Record<string, string | number | null>>(
    `SELECT CASE_ID, REVISION, ACTUAL_LOS, WITHDRAWN_AT IS NOT NULL AS WITHDRAWN, PREDICTED_LOS, FEATURES:SEVERITY_OF_ILLNESS::VARCHAR AS SEVERITY
FROM PREDICT_LOS.LOS.LOS_PREDICTION_LOG ORDER BY CASE_ID, REVISION`,
  );
  const found: string[] = [];
  const latest = new Map<number, (typeof rows)[number]>();
  const revisions = new Set<string>();
  for (const row of rows) {
    const key = `${row.CASE_ID} ${row.REVISION}`;
    if (revisions.has(key)) found.push(`log: ${key} twice`);
    revisions.add(key);
    const id = Number(row.CASE_ID);
    latest.set(id, row);
    const stay = hospital.stays.get(id);
    if (!stay) continue;
    if (Boolean(row.WITHDRAWN) !== stay.cancelled)
      found.push(`log: ${key} is ${row.WITHDRAWN ? '' : 'not '}withdrawn`);
    const actual = row.ACTUAL_LOS === null ? null : Number(row.ACTUAL_LOS);
    if (!stay.cancelled && actual !== losOf(stay))
      found.push(`log: ${key} ACTUAL_LOS ${actual}, is ${losOf(stay)}`);
  }
  for (const stay of hospital.stays.values()) {
    if (stay.cancelled || stay.left !== null) continue;
    const row = latest.get(stay.id);
    if (!row || row.PREDICTED_LOS === null) found.push(`log: ${stay.id} is in and has no prediction`);
    else if (row.SEVERITY !== stay.SEVERITY_OF_ILLNESS)
      found.push(`log: ${stay.id} was predicted as ${row.SEVERITY}, is ${stay.SEVERITY_OF_ILLNESS}`);
  }
  return few(found);
}

export async function bedDifferences({ hospital, dba, day }: OnCall): Promise<string[]> {
  const [row] = await dba.snowflake.query('CALL PREDICT_LOS.LOS.FORECAST_BEDS()');
  const answer = Object.values(row!)[0];
  const { madeOn, occupied: taken } = (typeof answer === 'string' ? JSON.parse(answer) : answer) as {
    madeOn: string;
    occupied: number;
  };
  const known = [day - 1, day].find((each) => dateOf(each) === madeOn);
  if (known === undefined) return [`beds: made on ${madeOn}, today is ${dateOf(day)}`];
  const is = hospital.takenAt(known);
  return taken === is ? [] : [`beds: ${taken} taken on ${madeOn}, are ${is}`];
}

/** What must not be lost, by keys. */
export interface Known {
  readonly log: ReadonlyMap<string, string>;
  readonly registry: ReadonlyMap<string, string>;
  readonly runs: ReadonlySet<string>;
  readonly events: ReadonlySet<string>;
}

/** Reads what is known now: predictions with what they said, versions, runs, events. */
export async function readKnown(onCall: OnCall): Promise<Known> {
  const map = async (sql: string) =>
    new Map((await onCall.query(sql)).map(({ K, V }) => [String(K), String(V)] as const));
  const schema = 'PREDICT_LOS.LOS';
  return {
    log: await map(
      `SELECT CASE_ID || ' by run ' || RUN_ID AS K, ROUND(PREDICTED_LOS, 6)::VARCHAR || ' ' || MODEL_VERSION || ' ' || PREDICTED_AT::VARCHAR AS V FROM ${schema}.LOS_PREDICTION_LOG`,
    ),
    registry: await map(`SELECT VERSION AS K, NUMBER::VARCHAR AS V FROM ${schema}.LOS_MODEL_REGISTRY`),
    runs: new Set((await map(`SELECT RUN_ID AS K, KIND AS V FROM ${schema}.LOS_RUN_LOG`)).keys()),
    events: new Set((await map(`SELECT EVENT_ID AS K, KIND AS V FROM ${schema}.LOS_EVENTS`)).keys()),
  };
}

/** What was known and is not any more, in words. */
export async function losses(onCall: OnCall, before: Known): Promise<string[]> {
  const now = await readKnown(onCall);
  const gone = (what: string, was: Iterable<string>, has: { has(key: string): boolean }) =>
    [...was].filter((key) => !has.has(key)).map((key) => `${what}: ${key} is lost`);
  return few([
    ...gone('log', before.log.keys(), now.log),
    ...[...before.log]
      .filter(([key, value]) => now.log.has(key) && now.log.get(key) !== value)
      .map(([key, value]) => `log: ${key} said ${value}, says ${now.log.get(key)}`),
    ...gone('registry', before.registry.keys(), now.registry),
    ...gone('run log', before.runs, now.runs),
    ...gone('events', before.events, now.events),
  ]);
}
