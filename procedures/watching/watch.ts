import { isDay } from '../ground/days.js';
import { flatMap } from '../ground/lists.js';
import { attemptTogether } from '../ground/together.js';
import { type Failure, Refused, type Work } from '../ground/work.js';
import { championOf, type RegistryEntry } from '../versions/registry.js';
import { DAILY_ACTS, DAILY_CHECKS, nothingFound, type Today } from './daily-checks.js';
import type { WatchEvent } from './events.js';
import type { InputFinding } from './measures/inputs.js';
import { lastAdmission, lastWeek } from './measures/measuring.js';
import type { Judgement, Performance } from './measures/performance.js';
import type { PipeMeasure } from './measures/pipe.js';
import { dayToWatch, lastWatched, requireInTurn } from './measures/watched-days.js';
import { runChecks } from './pipe/checks.js';
import { report } from './pipe/deliver.js';
import type { DailyPlan } from './plan.js';
import type { Decision } from './retraining.js';
import type { Sign } from './signs.js';

/** Answer of WATCH_PREDICTIONS. */
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
  /** Events because of this watch, beside alarms. */
  readonly events: readonly WatchEvent[];
  /** Notes for a reader; whole sentences. */
  readonly notes: readonly string[];
  /** Names of what could not be looked at. */
  readonly unanswered: readonly string[];
}

/** The task that monitors. */
const MONITOR = 'LOS_WATCH';
/** Kinds of signs to be looked at to the end before a version is trained or taken back. */
const DECISIVE: readonly Sign['kind'][] = ['inputs', 'performance', 'groups', 'discharges', 'volume'];

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
  const found = nothingFound(notes);
  const version = champion ? champion.version : null;
  const today: Today = { ...plan, version, week, upTo: asOf ?? over, found };
  const checked = yield* runChecks(today, day, DAILY_CHECKS);
  failures.push(...checked.failures);
  // Who came and left of late is not known while the hospital's rows are held or gone.
  const isKnown = (kind: Sign['kind']) => !found.away || kind === 'inputs' || DECISIVE.indexOf(kind) < 0;
  const kinds = checked.kinds.filter(isKnown);
  found.signs = checked.signs.filter(({ kind }) => isKnown(kind));
  found.isWhole = DECISIVE.every((kind) => kinds.indexOf(kind) >= 0);
  const alarms = yield* report(plan, day, MONITOR, { signs: found.signs, kinds, failures }, found.alarms);
  const { failures: later } = yield* runChecks(today, day, DAILY_ACTS);
  failures.push(...later);
  if (later.length > 0) yield* report(plan, day, MONITOR, { signs: [], kinds: [], failures });
  return {
    dataset: contract.name,
    day,
    champion: version,
    week: { from: week.from, to: week.to, inputs: found.inputs.weekly },
    today: found.inputs.daily,
    performance: found.performance,
    judgements: found.judgements,
    pipe: found.pipe,
    alarms: alarms.open,
    raised: alarms.raised.length,
    ended: alarms.ended.length,
    decision: found.decision,
    events: flatMap(Object.values(found.events), (events) => events),
    notes: notes.concat(failures.map(({ name, why }) => `Not looked at: ${name} (${why}).`)),
    unanswered: failures.map(({ name }) => name),
  };
}
