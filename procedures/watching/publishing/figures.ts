import { datasetNames } from '../../dataset/names.js';
import { dayAt } from '../../ground/days.js';
import { dateLiteral, literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import { unlessUnreadable } from '../../ground/stale.js';
import { execute, type Work } from '../../ground/work.js';
import { offerHoldouts } from '../../publishing/holdouts.js';
import { type Offer, publish } from '../../publishing/publish.js';
import { roundDays, roundShare } from '../../publishing/rounding.js';
import { overwriteRows } from '../../publishing/rows.js';
import { dayOf, featuresToWatch, type Window } from '../measures/measuring.js';
import type { WatchPlan } from '../plan.js';
import { offerDates, reportDates } from './dates.js';
import { offerDelays, reportDelays } from './delays.js';
import { offerGroups } from './groups.js';

/** What was looked at of the version that answers. */
export interface Watched {
  readonly version: string;
  /** The week whose inputs were measured; null: none were. */
  readonly week: Window | null;
  /** Table of the stays whose predictions were (makeStays); null: there is none. */
  readonly stays: string | null;
}

/** Publishes what the watch knows to those who may not read rows. @param day by whose end months are over */
export function* publishFigures(plan: WatchPlan, day: string, watched: Watched | undefined): Work<void> {
  const { contract, place } = plan;
  const offers = [offerHoldouts(place, contract), offerMonths(plan, day)];
  if (watched?.week) offers.push(offerInputs(plan, watched.version, watched.week));
  if (watched?.stays) offers.push(offerWeeks(plan, watched.version, watched.stays));
  const groups = watched && (yield* offerGroups(plan, watched.version));
  if (groups) offers.push(groups);
  const hasDates = contract.expectedDischarge !== undefined;
  if (hasDates) offers.push(offerDates(plan, day));
  const publishAll = (all: readonly Offer[]) => () => publish({ place, dataset: contract.name }, all);
  // The rows of who is ready are the hospital's: where they cannot be read, all else is published.
  if (contract.readyForDischarge === undefined) yield* publishAll(offers)();
  else yield* unlessUnreadable(publishAll(offers.concat(offerDelays(plan, day))), publishAll(offers));
  // What others have taken from the rows, or added, is mended once a day.
  yield* execute(overwriteRows(place));
  if (plan.silent !== null) return;
  if (hasDates) yield* reportDates(plan, day);
  else if (contract.readyForDischarge !== undefined) yield* reportDelays(plan, day);
}

/** What LOS_ACCURACY shows of a month and version. */
function offerMonths(plan: WatchPlan, day: string): Offer {
  const { contract, place } = plan;
  const { admission, id, patient = id } = contract;
  const stays = sqlText(plan, 'publishing/ended-months', {
    log: qualify(place, 'LOS_PREDICTION_LOG'),
    features: qualify(place, datasetNames(contract).features),
    dataset: literal(contract.name),
    day: dateLiteral(day),
    id,
    // Without dates an admission counts on the day on which it came into the account.
    came: admission === undefined ? dayAt(plan.zone, 'FIRST_BUILT_AT') : `TO_DATE(${admission})`,
    patient,
  });
  const days = (mean: string) => roundDays(`AVG(${mean})`, 'COUNT(*)');
  const share = (of: string) => roundShare(`AVG(IFF(${of}, 1, 0))`, 'COUNT(*)');
  return {
    kind: 'month',
    members: `SELECT SUBJECT, CASE_ID, PATIENT, TO_VARCHAR(LOS) AS STATE FROM (${stays})`,
    figures: figuresSql(
      (
        subjects,
      ) => `SELECT SUBJECT, ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('MONTH', TO_VARCHAR(MAX(MONTH), 'YYYY-MM-DD'), 'VERSION', MAX(VERSION),
  'ADMISSIONS', COUNT(*), 'MEAN_STAY', ${days('LOS')}, 'PREDICTED', ${days('PREDICTED_LOS')}, 'BIAS', ${days('PREDICTED_LOS - LOS')},
  'MAE', ${days('ABS(MEDIAN_LOS - LOS)')}, 'MAE_OF_MEAN', ${days('ABS(PREDICTED_LOS - LOS)')},
  'COVERAGE_80', ${share('LOS BETWEEN LOW_LOS AND HIGH_LOS')}, 'COVERAGE_95', ${share('LOS BETWEEN LOW95_LOS AND HIGH95_LOS')},
  'CRPS', ${days(`GET(${qualify(place, 'LOS_EVALUATE_CURVE')}(CURVE, LOS), 0)::FLOAT`)})) AS FIGURES
FROM (${stays}) WHERE SUBJECT IN (${subjects}) GROUP BY SUBJECT`,
    ),
  };
}

/**
 * What LOS_WEEKLY_ERRORS shows of a week and version. Its population are those who have left, so that it moves when ten patients more have;
 * it stops short of a rest of fewer, which could not follow. What it has of the others follows from their predictions.
 */
function offerWeeks({ contract, place }: WatchPlan, version: string, stays: string): Offer {
  const weeks = `SELECT TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD') || ' ' || VERSION AS SUBJECT, * FROM ${qualify(place, 'LOS_WATCH_PERFORMANCE')}
WHERE DATASET = ${literal(contract.name)} AND VERSION = ${literal(version)} AND PERIOD = 'week' AND (MAE IS NOT NULL OR ROW_COUNT - ENDED >= ${FEWEST_PATIENTS})`;
  const days = (mean: string) => roundDays(mean, 'ROW_COUNT');
  const share = (of: string) => roundShare(of, 'ROW_COUNT');
  return {
    kind: 'week',
    members: `SELECT w.SUBJECT, s.CASE_ID, s.PATIENT, TO_VARCHAR(s.STAY) AS STATE FROM ${stays} AS s JOIN (${weeks}) AS w ON w.FROM_DAY = s.WEEK WHERE s.STAY IS NOT NULL`,
    figures: figuresSql(
      (
        subjects,
      ) => `SELECT SUBJECT, ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('FROM_DAY', TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD'), 'TO_DAY', TO_VARCHAR(TO_DAY, 'YYYY-MM-DD'),
  'VERSION', VERSION, 'ADMISSIONS', ROW_COUNT, 'ESTIMATED', ${days('EXPECTED_MAE')}, 'REALISED', ${days('MAE')},
  'RATIO', ${share('RATIO')}, 'RATIO_LOW', ${share('RATIO_LOW')}, 'RATIO_HIGH', ${share('RATIO_HIGH')}, 'COVERAGE_80', ${share('COVERAGE_80')})) AS FIGURES
FROM (${weeks}) WHERE SUBJECT IN (${subjects})`,
    ),
  };
}

/** What LOS_DRIFT shows: the strongest test of each feature of a week. A late or corrected admission counts as another. */
function offerInputs(plan: WatchPlan, version: string, { from, to }: Window): Offer {
  const { contract, place } = plan;
  const { id, patient = id } = contract;
  const text = (column: string) => `COALESCE(TO_VARCHAR(${column}), '-')`;
  const subject = literal(`${from} ${version}`);
  const share = (of: string) => roundShare(of, 'ROW_COUNT');
  return {
    kind: 'inputs',
    members: `SELECT ${subject} AS SUBJECT, TO_VARCHAR(${id}) AS CASE_ID, COALESCE(TO_VARCHAR(${patient}), '') AS PATIENT,
  MD5(${featuresToWatch(plan).map(text).join(` || ' ' || `)}) AS STATE
FROM ${qualify(place, datasetNames(contract).features)} WHERE WITHDRAWN_AT IS NULL AND ${dayOf(plan)} BETWEEN ${dateLiteral(from)} AND ${dateLiteral(to)}`,
    figures: figuresSql(
      () => `SELECT ${subject} AS SUBJECT, ARRAY_AGG(OBJECT_CONSTRUCT('VERSION', VERSION, 'FROM_DAY', TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD'),
  'TO_DAY', TO_VARCHAR(TO_DAY, 'YYYY-MM-DD'), 'FEATURE', FEATURE, 'TEST', TEST, 'ADMISSIONS', ROW_COUNT, 'SHIFT', ${share('SHIFT')}, 'PSI', ${share('PSI')},
  'RATE', ${share('RATE')}, 'FINDABLE', ${share('FINDABLE')}, 'FLAGGED', FLAGGED)) AS FIGURES
FROM (
  SELECT * FROM ${qualify(place, 'LOS_WATCH_INPUTS')}
  WHERE DATASET = ${literal(contract.name)} AND VERSION = ${literal(version)} AND PERIOD = 'week' AND FROM_DAY = ${dateLiteral(from)}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY FEATURE ORDER BY FLAGGED DESC, SHIFT DESC) = 1
)`,
    ),
  };
}

/** Figures that are one statement. @param select SELECT of the subjects, which it takes as a list of SQL */
function figuresSql(select: (subjects: string) => string): Offer['figures'] {
  return (subjects) => ({ sql: select(subjects.map(literal).join(', ')) });
}
