import { datasetNames } from '../../dataset/names.js';
import { dayAt } from '../../ground/days.js';
import { dateLiteral, literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import type { Work } from '../../ground/work.js';
import { publish } from '../../publishing/publish.js';
import { roundDays, roundShare } from '../../publishing/rounding.js';
import type { WatchPlan } from '../plan.js';
import { dayOf, featuresToWatch, type Window } from './measuring.js';

/** What LOS_ACCURACY shows of a month and version. @param day by whose end the month is over */
export function* publishMonths(plan: WatchPlan, day: string): Work<void> {
  const { contract, place } = plan;
  const { admission, id, patient = id, name: dataset } = contract;
  const stays = sqlText(plan, 'watching/ended-months', {
    log: qualify(place, 'LOS_PREDICTION_LOG'),
    features: qualify(place, datasetNames(contract).features),
    dataset: literal(dataset),
    day: dateLiteral(day),
    id,
    // Without dates an admission counts on the day on which it came into the account.
    came: admission === undefined ? dayAt(plan.zone, 'FIRST_BUILT_AT') : `TO_DATE(${admission})`,
    patient,
  });
  const days = (mean: string) => roundDays(`AVG(${mean})`, 'COUNT(*)');
  const share = (of: string) => roundShare(`AVG(IFF(${of}, 1, 0))`, 'COUNT(*)');
  yield* publish(
    { place, dataset },
    {
      kind: 'month',
      members: `SELECT SUBJECT, CASE_ID, PATIENT, TO_VARCHAR(LOS) AS STATE FROM (${stays})`,
      figures: (
        subjects,
      ) => `SELECT SUBJECT, ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('MONTH', TO_VARCHAR(MAX(MONTH), 'YYYY-MM-DD'), 'VERSION', MAX(VERSION),
  'ADMISSIONS', COUNT(*), 'MEAN_STAY', ${days('LOS')}, 'PREDICTED', ${days('PREDICTED_LOS')}, 'BIAS', ${days('PREDICTED_LOS - LOS')},
  'MAE', ${days('ABS(MEDIAN_LOS - LOS)')}, 'MAE_OF_MEAN', ${days('ABS(PREDICTED_LOS - LOS)')},
  'COVERAGE_80', ${share('LOS BETWEEN LOW_LOS AND HIGH_LOS')}, 'COVERAGE_95', ${share('LOS BETWEEN LOW95_LOS AND HIGH95_LOS')},
  'CRPS', ${days(`GET(${qualify(place, 'LOS_EVALUATE_CURVE')}(CURVE, LOS), 0)::FLOAT`)})) AS FIGURES
FROM (${stays}) WHERE SUBJECT IN (${subjects}) GROUP BY SUBJECT`,
    },
  );
}

/**
 * What LOS_WEEKLY_ERRORS shows of a week and version. Who is still in counts as such, so that a week moves when ten patients more have left;
 * it stops short of a rest of fewer, which could not follow.
 * @param stays table of the stays that the version predicted (makeStays)
 */
export function* publishWeeks({ contract, place }: WatchPlan, version: string, stays: string): Work<void> {
  const dataset = contract.name;
  const weeks = `SELECT TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD') || ' ' || VERSION AS SUBJECT, * FROM ${qualify(place, 'LOS_WATCH_PERFORMANCE')}
WHERE DATASET = ${literal(dataset)} AND VERSION = ${literal(version)} AND PERIOD = 'week' AND (MAE IS NOT NULL OR ROW_COUNT - ENDED >= ${FEWEST_PATIENTS})`;
  const days = (mean: string) => roundDays(mean, 'ROW_COUNT');
  const share = (of: string) => roundShare(of, 'ROW_COUNT');
  yield* publish(
    { place, dataset },
    {
      kind: 'week',
      members: `SELECT w.SUBJECT, s.CASE_ID, s.PATIENT, COALESCE(TO_VARCHAR(s.STAY), 'in') AS STATE FROM ${stays} AS s JOIN (${weeks}) AS w ON w.FROM_DAY = s.WEEK`,
      figures: (
        subjects,
      ) => `SELECT SUBJECT, ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('FROM_DAY', TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD'), 'TO_DAY', TO_VARCHAR(TO_DAY, 'YYYY-MM-DD'),
  'VERSION', VERSION, 'ADMISSIONS', ROW_COUNT, 'ESTIMATED', ${days('EXPECTED_MAE')}, 'REALISED', ${days('MAE')},
  'RATIO', ${share('RATIO')}, 'RATIO_LOW', ${share('RATIO_LOW')}, 'RATIO_HIGH', ${share('RATIO_HIGH')}, 'COVERAGE_80', ${share('COVERAGE_80')})) AS FIGURES
FROM (${weeks}) WHERE SUBJECT IN (${subjects})`,
    },
  );
}

/** What LOS_DRIFT shows: the strongest test of each feature of a week. A late or corrected admission counts as another. */
export function* publishInputs(plan: WatchPlan, version: string, { from, to }: Window): Work<void> {
  const { contract, place } = plan;
  const { id, patient = id, name: dataset } = contract;
  const text = (column: string) => `COALESCE(TO_VARCHAR(${column}), '-')`;
  const subject = literal(`${from} ${version}`);
  const share = (of: string) => roundShare(of, 'ROW_COUNT');
  yield* publish(
    { place, dataset },
    {
      kind: 'inputs',
      members: `SELECT ${subject} AS SUBJECT, TO_VARCHAR(${id}) AS CASE_ID, COALESCE(TO_VARCHAR(${patient}), '') AS PATIENT,
  MD5(${featuresToWatch(plan).map(text).join(` || ' ' || `)}) AS STATE
FROM ${qualify(place, datasetNames(contract).features)} WHERE WITHDRAWN_AT IS NULL AND ${dayOf(plan)} BETWEEN ${dateLiteral(from)} AND ${dateLiteral(to)}`,
      figures:
        () => `SELECT ${subject} AS SUBJECT, ARRAY_AGG(OBJECT_CONSTRUCT('VERSION', VERSION, 'FROM_DAY', TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD'),
  'TO_DAY', TO_VARCHAR(TO_DAY, 'YYYY-MM-DD'), 'FEATURE', FEATURE, 'TEST', TEST, 'ADMISSIONS', ROW_COUNT, 'SHIFT', ${share('SHIFT')}, 'PSI', ${share('PSI')},
  'RATE', ${share('RATE')}, 'FINDABLE', ${share('FINDABLE')}, 'FLAGGED', FLAGGED)) AS FIGURES
FROM (
  SELECT * FROM ${qualify(place, 'LOS_WATCH_INPUTS')}
  WHERE DATASET = ${literal(dataset)} AND VERSION = ${literal(version)} AND PERIOD = 'week' AND FROM_DAY = ${dateLiteral(from)}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY FEATURE ORDER BY FLAGGED DESC, SHIFT DESC) = 1
)`,
    },
  );
}
