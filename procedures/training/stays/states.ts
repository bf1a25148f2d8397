import type { Plan } from '../../ground/plan.js';
import { Later, Refused, type Work } from '../../ground/work.js';
import { createEndpoint, endpointStatus, removeEndpoint, requireInService } from '../../jobs/endpoint.js';
import { JobLost } from '../../jobs/lost.js';
import {
  jobName,
  nameAgain,
  startTraining,
  type TrainingResult,
  trainingOf,
} from '../../jobs/training-job.js';
import { chooseEvents } from '../../mornings/codes.js';
import { collectDays } from '../../mornings/days.js';
import { fitRestPeriods, type StayFiles, writeStayFiles, writeStayRefit } from '../../mornings/files.js';
import { STAY_HYPERPARAMETERS } from '../../mornings/hyperparameters.js';
import { fitStayIntervals, judgeDays, openAnswers, predictDays } from '../../mornings/judging.js';
import { daysInWords, intervalInWords } from '../../publishing/rounding.js';
import { createStayEncoder, createStayServing, dropStayFunctions } from '../../versions/version-functions.js';
import type { Move } from '../machine.js';
import { planOf, requireData, versionOfRun } from '../of-run.js';
import type { Run, StayJob, StayRun } from '../run.js';
import { stateAfterStays } from './after.js';
import { stayModel } from './model.js';

/** Mornings of a side with which nothing is fitted or judged. */
const FEWEST_DAYS = 200;

/** The version goes on without a model of stays. @param why as a sentence */
function without(run: Run, stay: Partial<StayRun>, why: string): Move {
  return { to: stateAfterStays(run), data: { stay: { ...run.data.stay, ...stay, none: why } }, message: why };
}

/** The same job under another name, where SageMaker itself has failed for the first time; undefined: the run goes on without it. */
function tryAgain(run: Run, key: StayJob, error: unknown): Move | undefined {
  const stay = requireData(run, 'stay');
  const [name, again] = [stay[key], stay.again || []];
  if (!(error instanceof JobLost && error.internal) || name === undefined || again.indexOf(key) >= 0)
    return undefined;
  const next = { [key]: nameAgain(name, run.data.stamp), again: [...again, key] };
  return { to: run.state, data: { stay: { ...stay, ...next } }, message: error.message };
}

/** Collects the mornings of the stays, chooses what of their events is read, and writes the files of a model of them. */
export function* stayRows(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const before = run.data.stay;
  // One that is gone on with.
  if (before?.none !== undefined) return { to: stateAfterStays(run) };
  if (before?.metrics) return { to: 'STAY_REFIT' };
  const version = versionOfRun(plan, run);
  // Of an earlier try, which has learned from other files.
  const status = yield* endpointStatus(version.stayEndpoint);
  if (status !== undefined && status !== 'Deleting') yield* removeEndpoint(version.stayEndpoint);
  if (status !== undefined) throw new Later(`${version.stayEndpoint}: Deleting`);
  const days = yield* collectDays(plan);
  const fewest = Math.min(days.train, days.validation, days.holdout);
  if (fewest < FEWEST_DAYS)
    return without(
      run,
      { days },
      `Only ${fewest} mornings of stays are on a side: no model is fitted to them`,
    );
  const events = yield* chooseEvents(plan, days.train);
  if (events.length === 0)
    return without(run, { days }, 'No event tells anything of the rest of a stay: none is read');
  const hazards = yield* fitRestPeriods(plan);
  if (!hazards) return without(run, { days, events }, 'The rests of stays cannot be divided into periods');
  const stay: StayRun = {
    days,
    events,
    hazards,
    job: jobName(version.endpoint, 'stay', run.data.stamp),
    refitJob: jobName(version.endpoint, 'stay-refit', run.data.stamp),
  };
  yield* createStayEncoder(plan, version, stayModel(plan, run, stay));
  const files = filesOf(run, stay);
  const location = yield* writeStayFiles(plan, version, files);
  const refitLocation = plan.settings.training.refit
    ? yield* writeStayRefit(plan, version, files)
    : undefined;
  return {
    to: 'STAY_TRAIN',
    data: { stay: { ...stay, location, ...(refitLocation && { refitLocation }) } },
    message: `${days.train} mornings, ${events.length} events`,
  };
}

function filesOf(run: Run, { hazards }: StayRun): StayFiles {
  if (!hazards) throw new Error(`The run ${run.id} has no periods of rests`);
  return { features: requireData(run, 'features'), split: requireData(run, 'split'), hazards };
}

/** Trains the model of stays, and puts it behind an endpoint of its own. One whose job is lost is done without. */
export function* stayTrain(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const stay = requireData(run, 'stay');
  try {
    const training = stay.training || (yield* awaitJob(plan, run, stay.job, stay.location));
    if (typeof training === 'string') throw new Later(`${stay.job} is being trained`);
    yield* putInService(plan, version.stayEndpoint, version.name, training.artifact);
    return {
      to: 'STAY_JUDGE',
      data: { stay: { ...stay, training } },
      billed: training.billed,
      message: `${version.stayEndpoint} comes into service`,
    };
  } catch (error) {
    // A quota that is used up for a second endpoint must not keep away the version that predicts on admission.
    if (!(error instanceof Refused)) throw error;
    const again = tryAgain(run, 'job', error);
    if (again) return again;
    yield* removeEndpoint(version.stayEndpoint);
    return without(run, {}, `${error.message} ${error.next}`);
  }
}

