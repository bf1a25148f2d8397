import type { ShadowResult } from '../../../procedures/promoting/shadow.js';
import { comparisonLines } from '../../../report/model/comparison.js';
import { count } from '../../../report/text/count.js';
import { callProcedure } from '../../clients/call.js';
import { findVersion } from '../../model/registry.js';
import type { Command } from '../command.js';

export const command: Command<{ model?: string }, ShadowResult> = {
  dataset: true,
  positional: { model: { type: 'string', describe: 'challenger such as health-v3; left out: the newest' } },
  examples: [['los model shadow health-v3', 'what version 3 would have predicted for what was logged since']],
  run: (ctx, { model }, contract) =>
    ctx.progress.step('Let the challenger predict logged admissions', async () => {
      // The procedure knows the deployed dataset alone: without a name it would take the newest of that.
      const { version } = await findVersion(ctx, contract, model);
      return await callProcedure<ShadowResult>(ctx, 'SHADOW_MODEL', [version]);
    }),
  print: ({ version, scored, comparison }) => [
    `${version} predicted ${count(scored, 'more admission')}, of those logged since it was trained.`,
    ...(comparison
      ? ['', ...comparisonLines(comparison, 'admissions whose stays are known by now')]
      : ['Too few of these stays have ended to compare them with the predictions.']),
  ],
};
