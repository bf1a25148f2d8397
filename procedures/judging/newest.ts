import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { lastDay } from '../ground/days.js';
import { dateLiteral, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { queryFirst, type Work } from '../ground/work.js';
import { namesOf, type RegistryEntry } from '../versions/registry.js';

/** By how much a version would be nearer to stays so far, in days of score, and the standard error of that. */
export interface Gain {
  readonly days: number;
  readonly noise: number;
}

/** Two versions asked about the newest admissions, of which many are still in hospital. */
export interface Newest {
  readonly rows: number;
  /** The days on which they came. */
  readonly days: number;
  readonly gain: Gain;
  /** The same of the latest of these days alone; null: too few came on them. */
  readonly late: Gain | null;
  readonly lateDays: number;
}

/** Three in four stays end within the days that are looked at; at least a week, for weekdays differ. */
const SHARE = 0.75;
const LEAST_DAYS = 7;
/** Share of these days that is looked at once more alone. */
const LATE = 0.7;
const MOST_ROWS = 20_000;
const FEWEST_ROWS = 30;

/** Number of days of admissions that are looked at, and how many of them once more. @param stay within which three in four end, days */
export function newestDays(stay: number): Pick<Newest, 'days' | 'lateDays'> {
  const days = Math.max(LEAST_DAYS, Math.ceil(stay));
  return { days, lateDays: Math.ceil(days * LATE) };
}

/**
 * Asks two versions about the newest admissions. The holdout ends where nearly all stays have ended, which may be weeks ago; if
 * the hospital has changed since, or is again as it was, only those who came since then show it. What is compared is the score of the curves
 * over the days that could be seen, as predictions are watched by.
 * @returns null: there are no dates, or too few have come
 */
export function* compareNewest(
  { contract, settings, sql }: Plan,
  own: RegistryEntry,
  other: RegistryEntry,
): Work<Newest | null> {
  const { admission, patient, id } = contract;
  if (admission === undefined) return null;
  const features = qualify(settings, datasetNames(contract).features);
  const stays = yield* queryFirst(
    `SELECT PERCENTILE_CONT(${SHARE}) WITHIN GROUP (ORDER BY LOS) AS MOST FROM ${qualify(settings, 'LOS_EVALUATION')} WHERE VERSION = ? AND SIDE = 'holdout'`,
    [own.version],
  );
  const today = yield* lastDay(settings.timeZone);
  // A day that is still coming in has only its mornings.
  const last = yield* queryFirst(
    `SELECT TO_VARCHAR(DATEADD(day, -1, MAX(TO_DATE(${admission}))), 'YYYY-MM-DD') AS DAY FROM ${features}
WHERE WITHDRAWN_AT IS NULL AND TO_DATE(${admission}) <= DATEADD(day, 1, TO_DATE(?, 'YYYY-MM-DD'))`,
    [today],
  );
  const most = stays ? stays.MOST : null;
  if (!last || last.DAY === null || most === null || most === undefined) return null;
  const { days, lateDays } = newestDays(Number(most));
  const predict = (entry: RegistryEntry) => qualify(settings, namesOf(settings, entry).predict);
  const row = yield* queryFirst(
    sqlText({ sql }, 'evaluation/newest', {
      as_of: dateLiteral(String(last.DAY)),
      days: String(days),
      late: String(lateDays),
      most: String(MOST_ROWS),
      so_far: qualify(settings, 'LOS_EVALUATE_ONGOING_STAY'),
      own: predict(own),
      other: predict(other),
      patient: patient || id,
      id,
      admission,
      object: featureObject(contract),
      features,
    }),
  );
  const of = (name: string) => Number(row?.[name] || 0);
  if (of('N') < FEWEST_ROWS || of('PATIENTS') < FEWEST_PATIENTS) return null;
  return {
    rows: of('N'),
    days,
    gain: { days: of('GAIN'), noise: of('NOISE') },
    late: of('LATE_N') < FEWEST_ROWS ? null : { days: of('LATE_GAIN'), noise: of('LATE_NOISE') },
    lateDays,
  };
}
