import type { Context } from '../context.js';
import { makePlan, type Plan } from '../resources/plan.js';
import { buildStack } from '../stack/index.js';

/** What apply would do now, without doing it. */
export async function plan(ctx: Context): Promise<Plan> {
  const stack = await buildStack(ctx);
  return ctx.progress.step('Compare with what exists', () => makePlan(ctx, stack));
}
