import type { VersionComparison } from '../../../procedures/promoting/compare-versions.js';
import { comparisonLines } from '../../../report/model/comparison.js';
import { callProcedure } from '../../clients/call.js';
import { UserError } from '../../errors.js';
import { championOf } from '../../model/registry.js';
import type { Command } from '../command.js';

export const command: Command<{ a: string; b?: string }, VersionComparison> = {
  dataset: true,
  positional: {
    a: { type: 'string', demandOption: true, describe: 'version such as health-v3' },
    b: { type: 'string', describe: 'version to compare it with; left out: the champion' },
  },
  examples: [
    ['los model compare health-v3', 'the version and the champion on stays that neither has seen'],
    ['los model compare health-v3 health-v2', 'two versions'],
  ],
  async run(ctx, { a, b }, contract) {
    const other = b ?? (await championOf(ctx, contract.name))?.version;
    if (other === undefined)
      throw new UserError(`No version of ${contract.name} has been promoted to compare ${a} with.`, {
        next: `Name the other version: los model compare ${a} VERSION.`,
      });
    return await ctx.progress.step(`Compare ${a} and ${other}`, () =>
      callProcedure<VersionComparison>(ctx, 'COMPARE_MODELS', [a, other]),
    );
  },
  print: ({ holdout, live }) => [
    '',
    ...comparisonLines(holdout, 'stays that neither has seen'),
    ...(live ? ['', ...comparisonLines(live, 'admissions that arrived after both were trained')] : []),
  ],
};
