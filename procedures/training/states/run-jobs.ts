import type { Plan } from '../../ground/plan.js';
import { jobName, nameAgain } from '../../jobs/training-job.js';
import { versionOfRun } from '../of-run.js';
import type { CandidateRun, Run } from '../run.js';

/** Of the screening model's training job, its record and its transform job alike. @param again whether it is the second */
export function screenJob(plan: Plan, run: Run, again: boolean): string {
  const name = jobName(versionOfRun(plan, run).endpoint, 'screen', run.data.stamp);
  return again ? nameAgain(name, run.data.stamp) : name;
}

/** Of the search for hyperparameters; SageMaker allows it 32 characters. @param again whether it is the second */
export function tuningJob(plan: Plan, run: Run, again: boolean): string {
  return jobName(versionOfRun(plan, run).endpoint, again ? 't2' : 't', run.data.stamp, 32);
}

/** What of a run may be going on in SageMaker, by name: as its row says, and one step further, which may be under way. */
export interface RunJobs {
  /** Of training jobs, and of transform jobs and models alike. */
  readonly jobs: readonly string[];
  readonly searches: readonly string[];
}

/** The jobs of a run in its state; those that are known to have ended are left out. */
export function runJobs(plan: Plan, run: Run): RunJobs {
  const { state, data } = run;
  if (data.number === undefined) return { jobs: [], searches: [] };
  const isScreening = state === 'SCREEN' || state === 'PERMUTE' || state === 'SELECT_FEATURES';
  const others = ([] as readonly CandidateRun[])
    .concat(data.candidateRuns || [], data.pilots || [], data.learning || [])
    .filter(({ stage }) => stage !== 'answered' && stage !== 'lost');
  const jobs = isScreening ? [screenJob(plan, run, false), screenJob(plan, run, true)] : [];
  const { refit } = data;
  const refits = refit && !refit.training && refit.lost === undefined ? [refit] : [];
  for (const { job, again } of [...others, ...refits])
    jobs.push(...(again ? [job] : [job, nameAgain(job, data.stamp)]));
  const { stay } = data;
  const key = state === 'STAY_TRAIN' ? 'job' : 'refitJob';
  const isLearning = state === 'STAY_TRAIN' || (state === 'STAY_REFIT' && !stay?.refitTraining);
  const stayJob = isLearning ? stay?.[key] : undefined;
  if (stayJob !== undefined) jobs.push(stayJob, nameAgain(stayJob, data.stamp));
  return {
    jobs,
    searches: state === 'TUNE' ? [tuningJob(plan, run, false), tuningJob(plan, run, true)] : [],
  };
}
