import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { Candidate, Metric } from './candidates.js';
import { runTraining, type TrainingRequest, type TrainingResult } from './sagemaker.js';
import { type Served, served } from './served-metric.js';
import { isTunable, type TuningRequest, tune } from './tuning.js';

/** How a candidate did. */
export interface CandidateResult {
  readonly name: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly job: string;
  /**
   * On the validation rows. The metric that decides is that of the rounds that are served; the other one is that of
   * the job's last round.
   */
  readonly rmse: number;
  readonly mae: number;
  /** Rounds that are served; null where the model file does not tell. */
  readonly rounds: number | null;
  readonly seconds: number;
}

/** The candidate that was chosen, and all of them, best first. */
export interface Choice {
  readonly chosen: Candidate;
  readonly training: TrainingResult;
  readonly results: readonly CandidateResult[];
}

/**
 * Trains every candidate in a SageMaker job of its own and chooses by the validation metric of the settings, as it
 * is for the rounds that will be served.
 */
export async function trainCandidates(
  ctx: Context,
  candidates: readonly Candidate[],
  request: Omit<TrainingRequest, 'hyperparameters' | 'suffix'> & {
    /** Whether the second column of the files is a weight. */
    readonly weighted: boolean;
  },
  onStatus: (status: string) => void,
): Promise<Choice> {
  const { chooseBy, parallelJobs } = ctx.settings.training;
  const { weighted, ...common } = request;
  const trained: Trained[] = [];
  const waiting = [...candidates];
  const worker = async () => {
    for (let candidate = waiting.shift(); candidate; candidate = waiting.shift()) {
      const training = await runTraining(
        ctx,
        {
          ...common,
          ...(candidates.length > 1 ? { suffix: candidate.name } : {}),
          hyperparameters: weighted
            ? { ...candidate.hyperparameters, csv_weights: '1' }
            : candidate.hyperparameters,
        },
        onStatus,
      );
      trained.push({ candidate, ...(await served(ctx, candidate, training, chooseBy)) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelJobs, candidates.length) }, worker));

  await addTuned(ctx, trained, request, onStatus);
  return choose(trained, chooseBy);
}

interface Trained extends Served {
  readonly candidate: Candidate;
}

/** Within the budget of the settings, the best candidate that can be tuned is, and stands beside the others. */
async function addTuned(
  ctx: Context,
  trained: Trained[],
  request: TuningRequest,
  onStatus: (status: string) => void,
): Promise<void> {
  const { tuningJobs, chooseBy } = ctx.settings.training;
  const tunable = trained.filter(({ candidate }) => isTunable(candidate));
  if (tuningJobs === 0 || tunable.length === 0) return;
  const { chosen } = choose(tunable, chooseBy);
  const tuned = await tune(ctx, chosen, request, onStatus);
  trained.push({
    candidate: tuned.candidate,
    ...(await served(ctx, tuned.candidate, tuned.training, chooseBy)),
  });
}

/** The best by a validation metric; a candidate that diverged has no number and comes last. */
function choose(all: readonly Trained[], chooseBy: Metric): Choice {
  const trained = [...all];
  const score = ({ training }: { training: TrainingResult }) =>
    training.metrics[`validation:${chooseBy}`] ?? Number.NaN;
  // Equal ones in the order of their names.
  const order = (a: Trained, b: Trained) =>
    rank(score(a)) - rank(score(b)) || (a.candidate.name < b.candidate.name ? -1 : 1);
  trained.sort(order);
  const best = trained[0];
  if (!best || !Number.isFinite(score(best)))
    throw new UserError(`No training job reported validation:${chooseBy}.`, {
      next: 'Look at the jobs in SageMaker; training.hyperparameters may have replaced eval_metric.',
    });
  return {
    chosen: best.candidate,
    training: best.training,
    results: trained.map(({ candidate, training, rounds }) => ({
      name: candidate.name,
      hyperparameters: candidate.hyperparameters,
      job: training.job,
      rmse: training.metrics['validation:rmse'] ?? Number.NaN,
      mae: training.metrics['validation:mae'] ?? Number.NaN,
      rounds,
      seconds: training.seconds,
    })),
  };
}

/** Infinity minus itself would be no number to sort by. */
function rank(score: number): number {
  return Number.isFinite(score) ? score : Number.MAX_VALUE;
}
