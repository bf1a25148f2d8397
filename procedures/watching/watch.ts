import { isDay } from '../ground/days.js';
import { qualify } from '../ground/names.js';
import { attemptTogether, type Outcome, resultOf, together } from '../ground/together.js';
import { attempt, execute, type Failure, Refused, type Work } from '../ground/work.js';
import { championOf, type RegistryEntry, recordOf, type VersionRecord } from '../versions/registry.js';
import { type Alarm, openAlarms } from './alarms.js';
import { lookAtBudget } from './budget.js';
import { concludeRollback, concludeTrainings } from './conclusions.js';
import { type WatchEvent, wakeSender } from './events.js';
import { type Inputs, lookAtInputs } from './look-at-inputs.js';
import { equitySigns } from './measures/equity.js';
import type { InputFinding } from './measures/inputs.js';
import { forgetOld, keepPerformance, keepPipe } from './measures/keeping.js';
import { measurePipe, NOTHING_SEEN, type PipeLook } from './measures/measure-pipe.js';
import {
  dayAfter,
  hasReference,
  lastAdmission,
  lastWeek,
  measurePerformance,
  type Window,
} from './measures/measuring.js';
import { watchMornings } from './measures/mornings.js';
import { type Judgement, judgements, type Performance } from './measures/performance.js';
import type { PipeMeasure } from './measures/pipe.js';
import { concludeSilence } from './measures/silence.js';
import { dayToWatch, isWatched, lastWatched, requireInTurn } from './measures/watched-days.js';
import { type Delivery, deliver } from './pipe/deliver.js';
import { type GraphLook, lookAtGraph } from './pipe/graph-run.js';
import { isSourceAway } from './pipe/source.js';
import { healStreams } from './pipe/streams.js';
import { standInForMonitor } from './pipe/tasks.js';
import { unreadableSigns, unreadableTables } from './pipe/unreadable.js';
import type { DailyPlan } from './plan.js';
import type { Decision } from './retraining.js';
import { DAILY_KINDS, performanceSigns, pipeSigns, type Sign } from './signs.js';
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
  /** What could not be looked at. */
  readonly unanswered: readonly string[];
}

/** Weeks that are looked at every day, and on the first watch after a week has ended: then stays of three months are seen to end. */
const WEEKS = 4;
const ALL_WEEKS = 18;
/** The task that monitors. */
const MONITOR = 'LOS_WATCH';

/**
 * Looks at inputs, predictions and the pipeline, holds the alarms to what it finds, and decides whether a version is to be
 * trained or taken back. All of it follows from what the account knows at the end of the day: once more gives the same.
 * @param over the last day that is over
 * @param asOf the day, YYYY-MM-DD; null: the last one that is over, for of half a day half of its patients have left; without an admission
 *   for eight weeks, none of which was monitored, that of the last admission
 * @throws Refused for a day before the last watch, and for one that has not begun
 */
