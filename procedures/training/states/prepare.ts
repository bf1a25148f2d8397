import { isKnown, leakRefusal } from '../../dataset/leak.js';
import { forgetAnswers, loadAnswers } from '../../fitting/answers.js';
import { fitEncoder } from '../../fitting/encoder.js';
import { referenceAndFingerprint } from '../../fitting/fingerprint.js';
import {
  endScreening,
  permutationErrors,
  permutationPath,
  writePermutedLines,
  writeScreeningFiles,
} from '../../fitting/screening.js';
import {
  describeSuspect,
  SCREEN_HYPERPARAMETERS,
  screenRows,
  selectFeatures,
} from '../../fitting/selection.js';
import { addressOf, encodeValues, requireOneFile, writeTrainingFiles } from '../../fitting/training-file.js';
import type { Plan } from '../../ground/plan.js';
import { Later, type Work } from '../../ground/work.js';
import { createModel, removeModel } from '../../jobs/endpoint.js';
import { JobLost } from '../../jobs/lost.js';
import { startTraining, trainingOf } from '../../jobs/training-job.js';
import { startTransform, transformOf } from '../../jobs/transform-job.js';
import { describeParticipants } from '../../judging/participants.js';
import { rareDefaults, withUsual } from '../../judging/usual.js';
import { createEncoder } from '../../versions/version-functions.js';
import { prepareHazards } from '../hazards.js';
import type { Move } from '../machine.js';
import { columnsLeftOut, plainModel, planOf, requireData, versionOfRun } from '../of-run.js';
import type { Run } from '../run.js';
import { featuresOf } from '../without.js';
import { screenJob } from './run-jobs.js';

/** Under this name the screening model's answers are loaded. */
const SCREEN = 'screen';

/** Fits the encoder from the training rows, makes it a function and has it encode their values. */
export function* encode(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const split = requireData(run, 'split');
  const leftOut = featuresOf(plan, columnsLeftOut(run));
  // The rows keep them: the champion beside it is asked with all that it knows.
  const codes = (yield* fitEncoder(plan, split.trainMean)).filter(({ name }) => leftOut.indexOf(name) < 0);
  const features = yield* withUsual(plan, codes);
  yield* createEncoder(plan, version, plainModel(plan, { ...run, data: { ...run.data, features } }));
  yield* encodeValues(plan, version, features, split);
  yield* requireOneFile(plan, features, split);
  const { enabled } = plan.settings.training.featureSelection;
  return {
    to: enabled ? 'SCREEN' : 'UNLOAD',
    data: {
      features,
      rareDefaults: rareDefaults(plan.contract, features),
      ...(enabled ? {} : { selection: null }),
    },
    message: `${features.length} features${leftOut.length > 0 ? `, without ${leftOut.join(', ')}` : ''}`,
  };
}

/**
 * Begins to train the small model that says which features are needed, and meanwhile writes what it will be asked, and keeps what rows the
 * version is made of, and who is on which side.
 */
export function* screen(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const split = requireData(run, 'split');
  const features = requireData(run, 'features');
  const version = versionOfRun(plan, run);
  const location = yield* writeScreeningFiles(plan, version, features, split);
  yield* startScreen(plan, run, location);
  const rows = screenRows(split.validation, features.length);
  yield* writePermutedLines(plan, version, features, rows);
  return {
    to: 'PERMUTE',
    data: {
      screening: { location, rows },
      fingerprint: yield* referenceAndFingerprint(plan, version),
      participants: yield* describeParticipants(plan),
    },
    message: 'The screening model is being trained',
  };
}

function* startScreen(plan: Plan, run: Run, location: string): Work<void> {
  const { name } = versionOfRun(plan, run);
  yield* startTraining(
    plan,
    { version: name, location, weighted: requireData(run, 'split').weighted },
    { name: screenName(plan, run), hyperparameters: SCREEN_HYPERPARAMETERS, validated: false },
  );
}

