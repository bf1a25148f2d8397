import { dayOver, isDay } from '../ground/days.js';
import { qualify } from '../ground/names.js';
import { queryFirst, Refused, type Work } from '../ground/work.js';
import { championOf, recordOf } from '../versions/registry.js';
import { holdAlarms } from './alarms.js';
import { concludeRollback, concludeTrainings } from './conclusions.js';
import { type WatchEvent, wakeSender } from './events.js';
import { type Inputs, lookAtInputs } from './look-at-inputs.js';
import type { InputFinding } from './measures/inputs.js';
import { forgetOld, keepPerformance, keepPipe } from './measures/keeping.js';
import {
  dayAfter,
  hasReference,
  lastAdmission,
  lastWeek,
  measurePerformance,
  measurePipe,
  type Window,
} from './measures/measuring.js';
import { type Judgement, judgements, type Performance } from './measures/performance.js';
import type { PipeMeasure } from './measures/pipe.js';
import { endSilence, noticeSilence } from './pipe/silence.js';
import { healStreams } from './pipe/streams.js';
import type { DailyPlan, WatchPlan } from './plan.js';
import type { Decision } from './retraining.js';
import { EVERY_KIND, performanceSigns, pipeSigns, type Sign } from './signs.js';
import { act } from './turns.js';

/** What WATCH_PREDICTIONS answers. */
export interface WatchResult {
  readonly dataset: string;
  /** The last day that was looked at, YYYY-MM-DD. */
  readonly day: string;
  readonly champion: string | null;
  /** The inputs of the last full week, and of the day. */
  readonly week: { readonly from: string; readonly to: string; readonly inputs: readonly InputFinding[] };
  readonly today: readonly InputFinding[];
  readonly performance: readonly Performance[];
  readonly judgements: readonly Judgement[];
  readonly pipe: readonly PipeMeasure[];
  /** Alarms that last, raised and ended by this watch. */
  readonly alarms: readonly Sign[];
  readonly raised: number;
  readonly ended: number;
  readonly decision: Decision;
  /** What was told because of this watch, beside alarms. */
  readonly events: readonly WatchEvent[];
  /** What a reader has to know; whole sentences. */
  readonly notes: readonly string[];
}

/** Weeks that are looked at every day, and on the first watch after a week has ended: then stays of three months are seen to end. */
const WEEKS = 4;
const ALL_WEEKS = 18;
/** The run that monitors does not report itself as silent. */
const NEVER = 1e9;
/** So many days without anybody in which no weekday has anything usual any more: the data are of the past. */
const PAST_DAYS = 56;

/**
 * Looks at inputs, predictions and the pipeline, holds the alarms to what it finds, and decides whether a version is to be
 * trained or taken back. All of it follows from what the account knows at the end of the day: once more gives the same.
 * @param asOf the day, YYYY-MM-DD; null: the last one that is over, for of half a day half of its patients have left; without an admission
 *   for eight weeks, none of which was monitored, that of the last admission
 * @throws Refused for a day before the last watch, and for one that has not begun
 */