/** Begins a job that SageMaker does not know yet. */
function* awaitJob(
  plan: Plan,
  run: Run,
  name: string | undefined,
  location: string | undefined,
): Work<TrainingResult | 'training' | 'unknown'> {
  if (name === undefined || location === undefined)
    throw new Error(`The run ${run.id} has no files of its model of stays`);
  const trained = yield* trainingOf(name);
  if (trained === 'unknown')
    yield* startTraining(
      plan,
      { version: versionOfRun(plan, run).name, location, weighted: true },
      { name, hyperparameters: STAY_HYPERPARAMETERS },
    );
  return trained;
}

function* putInService(plan: Plan, name: string, version: string, artifact: string): Work<void> {
  const status = yield* endpointStatus(name);
  if (status === 'Failed') yield* removeEndpoint(name);
  if (status === 'Failed' || status === 'Deleting') throw new Later(`${name}: Deleting`);
  if (status === undefined) yield* createEndpoint(plan, { name, version, artifact });
}

/**
 * Calibrates the model of stays on the mornings that validate, and measures it on those of the holdout beside what the admission's curve
 * says of patients who are still in. Where it gains nothing beyond chance, it does not serve, and its endpoint goes.
 */
export function* stayJudge(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const stay = requireData(run, 'stay');
  const days = stay.days as NonNullable<StayRun['days']>;
  yield* requireInService(version.stayEndpoint);
  yield* requireInService(version.endpoint);
  const raw = stayModel(plan, run, stay);
  yield* openAnswers(plan);
  yield* createStayServing(plan, version, raw);
  yield* predictDays(plan, version, 'validation', days.validation, false);
  const { mornings, ...intervals } = yield* fitStayIntervals(plan);
  const model = { ...raw, ...intervals };
  yield* createStayServing(plan, version, model);
  yield* predictDays(plan, version, 'holdout', days.holdout, true);
  const metrics = yield* judgeDays(plan);
  const found = `${daysInWords(metrics.gain, metrics.stays)} days of CRPS (${intervalInWords(metrics.confidence, metrics.stays)})`;
  if (metrics.from === null) {
    yield* dropStayFunctions(plan, version);
    yield* removeEndpoint(version.stayEndpoint);
    return without(
      run,
      { metrics, calibrated: mornings },
      `Events gain ${found} beside what the admission's curve says of patients still in, which is not beyond chance: that serves`,
    );
  }
  return {
    to: 'STAY_REFIT',
    data: { stay: { ...stay, model, metrics, calibrated: mornings } },
    message: `from day ${metrics.from} of a stay on, events gain ${found}`,
  };
}

/** Puts what was fitted to the mornings of every side behind the endpoint, in the place of what was judged. */
export function* stayRefit(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const stay = requireData(run, 'stay');
  const { stayEndpoint } = version;
  if (!stay.refitLocation || stay.refitLost !== undefined) {
    yield* putInService(plan, stayEndpoint, version.name, (stay.training as TrainingResult).artifact);
    yield* requireInService(stayEndpoint);
    return { to: stateAfterStays(run), message: `${stayEndpoint} answers` };
  }
  try {
    if (!stay.refitTraining) {
      const trained = yield* awaitJob(plan, run, stay.refitJob, stay.refitLocation);
      if (typeof trained === 'string') throw new Later(`${stay.refitJob} is being trained`);
      return {
        to: 'STAY_REFIT',
        data: { stay: { ...stay, refitTraining: trained } },
        billed: trained.billed,
        message: 'trained on the mornings of every side',
      };
    }
  } catch (error) {
    if (!(error instanceof JobLost)) throw error;
    const again = tryAgain(run, 'refitJob', error);
    if (again) return again;
    return {
      to: 'STAY_REFIT',
      data: { stay: { ...stay, refitLost: error.message } },
      message: `not fitted once more: ${error.message}`,
    };
  }
  if (!stay.cleared) {
    const status = yield* endpointStatus(stayEndpoint);
    if (status === undefined)
      return {
        to: 'STAY_REFIT',
        data: { stay: { ...stay, cleared: true } },
        message: `${stayEndpoint} has gone`,
      };
    if (status !== 'Deleting') yield* removeEndpoint(stayEndpoint);
    throw new Later(`${stayEndpoint}: Deleting`);
  }
  yield* putInService(plan, stayEndpoint, version.name, stay.refitTraining.artifact);
  yield* requireInService(stayEndpoint);
  return { to: stateAfterStays(run), message: `${stayEndpoint} answers from what was fitted to every side` };
}
