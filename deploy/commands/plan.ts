import { describeCosts } from '../../report/operations/costs.js';
import { describePlan } from '../../report/operations/plan.js';
import { type Estimate, estimateCosts } from '../costs/estimate.js';
import { quotasNeeded } from '../model/quotas.js';
import { plan } from '../operate/plan.js';
import { describeAbandoned } from '../resources/abandoned-table.js';
import type { PlannedChange } from '../resources/describe.js';
import { toSavedPlan, writePlan } from '../resources/saved-plan.js';
import { ACCEPT_LOSS } from './accept-loss.js';
import type { Command } from './command.js';

interface PlanResult {
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
  readonly costs: Estimate;
  /** Quotas of AWS that training and serving need, in words. */
  readonly quotas: readonly string[];
  /** File that the plan was written to. */
  readonly out: string | null;
  /** The command that carries it out. */
  readonly apply: string | null;
}

export const command: Command<{ out?: string; acceptLoss?: string[] }, PlanResult> = {
  dataset: true,
  options: {
    out: { type: 'string', describe: 'write the plan to this file, for los apply FILE' },
    ...ACCEPT_LOSS,
  },
  examples: [
    ['los plan', 'what apply would do on the local cloud'],
    ['los plan --target cloud --out plan.json', 'keep the plan, to be applied exactly as it is'],
    ['los plan --json', 'changes, differences and costs for a program'],
  ],
  async run(ctx, { out, dataset, acceptLoss = [] }) {
    const saved = toSavedPlan(ctx, await plan(ctx, acceptLoss));
    if (out !== undefined) writePlan(out, saved);
    const same = [
      ...(dataset === undefined ? [] : [` --dataset ${dataset}`]),
      ...acceptLoss.map((name) => ` --accept-loss ${name}`),
    ].join('');
    return {
      changes: saved.changes,
      unchanged: saved.unchanged,
      costs: estimateCosts(ctx.settings),
      quotas: quotasNeeded(ctx.settings),
      out: out ?? null,
      apply: out === undefined ? null : `los apply ${out}${same}`,
    };
  },
  print: ({ changes, unchanged, costs, quotas, out, apply }) => [
    ...describePlan({ changes, unchanged }),
    ...[describeAbandoned(changes) ?? []].flat(),
    ...describeCosts(costs),
    ...quotas.map((quota) => `Needs of AWS's quotas for SageMaker: ${quota}`),
    ...(out === null ? [] : [`Written to ${out}: ${apply} does exactly this.`]),
  ],
  exitCode: ({ changes }) => (changes.length ? 2 : 0),
};
