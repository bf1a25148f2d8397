import type { Plan } from '../../ground/plan.js';
import { jobName, nameAgain } from '../../jobs/training-job.js';
import { versionOfRun } from '../of-run.js';
import type { CandidateRun, Run } from '../run.js';

/** Name of the screening model's training job, its record and its transform job alike. @param again whether it is the second */
export function screenJob(plan: Plan, run: Run, again: boolean): string {
  const name = jobName(versionOfRun(plan, run).endpoint, 'screen', run.data.stamp);
  return again ? nameAgain(name, run.data.stamp) : name;
}

/**
 * Names of training jobs, of transform jobs and models alike, that a run may have going on in SageMaker: as its row says, and one step
 * further, which may be under way. Those that are known to have ended are left out.
 */
export function runJobs(plan: Plan, run: Run): readonly string[] {
  const { state, data } = run;
  if (data.number === undefined) return [];
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
  return jobs;
}
