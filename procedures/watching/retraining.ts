import type { Judgement } from './measures/performance.js';
import type { WatchSettings } from './plan.js';
import type { Sign } from './signs.js';

/** Why a version is trained. */
export type Reason = 'performance' | 'inputs' | 'age';

/** A training that a watch began, or a roll-back of it. Days are of the data, YYYY-MM-DD. */
export interface Turn {
  readonly day: string;
  readonly reason: Reason | 'roll back';
  /** Why what was trained was not promoted; null: it was proposed or taken back, or the training failed or is open. */
  readonly refusal: string | null;
}

/** What is known when a watch decides whether the champion is to be retrained or to go. Days are of the data. */
export interface Situation {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly signs: readonly Sign[];
  readonly judgements: readonly Judgement[];
  /** Largest shift of an input that is beyond chance, 0 to 1, in the last week and on the day. */
  readonly shift: number;
  /** Admissions a day, as a rule. */
  readonly aDay: number;
  /** The version that waits for a person to promote it, and since when; null: there is none. */
  readonly proposed: { readonly version: string; readonly day: string } | null;
  /** Whether a training of the dataset is open. */
  readonly training: boolean;
  /** What has been tried since a watch last promoted a version; all of it, where none was. */
  readonly turns: readonly Turn[];
  /** The day on which the present champion was promoted by a watch, while nothing came after; null: otherwise. */
  readonly promotedOn: string | null;
  /** The last admission that the champion was trained on; null: not known. */
  readonly trainedTo: string | null;
  /** The last admission that is known; null: there is none. */
  readonly lastAdmission: string | null;
  /** Whether there is a champion before it that still answers. */
  readonly hasFormer: boolean;
  /** Whether a training can be on the last days alone. */
  readonly byDates: boolean;
}

export type Decision =
  | { readonly what: 'nothing'; readonly why: string }
  | {
      readonly what: 'retrain';
      readonly why: string;
      readonly reason: Reason;
      /** Train on the last so many days only; null: on all. */
      readonly recentDays: number | null;
      /** Why a person is to decide about what is trained; null: the gates do. */
      readonly ask: string | null;
    }
  | { readonly what: 'roll back'; readonly why: string };

/** So many days lie between any two turns. */
const LEAST_REST = 7;
/** And so many between two for the same reason, from the fourth on twice as many each: an alarm that lasts must not cost daily. */
const REST_DAYS = 14;
const PATIENT_TURNS = 3;
const MOST_REST = 112;
/**
 * So many candidates may be refused by the gates before it is twice as many each. Where predictions have become worse, some weeks
 * more of changed stays are what one may have lacked; one with a shift of inputs in its rows, or with newer ones, lacked nothing.
 */
const PATIENT_REFUSALS: Readonly<Record<Reason, number>> = { performance: PATIENT_TURNS, inputs: 0, age: 0 };
/** So long a proposal may wait before another version is trained in its place. */
const PROPOSAL_DAYS = 28;
/** A feed without an admission for longer than so many days has stopped. */
const QUIET_DAYS = 7;
/** Where effects have changed, a model is made of the last six weeks, or of more where these have fewer admissions. */
const RECENT_DAYS = 42;
const RECENT_ROWS = 3000;
/** So long a version that promoted itself is on probation: if its predictions turn out worse, the former one answers again. */
const PROBATION_DAYS = 28;
const DAY = 86_400_000;

/** Decides, from figures alone. */
export function decide(settings: WatchSettings, now: Situation): Decision {
  const bad = now.judgements.find(
    ({ groupedBy, verdict }) => groupedBy === 'all' && (verdict === 'worse' || verdict === 'much worse'),
  );
  const onProbation = now.promotedOn !== null && daysBetween(now.promotedOn, now.day) <= PROBATION_DAYS;
  if (bad && onProbation && now.hasFormer)
    return {
      what: 'roll back',
      why: `On probation since ${now.promotedOn}, and its predictions turn out ${Math.round((bad.ratio - 1) * 100)} % worse than their own curves promise, on ${bad.rows} admissions.`,
    };
  if (!settings.retrain) return { what: 'nothing', why: 'watch.retrain is off.' };
  if (now.training) return { what: 'nothing', why: 'A training is open.' };
  const { proposed } = now;
  if (proposed && daysBetween(proposed.day, now.day) < PROPOSAL_DAYS)
    return {
      what: 'nothing',
      why: `${proposed.version} is proposed since ${proposed.day}: CALL PROMOTE_MODEL('${proposed.version}') promotes it.`,
    };
  const wanted = reasonToTrain(settings, now);
  if (wanted === null) return { what: 'nothing', why: 'Nothing asks for a new version.' };
  const costly = now.signs.find(({ kind }) => kind === 'budget');
  const against =
    costly?.message || nothingNew(wanted.reason, settings, now) || waitReason(wanted.reason, now);
  if (against !== null) return { what: 'nothing', why: `${wanted.why} ${against}` };
  return {
    what: 'retrain',
    ...wanted,
    recentDays: wanted.reason === 'performance' && now.byDates ? recentDays(now.aDay) : null,
    ask: reasonToAsk(settings, now),
  };
}

