import type { Model } from '../../udfs/model.js';
import { featureObject, objectWithMarks } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { hashBelow } from '../fitting/split.js';
import { dateLiteral, literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf } from '../ground/small-groups.js';
import { execute, queryFirst, type Work } from '../ground/work.js';
import { rowsAtOnce } from '../jobs/rows-at-once.js';
import { namesOf, type RegistryEntry } from '../versions/registry.js';
import type { Version } from '../versions/version.js';
import type { Refit } from './metrics.js';

/** Rows that are enough to calibrate intervals; more only cost requests. */
const CALIBRATION_ROWS = 20_000;

/** Part of a model that says which inputs a version looks at. */
type Inputs = Pick<Model, 'features'>;

/** SQL of which validation rows it is calibrated on. */
function calibrationSample({ contract }: Plan, validationRows: number): string {
  const share = Math.min(1, CALIBRATION_ROWS / validationRows);
  return share < 1 ? hashBelow(contract.id, share, 'sample') : 'TRUE';
}

/**
 * Asks the version, through its own external function, for (at most 20,000 of) its validation rows.
 * @returns how many it predicted
 */
export function* predictValidation(
  plan: Plan,
  version: Version,
  model: Inputs,
  validationRows: number,
): Work<number> {
  const sample = ` AND ${calibrationSample(plan, validationRows)}`;
  return (yield* predictSide(plan, version, model, 'validation', sample, null)).rows;
}

/**
 * Takes over what a model of days has answered of the same rows, when it was chosen: its endpoint would say it once more.
 * @param answered the run and the candidate under whose names the answers are kept
 * @returns how many there are; 0 where they are not kept any more
 */
export function* takeValidation(
  plan: Plan,
  version: Version,
  { features, floor, scale = 1 }: Pick<Model, 'features' | 'floor' | 'scale'>,
  validationRows: number,
  answered: { readonly run: string; readonly candidate: string },
): Work<number> {
  const { contract, settings } = plan;
  const evaluation = qualify(settings, 'LOS_EVALUATION');
  yield* execute(`DELETE FROM ${evaluation} WHERE VERSION = ? AND SIDE = 'validation'`, [version.name]);
  return yield* execute(
    sqlText(plan, 'calibration/answered', {
      evaluation,
      scale: String(scale),
      floor: String(floor),
      id: contract.id,
      sample: calibrationSample(plan, validationRows),
      known: features.map(({ name }) => `${name} IS NOT NULL`).join(' OR ') || 'FALSE',
      set: qualify(settings, datasetNames(contract).trainingSet),
      answers: qualify(settings, 'LOS_CANDIDATE_PREDICTIONS'),
    }),
    [version.name, answered.run, answered.candidate],
  );
}

/**
 * Asks the version for its holdout rows, and beside it the version that it is to be compared with.
 * @returns how many they predicted, and how many only the version did
 * @param before a version of the same dataset that answers; null: none
 */
export function* predictHoldout(
  plan: Plan,
  version: Version,
  model: Inputs,
  before: RegistryEntry | null,
): Work<SidePredictions> {
  return yield* predictSide(plan, version, model, 'holdout', '', before);
}

/** Number of rows that have a prediction, and how many have one by the version and none by the other, which measure nothing. */
export interface SidePredictions {
  readonly rows: number;
  readonly unanswered: number;
}

/** With fewer rows two versions are not compared (compare.ts). */
const FEWEST_ROWS = 100;

/**
 * A champion that was fitted once more to all stays has learned from its own holdout, whose patients are those of the next. So of a row on
 * which it was judged what its judge answered stands, and another that it has learned from is removed: no version is better than one
 * that knew the answers. Where too few would be left, as beside a champion with another holdout, they stay, and it is hard to beat.
 * @returns how many rows are removed
 */
