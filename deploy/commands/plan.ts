import type { Context } from '../context.js';
import { describePlan, type PlannedChange, plannedChange } from '../resources/describe.js';
import { makePlan, type Plan } from '../resources/plan.js';
import { buildStack } from '../stack/index.js';
import type { Command } from './command.js';

/** What apply would do now, without doing it. */
export async function plan(ctx: Context): Promise<Plan> {
  const stack = await buildStack(ctx);
  return ctx.progress.step('Compare with what exists', () => makePlan(ctx, stack));
}

interface PlanResult {
  changes: PlannedChange[];
  unchanged: number;
}

export const command: Command<Record<string, never>, PlanResult> = {
  examples: [['los plan --target cloud', 'compare the real account with the declaration']],
  async run(ctx) {
    const { changes, unchanged } = await plan(ctx);
    return { changes: changes.map(plannedChange), unchanged };
  },
  print: describePlan,
  exitCode: ({ changes }) => (changes.length ? 2 : 0),
};
