import type { Judgement } from './performance.js';
import type { WatchSettings } from './plan.js';
import type { Sign } from './signs.js';

/** What is known when a watch decides whether the champion is to be trained anew or to go. Days are of the data. */
export interface Situation {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly signs: readonly Sign[];
  readonly judgements: readonly Judgement[];
  /** Whether a training of the dataset is open. */
  readonly training: boolean;
  /** The last day on which a watch began a training or took a version back; null: never. */
  readonly lastTurn: string | null;
  /** The day on which the present champion was promoted by a watch, while nothing came after; null: otherwise. */
  readonly promotedOn: string | null;
  /** The last admission that the champion was trained on; null: not known. */
  readonly trainedTo: string | null;
  /** Whether there is a champion before it that still answers. */
  readonly hasFormer: boolean;
}

export type Decision =
  | { readonly what: 'nothing'; readonly why: string }
  | { readonly what: 'retrain'; readonly why: string }
  | { readonly what: 'roll back'; readonly why: string };

/** So many days lie between two trainings: stays of another week have ended by then, and an alarm that lasts does not cost daily. */
export const REST_DAYS = 14;
const DAY = 86_400_000;

/** Decides, from figures alone. */
export function decide(settings: WatchSettings, now: Situation): Decision {
  const bad = now.judgements.find(
    ({ groupedBy, verdict }) => groupedBy === 'all' && (verdict === 'worse' || verdict === 'much worse'),
  );
  const since = (day: string | null) =>
    day === null ? Number.POSITIVE_INFINITY : Math.round((Date.parse(now.day) - Date.parse(day)) / DAY);
  const onProbation = now.promotedOn !== null && since(now.promotedOn) <= settings.probationDays;
  if (bad && onProbation && now.hasFormer)
    return {
      what: 'roll back',
      why: `On probation since ${now.promotedOn}, and its predictions turn out ${Math.round((bad.ratio - 1) * 100)} % worse than they say of themselves, on ${bad.rows} admissions.`,
    };
  if (!settings.retrain) return { what: 'nothing', why: 'watch.retrain is off.' };
  if (now.training) return { what: 'nothing', why: 'A training is open.' };
  const rested = since(now.lastTurn);
  const reason = reasonToTrain(settings, now, since(now.trainedTo));
  if (reason === null) return { what: 'nothing', why: 'Nothing asks for a new version.' };
  if (rested < REST_DAYS)
    return {
      what: 'nothing',
      why: `${reason} But the last turn is ${rested} days ago: the next is after ${REST_DAYS}.`,
    };
  return { what: 'retrain', why: reason };
}

function reasonToTrain(settings: WatchSettings, { signs }: Situation, age: number): string | null {
  const performance = signs.find(({ kind }) => kind === 'performance');
  if (performance) return performance.message;
  const inputs = signs.filter(({ kind }) => kind === 'inputs');
  if (inputs.length > 0)
    return `Inputs have shifted: ${inputs.map(({ subject }) => subject).join(', ')}. ${(inputs[0] as Sign).message}`;
  if (settings.retrainAfterDays !== null && Number.isFinite(age) && age >= settings.retrainAfterDays)
    return `The champion knows admissions up to ${age} days ago; it is trained anew after ${settings.retrainAfterDays}.`;
  return null;
}
