import { UserError } from '../errors.js';
import { quotasNeeded, readQuotas, requireRoom, standing } from '../model/quotas.js';
import { breaks, type FirstDayCheck, holds, open } from './check.js';

export const accountChecks: readonly FirstDayCheck[] = [
  {
    name: 'quotas',
    question: "Do the account's quotas of SageMaker leave room for all versions that are kept?",
    async look({ ctx }) {
      const quotas = await readQuotas(ctx);
      const needs = `Needed: ${quotasNeeded(ctx.settings).join('; ')}.`;
      if (quotas.length === 0) return open('the quotas could not be read', needs);
      const taken = (await standing(ctx)).reduce((sum, { concurrency }) => sum + concurrency, 0);
      const listed = quotas.map(
        ({ name, value, from }) =>
          `${name}: ${value}${from === 'default' ? ' by default, not listed for this account' : ''}`,
      );
      const saw = `${listed.join('; ')}; concurrency taken: ${taken}`;
      try {
        const doubts = await requireRoom(ctx, 'all versions');
        return doubts.length ? open(saw, `${needs} ${doubts.join(' ')}`) : holds(saw, needs);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return breaks(saw, `${needs} ${error.next ?? ''}`);
      }
    },
  },
];
