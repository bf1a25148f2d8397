import { describeCosts, type Estimate, estimateCosts } from '../costs/estimate.js';
import { quotasNeeded } from '../model/quotas.js';
import { leftTable } from '../operate/left-table.js';
import { plan } from '../operate/plan.js';
import { describePlan, type PlannedChange } from '../resources/describe.js';
import { savedPlan, writePlan } from '../resources/saved-plan.js';
import type { Command } from './command.js';

interface PlanResult {
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
  readonly costs: Estimate;
  /** Quotas of AWS that training and serving need, in words. */
  readonly quotas: readonly string[];
  /** File that the plan was written to. */
  readonly out: string | null;
}

export const command: Command<{ out?: string }, PlanResult> = {
  options: {
    out: { type: 'string', describe: 'write the plan to this file, for los apply FILE' },
  },
  examples: [
    ['los plan', 'what apply would do on the local cloud'],
    ['los plan --target cloud --out plan.json', 'keep the plan, to be applied exactly as it is'],
    ['los plan --json', 'changes, differences and costs for a program'],
  ],
  async run(ctx, { out }) {
    const saved = savedPlan(ctx, await plan(ctx));
    if (out !== undefined) writePlan(out, saved);
    return {
      changes: saved.changes,
      unchanged: saved.unchanged,
      costs: estimateCosts(ctx.settings),
      quotas: quotasNeeded(ctx.settings),
      out: out ?? null,
    };
  },
  print: ({ changes, unchanged, costs, quotas, out }) => [
    ...describePlan({ changes, unchanged }),
    ...[leftTable(changes) ?? []].flat(),
    ...describeCosts(costs),
    ...quotas.map((quota) => `Needs of AWS's quotas for SageMaker: ${quota}`),
    ...(out === null ? [] : [`Written to ${out}: los apply ${out} does exactly this.`]),
  ],
  exitCode: ({ changes }) => (changes.length ? 2 : 0),
};
