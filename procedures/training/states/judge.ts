import type { Model } from '../../../udfs/model.js';
import { forgetAnswers } from '../../fitting/answers.js';
import { referenceAndFingerprint } from '../../fitting/fingerprint.js';
import type { Plan } from '../../ground/plan.js';
import type { Work } from '../../ground/work.js';
import { createEndpoint, endpointStatus, requireInService } from '../../jobs/endpoint.js';
import { evaluate } from '../../judging/evaluate.js';
import { calibrateDays, fitIntervals, type Intervals } from '../../judging/intervals.js';
import { fitLevels } from '../../judging/levels.js';
import { fitGroupPaces, fitPace } from '../../judging/paces.js';
import { describeParticipants } from '../../judging/participants.js';
import { predictHoldout, predictValidation, takeValidation } from '../../judging/predict-side.js';
import { fitExplained, fitReferences, standInsOf } from '../../judging/references.js';
import { fitScale, isRelative } from '../../judging/scale.js';
import { servingChampion } from '../../versions/serving-champion.js';
import { createServing } from '../../versions/version-functions.js';
import type { Move } from '../machine.js';
import { known, plainModel, planOf, versionOfRun } from '../of-run.js';
import type { Run } from '../run.js';

/** Puts the chosen model behind its own endpoint. While that comes into service, it says who the version is made of. */
export function* serve(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const { name, endpoint } = version;
  const status = yield* endpointStatus(endpoint);
  if (status === undefined)
    yield* createEndpoint(plan, { name: endpoint, version: name, artifact: known(run, 'training').artifact });
  if (!run.data.references)
    return {
      to: 'SERVE',
      data: {
        // Known where features were selected.
        fingerprint: run.data.fingerprint || (yield* referenceAndFingerprint(plan, version)),
        participants: yield* describeParticipants(plan),
        references: yield* fitReferences(plan, known(run, 'features')),
      },
      message: `${endpoint} comes into service`,
    };
  if (status !== 'InService') yield* requireInService(endpoint);
  return { to: 'CALIBRATE', message: `${endpoint} is in service` };
}

/**
 * Calibrates a version whose endpoint is in service on the validation rows: what it answered of them when it was chosen. Of
 * a model of hazards what its own external function says, for nobody keeps the answers that its curves are made of.
 */
export function* calibrate(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const split = known(run, 'split');
  let plain = plainModel(plan, run);
  const { chosen } = run.data;
  const asked = function* () {
    yield* createServing(plan, version, plain);
    if (chosen && !plain.hazards) {
      const answered = { run: run.id, candidate: chosen.name };
      const rows = yield* takeValidation(plan, version, plain, split.validation, answered);
      if (rows > 0) return rows;
    }
    return yield* predictValidation(plan, version, plain, split.validation);
  };
  let calibrationRows = yield* asked();
  // What the intervals and the curve are taken around must add up to the bed-days that there were.
  const scale =
    chosen && isRelative(chosen) && plan.settings.training.chooseBy !== 'mae'
      ? yield* fitScale(plan, version, split.train)
      : undefined;
  if (scale !== undefined) {
    plain = { ...plain, scale };
    calibrationRows = yield* asked();
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
    if (plain.paces) calibrationRows = yield* asked();
  }
  const { longStayDays: days } = plan.settings.training;
  // The curves of hazards are the model's own.
  const { spread, ...intervals }: Intervals & Pick<Model, 'spread'> = plain.hazards
    ? yield* fitIntervals(plan, version, 'curve')
    : yield* calibrateDays(plan, version, {
        version: plain.version,
        floor: plain.floor,
        longStay: { days },
      });
  const references = run.data.references || (yield* fitReferences(plan, plain.features));
  const explained = yield* fitExplained(plan, version, plain, references);
  const standIns = standInsOf(plan.contract);
  const curved = { ...plain, ...intervals, longStay: { days }, spread, references, standIns, explained };
  // Levels are cut on probabilities as they are served.
  if (plain.hazards) {
    yield* createServing(plan, version, curved);
    yield* predictValidation(plan, version, curved, split.validation);
  }
  const levels = yield* fitLevels(plan, version);
  const model: Model = levels === undefined ? curved : { ...curved, longStay: { days, levels } };
  yield* createServing(plan, version, model);
  return {
    to: 'JUDGE',
    // Not before: a calibration that is made again takes them over again.
    also: () => forgetAnswers(plan, run.id),
    data: { model, calibrationRows },
    message: `on ${calibrationRows} validation rows`,
  };
}

/** Measures the version on the holdout through its own external function; beside it answers the champion, if there is one. */
export function* judgeVersion(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const before = yield* servingChampion(plan);
  yield* predictHoldout(plan, version, known(run, 'model'), before);
  const metrics = yield* evaluate(plan, version, {
    before: before ? before.version : null,
    calibrationRows: known(run, 'calibrationRows'),
  });
  return {
    to: 'ENTER',
    data: { metrics },
    message: `RMSE ${metrics.rmse.toFixed(3)}, MAE ${metrics.mae.toFixed(3)} days on ${metrics.rows} stays it never saw`,
  };
}
