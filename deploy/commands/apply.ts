import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import { type Applied, applyPlan } from '../resources/apply.js';
import { makePlan } from '../resources/plan.js';
import { assertCurrent, readPlan } from '../resources/saved-plan.js';
import { buildStack } from '../stack/index.js';
import type { Command } from './command.js';

/**
 * Brings both clouds to the declared state and sends the status mail, also when it fails. Running it again
 * finds nothing to do, or goes on where an interrupted run stopped.
 * @param planFile a plan that `los plan --out` wrote: it is carried out exactly, or refused when it is stale
 */
export async function apply(ctx: Context, planFile?: string): Promise<Applied> {
  const { progress, mail } = ctx;
  const saved = planFile === undefined ? undefined : readPlan(planFile);
  try {
    const applied = await progress.step('Deploy to Snowflake and AWS', async (step) => {
      step.update('compiling');
      const stack = await buildStack(ctx);
      step.update('comparing with what exists');
      const plan = await makePlan(ctx, stack);
      if (saved) assertCurrent(ctx, saved, plan);
      const result = await applyPlan(ctx, stack, plan, (change, done) =>
        step.update(`${done + 1} of ${plan.changes.length}, ${change.action} ${change.id}`),
      );
      step.update(
        `${result.created.length} created, ${result.updated.length} updated, ${result.removed.length} removed, ${result.unchanged} unchanged`,
      );
      return result;
    });
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

export const command: Command<{ plan?: string }, Applied> = {
  positional: {
    plan: { type: 'string', describe: 'a plan that los plan --out wrote; without it a new one is made' },
  },
  examples: [
    ['los apply', 'deploy to the local cloud'],
    ['los apply plan.json', 'do exactly what los plan --out plan.json found, or nothing'],
    ['los apply --target cloud', 'deploy with connections.toml and the AWS credential chain'],
  ],
  run: (ctx, args) => apply(ctx, args.plan),
  print: ({ created, updated, removed, unchanged }) => [
    `${created.length} created, ${updated.length} updated, ${removed.length} removed, ${unchanged} unchanged.`,
  ],
};
