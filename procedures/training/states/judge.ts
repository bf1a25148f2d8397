import type { Model } from '../../../udfs/model.js';
import { forgetAnswers } from '../../fitting/answers.js';
import { referenceAndFingerprint } from '../../fitting/fingerprint.js';
import type { Plan } from '../../ground/plan.js';
import { Later, type Work } from '../../ground/work.js';
import { createEndpoint, endpointStatus, removeEndpoint, requireInService } from '../../jobs/endpoint.js';
import { evaluate } from '../../judging/evaluate.js';
import { fitHazardMultiplier } from '../../judging/hazard-multipliers.js';
import { calibrateDays, fitIntervals } from '../../judging/intervals.js';
import { fitLevels } from '../../judging/levels.js';
import { describeParticipants } from '../../judging/participants.js';
import { compareRefit, predictValidation, takeValidation } from '../../judging/predict-side.js';
import { defaultsToImpute, fitExplained } from '../../judging/references.js';
import { fitScale, isRelative } from '../../judging/scale.js';
import { usualOf } from '../../judging/usual.js';
import { daysInWords } from '../../publishing/rounding.js';
import { silenceInWords } from '../../versions/silence.js';
import { createReasons, createServing } from '../../versions/version-functions.js';
import type { Move } from '../machine.js';
import { plainModel, planOf, requireData, versionOfRun } from '../of-run.js';
import type { Run } from '../run.js';
import { stateAfterJudging } from '../stays/after.js';
import { prepareRefit, startRefit } from './refit.js';
import { findRival, measureBeside } from './rival.js';

/**
 * Puts the chosen model behind its own endpoint, and does not wait until that is in service: what the model is calibrated by is known. Says
 * who the version is made of, where the screening has not.
 */
export function* serve(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const { name, endpoint } = version;
  const { fingerprint, participants, model, metrics, refit } = run.data;
  const wanted = refit || model ? null : yield* prepareRefit(plan, run);
  // Written down before its job begins: who stops the run must find it.
  if (wanted) return { to: 'SERVE', data: { refit: wanted }, message: `${endpoint} is prepared` };
  if (refit && !refit.training && refit.lost === undefined) yield* startRefit(plan, run, refit);
  const status = yield* endpointStatus(endpoint);
  // One that failed stands in the way of the next of its name.
  if (status === 'Failed') yield* removeEndpoint(endpoint);
  if (status === 'Failed' || status === 'Deleting') throw new Later(`${endpoint}: Deleting`);
  if (status === undefined)
    yield* createEndpoint(plan, {
      name: endpoint,
      version: name,
      artifact: requireData(run, 'training').artifact,
    });
  const next = model ? 'JUDGE' : 'CALIBRATE';
  return {
    // A run that is gone on with may be calibrated already.
    to: metrics ? stateAfterJudging(plan, run) : next,
    data: {
      fingerprint: fingerprint || (yield* referenceAndFingerprint(plan, version)),
      participants: participants || (yield* describeParticipants(plan)),
    },
    message: `${endpoint} comes into service`,
  };
}

/** A model that is calibrated but for the levels of a long stay. */
interface CalibrationResult {
  readonly model: Model;
  /** Validation rows that it is calibrated on. */
  readonly rows: number;
}

/** Calibrates a version on the validation rows: what corrects its predictions, intervals, curves, levels of a long stay. */
export function* calibrate(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const raw = plainModel(plan, run);
  const { model, rows } = yield* raw.hazards
    ? calibrateHazards(plan, run, raw)
    : calibrateDaysModel(plan, run, raw);
  const levels = yield* fitLevels(plan, versionOfRun(plan, run));
  return {
    to: 'JUDGE',
    // Not before: a calibration that is made again takes them over again.
    also: () => forgetAnswers(plan, run.id),
    data: {
      model: levels === undefined ? model : { ...model, longStay: { ...longStayOf(plan), levels } },
      calibrationRows: rows,
    },
    message: `on ${rows} validation rows`,
  };
}

/**
 * Calibrates a model of days. It is known what it answered of the validation rows when it was chosen, so its endpoint is not waited for, unless its
 * days must be scaled or the answers are not kept any more.
 */
