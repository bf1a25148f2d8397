import { UserError } from '../errors.js';
import { quotasNeeded, readQuotas, requireRoom, standing } from '../model/quotas.js';
import { breaks, type FirstDayCheck, holds, open } from './check.js';

export const accountChecks: readonly FirstDayCheck[] = [
  {
    name: 'quotas',
    question: "Do the account's quotas of SageMaker leave room for all versions that are kept?",
    async look({ ctx }) {
      const { instanceType } = ctx.settings.training;
      const quotas = await readQuotas(
        ctx,
        (name) => /serverless/i.test(name) || name === `${instanceType} for training job usage`,
      );
      const needs = `Needed: ${quotasNeeded(ctx.settings).join('; ')}.`;
      if (quotas.size === 0) return open('the quotas could not be read', needs);
      const taken = (await standing(ctx)).reduce((sum, { concurrency }) => sum + concurrency, 0);
      const saw = `${[...quotas].map(([name, value]) => `${name}: ${value}`).join('; ')}; concurrency taken: ${taken}`;
      try {
        await requireRoom(ctx, 'all versions');
        return holds(saw, needs);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return breaks(saw, `${needs} ${error.next ?? ''}`);
      }
    },
  },
];
