import type { Context } from '../context.js';
import { downloadModel } from './artifact.js';
import { type BoosterFile, readBooster, UnknownModelFormat } from './booster-file.js';
import type { Candidate, Metric } from './candidates.js';
import type { TrainingResult } from './sagemaker.js';

/** What a training job's model is worth on the validation rows, as it will be served. */
export interface Served {
  readonly training: TrainingResult;
  /** Rounds of boosting in the model; null where its file does not tell. */
  readonly rounds: number | null;
}

/**
 * Puts the metric of the rounds that are served in the place of the one that SageMaker reports.
 *
 * After early stopping the two differ. The container trains with XGBoost's EarlyStopping(save_best=True), which cuts
 * the model back to its best round before it is saved (aws/sagemaker-xgboost-container, callback.py; dmlc/xgboost,
 * python-package/xgboost/callback.py, after_training), and serves every round of what was saved (serve_utils.py).
 * FinalMetricDataList holds what the log said last ("the latest objective metric emitted", as the API reference of
 * FinalHyperParameterTuningJobObjectiveMetric has it): the last round's metric, `early_stopping_rounds` later. The
 * best round's is in the model file, for the metric that early stopping watched. Of other metrics, and of files that
 * are not read here, the last round's remains.
 */
export async function served(
  ctx: Context,
  { hyperparameters }: Candidate,
  training: TrainingResult,
  watched: Metric,
): Promise<Served> {
  if (!hyperparameters.early_stopping_rounds)
    return { training, rounds: Number(hyperparameters.num_round) || null };
  const attributes = await attributesOf(ctx, training.artifact);
  const best = Number(attributes.best_score);
  const watches = hyperparameters.eval_metric?.split(',').at(-1) === watched;
  return {
    training:
      watches && attributes.best_score !== undefined && Number.isFinite(best)
        ? { ...training, metrics: { ...training.metrics, [`validation:${watched}`]: best } }
        : training,
    rounds: attributes.best_iteration === undefined ? null : Number(attributes.best_iteration) + 1,
  };
}

async function attributesOf(ctx: Context, artifact: string): Promise<BoosterFile['attributes']> {
  try {
    return readBooster(await downloadModel(ctx, artifact)).attributes;
  } catch (error) {
    // An older image's candidates are compared by their last rounds.
    if (error instanceof UnknownModelFormat) return {};
    throw error;
  }
}
