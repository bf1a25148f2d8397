import { gainOf } from '../../fitting/candidate-scores.js';
import { isOfHazards } from '../../fitting/candidates.js';
import { predictionsFingerprint } from '../../fitting/fingerprint.js';
import type { Plan } from '../../ground/plan.js';
import { Refused, type Work } from '../../ground/work.js';
import { refuseLeakyModel } from '../../leaks/chosen-model.js';
import { daysInWords, intervalInWords } from '../../publishing/rounding.js';
import type { Move } from '../machine.js';
import { planOf, requireData } from '../of-run.js';
import { rank, scoreOf } from '../ranking.js';
import type { CandidateRun, Competition, Run } from '../run.js';

/** Chooses the candidate whose predictions of the validation rows are best, which is what it will serve. */
export function* choose(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { chooseBy } = plan.settings.training;
  const order = rank(requireData(run, 'candidateRuns'), chooseBy);
  const competition = yield* competitionOf(plan, run, order);
  const best = competition ? order.find(({ candidate }) => candidate.name === winner(competition)) : order[0];
  const score = best ? scoreOf(best, chooseBy) : null;
  if (!best?.training || score === null)
    throw new Refused(
      `No candidate predicted the validation rows in numbers, so none has a ${chooseBy.toUpperCase()}.`,
      'Check the jobs in SageMaker; training.hyperparameters may have replaced the objective.',
    );
  // The contract of a version that is repeated was asked about then.
  if (run.options.repeat === undefined)
    yield* refuseLeakyModel(
      plan,
      run.id,
      best.candidate.name,
      requireData(run, 'features').map(({ name }) => name),
      run.data.selection || null,
    );
  const { validation: rows } = requireData(run, 'split');
  const predictions = yield* predictionsFingerprint(plan, run.id, best.candidate.name);
  return {
    to: run.options.learningCurve ? 'LEARN' : 'SERVE',
    data: {
      chosen: best.candidate,
      training: best.training,
      ...(competition && { competition }),
      results: order.map((one) => ({
        name: one.candidate.name,
        hyperparameters: one.candidate.hyperparameters,
        job: one.training ? one.training.job : '',
        ...(one.why === undefined ? {} : { lost: one.why }),
        rmse: scoreOf(one, 'rmse'),
        mae: scoreOf(one, 'mae'),
        crps: scoreOf(one, 'crps'),
        seconds: one.training ? one.training.seconds : 0,
      })),
      predictions,
    },
    message: `${best.candidate.name}: validation ${chooseBy.toUpperCase()} ${daysInWords(score, rows)}${competition ? `; ${competition.hazard} gains ${daysInWords(competition.gain.days, rows)} on ${competition.days} (${intervalInWords(competition.gain.confidence, rows)})` : ''}`,
  };
}

/** The best of hazards beside the best of days; undefined where only one kind takes part. */
function* competitionOf(plan: Plan, run: Run, order: readonly CandidateRun[]): Work<Competition | undefined> {
  const { chooseBy } = plan.settings.training;
  const able = order.filter((one) => scoreOf(one, chooseBy) !== null && scoreOf(one, 'crps') !== null);
  const namesOf = (some: readonly CandidateRun[]) => some.map(({ candidate }) => candidate.name);
  const hazards = namesOf(able.filter(({ candidate }) => isOfHazards(candidate)));
  const days = namesOf(able.filter(({ candidate }) => !isOfHazards(candidate)));
  if (hazards.length === 0 || days.length === 0) return undefined;
  const gain = yield* gainOf(plan, { run: run.id, which: 'TRUE' }, { hazards, days }, chooseBy);
  return { hazard: hazards[0] as string, days: days[0] as string, by: chooseBy, gain };
}

/**
 * Whichever kind is better. What a model of hazards costs to train has been spent by now, in this training as in the next, and
 * what it costs to ask, a line for each period, is far below what an endpoint can do. So nothing is saved by keeping to days where the gain
 * could be noise, and a gain is lost as often as it is hidden by noise: two thousand validation rows tell the CRPS of two models
 * apart to some .006 days, and hazards gain .01. Where a job can still be saved, after the look, the gain must be beyond noise.
 */
function winner({ hazard, days, gain }: Competition): string {
  return gain.days > 0 ? hazard : days;
}
