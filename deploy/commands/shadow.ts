import { datasetOption, forDataset } from '../dataset/context.js';
import { type ShadowResult, shadow } from '../model/shadow.js';
import type { Command } from './command.js';

export const command: Command<{ model?: string; dataset?: string }, ShadowResult> = {
  positional: { model: { type: 'string', describe: 'challenger such as health-v3; left out: the newest' } },
  options: datasetOption,
  examples: [['los shadow health-v3', 'what version 3 would have predicted for the logged admissions']],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return ctx.progress.step('Let the challenger predict logged admissions', () =>
      shadow(ctx, contract, args.model),
    );
  },
  print: ({ version, scored, known, rmse, mae, championRmse, championMae }) => [
    `${version} predicted ${scored} logged admissions more.`,
    rmse === null || mae === null || championRmse === null || championMae === null
      ? 'None of them has been discharged yet, so nothing can be compared.'
      : `On ${known} whose stay is known: RMSE ${rmse.toFixed(3)}, MAE ${mae.toFixed(3)}; what was answered then: RMSE ${championRmse.toFixed(3)}, MAE ${championMae.toFixed(3)}.`,
  ],
};
