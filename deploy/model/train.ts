import { createHash } from 'node:crypto';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Context } from '../context.js';
import { recorded } from '../history/recorded.js';
import { downloadModel } from './artifact.js';
import { type Candidate, candidates } from './candidates.js';
import { trainCandidates } from './choose.js';
import { codeFingerprint } from './code.js';
import type { Metrics } from './evaluate.js';
import { dataFingerprint } from './fingerprint.js';
import { measureVersion } from './measure.js';
import { registerPackage } from './package.js';
import { prepare } from './prepare.js';
import { requireRoom } from './quotas.js';
import { closeVersion, failVersion, openVersion } from './registry.js';
import { retireExpired } from './retire.js';
import { createEndpoint } from './sagemaker.js';
import { requireReadableModels } from './screens.js';
import type { Selection } from './selection.js';
import { type SplitResult, splitRows } from './split.js';
import { mailTraining } from './training-mail.js';
import { type Version, versionOf } from './version.js';

/** A trained version and what is known of it. */
export interface TrainResult {
  readonly version: string;
  /** Name of the candidate that was chosen. */
  readonly candidate: string;
  readonly split: SplitResult;
  /** null: the settings switch selection off. */
  readonly selection: Selection | null;
  readonly metrics: Metrics;
  /** Stands for the labelled rows and their sides. */
  readonly fingerprint: string;
  /** Stands for the code that made it. */
  readonly code: string;
  /** Of the model file, without the archive around it: SageMaker writes the time into that. */
  readonly modelSha256: string;
  readonly trainingSeconds: number;
}

export interface TrainOptions {
  /** Candidates to train instead of those of the settings, by name or with hyperparameters of their own. */
  readonly candidates?: readonly (string | Candidate)[];
}

/**
 * Trains a version from the feature table, puts it behind its own endpoint and external function, and measures
 * it there. It does not touch predict_los: that is promotion. Versions that the retention rule gives up make room
 * first, so that versions which are never promoted do not pile up.
 * @throws UserError where a quota of the account leaves no room for it, or where features are to be selected with an image whose model files are not read
 */
export async function trainVersion(
  ctx: Context,
  contract: Contract,
  options: TrainOptions = {},
): Promise<TrainResult> {
  return await recorded(
    ctx,
    { action: 'train', subject: contract.name },
    (inTurn) => trainInTurn(inTurn, contract, options),
    ({ version, metrics }) =>
      `${version}: RMSE ${metrics.rmse.toFixed(3)}, MAE ${metrics.mae.toFixed(3)} days on ${metrics.rows} stays it never saw`,
  );
}

async function trainInTurn(ctx: Context, contract: Contract, options: TrainOptions): Promise<TrainResult> {
  const { progress, snowflake, settings } = ctx;
  await progress.step('Look whether AWS has room for another version', async () => {
    const removed = await retireExpired(ctx, contract);
    if (removed.length > 0) progress.note(`Removed by the retention rule: ${removed.join(', ')}`);
    await requireRoom(ctx, 'next version');
  });
  if (settings.training.featureSelection.enabled) requireReadableModels(settings.training);
  const split = await progress.step('Divide into training, validation and holdout', () =>
    splitRows(snowflake, contract, settings),
  );
  progress.note(`${split.rule} (${split.train} / ${split.validation} / ${split.holdout} rows)`);
  if (split.negative > 0)
    progress.note(`${split.negative} stays end before they begin and are not used (los dataset check)`);
  if (split.unfinished > 0)
    progress.note(
      `${split.unfinished} stays had not ended; admissions younger than the mature cohort left out: ${split.immature}`,
    );
  const version = versionOf(contract, settings, await openVersion(ctx, contract));
  try {
    return await trainOpened(ctx, contract, version, split, options);
  } catch (error) {
    // The version's row must not say TRAINING for ever; the first error is the one that matters.
    await failVersion(ctx, version.name).catch(() => undefined);
    throw error;
  }
}

async function trainOpened(
  ctx: Context,
  contract: Contract,
  version: Version,
  split: SplitResult,
  options: TrainOptions,
): Promise<TrainResult> {
  const { progress, settings } = ctx;
  const { model, location, selection } = await prepare(ctx, contract, version, split);
  const { chosen, training, results } = await progress.step(
    'Train candidates with SageMaker XGBoost',
    async (step) =>
      trainCandidates(
        ctx,
        candidates(settings, split.trainMin, options.candidates),
        { version: version.name, stem: version.endpoint, location, weighted: split.weighted },
        (status) => step.update(status),
      ),
  );
  for (const { name, rmse, mae, rounds, seconds } of results)
    progress.note(
      `${name}: validation RMSE ${rmse.toFixed(3)}, MAE ${mae.toFixed(3)} (${rounds === null ? '' : `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, `}${Math.round(seconds)} s)`,
    );
  await progress.step('Put the endpoint into service', (step) =>
    createEndpoint(
      ctx,
      { name: version.endpoint, version: version.name, image: training.image, artifact: training.artifact },
      (status) => step.update(status),
    ),
  );

  const measured = await progress.step('Measure through the external function', (step) =>
    measureVersion(ctx, contract, version, model, split, (status) => step.update(status)),
  );
  const { metrics } = measured;
  const fingerprint = await dataFingerprint(ctx, contract);
  const code = codeFingerprint();
  const modelSha256 = createHash('sha256')
    .update(await downloadModel(ctx, training.artifact))
    .digest('hex');

  await closeVersion(ctx, {
    version: version.name,
    endpoint: version.endpoint,
    job: training.job,
    artifact: training.artifact,
    requestTranslator: version.requestTranslator,
    model: measured.model,
    parameters: { candidate: chosen.name, ...chosen.hyperparameters },
    metrics,
    lineage: {
      contract,
      // A VARIANT sorts an object's keys.
      featureOrder: Object.keys(contract.features),
      split,
      participants: measured.participants,
      settings: settings.training,
      fingerprint,
      code,
      selection,
      candidates: results,
      image: training.image,
      training: training.metrics,
      modelSha256,
    },
  });
  await registerPackage(ctx, {
    version: version.name,
    dataset: contract.name,
    image: training.image,
    artifact: training.artifact,
    trainingJob: training.job,
    metrics,
  });
  await mailTraining(ctx, contract, { version: version.name, split, selection, training, metrics });
  return {
    version: version.name,
    candidate: chosen.name,
    split,
    selection,
    metrics,
    fingerprint,
    code,
    modelSha256,
    trainingSeconds: training.seconds,
  };
}
