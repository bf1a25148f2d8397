import { qualify } from '../ground/names.js';
import { type Outcome, resultOf, together } from '../ground/together.js';
import { execute, type Work } from '../ground/work.js';
import { recordOf, type VersionRecord } from '../versions/registry.js';
import { type Alarm, openAlarms } from './alarms.js';
import { concludeRollback, concludeTrainings } from './conclusions.js';
import { type WatchEvent, wakeSender } from './events.js';
import { type Inputs, lookAtInputs } from './look-at-inputs.js';
import { lookAtBudget } from './measures/budget.js';
import { equitySigns, weeksBackOf } from './measures/equity.js';
import type { InputFinding } from './measures/inputs.js';
import { forgetOld, keepPerformance, keepPipe } from './measures/keeping.js';
import { measurePipe } from './measures/measure-pipe.js';
import { dayAfter, hasReference, measurePerformance, type Window } from './measures/measuring.js';
import { watchMornings } from './measures/mornings.js';
import { type Judgement, judgements, type Performance } from './measures/performance.js';
import type { PipeMeasure } from './measures/pipe.js';
import { concludeSilence } from './measures/silence.js';
import { isWatched } from './measures/watched-days.js';
import { act, type Check, type Findings } from './pipe/checks.js';
import { lookAtGraph } from './pipe/graph-run.js';
import { isSourceAway } from './pipe/source.js';
import { healStreams } from './pipe/streams.js';
import { standInForMonitor } from './pipe/tasks.js';
import type { DailyPlan } from './plan.js';
import type { Decision } from './retraining.js';
import { performanceSigns, pipeSigns, type Sign } from './signs.js';
import { act as decideAndAct } from './turns.js';

/** A day that is monitored, and what its checks have found so far. */
export interface Today extends DailyPlan {
  /** The version that answers; null: none does. */
  readonly version: string | null;
  /** The last full week. */
  readonly week: Window;
  /** The day that was asked for, or the last one that is over; figures are published up to it. */
  readonly upTo: string;
  readonly found: Found;
}

interface Found {
  inputs: Inputs;
  performance: readonly Performance[];
  judgements: readonly Judgement[];
  /** The table of stays that performance is of. */
  stays: string | null;
  pipe: readonly PipeMeasure[];
  /** Whether the hospital's rows are held or gone: who came and left of late is not known. */
  away: boolean;
  /** Alarms that have not ended. */
  alarms: Outcome<readonly Alarm[]> | undefined;
  /** Once alarms are held to them: the signs, and whether all that a decision takes could be looked at. */
  signs: readonly Sign[];
  isWhole: boolean;
  decision: Decision;
  /** What each act has emitted, by its name. */
  readonly events: Record<string, readonly WatchEvent[]>;
  /** What a reader has to know; whole sentences. */
  readonly notes: string[];
}

export function nothingFound(notes: string[]): Found {
  return {
    inputs: { weekly: [], daily: [], signs: [] },
    performance: [],
    judgements: [],
    stays: null,
    pipe: [],
    away: false,
    alarms: undefined,
    signs: [],
    isWhole: false,
    decision: { what: 'nothing', why: 'No version answers yet.' },
    events: {},
    notes,
  };
}

/** Weeks that are looked at every day, and on the first watch after a week has ended: then stays of three months are seen to end. */
const WEEKS = 4;
const ALL_WEEKS = 18;

/** A check of the version that answers. */
function ofVersion(
  name: string,
  kinds: readonly Sign['kind'][],
  look: (today: Today, version: string, day: string) => Work<Findings>,
): Check<Today> {
  return {
    name,
    kinds,
    writes: true,
    *look(today, day) {
      return today.version === null ? [] : yield* look(today, today.version, day);
    },
  };
}

/** An act that emits events. */
function emitting(
  name: string,
  work: (today: Today, day: string) => Work<readonly WatchEvent[]>,
): Check<Today> {
  return act(name, function* (today, day) {
    today.found.events[name] = yield* work(today, day);
  });
}

