import type { FeatureCode } from '../../udfs/encoding.js';
import { columnNames } from '../../udfs/encoding.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { TrainingSettings } from '../settings/settings.js';
import { downloadModel } from './artifact.js';
import { readBooster, UnknownModelFormat } from './booster-file.js';
import { runTraining, type TrainingRequest } from './sagemaker.js';

/** A small model whose only purpose is to say which features it found useful. */
export interface Screen {
  readonly name: 'tree' | 'boosted';
  readonly job: string;
  /** s3:// address of its model.tar.gz, from which the shares were read. */
  readonly artifact: string;
  /** Of the validation rows, in days. */
  readonly rmse: number;
  /** Feature → its share of the gain: by how much the splits on its columns lowered the squared error, of all splits. */
  readonly shares: Readonly<Record<string, number>>;
}

const COMMON = {
  objective: 'reg:squarederror',
  eval_metric: 'rmse',
  tree_method: 'hist',
  min_child_weight: '20',
  seed: '42',
};

/**
 * One deep tree sees what matters on its own; thirty shallow ones, each on what the others left over, see what matters
 * besides. Neither leaves out rows or columns by chance, and neither takes hyperparameters from the settings: the same
 * rows give the same shares.
 */
const SCREENS: readonly { readonly name: Screen['name']; readonly own: Readonly<Record<string, string>> }[] =
  [
    { name: 'tree', own: { num_round: '1', eta: '1', max_depth: '8' } },
    { name: 'boosted', own: { num_round: '30', eta: '0.3', max_depth: '4' } },
  ];

/**
 * Trains both screens in SageMaker on the given files, and reads from their model artifacts what each feature gained.
 * @param features what the files hold, in the order of their columns
 * @throws UserError where the image's model files do not tell gains
 */
export async function trainScreens(
  ctx: Context,
  features: readonly FeatureCode[],
  request: Omit<TrainingRequest, 'hyperparameters' | 'suffix'> & { readonly weighted: boolean },
  onStatus: (status: string) => void,
): Promise<Screen[]> {
  const { weighted, ...common } = request;
  const train = async ({ name, own }: (typeof SCREENS)[number]): Promise<Screen> => {
    const hyperparameters = { ...COMMON, ...own, ...(weighted ? { csv_weights: '1' } : {}) };
    const { job, artifact, metrics } = await runTraining(
      ctx,
      { ...common, suffix: `screen-${name}`, hyperparameters },
      onStatus,
    );
    const rmse = metrics['validation:rmse'] ?? Number.NaN;
    return { name, job, artifact, rmse, shares: gainShares(features, await gainsIn(ctx, artifact)) };
  };
  if (ctx.settings.training.parallelJobs > 1) return await Promise.all(SCREENS.map(train));
  return [await train(SCREENS[0]!), await train(SCREENS[1]!)];
}

async function gainsIn(ctx: Context, artifact: string): Promise<ReadonlyMap<number, number>> {
  try {
    return readBooster(await downloadModel(ctx, artifact)).gains;
  } catch (error) {
    if (!(error instanceof UnknownModelFormat)) throw error;
    throw unreadable(ctx.settings.training, error.format, error);
  }
}

/**
 * Refuses, before any job has cost something, an image whose model files name no gains.
 * @throws UserError for images before 3.0-5, whose XGBoost (1.7 at most) does not save UBJSON by itself
 */
export function requireReadableModels(training: TrainingSettings): void {
  if (Number.parseInt(training.imageTag, 10) < 3)
    throw unreadable(training, "XGBoost's old binary format or a pickled Python object");
}

function unreadable({ imageTag }: TrainingSettings, format: string, cause?: unknown): UserError {
  return new UserError(
    `Features cannot be selected with the image ${imageTag}: its model file is ${format}, of which no gains are read.`,
    {
      next: 'Set training.imageTag to 3.0-5 or newer, or training.featureSelection.enabled to false.',
      cause,
    },
  );
}

/**
 * Sums the gains of columns to those of the features they encode: a one-hot encoded category has a column per level.
 * Without any gain (no split was worth it) every share is 0.
 */
export function gainShares(
  features: readonly FeatureCode[],
  gains: ReadonlyMap<number, number>,
): Record<string, number> {
  let column = 0;
  const sums = features.map((code): [string, number] => {
    let sum = 0;
    for (const end = column + columnNames([code]).length; column < end; column++)
      sum += gains.get(column) ?? 0;
    return [code.name, sum];
  });
  const total = sums.reduce((all, [, sum]) => all + sum, 0);
  return Object.fromEntries(sums.map(([name, sum]) => [name, total > 0 ? sum / total : 0]));
}
