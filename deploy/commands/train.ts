import type { Context } from '../context.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { mailingFailure } from '../mail/failure.js';
import { type PromoteResult, promote } from '../model/promote.js';
import { type TrainResult, trainVersion } from '../model/train.js';
import type { Command } from './command.js';

interface Result extends TrainResult {
  readonly promoted: boolean;
}

/** Trains a version and, if asked, promotes it. */
async function train(context: Context, args: { dataset?: string; promote?: boolean }): Promise<Result> {
  const { ctx, contract } = forDataset(context, args.dataset);
  return await mailingFailure(ctx, 'los train', async () => {
    const trained = await trainVersion(ctx, contract);
    const promoted: PromoteResult | null = args.promote
      ? await promote(ctx, contract, trained.version)
      : null;
    return { ...trained, promoted: promoted !== null };
  });
}

export const command: Command<{ dataset?: string; promote?: boolean }, Result> = {
  options: {
    ...datasetOption,
    promote: { type: 'boolean', default: false, describe: 'switch predict_los to the new version' },
  },
  examples: [
    ['los train', 'train a version; it answers through its own function only'],
    ['los train --promote', 'and let predict_los answer from it'],
  ],
  run: train,
  print: ({ version, metrics, promoted }) => [
    `${version}: RMSE ${metrics.rmse.toFixed(3)}, MAE ${metrics.mae.toFixed(3)}, R² ${metrics.r2.toFixed(3)} on ${metrics.rows} rows it never saw (mean predictor: RMSE ${metrics.meanRmse.toFixed(3)})`,
    promoted ? 'predict_los answers from it now.' : `Promote it with: los promote ${version}`,
  ],
};
