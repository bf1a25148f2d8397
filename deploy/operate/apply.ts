import type { Context } from '../context.js';
import { layGround, useProject } from '../history/ground.js';
import { recorded } from '../history/recorded.js';
import { mailingFailure } from '../mail/failure.js';
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
  const saved = planFile === undefined ? undefined : readPlan(planFile);
  const applied = await mailingFailure(ctx, 'los apply', () => inTurn(ctx, saved), {
    summary: 'The deployment did not finish. What was done stays; nothing has to be undone.',
  });
  await mailApplied(ctx, applied);
  return applied;
}

/** Sentences about what was made; whoever wants each of its names asks for them. */
async function mailApplied({ mail }: Context, { created, updated, removed, unchanged }: Applied): Promise<void> {
  const changes = created.length + updated.length + removed.length;
  const named = (ids: readonly string[]) =>
    ids.length <= NAMED ? ids.join(', ') : `${ids.slice(0, NAMED).join(', ')} and ${ids.length - NAMED} more`;
  await mail.send(
    'deploy',
    {
      created: created.length,
      updated: updated.length,
      removed: removed.length,
      key: [
        { label: 'created', value: created.length },
        { label: 'updated', value: updated.length },
        { label: 'removed', value: removed.length },
      ],
      summary: changes
        ? `Snowflake and AWS are as the settings declare it. ${unchanged} ${unchanged === 1 ? 'object was' : 'objects were'} so already.`
        : `Snowflake and AWS were already as the settings declare it: ${unchanged} objects.`,
      sentences: [
        ...(created.length > 0 ? [`Created: ${named(created)}.`] : []),
        ...(updated.length > 0 ? [`Updated: ${named(updated)}.`] : []),
        ...(removed.length > 0 ? [`Removed: ${named(removed)}.`] : []),
      ],
      next: 'What is there now, and who deployed when:',
      commands: ['los status', 'los history'],
    },
    { routine: changes === 0 },
  );
}

/** So many objects are named in a mail. */
const NAMED = 6;

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