/** Checks of every day, in this order. Alarms about scoring and tasks end at the hourly look. */
export const DAILY_CHECKS: readonly Check<Today>[] = [
  ofVersion('inputs', ['inputs'], inputsOf),
  ofVersion('predictions', ['performance', 'groups'], performanceOf),
  ofVersion('daily predictions', ['performance'], watchMornings),
  act(
    'figures to publish',
    ({ place, upTo, version, week, found: { inputs, stays } }) =>
      execute(`CALL ${qualify(place, 'LOS_PUBLISH_FIGURES')}(?, ?, ?, ?)`, [
        upTo,
        version,
        inputs.weekly.length > 0 ? week.from : null,
        stays,
      ]),
    { writes: true },
  ),
  emitting('streams', healStreams),
  {
    name: 'the pipeline',
    kinds: ['discharges', 'volume'],
    *look(today, day) {
      const { measures, failures } = yield* measurePipe(today, day);
      today.found.pipe = measures;
      return { signs: pipeSigns(measures), failures };
    },
  },
  {
    name: 'the task graph',
    kinds: [],
    *look(today) {
      const { sign } = yield* lookAtGraph(today);
      return sign === null ? [] : [sign];
    },
  },
  {
    name: 'held changes',
    kinds: ['discharges', 'volume', 'performance', 'groups'],
    *look(today) {
      today.found.away = yield* isSourceAway(today);
      return [];
    },
  },
  act('alarms', function* (today) {
    [today.found.alarms] = yield* together([() => openAlarms(today)]);
  }),
  { name: 'tasks', kinds: [], look: (today) => standInForMonitor(today) },
  { name: 'credits', kinds: ['budget'], look: (today) => lookAtBudget(today) },
  act('what is kept of the pipeline', (today, day) => keepPipe(today, day, today.found.pipe), {
    writes: true,
  }),
];

/** Acts that follow once the alarms are held to what was found, in this order. */
export const DAILY_ACTS: readonly Check<Today>[] = [
  emitting('a rollback', concludeRollback),
  emitting('trainings', concludeTrainings),
  emitting('the silent period', concludeSilence),
  act('whether to train or roll back', decideOn, { writes: true }),
  act('what has had its time', forgetOld, { writes: true }),
  act('mails', wakeSender),
];

/** How inputs stand to the training rows of the version that answers. */
function* inputsOf(today: Today, version: string, day: string): Work<Findings> {
  const { week, found } = today;
  if (!(yield* hasReference(today, version))) {
    found.notes.push(
      `${version} was trained before its training rows were described: inputs are monitored from the next version on.`,
    );
    return [];
  }
  found.inputs = yield* lookAtInputs(today, version, day, week);
  if (found.inputs.weekly.length === 0)
    found.notes.push(`The week from ${week.from} has too few admissions to describe their inputs.`);
  return found.inputs.signs;
}

/** How the version's predictions turn out, which is kept. */
function* performanceOf(today: Today, version: string, day: string): Work<Findings> {
  const { found, week } = today;
  const [known, { metrics }] = (yield* together<unknown>([
    () => isWatched(today, version, week),
    () => recordOf(today.place, version),
  ])).map(resultOf) as [boolean, VersionRecord];
  const back = yield* weeksBackOf(today, version, found.notes);
  const weeks = Math.max(known ? WEEKS : ALL_WEEKS, WEEKS + Number(back));
  const { performance, stays } = yield* measurePerformance(
    today,
    version,
    { to: week.to, weeks, day },
    Number(metrics.rmse),
    back,
  );
  yield* keepPerformance(today, version, day, week.to, performance, {
    mae: finite(metrics.mae),
    crps: finite(metrics.crps),
  });
  Object.assign(found, { performance, stays, judgements: judgements(performance, weekStarts(week)) });
  return performanceSigns(found.judgements).concat(equitySigns(today.settings.equity, performance));
}

/** Has a version trained or taken back where that is due. */
function* decideOn(today: Today, day: string): Work<void> {
  const { version, week, found } = today;
  if (version === null) return;
  found.decision = { what: 'nothing', why: 'Not all could be looked at.' };
  if (!found.isWhole) return;
  const { inputs, pipe, signs, judgements } = found;
  const shift = largestShift(inputs.weekly.concat(inputs.daily));
  const events: WatchEvent[] = [];
  found.events.decision = events;
  found.decision = yield* decideAndAct(
    today,
    version,
    { to: week.to, weeks: WEEKS, day },
    { signs, judgements, shift, aDay: admissionsADay(pipe) },
    events,
  );
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The first days of the weeks that are judged together. */
function weekStarts(week: Window): string[] {
  return [0, 7, 14, 21].map((days) => dayAfter(week.from, -days));
}

/** How far the inputs have moved beyond chance. */
function largestShift(findings: readonly InputFinding[]): number {
  return findings.reduce((most, { flagged, shift }) => (flagged && shift > most ? shift : most), 0);
}

/** What is usual on this weekday, or what came. */
function admissionsADay(pipe: readonly PipeMeasure[]): number {
  const found = pipe.find(({ measure }) => measure === 'admissions');
  return found === undefined ? 0 : (found.usual ?? found.value);
}
