import type { OpenContext } from '../../deploy/open.js';
import { applyPlan } from '../../deploy/resources/apply.js';
import { listAll, makePlan } from '../../deploy/resources/plan.js';
import { partsOf } from '../../deploy/resources/resource.js';
import { buildStack } from '../../deploy/stack/index.js';
import type { LocalCloud } from './local-context.js';
import { type Death, mortal } from './mortal.js';

/** One whole apply, until it ends or dies. @returns the number of calls to the clouds */
export async function applyUntil(ctx: OpenContext, death?: Death): Promise<number> {
  const { context, calls } = mortal(ctx, death);
  try {
    const stack = await buildStack(context);
    await applyPlan(context, stack, await makePlan(context, stack));
  } catch (error) {
    if (!death) throw error;
  }
  return calls();
}

/** Everything that exists and what of it can be compared, for "the same state as". */
export async function stateOf(ctx: OpenContext): Promise<Record<string, unknown>> {
  const live = await listAll(ctx, await buildStack(ctx));
  return Object.fromEntries(
    [...live]
      .filter(([id]) => !id.startsWith('aws.rest-api'))
      .map(([id, { owner, drift }]) => [id, { owner, drift }] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Runs `use` with a session of its own, as another start of the command line would have. */
export async function session<T>(cloud: LocalCloud, use: (ctx: OpenContext) => Promise<T>): Promise<T> {
  const ctx = await cloud.open();
  try {
    return await use(ctx);
  } finally {
    await ctx.close();
  }
}

/** Back to nothing, the way destroy does it, without ending the cloud. */
export async function removeEverything(ctx: OpenContext): Promise<void> {
  const { kinds } = await buildStack(ctx);
  const live = await listAll(ctx, await buildStack(ctx));
  for (const kind of [...kinds].reverse())
    for (const [id, item] of live)
      if (partsOf(id).kind === kind.id && item.owner !== 'foreign') await kind.remove(ctx, item);
}
