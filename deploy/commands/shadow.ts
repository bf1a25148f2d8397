import type { ShadowResult } from '../../procedures/promoting/shadow.js';
import { callProcedure } from '../clients/call.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { findVersion } from '../model/registry.js';
import type { Command } from './command.js';
import { comparisonLines } from './compare.js';

export const command: Command<{ model?: string; dataset?: string }, ShadowResult> = {
  positional: { model: { type: 'string', describe: 'challenger such as health-v3; left out: the newest' } },
  options: datasetOption,
  examples: [['los shadow health-v3', 'what version 3 would have predicted for what was logged since']],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return ctx.progress.step('Let the challenger predict logged admissions', async () => {
      // The procedure knows the deployed dataset alone: without a name it would take the newest of that.
      const { version } = await findVersion(ctx, contract, args.model);
      return await callProcedure<ShadowResult>(ctx, 'SHADOW_MODEL', [version]);
    });
  },
  print: ({ version, scored, comparison }) => [
    `${version} predicted ${scored} admissions more, of those logged since it was trained.`,
    ...(comparison
      ? ['', ...comparisonLines(comparison, 'admissions whose stays are known by now')]
      : ['Too few stays of them are known by now to compare it with what was answered.']),
  ],
};
