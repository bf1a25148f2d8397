import { leakAdvice } from '../../procedures/dataset/leak.js';
import type { Context } from '../context.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { mailingFailure } from '../mail/failure.js';
import { type PromoteResult, promote } from '../model/promote.js';
import { findVersion } from '../model/registry.js';
import { type RepeatResult, repeatVersion } from '../model/repeat.js';
import { describeSuspect } from '../model/selection.js';
import { shownSplit } from '../model/split.js';
import { type TrainResult, trainVersion } from '../model/train.js';
import type { Command } from './command.js';

interface Args {
  dataset?: string;
  promote?: boolean;
  repeat?: string;
}

type Result = (Omit<TrainResult, 'split'> | Omit<RepeatResult, 'split'>) & {
  readonly split: ReturnType<typeof shownSplit>;
  readonly promoted: boolean;
};

/** Trains a version (a new one, or one once more) and, if asked, promotes it. */
async function train(context: Context, args: Args): Promise<Result> {
  const { ctx, contract } = forDataset(context, args.dataset);
  return await mailingFailure(ctx, 'los train', async () => {
    const trained = args.repeat
      ? await repeatVersion(ctx, await findVersion(ctx, contract, args.repeat))
      : await trainVersion(ctx, contract);
    const promoted: PromoteResult | null = args.promote
      ? await promote(ctx, contract, trained.version)
      : null;
    return { ...trained, split: shownSplit(trained.split), promoted: promoted !== null };
  });
}

export const command: Command<Args, Result> = {
  options: {
    ...datasetOption,
    promote: { type: 'boolean', default: false, describe: 'switch predict_los to the new version' },
    repeat: {
      type: 'string',
      describe: 'train this version again from its lineage, and say whether it came out the same',
    },
  },
  examples: [
    ['los train', 'train a version; it answers through its own function only'],
    ['los train --promote', 'and let predict_los answer from it'],
    ['los train --repeat health-v3', 'train a version once more, as it was trained then'],
  ],
  run: train,
  print: (result) => {
    const { version, metrics, selection, promoted } = result;
    return [
      `${version}: RMSE ${metrics.rmse.toFixed(3)}, MAE ${metrics.mae.toFixed(3)}, R² ${metrics.r2.toFixed(3)} on ${metrics.rows} rows it never saw (mean predictor: RMSE ${metrics.meanRmse.toFixed(3)})`,
      ...(selection?.suspects ?? []).map(
        (suspect) => `Suspected leak: ${describeSuspect(suspect)}. ${leakAdvice(suspect.feature)}`,
      ),
      ...('repeated' in result ? [repetition(result)] : []),
      promoted ? 'predict_los answers from it now.' : `Promote it with: los promote ${version}`,
    ];
  },
};

function repetition({ repeated, sameRows, sameCode, sameModel }: Omit<RepeatResult, 'split'>): string {
  if (sameModel) return `Its model file has the same bytes as that of ${repeated}.`;
  const changed = [...(sameRows ? [] : ['the rows have']), ...(sameCode ? [] : ['predict-los has'])].join(
    ' and ',
  );
  return `Its model file differs from that of ${repeated}: ${changed || 'the image or the machine has'} changed.`;
}
