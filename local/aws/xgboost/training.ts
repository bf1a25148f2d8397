/** A training run as `xgboost.train` does it: rounds, evaluation after each, early stopping. */
import { Booster } from './booster.js';
import { XgboostError } from './library.js';
import type { Matrix } from './matrix.js';

export interface TrainingPlan {
  /** XGBoost's own parameters in order; eval_metric may occur several times. */
  parameters: [name: string, value: string][];
  rounds: number;
  train: Matrix;
  validation?: Matrix;
  /** Stop when `metric` on the validation rows has not improved for so many rounds; keep the best model. */
  earlyStopping?: { rounds: number; metric: string; maximize: boolean };
  /** Called after each round with the line that the container logs. */
  onRound?(line: string): void;
}

/** Metrics of a round, in the order reported: `train-rmse` → value. */
export type RoundMetrics = Map<string, number>;

/**
 * Trains a model. Equal plans give equal model files.
 *
 * @returns the model and the metrics of the last round that was trained, which after early stopping is not the last
 *   round of the model: the container's log, from which SageMaker reads its metrics, ends with it
 */
export function train(plan: TrainingPlan): { booster: Booster; metrics: RoundMetrics } {
  const watched = [{ name: 'train', matrix: plan.train }];
  if (plan.validation) watched.push({ name: 'validation', matrix: plan.validation });
  let booster = Booster.create(watched.map((w) => w.matrix));
  for (const [name, value] of plan.parameters) booster.set(name, value);

  let metrics: RoundMetrics = new Map();
  let best: { round: number; score: number } | undefined;
  for (let round = 0; round < plan.rounds; round += 1) {
    booster.update(round, plan.train);
    const line = booster.evaluate(round, watched);
    metrics = parseMetrics(line);
    plan.onRound?.(formatLine(round, metrics));
    const stop = plan.earlyStopping;
    if (!stop || !plan.validation) continue;
    const score = metrics.get(`validation-${stop.metric}`);
    if (score === undefined)
      throw new Error(`Early stopping watches ${stop.metric}, which is not among the evaluated metrics.`);
    if (!best || (stop.maximize ? score > best.score : score < best.score)) best = { round, score };
    else if (round - best.round >= stop.rounds) break;
  }
  if (best) {
    const cut = cutBack(booster, best.round + 1);
    booster.close();
    booster = cut;
    booster.setAttribute('best_iteration', String(best.round));
    booster.setAttribute('best_score', String(best.score));
  }
  return { booster, metrics };
}

/**
 * The first rounds of a model. The container trains with EarlyStopping(save_best=True), which always cuts, also after
 * the last round (dmlc/xgboost, python-package/xgboost/callback.py, after_training).
 *
 * @throws XgboostError with that callback's words for a booster that cannot be cut: gblinear
 */
function cutBack(booster: Booster, rounds: number): Booster {
  try {
    return booster.slice(rounds);
  } catch (error) {
    if (!(error instanceof XgboostError)) throw error;
    booster.close();
    throw new XgboostError('`save_best` is not applicable to the current booster', { cause: error });
  }
}

/** Reads `[3]\ttrain-rmse:1.5\tvalidation-rmse:1.7`. */
function parseMetrics(line: string): RoundMetrics {
  const metrics: RoundMetrics = new Map();
  for (const part of line.split('\t').slice(1)) {
    const colon = part.lastIndexOf(':');
    metrics.set(part.slice(0, colon), Number(part.slice(colon + 1)));
  }
  return metrics;
}

/** The line as the container logs it: five decimals, which its metric patterns read. */
function formatLine(round: number, metrics: RoundMetrics): string {
  return [`[${round}]`, ...[...metrics].map(([name, value]) => `${name}:${value.toFixed(5)}`)].join('\t');
}