export function* watchPredictions(plan: DailyPlan, asOf: string | null): Work<WatchResult> {
  const { contract, place } = plan;
  const notes: string[] = [];
  const day = asOf === null ? yield* dayToWatch(plan, notes) : asOf;
  if (!isDay(day)) throw new Refused(`"${day}" is no day.`, 'Write it as YYYY-MM-DD.');
  if (asOf !== null) yield* requireBegun(plan, day);
  yield* requireForward(plan, day);
  const champion = yield* championOf(place, contract.name);
  if (!champion) notes.push('No version answers yet, so only the pipeline is monitored.');
  if (contract.admission === undefined)
    notes.push(
      `${contract.name} has no dates of admission: inputs are counted by the day on which rows arrived, and errors of predictions are not monitored.`,
    );
  const week = lastWeek(day);
  let inputs: Inputs = { weekly: [], daily: [], signs: [] };
  let performance: Performance[] = [];
  let judged: Judgement[] = [];
  if (champion) {
    const version = champion.version;
    if (yield* hasReference(plan, version)) {
      inputs = yield* lookAtInputs(plan, version, day, week);
      if (inputs.weekly.length === 0)
        notes.push(`The week from ${week.from} has too few admissions to describe their inputs.`);
    } else
      notes.push(
        `${version} was trained before its training rows were described: inputs are monitored from the next version on.`,
      );
    const weeks = (yield* isWatched(plan, version, week)) ? WEEKS : ALL_WEEKS;
    performance = yield* measurePerformance(plan, version, { to: week.to, weeks, day });
    const { metrics } = yield* recordOf(place, version);
    yield* keepPerformance(plan, version, day, week.to, performance, {
      mae: finite(metrics.mae),
      crps: finite(metrics.crps),
    });
    judged = judgements(performance, weekStarts(week));
  }
  const healed = yield* healStreams(plan, day);
  const pipe = yield* measurePipe(plan, day);
  yield* keepPipe(plan, day, pipe);
  const signs = inputs.signs.concat(performanceSigns(judged), pipeSigns(pipe));
  const alarms = yield* holdAlarms(plan, day, signs, EVERY_KIND);
  const events = healed.concat(yield* concludeRollback(plan, day), yield* concludeTrainings(plan, day));
  const decision = champion
    ? yield* act(
        plan,
        champion.version,
        { to: week.to, weeks: WEEKS, day },
        { signs, judgements: judged, aDay: admissionsADay(pipe) },
        events,
      )
    : ({ what: 'nothing', why: 'No version answers yet.' } as const);
  yield* forgetOld(plan, day);
  yield* endSilence(plan, day, 'LOS_WATCH');
  yield* wakeSender(plan);
  yield* noticeSilence(plan.place, contract.name, { ...plan.silence, watch: NEVER });
  return {
    dataset: contract.name,
    day,
    champion: champion ? champion.version : null,
    week: { from: week.from, to: week.to, inputs: inputs.weekly },
    today: inputs.daily,
    performance,
    judgements: judged,
    pipe,
    alarms: alarms.open,
    raised: alarms.raised.length,
    ended: alarms.ended.length,
    decision,
    events,
    notes,
  };
}

/**
 * What a table of a year that is over tells is of its own days: today there would be no admission, no discharge, and a champion of years ago.
 * A feed that has stopped while it was watched is another matter, and has its alarm.
 */
function* dayToWatch(plan: WatchPlan, notes: string[]): Work<string> {
  const yesterday = yield* dayOver(plan.zone);
  const came = yield* lastAdmission(plan, yesterday);
  if (came === null || came >= dayAfter(yesterday, -PAST_DAYS)) return yesterday;
  const watched = yield* lastWatched(plan);
  if (watched !== null && watched > came) return yesterday;
  notes.push(`The last admission is of ${came}: monitoring used the end of that day.`);
  return came;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The first days of the weeks that are judged together. */
function weekStarts(week: Window): string[] {
  return [0, 7, 14, 21].map((days) => dayAfter(week.from, -days));
}

/** From a slip in the year on no earlier day could be watched until it has come. */
function* requireBegun({ zone }: WatchPlan, day: string): Work<void> {
  const last = yield* dayOver(zone);
  if (day > dayAfter(last, 1))
    throw new Refused(
      `The day ${day} has not begun yet: the last that has ended is ${last}.`,
      'Leave the day out, or name one that has passed.',
    );
}

/** What is found of an earlier day would end or raise alarms that are of today. */
function* requireForward(plan: WatchPlan, day: string): Work<void> {
  const last = yield* lastWatched(plan);
  if (last !== null && last > day)
    throw new Refused(
      `Monitoring is at ${last} already, so ${day} cannot be monitored any more.`,
      'Ask for that day or a later one.',
    );
}

/** The last day of the data that was watched, YYYY-MM-DD; null: none was. */
function* lastWatched({ contract, place }: WatchPlan): Work<string | null> {
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(MAX(WATCHED_ON), 'YYYY-MM-DD') AS LAST FROM ${qualify(place, 'LOS_WATCH_PIPELINE')} WHERE DATASET = ?`,
    [contract.name],
  );
  return row?.LAST ? String(row.LAST) : null;
}

/** Whether a watch has looked at the predictions of this week before. */
function* isWatched({ contract, place }: WatchPlan, version: string, week: Window): Work<boolean> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N FROM ${qualify(place, 'LOS_WATCH_PERFORMANCE')} WHERE DATASET = ? AND VERSION = ? AND PERIOD = 'week' AND FROM_DAY = TO_DATE(?, 'YYYY-MM-DD')`,
    [contract.name, version, week.from],
  );
  return Number(row?.N || 0) > 0;
}

/** What is usual on this weekday, or what came. */
function admissionsADay(pipe: readonly PipeMeasure[]): number {
  const found = pipe.find(({ measure }) => measure === 'admissions');
  return found === undefined ? 0 : (found.usual ?? found.value);
}
