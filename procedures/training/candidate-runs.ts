import { loadAnswers } from '../fitting/answers.js';
import { errorsOf, judgeHazards, judgeResiduals, type ScoreRequest } from '../fitting/candidate-scores.js';
import { type Candidate, isOfHazards } from '../fitting/candidates.js';
import type { Plan } from '../ground/plan.js';
import { Later, Refused, type Work } from '../ground/work.js';
import { createModel, removeModel } from '../jobs/endpoint.js';
import { JobLost } from '../jobs/lost.js';
import { jobName, nameAgain, startTraining, type TrainingFiles, trainingOf } from '../jobs/training-job.js';
import { startTransform, transformOf } from '../jobs/transform-job.js';
import { requireData, versionOfRun } from './of-run.js';
import type { CandidateRun, Run } from './run.js';

/**
 * A candidate that waits for its first job.
 * @param number among all candidates and pilots of the run, from 1; the job's name has it
 */
export function candidateRun(
  plan: Plan,
  run: Run,
  candidate: Candidate,
  number: number,
  files: Pick<CandidateRun, 'location' | 'validation'>,
): CandidateRun {
  const part = candidate.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20);
  return {
    ...files,
    candidate,
    job: jobName(versionOfRun(plan, run).endpoint, `${number}-${part}`, run.data.stamp),
    stage: 'waiting',
  };
}

/** The files of a candidate's training job. */
function trainingFiles(
  plan: Plan,
  run: Run,
  { candidate, location }: Pick<CandidateRun, 'candidate' | 'location'>,
): TrainingFiles {
  return {
    version: versionOfRun(plan, run).name,
    location,
    weighted: isOfHazards(candidate) || requireData(run, 'split').weighted,
  };
}

/** Seconds of SageMaker's instances that the training jobs of candidates are billed for. */
export function secondsBilled(runs: readonly CandidateRun[]): number {
  return runs.reduce((sum, { training }) => sum + (training ? training.billed : 0), 0);
}

/** Candidates after what could be done for each. */
export interface Progress {
  readonly runs: readonly CandidateRun[];
  /** All have answered, but for those that are lost. */
  readonly done: boolean;
}

/**
 * Does what can be done now for each candidate: train, predict the validation rows, be judged by them. At most
 * `training.parallelJobs` are in a stage at a time. It waits for no job. One that fails or is stopped ends its candidate alone.
 * @throws Later where nothing can be done before a job ends
 */
export function* advanceAll(plan: Plan, run: Run, before: readonly CandidateRun[]): Work<Progress> {
  const { parallelJobs } = plan.settings.training;
  const runs = before.slice();
  for (let i = 0; i < before.length; i++)
    runs[i] = yield* advance(
      plan,
      run,
      before[i] as CandidateRun,
      (stage) => runs.filter((other) => other.stage === stage).length < parallelJobs,
    );
  const done = runs.every(({ stage }) => stage === 'answered' || stage === 'lost');
  if (!done && runs.every((one, i) => one === before[i])) throw new Later(progressMessage(runs));
  return { runs, done };
}

/** `3 of 7 models have predicted the validation rows`, and which were lost and why */
export function progressMessage(runs: readonly CandidateRun[]): string {
  const answered = runs.filter(({ stage }) => stage === 'answered').length;
  const lost = describeLosses(runs);
  return `${answered} of ${runs.length} models have predicted the validation rows${lost.length > 0 ? `; lost: ${lost.join(' ')}` : ''}`;
}

/** @throws Refused where no candidate is left to be chosen */
export function requireSome(runs: readonly CandidateRun[]): void {
  if (runs.every(({ stage }) => stage === 'lost'))
    throw new Refused(
      `Every candidate was lost: ${describeLosses(runs).join(' ')}`,
      'Look at their logs in CloudWatch (/aws/sagemaker/TrainingJobs, /aws/sagemaker/TransformJobs).',
    );
}

