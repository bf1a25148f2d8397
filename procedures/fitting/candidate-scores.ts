import { shapeOf } from '../../udfs/curve/hazards.js';
import type { Hazards } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { type Block, bootstrap, type Interval, total } from '../ground/bootstrap.js';
import { fromEntries } from '../ground/lists.js';
import { literal, qualified, shared } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, first, query, type Row, together, type Work } from '../ground/work.js';
import { requireLines } from './answers.js';
import type { Metric } from './candidates.js';
import { foldOf } from './split.js';

/** How a candidate's predictions of the validation rows lie off, in days; NaN where one that diverged has no such figure. */
export interface CandidateErrors {
  readonly rmse: number;
  readonly mae: number;
  readonly crps: number;
}

/** Rows on which distributions are compared: more would not change the choice. */
const JUDGED_ROWS = 8000;

/** Whose answers they are, and to which validation rows. */
export interface Asked {
  readonly run: string;
  readonly candidate: string;
  /** SQL over CASE_ID. */
  readonly which: string;
}

/** The validation rows in the order of their lines. */
function askedRows({ contract, settings, sql }: Plan, which: string): string {
  const { id, patient = id } = contract;
  return sqlText({ sql }, 'training/asked-rows', {
    id,
    fold: foldOf(contract),
    block: `SUBSTR(MD5('block ' || TO_VARCHAR(${patient})), 1, 2)`,
    set: qualified(settings, datasetNames(contract).trainingSet),
    which: which.split('CASE_ID').join(id),
  });
}

/** Makes of a model's answers for each period one prediction a row, with its CRPS. */
export function* judgeHazards(
  plan: Plan,
  { run, candidate, which }: Asked,
  byPeriod: string,
  hazards: Hazards,
  floor: number,
): Work<void> {
  const answers = qualified(plan.settings, shared.candidatePredictions);
  yield* together(function* () {
    yield* execute(`DELETE FROM ${answers} WHERE RUN_ID = ? AND CANDIDATE = ?`, [run, candidate]);
    yield* execute(
      sqlText(plan, 'training/judge-hazards', {
        answers,
        run: literal(run),
        candidate: literal(candidate),
        judge: qualified(plan.settings, shared.judgeHazards),
        hazards: literal(JSON.stringify(shapeOf(hazards))),
        floor: String(floor),
        periods: String(hazards.ends.length),
        rows: askedRows(plan, which),
      }),
      [run, byPeriod],
    );
    yield* execute(`DELETE FROM ${answers} WHERE RUN_ID = ? AND CANDIDATE = ?`, [run, byPeriod]);
  });
}

/** Puts the CRPS beside a candidate's predictions of days, as it would be calibrated. */
export function* judgeSpread(plan: Plan, { run, candidate, which }: Asked): Work<void> {
  yield* execute(
    sqlText(plan, 'training/judge-spread', {
      answers: qualified(plan.settings, shared.candidatePredictions),
      judge: qualified(plan.settings, shared.judgeSpread),
      rows: askedRows(plan, which),
      most: String(JUDGED_ROWS),
    }),
    [run, candidate, run, candidate],
  );
}

/**
 * Holds a candidate's answers against the validation rows' stays.
 * @throws Refused where they are not one for each line
 */
export function* errorsOf(plan: Plan, { run, candidate, which }: Asked): Work<CandidateErrors> {
  const row: Row = (yield* first(
    sqlText(plan, 'training/candidate-errors', {
      rows: askedRows(plan, which),
      answers: qualified(plan.settings, shared.candidatePredictions),
    }),
    [run, candidate],
  )) || { LINES: 0 };
  requireLines(candidate, Number(row.LINES), Number(row.ROWS_ASKED));
  const days = (name: string) => (row[name] === null ? Number.NaN : Number(row[name]));
  return { rmse: days('RMSE'), mae: days('MAE'), crps: days('CRPS') };
}

/** How much better one candidate is than another on the same validation rows, in days. */
export interface Gain {
  readonly days: number;
  /** 95 % bootstrap interval by patient. */
  readonly confidence: Interval;
}

/** A paired bootstrap of two candidates' errors by a metric. */
export function* gainOf(
  plan: Plan,
  { run, candidate, which }: Asked,
  against: string,
  by: Metric,
): Work<Gain> {
  const rows = yield* query(
    sqlText(plan, 'training/candidate-blocks', {
      rows: askedRows(plan, which),
      answers: qualified(plan.settings, shared.candidatePredictions),
    }),
    [run, candidate, against],
  );
  const blocks = rows.map(
    ({ BLOCK: _, ...sums }): Block =>
      fromEntries(Object.entries(sums).map(([name, value]): [string, number] => [name, Number(value)])),
  );
  const error = (sums: Block, side: 'A' | 'B') => {
    const mean = (sums[`${side}_${by.toUpperCase()}`] as number) / (sums.W as number);
    return by === 'rmse' ? Math.sqrt(mean) : mean;
  };
  const gain = (sums: Block) => error(sums, 'B') - error(sums, 'A');
  return { days: gain(total(blocks)), confidence: bootstrap(blocks, { gain }).gain as Interval };
}

/**
 * Whether a gain is beyond noise, so that what costs more is worth it: more than its standard error, the rule of Breiman,
 * Friedman, Olshen and Stone ("Classification and Regression Trees", 1984, 3.4.3) for the simplest that is as good.
 */
export function isBeyondNoise({ days, confidence: [low, high] }: Gain): boolean {
  return days > (high - low) / (2 * 1.96);
}
