import type { Plan } from '../../ground/plan.js';
import { Later, type Work } from '../../ground/work.js';
import { JobLost } from '../../jobs/lost.js';
import { isTunable, startTuning, type TuningResult, tuningOf } from '../../jobs/tuning-job.js';
import { advanceAll, candidateRun, progressMessage, trainingFiles } from '../candidate-runs.js';
import type { Move } from '../machine.js';
import { planOf, requireData } from '../of-run.js';
import { rank } from '../ranking.js';
import type { CandidateRun, Run, StateName } from '../run.js';
import { tuningJob } from './run-jobs.js';

/** The state after the candidates' own jobs: TUNE, where there is a budget for it and a candidate that can be tuned. */
export function nextState(plan: Plan, runs: readonly CandidateRun[]): StateName {
  return plan.settings.training.tuningJobs > 0 && bestTunable(plan, runs) ? 'TUNE' : 'CHOOSE';
}

function bestTunable({ settings }: Plan, runs: readonly CandidateRun[]): CandidateRun | undefined {
  return rank(
    runs.filter(({ candidate, stage }) => stage === 'answered' && isTunable(candidate.hyperparameters)),
    settings.training.chooseBy,
  )[0];
}

/** Within the budget of the settings, tunes the best candidate that can be; the result is one candidate more. */
export function* tune(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const candidates = requireData(run, 'candidateRuns');
  const best = bestTunable(plan, candidates);
  if (!best) throw new Error('No candidate can be tuned');
  const again = run.data.again || [];
  const isSecond = again.indexOf('tuning') >= 0;
  const name = tuningJob(plan, run, isSecond);
  const { hyperparameters } = best.candidate;
  let tuned: TuningResult | null;
  try {
    tuned = yield* tuningOf(name, hyperparameters);
  } catch (error) {
    if (!(error instanceof JobLost)) throw error;
    const { message } = error;
    return error.internal && !isSecond
      ? { to: 'TUNE', data: { again: [...again, 'tuning'] }, message }
      : { to: 'CHOOSE', data: { untuned: message }, message: `not tuned: ${message}` };
  }
  if (!tuned) {
    yield* startTuning(plan, trainingFiles(plan, run, best), name, hyperparameters);
    throw new Later(`${name} begins`);
  }
  const candidate = { name: `${best.candidate.name}, tuned`, hyperparameters: tuned.hyperparameters };
  const number = candidates.length + requireData(run, 'pilots').length + 1;
  const one: CandidateRun = {
    ...candidateRun(plan, run, candidate, number, { location: best.location }),
    stage: 'training',
    training: tuned.training,
  };
  return {
    to: 'PREDICT_TUNED',
    data: { candidateRuns: [...candidates, one] },
    billed: tuned.training.billed,
  };
}

/** Has the tuned candidate, whose job TUNE has paid, predict the validation rows. */
export function* predictTuned(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { runs, done } = yield* advanceAll(plan, run, requireData(run, 'candidateRuns'));
  return {
    to: done ? 'CHOOSE' : 'PREDICT_TUNED',
    data: { candidateRuns: runs },
    message: progressMessage(runs),
  };
}