function screenName(plan: Plan, run: Run): string {
  return screenJob(plan, run, isScreenedAgain(run));
}

function isScreenedAgain({ data }: Run): boolean {
  return data.again !== undefined && data.again.indexOf(SCREEN) >= 0;
}

/**
 * A screening whose job was lost is begun once more, however that ended. It is not left out: it is what finds features that
 * reveal the stay only together.
 */
function* screenAgain(work: Work<Move>, run: Run): Work<Move> {
  try {
    return yield* work;
  } catch (error) {
    if (!(error instanceof JobLost) || isScreenedAgain(run)) throw error;
    return {
      to: 'PERMUTE',
      data: { again: [...(run.data.again || []), SCREEN] },
      message: `${error.message} It is begun once more`,
    };
  }
}

/** When the screening model is trained, has it predict rows with each feature permuted. */
export function permute(today: Plan, run: Run): Work<Move> {
  return screenAgain(permuteTrained(today, run), run);
}

function* permuteTrained(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { location, rows } = requireData(run, 'screening');
  const name = screenName(plan, run);
  const trained = yield* trainingOf(name);
  if (trained === 'unknown') yield* startScreen(plan, run, location);
  if (typeof trained === 'string') throw new Later(`${name} is being trained`);
  const version = versionOfRun(plan, run);
  yield* createModel(plan, { name, version: version.name, artifact: trained.artifact });
  yield* startTransform(plan, {
    name,
    version: version.name,
    model: name,
    input: addressOf(plan, permutationPath(version)),
    output: addressOf(plan, answersPath(plan, run)),
  });
  return {
    to: 'SELECT_FEATURES',
    billed: trained.billed,
    message: `The screening model predicts ${rows} rows, as they are and with each feature permuted`,
  };
}

function answersPath(plan: Plan, run: Run): string {
  return `${versionOfRun(plan, run).folder}/screening/answers-${run.data.stamp}`;
}

/** Leaves out the features that the screening model does not need. */
export function select(today: Plan, run: Run): Work<Move> {
  return screenAgain(selectAnswered(today, run), run);
}

function* selectAnswered(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const features = requireData(run, 'features');
  const { rows } = requireData(run, 'screening');
  const name = screenName(plan, run);
  const status = yield* transformOf(name);
  if (status !== 'transformed') throw new Later(`${name} is predicting`);
  yield* loadAnswers(plan, run.id, SCREEN, answersPath(plan, run));
  const errors = yield* permutationErrors(plan, features, rows, requireData(run, 'split'), {
    run: run.id,
    candidate: SCREEN,
  });
  const selection = selectFeatures(
    features,
    errors,
    plan.settings.training.featureSelection,
    { job: name, rows },
    (feature) => isKnown(plan.contract, feature),
  );
  yield* removeModel(name);
  // What tells little by itself and with no sum of numbers may still do so with others: before candidates are paid for.
  if (selection.suspects.length > 0)
    throw leakRefusal(
      selection.suspects.map(({ feature }) => feature),
      selection.suspects.map(describeSuspect),
    );
  const kept = features.filter((code) => selection.kept.indexOf(code.name) >= 0);
  return {
    to: 'UNLOAD',
    also: () => forgetAnswers(plan, run.id),
    data: { selection, features: kept },
    message:
      selection.dropped.length > 0
        ? `${selection.dropped.length} features dropped: ${selection.dropped.join(', ')}`
        : `all ${features.length} features stay`,
  };
}

/** Writes the rows that candidates are trained on. */
export function* unloadRows(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const version = versionOfRun(plan, run);
  const features = requireData(run, 'features');
  // Not by SELECT_FEATURES, which would miss it when it is done again.
  yield* endScreening(plan);
  const split = requireData(run, 'split');
  const location = yield* writeTrainingFiles(plan, version, features, split, 'rows');
  return { to: 'TRAIN_CANDIDATES', data: { location, hazards: yield* prepareHazards(plan, run) } };
}
