import { datasetNames } from '../../dataset/names.js';
import { type Candidate, isOfHazards } from '../../fitting/candidates.js';
import { type Sample, writeHazardFiles } from '../../fitting/hazard-files.js';
import { hashBelow } from '../../fitting/split.js';
import { writeTrainingFiles } from '../../fitting/training-file.js';
import { flatMap } from '../../ground/lists.js';
import { qualify } from '../../ground/names.js';
import type { Plan } from '../../ground/plan.js';
import { queryFirst, type Work } from '../../ground/work.js';
import { jobName } from '../../jobs/training-job.js';
import { advanceAll, progressMessage, secondsBilled } from '../candidate-runs.js';
import type { Move } from '../machine.js';
import { planOf, requireData, versionOfRun } from '../of-run.js';
import { scoreOf } from '../ranking.js';
import type { CandidateRun, LearningPoint, Run } from '../run.js';

/** Parts of the training rows; all of them are what the chosen candidate was trained on. */
const PARTS = [8, 4, 2] as const;

/**
 * Trains the chosen candidate once more on an eighth, a quarter and half of the training rows, and has each predict the same
 * validation rows: whether more admissions would make it better. The encoder is that of all training rows.
 */
export function* learn(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const before = run.data.learning;
  // Written down before any job begins: who stops the run must find them all.
  if (!before) return { to: 'LEARN', data: { learning: yield* learners(plan, run) } };
  const { runs, done } = yield* advanceAll(plan, run, before);
  const message = progressMessage(runs);
  if (!done) return { to: 'LEARN', data: { learning: runs }, message };
  return {
    to: 'SERVE',
    data: { learning: runs, learned: yield* pointsOf(plan, run, runs) },
    billed: secondsBilled(runs),
    message,
  };
}

function* learners(plan: Plan, run: Run): Work<CandidateRun[]> {
  const chosen = requireData(run, 'chosen');
  const made: CandidateRun[] = [];
  for (const part of PARTS)
    made.push({
      candidate: { ...chosen, name: `${chosen.name}, 1/${part} of the rows` },
      job: jobName(versionOfRun(plan, run).endpoint, `part-${part}`, run.data.stamp),
      stage: 'waiting',
      location: yield* writeFiles(plan, run, chosen, part),
    });
  return made;
}

/** A smaller part is in every larger one. */
function rowsOf(part: number, id: string): string {
  return hashBelow(id, 1 / part, 'sample');
}

function* writeFiles(plan: Plan, run: Run, chosen: Candidate, part: number): Work<string> {
  const version = versionOfRun(plan, run);
  const [features, split] = [requireData(run, 'features'), requireData(run, 'split')];
  const folder = `part-${part}`;
  const sample: Sample = { train: rowsOf(part, 'CASE_ID'), validation: 'TRUE' };
  if (!isOfHazards(chosen)) return yield* writeTrainingFiles(plan, version, features, split, folder, sample);
  const ofHazards = requireData(run, 'hazards');
  if (!ofHazards) throw new Error(`The run ${run.id} has no periods for ${chosen.name}`);
  return yield* writeHazardFiles(plan, version, features, split, ofHazards.hazards, folder, sample);
}

/** The curve: how many rows, and how well the validation rows were predicted from them; the whole last. */
function* pointsOf(
  { contract, settings }: Plan,
  run: Run,
  learned: readonly CandidateRun[],
): Work<LearningPoint[]> {
  const counts = yield* queryFirst(
    `SELECT ${PARTS.map((part) => `COUNT_IF(${rowsOf(part, contract.id)}) AS PART_${part}`).join(', ')}
FROM ${qualify(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'train'`,
  );
  const points = flatMap(PARTS, (part, i): LearningPoint[] => {
    const one = learned[i] as CandidateRun;
    return one.stage === 'lost' ? [] : [{ rows: Number(counts?.[`PART_${part}`]), ...scoresOf(one) }];
  });
  const chosen = requireData(run, 'chosen').name;
  const whole = requireData(run, 'results').find(({ name }) => name === chosen);
  return whole
    ? points.concat({
        rows: requireData(run, 'split').train,
        rmse: whole.rmse,
        mae: whole.mae,
        crps: whole.crps === undefined ? null : whole.crps,
      })
    : points;
}

/** One that diverged has none: a number made of null would be 0, the best of all. */
function scoresOf(one: CandidateRun): Omit<LearningPoint, 'rows'> {
  return { rmse: scoreOf(one, 'rmse'), mae: scoreOf(one, 'mae'), crps: scoreOf(one, 'crps') };
}
