import { contextOfPlan } from '../clients/inspecting.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { requireOnePlace } from '../history/one-place.js';
import { requireRelease } from '../history/release.js';
import { makePlan, type Plan, type Stack } from '../resources/plan.js';
import { buildStack } from '../stack/index.js';
import { requirePrivateApi } from './private-api.js';

/**
 * Plans an apply, without doing it.
 * @param acceptedLosses names of what is made although what it held is lost
 * @example
 * const { changes, unchanged } = await plan(ctx);
 */
export async function plan(caller: Context, acceptedLosses: readonly string[] = []): Promise<Plan> {
  const ctx = await contextOfPlan(caller);
  const stack = { ...(await buildStack(ctx)), acceptedLosses };
  await requirePrivateApi(ctx);
  return ctx.progress.step('Compare with what exists', async () => {
    await requireRelease(ctx, 'apply');
    const made = await makePlan(ctx, stack);
    if (made.changes.some(({ action, id }) => action === 'create' && id.startsWith('snowflake.schema:')))
      await requireOnePlace(ctx);
    return made;
  });
}

/**
 * Describes accepted losses of objects that --accept-loss names and by whom, in sentences.
 * @throws UserError where nothing is lost of one: a misspelt name must not pass for an accepted loss
 */
export async function describeAcceptedLosses(
  ctx: Context,
  { resources, kinds, acceptedLosses = [] }: Stack,
): Promise<string[]> {
  const [row] = await ctx.snowflake.query('SELECT CURRENT_USER() AS NAME');
  const sentences: string[] = [];
  for (const name of acceptedLosses) {
    const named = resources.filter((resource) => resource.name === name);
    const asked = named.map(({ kind }) => kinds.find(({ id }) => id === kind)?.refuseNew?.(ctx, named));
    const loss = (await Promise.all(asked)).find((each) => each !== undefined);
    if (!loss)
      throw new UserError(`${name} has lost no rows, so there is nothing to accept.`, {
        next: 'los plan names what is lost. Leave --accept-loss out where it names nothing.',
      });
    sentences.push(`${loss.message} ${row?.NAME} accepted that.`);
  }
  return sentences;
}
