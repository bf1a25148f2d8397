import type { FeatureCode } from '../../../udfs/encoding/encoding.js';
import type { Hazards } from '../../../udfs/model.js';
import { isOfHazards } from '../../fitting/candidates.js';
import { hazardLines } from '../../fitting/hazard-files.js';
import type { SplitResult } from '../../fitting/split.js';
import {
  addressOf,
  type OtherSide,
  type Side,
  trainingRowsSql,
  unload,
} from '../../fitting/training-file.js';
import type { Plan } from '../../ground/plan.js';
import { Later, type Work } from '../../ground/work.js';
import { createEndpoint, endpointStatus, removeEndpoint } from '../../jobs/endpoint.js';
import { JobLost } from '../../jobs/lost.js';
import {
  jobName,
  nameAgain,
  startTraining,
  type TrainingResult,
  trainingOf,
} from '../../jobs/training-job.js';
import type { Version } from '../../versions/version.js';
import type { Move } from '../machine.js';
import { planOf, requireData, versionOfRun } from '../of-run.js';
import type { RefitRun, Run } from '../run.js';

/** Patients of one of the sixteen folds stop the rounds of a refit. */
const STOPPING = "ROW_FOLD = 'f'";
const EVERY = 'TRUE';

/**
 * Prepares the rows that the chosen candidate is fitted to once more, written before its job begins.
 * @returns null where the settings, or those of a version that is repeated, want none
 */
export function* prepareRefit(plan: Plan, run: Run): Work<RefitRun | null> {
  if (!plan.settings.training.refit) return null;
  const version = versionOfRun(plan, run);
  const chosen = requireData(run, 'chosen');
  const { hazards } = run.data;
  const stops = chosen.hyperparameters.early_stopping_rounds !== undefined;
  return {
    job: jobName(version.endpoint, 'refit', run.data.stamp),
    location: yield* writeRefitFiles(
      plan,
      version,
      requireData(run, 'features'),
      requireData(run, 'split'),
      hazards && isOfHazards(chosen) ? hazards.hazards : null,
      stops,
    ),
    stops,
  };
}

/** Begins the refit's job; begun already, it is what was wanted. */
export function* startRefit(plan: Plan, run: Run, { job, location, stops }: RefitRun): Work<void> {
  const chosen = requireData(run, 'chosen');
  yield* startTraining(
    plan,
    {
      version: versionOfRun(plan, run).name,
      location,
      weighted: isOfHazards(chosen) || requireData(run, 'split').weighted,
    },
    { name: job, hyperparameters: chosen.hyperparameters, validated: stops },
  );
}

/**
 * Puts the refit behind the version's endpoint, in the place of the model that was judged. A refit whose job is lost is done without: then
 * that model serves, and the run says so.
 */
export function* refit(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const one = run.data.refit;
  if (!one || one.lost !== undefined) return { to: 'ENTER' };
  if (one.serves) return { to: 'CHECK_REFIT' };
  if (one.training) return yield* takeOver(plan, run, one, one.training);
  let trained: TrainingResult | 'training' | 'unknown';
  try {
    trained = yield* trainingOf(one.job);
  } catch (error) {
    if (!(error instanceof JobLost)) throw error;
    const { message } = error;
    if (!error.internal || one.again)
      return {
        to: 'ENTER',
        data: { refit: { ...one, lost: message } },
        message: `not fitted once more: ${message}`,
      };
    const job = nameAgain(one.job, run.data.stamp);
    return { to: 'REFIT', data: { refit: { ...one, job, again: true } }, message };
  }
  if (trained === 'unknown') yield* startRefit(plan, run, one);
  if (typeof trained === 'string') throw new Later(`${one.job} is being trained`);
  return {
    to: 'REFIT',
    data: { refit: { ...one, training: trained } },
    message: 'trained on all ended stays',
  };
}

/**
 * The endpoint keeps its name, which the version's functions know, so the first one has to go first. That it has is written down before
 * the next is made, which a step that is done twice would take for the first.
 */
function* takeOver(plan: Plan, run: Run, one: RefitRun, training: TrainingResult): Work<Move> {
  const { name, endpoint } = versionOfRun(plan, run);
  if (!one.cleared) {
    const status = yield* endpointStatus(endpoint);
    if (status === undefined)
      return { to: 'REFIT', data: { refit: { ...one, cleared: true } }, message: `${endpoint} has gone` };
    if (status !== 'Deleting') yield* removeEndpoint(endpoint);
    throw new Later(`${endpoint}: Deleting`);
  }
  yield* createEndpoint(plan, { name: endpoint, version: name, artifact: training.artifact });
  return {
    to: 'CHECK_REFIT',
    data: { training, refit: { ...one, serves: true, judge: requireData(run, 'training').job } },
    billed: training.billed,
    message: `${endpoint} comes into service with the model that was fitted to all ended stays`,
  };
}

/**
 * Writes what the chosen candidate is fitted to once more, while the first fit is calibrated and judged: the rows of every side, the newest
 * among them, and of hazards also those of patients who are still admitted (fitting/cohort.ts). A version that learned from the oldest four
 * fifths alone is months old when it begins to serve.
 *
 * No procedure can read how many rounds early stopping took. So a sixteenth of the patients, of all months, stops the rounds of the refit
 * as the validation rows stopped those of the first fit: with known rounds, scaled by the rows, it is as good (bench/notes/curve.md).
 * @param hazards periods, of a model of hazards; null: it is one of days
 * @param stops whether the candidate stops early; else every row is learned from
 * @returns the folder's s3:// address; train/ is in it, and validation/ where rows stop it
 */
function* writeRefitFiles(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'weighted' | 'unsettled'>,
  hazards: Hazards | null,
  stops: boolean,
): Work<string> {
  const folder = `${version.folder}/refit`;
  // Who has not left yet stands for itself then, and no other stay for it.
  const isWhole = hazards !== null && split.unsettled === true;
  const select = (side: Side | OtherSide, condition: string) =>
    trainingRowsSql(plan, features, side, split, condition, isWhole ? '1' : 'ROW_WEIGHT');
  const write = function* (channel: 'train' | 'validation', condition: string): Work<void> {
    const path = `${folder}/${channel}`;
    const rows = (['train', 'others', ...(isWhole ? (['late'] as const) : [])] as const)
      .map((side) => select(side, condition))
      .join('\n  UNION ALL ');
    if (!hazards) return yield* unload(plan, path, `SELECT LINE FROM (${rows}) ORDER BY CASE_ID`);
    yield* unload(plan, path, yield* hazardLines(plan, rows, hazards, EVERY));
    if (isWhole)
      yield* unload(
        plan,
        path,
        yield* hazardLines(plan, select('open', condition), hazards, EVERY, false),
        'open',
      );
  };
  yield* write('train', stops ? `NOT ${STOPPING}` : EVERY);
  if (stops) yield* write('validation', STOPPING);
  return addressOf(plan, folder);
}