function* removeLearned(
  { contract, settings }: Pick<Plan, 'contract' | 'settings'>,
  { name }: Version,
  { version: before }: RegistryEntry,
): Work<number> {
  const { id, admission } = contract;
  const evaluation = qualify(settings, 'LOS_EVALUATION');
  const learned = yield* queryFirst(
    `SELECT COUNT(*) AS SIDES, MAX(s.VALUE:to::VARCHAR) AS LAST_DAY
FROM ${qualify(settings, 'LOS_MODEL_REGISTRY')} AS r, LATERAL FLATTEN(INPUT => r.LINEAGE:participants:sides) AS s
WHERE r.VERSION = ? AND r.LINEAGE:refit:serves::BOOLEAN`,
    [before],
  );
  if (!(Number(learned?.SIDES) > 0)) return 0;
  const judged = `SELECT CASE_ID, LOS, PREDICTED_LOS, CRPS FROM ${evaluation} WHERE VERSION = ${literal(before)} AND SIDE = 'holdout'`;
  yield* execute(
    `UPDATE ${evaluation} AS t SET BEFORE_LOS = b.PREDICTED_LOS, BEFORE_CRPS = b.CRPS FROM (${judged}) AS b
WHERE t.VERSION = ? AND t.SIDE = 'holdout' AND b.CASE_ID = t.CASE_ID`,
    [name],
  );
  if (admission === undefined || !learned?.LAST_DAY) return 0;
  const set = qualify(settings, datasetNames(contract).trainingSet);
  const known = `SELECT TO_VARCHAR(${id}) FROM ${set} WHERE TO_DATE(${admission}) <= ${dateLiteral(String(learned.LAST_DAY))}`;
  const condition = `CASE_ID IN (${known}) AND CASE_ID NOT IN (SELECT CASE_ID FROM (${judged}))`;
  const left = yield* queryFirst(
    `SELECT COUNT(*) AS N, COUNT(DISTINCT ${patientOf(contract)}) AS PATIENTS FROM ${set} WHERE TO_VARCHAR(${id}) IN (
  SELECT CASE_ID FROM ${evaluation} WHERE VERSION = ? AND SIDE = 'holdout' AND NOT (${condition}))`,
    [name],
  );
  if (Number(left?.N) < FEWEST_ROWS || Number(left?.PATIENTS) < FEWEST_PATIENTS) return 0;
  return yield* execute(`DELETE FROM ${evaluation} WHERE VERSION = ? AND SIDE = 'holdout' AND ${condition}`, [
    name,
  ]);
}

/** Rows that a statement asks about at most. */
const MOST_ROWS = 125_000;

/** SQL of which rows belong to a part of so many, about as many as to each other. */
function partOf(id: string, part: number, parts: number): string {
  const before = part > 0 ? ` AND NOT ${hashBelow(id, part / parts, 'part')}` : '';
  return part < parts - 1 ? `${before} AND ${hashBelow(id, (part + 1) / parts, 'part')}` : before;
}

