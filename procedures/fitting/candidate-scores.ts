import { shapeOf } from '../../udfs/curve/hazards.js';
import type { Hazards } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { type Block, type Interval, intervalOf, replicates, total } from '../ground/bootstrap.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, query, queryFirst, type Row, transaction, type Work } from '../ground/work.js';
import { requireLines } from './answers.js';
import type { Metric } from './candidates.js';
import { foldOf, personOf } from './split.js';

/** Errors of a candidate's predictions of the validation rows, in days; NaN where one that diverged has no such figure. */
export interface CandidateErrors {
  readonly rmse: number;
  readonly mae: number;
  readonly crps: number;
}

/** Rows on which distributions are compared: more would not change the choice. */
const JUDGED_ROWS = 8000;

/** Whose answers they are, and to which validation rows. */
export interface ScoreRequest {
  readonly run: string;
  readonly candidate: string;
  /** SQL over CASE_ID. */
  readonly which: string;
}

/** The validation rows in the order of their lines. */
function validationRowsSql({ contract, settings, sql }: Plan, condition: string): string {
  const { id } = contract;
  return sqlText({ sql }, 'training/asked-rows', {
    id,
    fold: foldOf(contract),
    block: `SUBSTR(MD5('block ' || ${personOf(contract)}), 1, 2)`,
    set: qualify(settings, datasetNames(contract).trainingSet),
    which: condition.split('CASE_ID').join(id),
  });
}

/** Makes of a model's answers for each period one prediction a row, with its CRPS. */
export function* judgeHazards(
  plan: Plan,
  { run, candidate, which }: ScoreRequest,
  byPeriod: string,
  hazards: Hazards,
  floor: number,
): Work<void> {
  const answers = qualify(plan.settings, 'LOS_CANDIDATE_PREDICTIONS');
  yield* transaction(function* () {
    yield* execute(`DELETE FROM ${answers} WHERE RUN_ID = ? AND CANDIDATE = ?`, [run, candidate]);
    yield* execute(
      sqlText(plan, 'training/judge-hazards', {
        answers,
        run: literal(run),
        candidate: literal(candidate),
        judge: qualify(plan.settings, 'LOS_EVALUATE_HAZARDS'),
        hazards: literal(JSON.stringify(shapeOf(hazards))),
        floor: String(floor),
        periods: String(hazards.ends.length),
        rows: validationRowsSql(plan, which),
      }),
      [run, byPeriod],
    );
    yield* execute(`DELETE FROM ${answers} WHERE RUN_ID = ? AND CANDIDATE = ?`, [run, byPeriod]);
  });
}

/** Puts the CRPS beside a candidate's predictions of days, as it would be calibrated. */
export function* judgeResiduals(plan: Plan, { run, candidate, which }: ScoreRequest): Work<void> {
  yield* execute(
    sqlText(plan, 'training/judge-spread', {
      answers: qualify(plan.settings, 'LOS_CANDIDATE_PREDICTIONS'),
      judge: qualify(plan.settings, 'LOS_EVALUATE_SPREAD'),
      rows: validationRowsSql(plan, which),
      most: String(JUDGED_ROWS),
    }),
    [run, candidate, run, candidate],
  );
}

/**
 * Holds a candidate's answers against the validation rows' stays.
 * @throws Refused where they are not one for each line
 */
export function* errorsOf(plan: Plan, { run, candidate, which }: ScoreRequest): Work<CandidateErrors> {
  const row: Row = (yield* queryFirst(
    sqlText(plan, 'training/candidate-errors', {
      rows: validationRowsSql(plan, which),
      answers: qualify(plan.settings, 'LOS_CANDIDATE_PREDICTIONS'),
    }),
    [run, candidate],
  )) || { LINES: 0 };
  requireLines(candidate, Number(row.LINES), Number(row.ROWS_ASKED));
  const days = (name: string) => (row[name] === null ? Number.NaN : Number(row[name]));
  return { rmse: days('RMSE'), mae: days('MAE'), crps: days('CRPS') };
}

/** Gain of hazards over days on the same validation rows, in days. */
export interface Gain {
  readonly days: number;
  /** 95 % bootstrap interval by patient. */
  readonly confidence: Interval;
}

/** Candidates of the two kinds, by name. */
export interface Kinds {
  readonly hazards: readonly string[];
  readonly days: readonly string[];
}

/**
 * Gain of the best candidate of hazards over the best of days by a metric, from a paired bootstrap by patient.
 *
 * The best of several looks better on the rows that it was picked by than it is, the more so the more there are to pick from
 * and the closer they are; of days there are more. So the gain is corrected by its bootstrap bias: each replicate
 * picks again, and by as much as its gain differs from that of all rows on average, that one differs from the truth (Efron,
 * Tibshirani, "An Introduction to the Bootstrap", 1993, 10.6; of the least of several errors: Tibshirani, Tibshirani, "A Bias
 * Correction for the Minimum Error Rate in Cross-validation", Annals of Applied Statistics 2009).
 * @param kinds at least one of each, with predictions in numbers
 */
export function* gainOf(
  plan: Plan,
  { run, which }: Pick<ScoreRequest, 'run' | 'which'>,
  kinds: Kinds,
  by: Metric,
): Work<Gain> {
  const names = [...kinds.hazards, ...kinds.days];
  const rows = yield* query(
    sqlText(plan, 'training/candidate-blocks', {
      rows: validationRowsSql(plan, which),
      answers: qualify(plan.settings, 'LOS_CANDIDATE_PREDICTIONS'),
      candidates: names.map(literal).join(', '),
      count: String(names.length),
    }),
    [run],
  );
  const blocks = blocksOf(rows, by);
  const minimumOf = (sums: Block, some: readonly string[]) =>
    Math.min(...some.map((name) => (sums[column(name)] as number) / (sums.W as number)));
  const root = (error: number) => (by === 'rmse' ? Math.sqrt(error) : error);
  const gain = (sums: Block) => root(minimumOf(sums, kinds.days)) - root(minimumOf(sums, kinds.hazards));
  const seen = gain(total(blocks));
  const drawn = replicates(blocks, { gain }).gain as number[];
  const bias = drawn.reduce((sum, value) => sum + value, 0) / drawn.length - seen;
  const [low, high] = intervalOf(drawn);
  // The replicates lie around what was seen as that does around the truth.
  return { days: seen - bias, confidence: [low - 2 * bias, high - 2 * bias] };
}

/** Sums of a block, with a column for each candidate's error. */
function blocksOf(rows: readonly Row[], by: Metric): Block[] {
  const blocks: Record<string, Record<string, number>> = {};
  for (const row of rows) {
    const key = String(row.BLOCK);
    const block = blocks[key] || {};
    block.W = Number(row.W);
    block[column(String(row.CANDIDATE))] = Number(row[by.toUpperCase()]);
    blocks[key] = block;
  }
  return Object.keys(blocks).map((key) => blocks[key] as Block);
}

/** No candidate's name is that of the weights. */
function column(candidate: string): string {
  return `error of ${candidate}`;
}

/**
 * Tells whether a gain on a sample is beyond noise, so that jobs on all rows are worth it: more than its standard error, the rule of Breiman,
 * Friedman, Olshen and Stone ("Classification and Regression Trees", 1984, 3.4.3) for the simplest that is as good.
 */
export function isBeyondNoise({ days, confidence: [low, high] }: Gain): boolean {
  return days > (high - low) / (2 * 1.96);
}
