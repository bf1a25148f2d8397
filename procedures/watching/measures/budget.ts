import { queryFirst, type Work } from '../../ground/work.js';
import type { DailyPlan } from '../plan.js';
import type { Sign } from '../signs.js';

/**
 * Whether the last 30 days used more credits than the budget allows, by Snowflake's own meter (sql/status/credits.sql).
 * @returns at most one sign; a training does not begin while there is one (retraining.ts)
 * @throws Error where none are to be seen: without MONITOR USAGE the meter is empty
 */
export function* lookAtBudget({ credits, settings: { budget } }: DailyPlan): Work<Sign[]> {
  if (credits === null || budget === null) return [];
  const metered = (yield* queryFirst(credits))?.credits;
  if (metered === null || metered === undefined)
    throw new Error(
      'no credits of the last 30 days are to be seen, so watch.budget is not held. The owner’s role needs MONITOR USAGE: los bootstrap prints the grant',
    );
  const used = Number(metered);
  if (used <= budget) return [];
  return [
    {
      kind: 'budget',
      subject: 'credits',
      severity: 'warning',
      message: `The last 30 days used ${used.toFixed(1)} credits of Snowflake; watch.budget is ${budget}. Until they are fewer, no training begins by itself. Predictions go on.`,
      lookAt: 'budget',
    },
  ];
}
