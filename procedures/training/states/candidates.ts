import { isOfHazards } from '../../fitting/candidates.js';
import type { Plan } from '../../ground/plan.js';
import { Refused, type Work } from '../../ground/work.js';
import { advanceAll, candidateRun, progressMessage, requireSome, secondsBilled } from '../candidate-runs.js';
import { candidatesOf, pilotCandidates } from '../hazards.js';
import type { Move } from '../machine.js';
import { planOf, requireData } from '../of-run.js';
import type { CandidateRun, Run } from '../run.js';

/**
 * Trains every candidate in a SageMaker job of its own and has it predict the validation rows in one batch transform, as
 * many at a time as the settings allow; beside them the pilots, which say whether models of hazards are trained.
 */
export function* trainCandidates(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { candidateRuns: candidates, pilots } = run.data;
  if (!candidates || !pilots) return yield* listAll(plan, run);
  const { runs, done } = yield* advanceAll(plan, run, [...candidates, ...pilots]);
  const candidateRuns = runs.slice(0, candidates.length);
  const data = { candidateRuns, pilots: runs.slice(candidates.length) };
  const message = progressMessage(runs);
  if (!done) return { to: 'TRAIN_CANDIDATES', data, message };
  requireSome(candidateRuns);
  return {
    to: pilots.length > 0 ? 'COMPARE_PILOTS' : 'CHOOSE',
    data,
    billed: secondsBilled(runs),
    message,
  };
}

/** Writes down who takes part before any job begins: who stops the run must find them all (states/run-jobs.ts). */
function* listAll(plan: Plan, run: Run): Work<Move> {
  const candidateRuns = run.data.candidateRuns || (yield* listCandidates(plan, run));
  const pilots = listPilots(plan, run, candidateRuns.length);
  return {
    to: 'TRAIN_CANDIDATES',
    data: { candidateRuns, pilots },
    message: progressMessage([...candidateRuns, ...pilots]),
  };
}

/** All that take part; where there are pilots, models of hazards do so only once these have shown something. */
function* listCandidates(plan: Plan, run: Run): Work<CandidateRun[]> {
  const { hazards } = run.data;
  const ofHazards = hazards && !hazards.pilot ? hazards.location : null;
  const ofDays = requireData(run, 'location');
  const all = (yield* candidatesOf(plan, run)).filter((one) => ofHazards !== null || !isOfHazards(one));
  if (all.length === 0)
    throw new Refused(
      'Only models of hazards were asked for, and the training stays cannot be divided into periods, or a row is too long.',
      'Name a candidate that predicts days as well, for example gamma.',
    );
  return all.map((candidate, i) =>
    candidateRun(plan, run, candidate, i + 1, {
      location: ofHazards !== null && isOfHazards(candidate) ? ofHazards : ofDays,
    }),
  );
}

/** A model of days and one of hazards on the same sample; none where rows are few. */
function listPilots(plan: Plan, run: Run, before: number): CandidateRun[] {
  const pilot = run.data.hazards?.pilot;
  if (!pilot) return [];
  return pilotCandidates(plan, requireData(run, 'split').trainMin).map((candidate, i) =>
    candidateRun(plan, run, candidate, before + i + 1, {
      location: isOfHazards(candidate) ? pilot.hazards : pilot.days,
      validation: pilot.sample.validation,
    }),
  );
}
