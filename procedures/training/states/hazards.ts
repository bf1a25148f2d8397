import { isBeyondNoise } from '../../fitting/candidate-scores.js';
import { isOfHazards } from '../../fitting/candidates.js';
import type { Plan } from '../../ground/plan.js';
import type { Work } from '../../ground/work.js';
import { daysInWords, intervalInWords } from '../../publishing/rounding.js';
import { advanceAll, candidateRun, progressMessage, secondsBilled } from '../candidate-runs.js';
import { candidatesOf, PILOT_ROWS, pilotGain, writeAllHazards } from '../hazards.js';
import type { Move } from '../machine.js';
import { planOf, requireData } from '../of-run.js';
import type { Run } from '../run.js';

/** Compares the pilots, and adds models of hazards to the candidates where these promise something beyond noise. */
export function* comparePilots(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const [hazards, candidates] = [requireData(run, 'hazards'), requireData(run, 'candidateRuns')];
  if (!hazards?.pilot) throw new Error(`The run ${run.id} has no pilots`);
  const lost = requireData(run, 'pilots').filter(({ stage }) => stage === 'lost');
  if (lost.length > 0)
    return {
      to: 'CHOOSE',
      message: `hazards are not trained on all rows, as a pilot was lost: ${lost.map(({ why }) => why).join(' ')}`,
    };
  const gain = yield* pilotGain(plan, run, hazards.pilot.sample);
  const compared = { ...hazards, pilot: { ...hazards.pilot, gain } };
  const rows = Math.min(PILOT_ROWS.validation, requireData(run, 'split').validation);
  const found = `on a sample, hazards gain ${daysInWords(gain.days, rows)} days of CRPS (${intervalInWords(gain.confidence, rows)})`;
  if (!isBeyondNoise(gain))
    return {
      to: 'CHOOSE',
      data: { hazards: compared },
      message: `${found}: not worth training on all rows`,
    };
  const location = hazards.location || (yield* writeAllHazards(plan, run, hazards));
  const before = candidates.length + requireData(run, 'pilots').length;
  const more = (yield* candidatesOf(plan, run))
    .filter(isOfHazards)
    .map((candidate, i) => candidateRun(plan, run, candidate, before + i + 1, { location }));
  return {
    to: 'TRAIN_HAZARDS',
    data: { candidateRuns: [...candidates, ...more], hazards: { ...compared, location } },
    message: `${found}: trained on all rows`,
  };
}

/** Trains the models of hazards on all rows, and has them predict the validation rows like the other candidates. */
export function* trainHazards(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { runs, done } = yield* advanceAll(plan, run, requireData(run, 'candidateRuns'));
  const progress = { data: { candidateRuns: runs }, message: progressMessage(runs) };
  if (!done) return { to: 'TRAIN_HAZARDS', ...progress };
  return {
    to: 'CHOOSE',
    billed: secondsBilled(runs.filter(({ candidate }) => isOfHazards(candidate))),
    ...progress,
  };
}
