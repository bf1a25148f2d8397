import type { Context } from '../context.js';
import { requireOnePlace } from '../history/one-place.js';
import { requireRelease } from '../history/release.js';
import { makePlan, type Plan } from '../resources/plan.js';
import { buildStack } from '../stack/index.js';

/**
 * What apply would do now, without doing it.
 * @example
 * const { changes, unchanged } = await plan(ctx);
 */
export async function plan(ctx: Context): Promise<Plan> {
  const stack = await buildStack(ctx);
  return ctx.progress.step('Compare with what exists', async () => {
    await requireRelease(ctx, 'apply');
    const made = await makePlan(ctx, stack);
    if (made.changes.some(({ action, id }) => action === 'create' && id.startsWith('snowflake.schema:')))
      await requireOnePlace(ctx);
    return made;
  });
}
