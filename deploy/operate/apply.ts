import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import { layGround, useProject } from '../history/ground.js';
import { recorded } from '../history/recorded.js';
import { type Applied, applyPlan } from '../resources/apply.js';
import { makePlan, type Plan, type Stack } from '../resources/plan.js';
import type { ResourceId } from '../resources/resource.js';
import { assertCurrent, readPlan, type SavedPlan, savedPlan } from '../resources/saved-plan.js';
import { buildStack } from '../stack/index.js';

/**
 * Brings both clouds to the declared state and sends the status mail, also when it fails. Running it again
 * finds nothing to do, or goes on where an interrupted run stopped. Of several at once each waits for the one before.
 * @param planFile a plan that `los plan --out` wrote: it is carried out exactly, or refused when it is stale
 */
export async function apply(ctx: Context, planFile?: string): Promise<Applied> {
  const { mail } = ctx;
  const saved = planFile === undefined ? undefined : readPlan(planFile);
  try {
    const applied = await inTurn(ctx, saved);
    const changes = applied.created.length + applied.updated.length + applied.removed.length;
    await mail.send('deploy', {
      ...applied,
      summary: changes
        ? `${changes} objects in Snowflake and AWS were brought to the declared state.`
        : 'Everything in Snowflake and AWS was already as declared.',
    });
    return applied;
  } catch (error) {
    await mail.send('failure', {
      step: 'los apply',
      error: messageOf(error),
      summary: 'The deployment did not finish. What was done stays; nothing has to be undone.',
      next: 'Mend the cause and run los apply again: it goes on from there.',
    });
    throw error;
  }
}

async function inTurn(context: Context, saved: SavedPlan | undefined): Promise<Applied> {
  let compiled: Promise<Stack> | undefined;
  const compile = () => (compiled ??= buildStack(context));
  let basis = saved;
  let ground: ResourceId[] = [];
  return await recorded(
    context,
    {
      action: 'apply',
      async ground() {
        const stack = await compile();
        const before = saved && (await makePlan(context, stack));
        if (before) assertCurrent(context, saved, before);
        ground = [...ground, ...(await layGround(context, stack))];
        // What has just been made is no longer to be made; all else must be as it was planned.
        if (before) basis = savedPlan(context, without(before, ground));
      },
    },
    (ctx) =>
      ctx.progress.step('Deploy to Snowflake and AWS', async (step) => {
        step.update('compiling');
        const stack = await compile();
        await useProject(ctx);
        step.update('comparing with what exists');
        const plan = await makePlan(ctx, stack);
        if (basis) assertCurrent(ctx, basis, plan);
        const result = await applyPlan(ctx, stack, plan, (change, done) =>
          step.update(`${done + 1} of ${plan.changes.length}, ${change.action} ${change.id}`),
        );
        const applied = {
          ...result,
          created: [...ground, ...result.created],
          unchanged: result.unchanged - ground.length,
        };
        step.update(inWords(applied));
        return applied;
      }),
    inWords,
  );
}

function without(plan: Plan, made: readonly ResourceId[]): Plan {
  const changes = plan.changes.filter(({ id }) => !made.includes(id));
  return { ...plan, changes, unchanged: plan.unchanged + plan.changes.length - changes.length };
}

/** What an apply did, in a few words. */
export function inWords({ created, updated, removed, unchanged }: Applied): string {
  return `${created.length} created, ${updated.length} updated, ${removed.length} removed, ${unchanged} unchanged`;
}