function* predictSide(
  { contract, settings }: Plan,
  version: Version,
  model: Inputs,
  side: 'validation' | 'holdout',
  sample: string,
  before: RegistryEntry | null,
): Work<SidePredictions> {
  const table = qualify(settings, datasetNames(contract).trainingSet);
  const target = qualify(settings, 'LOS_EVALUATION');
  const judge = (detail: string) =>
    `${qualify(settings, 'LOS_EVALUATE_CURVE')}(GET(${detail}, 'curve')::OBJECT, LOS)`;
  const condition = `ROW_SIDE = ?${sample}`;
  yield* execute(`DELETE FROM ${target} WHERE VERSION = ? AND SIDE = ?`, [version.name, side]);
  const counted = yield* queryFirst(`SELECT COUNT(*) AS N FROM ${table} WHERE ${condition}`, [side]);
  const parts = Math.ceil(Number(counted?.N || 0) / rowsAtOnce(settings.endpoint, MOST_ROWS)) || 1;
  let asked = 0;
  // Everything that is read of an answer is read in one block.
  for (let part = 0; part < parts; part++)
    asked += yield* execute(
      `INSERT INTO ${target} (VERSION, SIDE, CASE_ID, LOS, PREDICTED_LOS, LOW_LOS, HIGH_LOS,
  LOW95_LOS, HIGH95_LOS, LONG_STAY, LONG_STAY_LEVEL, MEDIAN_LOS, CRPS, GONE_BEFORE, GONE_BY,
  GONE_BY_7, GONE_BY_14, BEFORE_VERSION, BEFORE_LOS, BEFORE_CRPS, WEIGHT)
SELECT ?, SIDE, CASE_ID, LOS, DAYS, LOW, HIGH, LOW95, HIGH95, LONG_STAY, LEVEL, MEDIAN, ${[0, 1, 2, 3, 4].map((place) => `JUDGED[${place}]::FLOAT`).join(', ')},
  ${before ? `${literal(before.version)}, BEFORE_DAYS, BEFORE_JUDGED[0]::FLOAT` : 'NULL, NULL, NULL'}, WEIGHT
FROM (SELECT SIDE, CASE_ID, LOS, WEIGHT, DETAIL:days::FLOAT AS DAYS, DETAIL:low::FLOAT AS LOW, DETAIL:high::FLOAT AS HIGH,
    DETAIL:low95::FLOAT AS LOW95, DETAIL:high95::FLOAT AS HIGH95, DETAIL:long_stay::FLOAT AS LONG_STAY, DETAIL:level::NUMBER AS LEVEL,
    DETAIL:median::FLOAT AS MEDIAN, ${judge('DETAIL')} AS JUDGED${before ? `, BEFORE_DETAIL:days::FLOAT AS BEFORE_DAYS, ${judge('BEFORE_DETAIL')} AS BEFORE_JUDGED` : ''}
  FROM (SELECT ROW_SIDE AS SIDE, TO_VARCHAR(${contract.id}) AS CASE_ID, LOS, ROW_WEIGHT AS WEIGHT,
    ${qualify(settings, version.predict)}(${objectWithMarks(model.features.map(({ name }) => name))}) AS DETAIL${
      before
        ? `, ${qualify(settings, namesOf(settings, before).predict)}(${featureObject(contract)}) AS BEFORE_DETAIL`
        : ''
    }
  FROM ${table} WHERE ${condition}${partOf(contract.id, part, parts)}))`,
      [version.name, side],
    );
  // A row without a single feature of either version has no prediction, so it measures nothing.
  const removeWithout = (column: string) =>
    execute(`DELETE FROM ${target} WHERE VERSION = ? AND SIDE = ? AND ${column} IS NULL`, [
      version.name,
      side,
    ]);
  asked -= yield* removeWithout('PREDICTED_LOS');
  const unanswered = before ? yield* removeWithout('BEFORE_LOS') : 0;
  const learned = before ? yield* removeLearned({ contract, settings }, version, before) : 0;
  return { rows: asked - unanswered - learned, unanswered };
}

/** Rows that are enough; more only cost requests. */
const CHECKED_ROWS = 5000;

/**
 * Holds a version's answers of now, from the refit, against those of the model that was judged on the holdout, which LOS_EVALUATION has.
 * The refit has learned from these rows, so its score is no measure of how good it is, only of whether its job went right.
 */
export function* compareRefit(
  { contract, settings }: Plan,
  version: Version,
  holdoutRows: number,
): Work<Refit> {
  const sample =
    holdoutRows > CHECKED_ROWS ? ` AND ${hashBelow(contract.id, CHECKED_ROWS / holdoutRows, 'sample')}` : '';
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N, SUM(WEIGHT * DAYS) / SUM(WEIGHT * PREDICTED_LOS) AS BED_DAYS, SUM(WEIGHT * CRPS) / SUM(WEIGHT) AS CRPS,
  SUM(WEIGHT * JUDGE_CRPS) / SUM(WEIGHT) AS JUDGE_CRPS
FROM (
  SELECT WEIGHT, PREDICTED_LOS, JUDGE_CRPS, D:days::FLOAT AS DAYS,
    ${qualify(settings, 'LOS_EVALUATE_CURVE')}(D:curve::OBJECT, LOS)[0]::FLOAT AS CRPS
  FROM (
    SELECT e.LOS, e.WEIGHT, e.PREDICTED_LOS, e.CRPS AS JUDGE_CRPS, s.D
    FROM (
      SELECT TO_VARCHAR(${contract.id}) AS CASE_ID, ${qualify(settings, version.predict)}(${featureObject(contract)}) AS D
      FROM ${qualify(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'holdout'${sample}
    ) AS s
    JOIN ${qualify(settings, 'LOS_EVALUATION')} AS e ON e.CASE_ID = s.CASE_ID AND e.VERSION = ? AND e.SIDE = 'holdout'
  )
)`,
    [version.name],
  );
  return {
    rows: Number(row?.N),
    bedDays: Number(row?.BED_DAYS),
    crps: Number(row?.CRPS),
    judgeCrps: Number(row?.JUDGE_CRPS),
  };
}
