import type { Model } from '../../udfs/model.js';
import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { UserError } from '../errors.js';
import { candidates } from './candidates.js';
import { trainCandidates } from './choose.js';
import { fitEncoder } from './encoder.js';
import type { Metrics } from './evaluate.js';
import { dataFingerprint } from './fingerprint.js';
import { measureVersion } from './measure.js';
import { metricFigures } from './metric-figures.js';
import { registerPackage } from './package.js';
import { closeVersion, failVersion, openVersion } from './registry.js';
import { createEndpoint } from './sagemaker.js';
import { createEncoder } from './serving.js';
import { type SplitResult, splitRows } from './split.js';
import { writeTrainingFile } from './training-file.js';
import { type Version, versionOf } from './version.js';

/** A trained version and what is known of it. */
export interface TrainResult {
  readonly version: string;
  /** Name of the candidate that was chosen. */
  readonly candidate: string;
  readonly split: SplitResult;
  readonly metrics: Metrics;
  readonly trainingSeconds: number;
}

export interface TrainOptions {
  /** Candidates to train instead of those of the settings. */
  readonly candidates?: readonly string[];
}

/**
 * Trains a version from the feature table, puts it behind its own endpoint and external function, and measures
 * it there. It does not touch predict_los: that is promotion.
 */
export async function trainVersion(
  ctx: Context,
  contract: Contract,
  options: TrainOptions = {},
): Promise<TrainResult> {
  const { progress, snowflake, settings } = ctx;
  const split = await progress.step('Divide into training, validation and holdout', () =>
    splitRows(snowflake, contract, settings),
  );
  progress.note(`${split.rule} (${split.train} / ${split.validation} / ${split.holdout} rows)`);
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
  const { progress, snowflake, settings } = ctx;
  const features = await progress.step('Fit the encoder in Snowflake', () =>
    fitEncoder(snowflake, contract, settings, split.trainMean),
  );
  const model: Model = {
    version: version.name,
    endpoint: version.endpoint,
    features,
    floor: split.trainMin,
    bands: [],
  };
  await createEncoder(ctx, version, model);

  await progress.step('Unload encoded rows to S3', async (step) => {
    for (const side of ['train', 'validation'] as const) {
      step.update(side);
      await writeTrainingFile(ctx, contract, version, features, side, split);
    }
  });

  const { chosen, training, results } = await progress.step(
    'Train candidates with SageMaker XGBoost',
    async (step) =>
      trainCandidates(
        ctx,
        candidates(settings, split.trainMin, options.candidates),
        {
          version: version.name,
          stem: version.endpoint,
          location: await exchangeLocation(ctx, version),
          weighted: split.weighted,
        },
        (status) => step.update(status),
      ),
  );
  for (const { name, rmse, mae, seconds } of results)
    progress.note(
      `${name}: validation RMSE ${rmse.toFixed(3)}, MAE ${mae.toFixed(3)} (${Math.round(seconds)} s)`,
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
      split,
      fingerprint: await dataFingerprint(ctx, contract),
      candidates: results,
      image: training.image,
      training: training.metrics,
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
  await ctx.mail.send('training', {
    summary: `Version ${version.name} was trained on ${split.train + split.validation} stays and measured on ${metrics.rows} that it never saw.`,
    dataset: contract.name,
    version: version.name,
    rmse: metrics.rmse,
    mae: metrics.mae,
    r2: metrics.r2,
    meanRmse: metrics.meanRmse,
    figures: [
      { label: 'Split', value: split.rule },
      {
        label: 'Fitted / validation / holdout rows',
        value: `${split.train} / ${split.validation} / ${split.holdout}`,
      },
      { label: 'Stays not ended, not used', value: split.unfinished },
      ...metricFigures(metrics),
      { label: 'Training seconds', value: training.seconds },
    ],
    next: `Promote it with: los promote ${version.name}`,
  });
  return { version: version.name, candidate: chosen.name, split, metrics, trainingSeconds: training.seconds };
}

/** s3:// address of the version's folder, read from the stage: it alone decides where the data goes. */
async function exchangeLocation(ctx: Context, version: Version): Promise<string> {
  const { database, schema, stages } = ctx.settings.snowflake;
  const rows = await ctx.snowflake.query<{ name: string; url: string }>(
    `SHOW STAGES LIKE '${stages.exchange}' IN SCHEMA ${database}.${schema}`,
  );
  const url = rows.find((row) => row.name === stages.exchange)?.url;
  if (!url)
    throw new UserError(`The stage ${stages.exchange} does not exist or has no S3 address.`, {
      next: 'Run los apply first.',
    });
  return `${url.replace(/\/$/, '')}/${version.folder}`;
}