function* calibrateDaysModel(plan: Plan, run: Run, raw: Model): Work<CalibrationResult> {
  const version = versionOfRun(plan, run);
  const { validation } = requireData(run, 'split');
  const scaled = yield* withScale(plan, run, raw);
  const answered = { run: run.id, candidate: requireData(run, 'chosen').name };
  const taken = yield* takeValidation(plan, version, scaled, validation, answered);
  if (taken === 0) yield* requireInService(version.endpoint);
  const rows = taken > 0 ? taken : yield* predictValidationRows(plan, run, scaled);
  const longStay = longStayOf(plan);
  const fitted = yield* calibrateDays(plan, version, { version: raw.version, floor: raw.floor, longStay });
  return { model: { ...scaled, ...fitted, ...referencesOf(plan, raw), longStay }, rows };
}

/** Scales a model: what the intervals and the curve of relative errors are taken around must add up to the bed-days that there were. */
function* withScale(plan: Plan, run: Run, raw: Model): Work<Model> {
  if (!isRelative(requireData(run, 'chosen')) || plan.settings.training.chooseBy === 'mae') return raw;
  const version = versionOfRun(plan, run);
  yield* requireInService(version.endpoint);
  yield* createServing(plan, version, raw);
  const scale = yield* fitScale(plan, version, requireData(run, 'split').train);
  return scale === undefined ? raw : { ...raw, scale };
}

/**
 * A model of hazards is asked through its own external function, as the answers are not kept that its curves are made of. What
 * corrects its curves moves its days, and the intervals are taken around these; the curves are the model's own.
 */
function* calibrateHazards(plan: Plan, run: Run, raw: Model): Work<CalibrationResult> {
  const version = versionOfRun(plan, run);
  yield* requireInService(version.endpoint);
  const before = yield* predictValidationRows(plan, run, raw);
  const all = yield* fitHazardMultiplier(plan, version, requireData(run, 'split'));
  const paced: Model = all === 1 ? raw : { ...raw, paces: { all } };
  const rows = all === 1 ? before : yield* predictValidationRows(plan, run, paced);
  const intervals = yield* fitIntervals(plan, version, 'curve');
  const model = { ...paced, ...intervals, ...referencesOf(plan, raw), longStay: longStayOf(plan) };
  // Levels are cut on probabilities as they are served.
  yield* predictValidationRows(plan, run, model);
  return { model, rows };
}

/** Asks a model behind its endpoint for the validation rows. @returns how many it predicted */
function* predictValidationRows(plan: Plan, run: Run, model: Model): Work<number> {
  const version = versionOfRun(plan, run);
  yield* createServing(plan, version, model);
  return yield* predictValidation(plan, version, model, requireData(run, 'split').validation);
}

function longStayOf({ settings }: Plan): Model['longStay'] & object {
  return { days: settings.training.longStayDays };
}

/** The values that reasons compare with. */
function referencesOf({ contract }: Plan, { features }: Model): Pick<Model, 'references' | 'standIns'> {
  return { references: usualOf(features), standIns: defaultsToImpute(contract) };
}

/**
 * Says among which features a version whose endpoint is in service looks for reasons, and measures it on the holdout through its own
 * external function; beside it answers the champion, if there is one that does.
 */
export function* judgeVersion(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const calibrated = requireData(run, 'model');
  yield* requireInService(version.endpoint);
  const rival = yield* findRival(plan, run);
  // Also of hazards: the levels were not known when it was asked for its calibration.
  yield* createServing(plan, version, calibrated);
  const explained = yield* fitExplained(plan, version, calibrated, calibrated.references || {});
  const model: Model = { ...calibrated, explained };
  yield* createReasons(plan, version, model);
  const { champion, silent } = yield* measureBeside(plan, version, model, rival, run);
  const metrics = yield* evaluate(plan, version, {
    before: champion ? champion.version : null,
    calibrationRows: requireData(run, 'calibrationRows'),
  });
  return {
    to: stateAfterJudging(plan, run),
    data: { metrics, model, silent },
    message: `RMSE ${daysInWords(metrics.rmse, metrics.rows)}, MAE ${daysInWords(metrics.mae, metrics.rows)} days on ${metrics.rows} stays it never saw${silent ? `; ${silenceInWords(silent)}, so ${version.name} was judged on its own` : ''}`,
  };
}

/** Holds what the refit answers about holdout rows, once it is in service, against what the model answered that was judged on them. */
export function* checkRefit(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  yield* requireInService(version.endpoint);
  const refit = yield* compareRefit(plan, version, requireData(run, 'split').holdout);
  return {
    to: 'ENTER',
    data: { metrics: { ...requireData(run, 'metrics'), refit } },
    message: `${version.endpoint} answers from the model that was fitted to all ended stays`,
  };
}
