import type { Model } from '../../../udfs/model.js';
import { forgetAnswers } from '../../fitting/answers.js';
import { referenceAndFingerprint } from '../../fitting/fingerprint.js';
import type { Plan } from '../../ground/plan.js';
import { Later, type Work } from '../../ground/work.js';
import { createEndpoint, endpointStatus, removeEndpoint, requireInService } from '../../jobs/endpoint.js';
import { evaluate } from '../../judging/evaluate.js';
import { calibrateDays, fitIntervals, type Intervals } from '../../judging/intervals.js';
import { fitLevels } from '../../judging/levels.js';
import { fitGroupPaces, fitPace } from '../../judging/paces.js';
import { describeParticipants } from '../../judging/participants.js';
import { predictHoldout, predictValidation, takeValidation } from '../../judging/predict-side.js';
import { fitExplained, standInsOf } from '../../judging/references.js';
import { fitScale, isRelative } from '../../judging/scale.js';
import { usualOf } from '../../judging/usual.js';
import { servingChampion } from '../../versions/serving-champion.js';
import { createReasons, createServing } from '../../versions/version-functions.js';
import type { Move } from '../machine.js';
import { plainModel, planOf, requireData, versionOfRun } from '../of-run.js';
import type { Run } from '../run.js';

/**
 * Puts the chosen model behind its own endpoint, and does not wait until that is in service: what the model is calibrated by is known. Says
 * who the version is made of, where the screening has not.
 */
export function* serve(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const { name, endpoint } = version;
  const { fingerprint, participants, model } = run.data;
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
  return {
    // A run that is gone on with may be calibrated already.
    to: model ? 'JUDGE' : 'CALIBRATE',
    data: {
      fingerprint: fingerprint || (yield* referenceAndFingerprint(plan, version)),
      participants: participants || (yield* describeParticipants(plan)),
    },
    message: `${endpoint} comes into service`,
  };
}

/**
 * Calibrates a version on the validation rows. Of a model of days it is known what it answered of them when it was chosen, so nobody waits
 * for its endpoint, unless its days must be scaled; a model of hazards is asked through its own external function, for nobody keeps the answers that
 * its curves are made of.
 */
export function* calibrate(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const split = requireData(run, 'split');
  const { chosen } = run.data;
  const { longStayDays: days, chooseBy } = plan.settings.training;
  const scaled = chosen && isRelative(chosen) && chooseBy !== 'mae';
  let plain = plainModel(plan, run);
  const serving = function* (model: Model) {
    yield* createServing(plan, version, model);
    return yield* predictValidation(plan, version, model, split.validation);
  };
  if (plain.hazards || scaled) yield* requireInService(version.endpoint);
  if (scaled) {
    yield* createServing(plan, version, plain);
    // What the intervals and the curve are taken around must add up to the bed-days that there were.
    const scale = yield* fitScale(plan, version, split.train);
    if (scale !== undefined) plain = { ...plain, scale };
  }
  let calibrationRows = 0;
  if (chosen && !plain.hazards) {
    const answered = { run: run.id, candidate: chosen.name };
    calibrationRows = yield* takeValidation(plan, version, plain, split.validation, answered);
  }
  if (calibrationRows === 0) {
    if (!plain.hazards) yield* requireInService(version.endpoint);
    calibrationRows = yield* serving(plain);
  }
  // What corrects its curves moves the days of a model of hazards, and the intervals are taken around these.
  if (plain.hazards) {
    const groups = yield* fitGroupPaces(plan, version);
    if (groups.length > 0) {
      plain = { ...plain, paces: { all: 1, groups } };
      yield* createServing(plan, version, plain);
    }
    const all = yield* fitPace(plan, version, split);
    if (all !== 1) plain = { ...plain, paces: { all, groups } };
    if (plain.paces) calibrationRows = yield* serving(plain);
  }
  // The curves of hazards are the model's own.
  const { spread, ...intervals }: Intervals & Pick<Model, 'spread'> = plain.hazards
    ? yield* fitIntervals(plan, version, 'curve')
    : yield* calibrateDays(plan, version, {
        version: plain.version,
        floor: plain.floor,
        longStay: { days },
      });
  const standIns = standInsOf(plan.contract);
  const curved = {
    ...plain,
    ...intervals,
    longStay: { days },
    spread,
    references: usualOf(plain.features),
    standIns,
  };
  // Levels are cut on probabilities as they are served.
  if (plain.hazards) yield* serving(curved);
  const levels = yield* fitLevels(plan, version);
  return {
    to: 'JUDGE',
    // Not before: a calibration that is made again takes them over again.
    also: () => forgetAnswers(plan, run.id),
    data: {
      model: levels === undefined ? curved : { ...curved, longStay: { days, levels } },
      calibrationRows,
    },
    message: `on ${calibrationRows} validation rows`,
  };
}

/**
 * Says among which features a version whose endpoint is in service looks for reasons, and measures it on the holdout through its own
 * external function; beside it answers the champion, if there is one.
 */
export function* judgeVersion(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const calibrated = requireData(run, 'model');
  yield* requireInService(version.endpoint);
  // Also of hazards: the levels were not known when it was asked for its calibration.
  yield* createServing(plan, version, calibrated);
  const explained = yield* fitExplained(plan, version, calibrated, calibrated.references || {});
  const model: Model = { ...calibrated, explained };
  yield* createReasons(plan, version, model);
  const before = yield* servingChampion(plan);
  yield* predictHoldout(plan, version, model, before);
  const metrics = yield* evaluate(plan, version, {
    before: before ? before.version : null,
    calibrationRows: requireData(run, 'calibrationRows'),
  });
  return {
    to: 'ENTER',
    data: { metrics, model },
    message: `RMSE ${metrics.rmse.toFixed(3)}, MAE ${metrics.mae.toFixed(3)} days on ${metrics.rows} stays it never saw`,
  };
}