export function* watchPredictions(plan: DailyPlan, over: string, asOf: string | null): Work<WatchResult> {
  const { contract, place } = plan;
  const notes: string[] = [];
  const failures: Failure[] = [];
  const [came, watched, champion] = yield* attemptTogether<
    [string | null, string | null, RegistryEntry | undefined]
  >(failures, [
    ['the last admission', null, () => lastAdmission(plan, over)],
    ['earlier days', null, () => lastWatched(plan)],
    ['the registry', undefined, () => championOf(place, contract.name)],
  ]);
  const day = asOf === null ? dayToWatch(over, came, watched, notes) : asOf;
  if (!isDay(day)) throw new Refused(`"${day}" is no day.`, 'Write it as YYYY-MM-DD.');
  requireInTurn(day, over, watched);
  if (!champion) notes.push('No version answers yet, so only the pipeline is monitored.');
  if (contract.admission === undefined)
    notes.push(
      `${contract.name} has no dates of admission: inputs are counted by the day on which rows arrived, and errors of predictions are not monitored.`,
    );
  const week = lastWeek(day);
  let inputs: Inputs = { weekly: [], daily: [], signs: [] };
  let performance: readonly Performance[] = [];
  let judged: Judgement[] = [];
  let mornings: Sign[] = [];
  const unanswered: Sign['kind'][] = [];
  let stays: string | null = null;
  if (champion) {
    const version = champion.version;
    inputs = yield* attempt(failures, 'inputs', inputs, () => inputsOf(plan, version, day, week, notes));
    if (failures.some(({ name }) => name === 'inputs')) unanswered.push('inputs');
    ({ performance, stays } = yield* attempt(failures, 'predictions', { performance, stays }, () =>
      performanceOf(plan, version, day, week),
    ));
    mornings = yield* attempt(failures, 'daily predictions', mornings, () =>
      watchMornings(plan, version, day),
    );
    if (failures.some(({ name }) => /predictions$/.test(name))) unanswered.push('performance');
    judged = judgements(performance, weekStarts(week));
  }
  yield* attempt(failures, 'figures to publish', 0, () =>
    execute(`CALL ${qualify(place, 'LOS_PUBLISH_FIGURES')}(?, ?, ?, ?)`, [
      asOf ?? over,
      champion?.version ?? null,
      inputs.weekly.length > 0 ? week.from : null,
      stays,
    ]),
  );
  const missed: Failure[] = [];
  const [healed, look, graph, away, [open], tasks] = yield* attemptTogether<
    [WatchEvent[], PipeLook, GraphLook | undefined, boolean, Outcome<Alarm[]>[], Sign[]]
  >(missed, [
    ['streams', [], () => healStreams(plan, day)],
    ['the pipeline', NOTHING_SEEN, () => measurePipe(plan, day)],
    ['the task graph', undefined, () => lookAtGraph(plan)],
    ['held changes', false, () => isSourceAway(plan)],
    ['alarms', [], () => together([() => openAlarms(plan)])],
    ['tasks', [], () => standInForMonitor(plan)],
  ]);
  const { measures: pipe } = look;
  missed.push(...look.failures);
  failures.push(...missed);
  if (away || missed.some(({ name }) => name !== 'streams' && name !== 'tasks'))
    unanswered.push('discharges', 'volume');
  if (unanswered.indexOf('performance') >= 0) unanswered.push('groups');
  if (away) unanswered.push('performance', 'groups');
  const budget = yield* attempt(failures, 'credits', null, () => lookAtBudget(plan));
  yield* attempt(failures, 'what is kept of the pipeline', undefined, () => keepPipe(plan, day, pipe));
  const signs = inputs.signs
    .concat(
      performanceSigns(judged),
      equitySigns(plan.settings.equity, performance),
      mornings,
      pipeSigns(pipe),
      tasks,
      graph?.sign ? [graph.sign] : [],
      budget || [],
    )
    .filter(({ kind }) => !away || unanswered.indexOf(kind) < 0);
  const kinds = DAILY_KINDS.filter((kind) => unanswered.indexOf(kind) < 0).concat(budget ? 'budget' : []);
  const alarms = yield* tell(plan, day, signs, kinds, failures, open);
  const told = failures.length;
  const [rollback, ended, silence] = yield* attemptTogether<[WatchEvent[], WatchEvent[], WatchEvent[]]>(
    failures,
    [
      ['a rollback', [], () => concludeRollback(plan, day)],
      ['trainings', [], () => concludeTrainings(plan, day)],
      ['the silent period', [], () => concludeSilence(plan, day)],
    ],
  );
  const events = healed.concat(rollback, ended, silence);
  let decision: Decision = { what: 'nothing', why: 'No version answers yet.' };
  if (champion) {
    const { version } = champion;
    const followed = { to: week.to, weeks: WEEKS, day };
    const shift = largestShift(inputs.weekly.concat(inputs.daily));
    const found = { signs, judgements: judged, shift, aDay: admissionsADay(pipe) };
    decision = { what: 'nothing', why: 'Not all could be looked at.' };
    if (unanswered.length === 0)
      decision = yield* attempt(failures, 'whether to train or roll back', decision, () =>
        act(plan, version, followed, found, events),
      );
  }
  yield* attempt(failures, 'what has had its time', undefined, () => forgetOld(plan, day));
  yield* attempt(failures, 'mails', undefined, () => wakeSender(plan));
  if (failures.length > told) yield* tell(plan, day, [], [], failures);
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
    notes: notes.concat(failures.map(({ name, why }) => `Not looked at: ${name} (${why}).`)),
    unanswered: failures.map(({ name }) => name),
  };
}

/**
 * Holds the alarms, and names what could not be looked at.
 * @throws Error where no event can tell of it
 */
function* tell(
  plan: DailyPlan,
  day: string,
  signs: readonly Sign[],
  kinds: readonly Sign['kind'][],
  failures: readonly Failure[],
  known?: Outcome<readonly Alarm[]>,
): Work<Delivery> {
  const unread = failures.length > 0 ? yield* unreadableTables(plan) : [];
  const delivery = yield* deliver(
    plan,
    day,
    unreadableSigns(plan, unread, failures).concat(signs),
    kinds,
    MONITOR,
    known,
  );
  if (delivery.silent !== null) throw new Error(delivery.silent);
  return delivery;
}

/** How inputs stand to the training rows of the version that answers. @param notes takes why they are not looked at */
function* inputsOf(
  plan: DailyPlan,
  version: string,
  day: string,
  week: Window,
  notes: string[],
): Work<Inputs> {
  if (!(yield* hasReference(plan, version))) {
    notes.push(
      `${version} was trained before its training rows were described: inputs are monitored from the next version on.`,
    );
    return { weekly: [], daily: [], signs: [] };
  }
  const inputs = yield* lookAtInputs(plan, version, day, week);
  if (inputs.weekly.length === 0)
    notes.push(`The week from ${week.from} has too few admissions to describe their inputs.`);
  return inputs;
}

/** How the version's predictions turn out, which is kept. */
function* performanceOf(
  plan: DailyPlan,
  version: string,
  day: string,
  week: Window,
): Work<{ readonly performance: readonly Performance[]; readonly stays: string | null }> {
  const [known, { metrics }] = (yield* together<unknown>([
    () => isWatched(plan, version, week),
    () => recordOf(plan.place, version),
  ])).map(resultOf) as [boolean, VersionRecord];
  const weeks = known ? WEEKS : ALL_WEEKS;
  const { performance, stays } = yield* measurePerformance(
    plan,
    version,
    { to: week.to, weeks, day },
    Number(metrics.rmse),
  );
  yield* keepPerformance(plan, version, day, week.to, performance, {
    mae: finite(metrics.mae),
    crps: finite(metrics.crps),
  });
  return { performance, stays };
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
