import type { Contract } from '../../procedures/dataset/contract.js';
import { leakAdvice } from '../../procedures/dataset/leak.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { qualified } from '../../procedures/ground/names.js';
import type { Model } from '../../udfs/model.js';
import type { Context } from '../context.js';
import { fitEncoder } from './encoder.js';
import { trainScreens } from './screens.js';
import { describeSelection, describeSuspect, type Selection, selectFeatures } from './selection.js';
import type { SplitResult } from './split.js';
import { writeTrainingFiles } from './training-file.js';
import type { Version } from './version.js';

/** What candidates are trained on. */
export interface Prepared {
  /** The version's model as far as it is known before training: which features, and how they are encoded. */
  readonly model: Model;
  /** s3:// folder with the encoded rows, in train/ and validation/. */
  readonly location: string;
  /** null: the settings switch selection off. */
  readonly selection: Selection | null;
}

/**
 * Fits the encoder, writes the encoded rows, and leaves out the features that two screens find useless: their
 * columns are in no file that candidates see and in no request to the endpoint.
 */
export async function prepare(
  ctx: Context,
  contract: Contract,
  version: Version,
  split: SplitResult,
): Promise<Prepared> {
  const { progress, snowflake, settings } = ctx;
  const features = await progress.step('Fit the encoder in Snowflake', () =>
    fitEncoder(snowflake, contract, settings, split.trainMean),
  );
  const all: Model = {
    version: version.name,
    endpoint: version.endpoint,
    features,
    floor: split.trainMin,
    bands: [],
  };
  const unload = (title: string, model: Model, folder: string) =>
    progress.step(title, (step) =>
      writeTrainingFiles(ctx, contract, version, model, split, folder, (status) => step.update(status)),
    );
  const location = await unload('Unload encoded rows to S3', all, 'all-features');
  const { enabled, leastShare } = settings.training.featureSelection;
  if (!enabled) return { model: all, location, selection: null };

  const selection = await progress.step('Screen features with SageMaker XGBoost', async (step) => {
    const request = {
      version: version.name,
      stem: version.endpoint,
      location,
      weighted: split.weighted,
    };
    const screens = await trainScreens(ctx, features, request, (status) => step.update(status));
    return selectFeatures(features, screens, leastShare, await spreadOf(ctx, contract, split));
  });
  progress.note(describeSelection(selection));
  for (const suspect of selection.suspects)
    progress.warn(`Suspected leak: ${describeSuspect(suspect)}. ${leakAdvice(suspect.feature)}`);
  if (selection.dropped.length === 0) return { model: all, location, selection };

  const kept = { ...all, features: features.filter(({ name }) => selection.kept.includes(name)) };
  return {
    model: kept,
    location: await unload('Unload the rows of the selected features', kept, 'selected-features'),
    selection,
  };
}

/** RMSE of predicting the training rows' mean for the validation rows, weighted as these are, in days. */
async function spreadOf(
  { snowflake, settings }: Context,
  contract: Contract,
  split: SplitResult,
): Promise<number> {
  const [row] = await snowflake.query<{ SPREAD: number }>(
    `SELECT SQRT(SUM(ROW_WEIGHT * POWER(LOS - ${split.trainMean}, 2)) / SUM(ROW_WEIGHT)) AS SPREAD
FROM ${qualified(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'validation'`,
  );
  return Number(row?.SPREAD ?? Number.NaN);
}