/** `forest (The training job … was stopped: …)` */
function describeLosses(runs: readonly CandidateRun[]): string[] {
  return runs
    .filter(({ stage }) => stage === 'lost')
    .map(({ candidate, why }) => `${candidate.name} (${why})`);
}

/**
 * A candidate in its next stage; the same object where it cannot get there now. A job that SageMaker does not know (yet) is started again.
 * @param hasRoom whether one more may be in a stage
 */
function* advance(
  plan: Plan,
  run: Run,
  one: CandidateRun,
  hasRoom: (stage: CandidateRun['stage']) => boolean,
): Work<CandidateRun> {
  try {
    if (one.stage === 'waiting') return hasRoom('training') ? yield* train(plan, run, one) : one;
    if (one.stage === 'training') return hasRoom('predicting') ? yield* predict(plan, run, one) : one;
    return one.stage === 'predicting' ? yield* judge(plan, run, one) : one;
  } catch (error) {
    if (!(error instanceof JobLost)) throw error;
    if (one.stage === 'predicting') yield* removeModel(one.job);
    if (!error.internal || one.again) return { ...one, stage: 'lost', why: error.message };
    // SageMaker never forgets a name.
    const job = nameAgain(one.job, run.data.stamp);
    return { ...one, job, again: true, stage: one.training ? 'training' : 'waiting' };
  }
}

function* train(plan: Plan, run: Run, one: CandidateRun): Work<CandidateRun> {
  yield* startTraining(plan, trainingFiles(plan, run, one), {
    name: one.job,
    hyperparameters: one.candidate.hyperparameters,
  });
  return { ...one, stage: 'training' };
}

/** Once it is trained, has it predict the validation rows. */
function* predict(plan: Plan, run: Run, one: CandidateRun): Work<CandidateRun> {
  const { job } = one;
  const training = one.training || (yield* trainingOf(job));
  if (training === 'unknown') return { ...one, stage: 'waiting' };
  if (training === 'training') return one;
  const { name: version } = versionOfRun(plan, run);
  yield* createModel(plan, { name: job, version, artifact: training.artifact });
  yield* startTransform(plan, {
    name: job,
    version,
    model: job,
    input: `${one.location}/lines`,
    output: `${plan.aws.bucket}/${answersPath(plan, run, job)}`,
  });
  return { ...one, stage: 'predicting', training };
}

/** Once it has predicted, holds its answers against the stays. */
function* judge(plan: Plan, run: Run, one: CandidateRun): Work<CandidateRun> {
  const status = yield* transformOf(one.job);
  if (status === 'unknown') return { ...one, stage: 'training' };
  if (status === 'transforming') return one;
  const asked: ScoreRequest = {
    run: run.id,
    candidate: one.candidate.name,
    which: one.validation === undefined ? 'TRUE' : one.validation,
  };
  yield* loadPredictions(plan, run, one, asked);
  const errors = yield* errorsOf(plan, asked);
  yield* removeModel(one.job);
  return { ...one, stage: 'answered', ...errors };
}

/** One prediction a row with its CRPS; a model of hazards has answered for each period. */
function* loadPredictions(
  plan: Plan,
  run: Run,
  { candidate, job }: CandidateRun,
  asked: ScoreRequest,
): Work<void> {
  const path = answersPath(plan, run, job);
  const { hazards } = run.data;
  if (!hazards || !isOfHazards(candidate)) {
    yield* loadAnswers(plan, run.id, candidate.name, path);
    yield* judgeResiduals(plan, asked);
    return;
  }
  const byPeriod = `${candidate.name}, by period`;
  yield* loadAnswers(plan, run.id, byPeriod, path);
  yield* judgeHazards(plan, asked, byPeriod, hazards.hazards, requireData(run, 'split').trainMin);
}

function answersPath(plan: Plan, run: Run, job: string): string {
  return `${versionOfRun(plan, run).folder}/answers/${job}`;
}