/** Rows that moved so far may be wrong, or made up: the gates are judged on the same rows and cannot tell. */
function reasonToAsk({ retrain, promoteWithinShift }: WatchSettings, { shift }: Situation): string | null {
  if (retrain !== 'promote') return 'watch.retrain is propose';
  return shift > promoteWithinShift
    ? `an input has shifted by ${shift.toFixed(2)}, beyond watch.promoteWithinShift (${promoteWithinShift})`
    : null;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

function reasonToTrain(
  settings: WatchSettings,
  { signs, trainedTo, day }: Situation,
): { readonly why: string; readonly reason: Reason } | null {
  const performance = signs.find(({ kind }) => kind === 'performance');
  if (performance) return { why: performance.message, reason: 'performance' };
  const inputs = signs.filter(({ kind }) => kind === 'inputs');
  if (inputs.length > 0)
    return {
      why: `Inputs have shifted: ${inputs.map(({ subject }) => subject).join(', ')}. ${(inputs[0] as Sign).message}`,
      reason: 'inputs',
    };
  const age = trainedTo === null ? 0 : daysBetween(trainedTo, day);
  if (settings.retrainAfterDays !== null && age >= settings.retrainAfterDays)
    return {
      why: `The youngest admission that the champion learned from is ${age} days old; it is retrained after ${settings.retrainAfterDays}.`,
      reason: 'age',
    };
  return null;
}

/** That a training would be on the rows that one was on already, as where the feed has stopped, in a sentence; null: it would not. */
function nothingNew(
  reason: Reason,
  { retrainAfterDays }: WatchSettings,
  { turns, trainedTo, lastAdmission, day }: Situation,
): string | null {
  if (lastAdmission === null) return null;
  const tried = turns.filter((turn) => turn.reason !== 'roll back').map(({ day }) => day);
  if (tried.some((day) => day >= lastAdmission))
    return `But there was no admission since ${lastAdmission}, before the last training began: another training would use the same rows.`;
  const newer = trainedTo === null ? 0 : Math.max(0, daysBetween(trainedTo, lastAdmission));
  const stopped = daysBetween(lastAdmission, day) > QUIET_DAYS;
  if (reason === 'age' && stopped && newer < Number(retrainAfterDays))
    return `But there was no admission since ${lastAdmission}: all but the last ${newer} days would be the same rows.`;
  return null;
}

/** That a training for this reason has to wait, and why, in sentences; null: it may begin. */
function waitReason(reason: Reason, { turns, promotedOn, day }: Situation): string | null {
  const daysSince = (some: readonly Turn[]) =>
    some.reduce((least, turn) => Math.min(least, daysBetween(turn.day, day)), Number.POSITIVE_INFINITY);
  const same = turns.filter((turn) => turn.reason === reason || turn.reason === 'roll back');
  const refused = same.filter(({ refusal }) => refusal !== null);
  const vain = Math.max(0, same.length - PATIENT_TURNS, refused.length - PATIENT_REFUSALS[reason]);
  const rest = Math.min(MOST_REST, REST_DAYS * 2 ** vain);
  // A new champion is looked at first.
  const young = promotedOn === null ? 0 : REST_DAYS - daysBetween(promotedOn, day);
  const left = Math.max(young, LEAST_REST - daysSince(turns), same.length > 0 ? rest - daysSince(same) : 0);
  if (left <= 0) return null;
  const last = refused[refused.length - 1];
  const tried =
    last === undefined
      ? 'But a training for this reason was tried recently'
      : `But what was trained for it was refused ${refused.length === 1 ? 'once' : `${refused.length} times`}. ${last.refusal} Another waits ${rest} days, for more informative rows`;
  return `${tried}: the next training is in ${left} ${left === 1 ? 'day' : 'days'}.`;
}

function recentDays(aDay: number): number {
  return aDay > 0 ? Math.max(RECENT_DAYS, Math.ceil(RECENT_ROWS / aDay)) : RECENT_DAYS;
}
