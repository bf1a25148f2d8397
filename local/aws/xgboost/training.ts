/** A training run as `xgboost.train` does it: rounds, early stopping, and what the last round came to. */
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
  /** Called after each round. @param score the metric that may stop it, on the validation rows */
  onRound?(score?: number): void;
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
  const { train: trained, validation, earlyStopping: stop } = plan;
  const validating = validation ? [{ name: 'validation', matrix: validation }] : [];
  let booster = Booster.create([trained, ...(validation ? [validation] : [])]);
  for (const [name, value] of plan.parameters) booster.set(name, value);

  let round = 0;
  let best: { round: number; score: number } | undefined;
  for (; round < plan.rounds; round += 1) {
    booster.update(round, trained);
    // The container evaluates all rows after every round, for a log that is not kept here; only this decides anything.
    const score = stop && validation && scoreOf(booster.evaluate(round, validating), stop.metric);
    plan.onRound?.(score);
    if (!stop || score === undefined) continue;
    if (!best || (stop.maximize ? score > best.score : score < best.score)) best = { round, score };
    else if (round - best.round >= stop.rounds) break;
  }
  const last = Math.min(round, plan.rounds - 1);
  const metrics = parseMetrics(booster.evaluate(last, [{ name: 'train', matrix: trained }, ...validating]));
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

function scoreOf(line: string, metric: string): number {
  const score = parseMetrics(line).get(`validation-${metric}`);
  if (score === undefined)
    throw new Error(`Early stopping watches ${metric}, which is not among the evaluated metrics.`);
  return score;
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
