import { describeCosts } from '../../report/operations/costs.js';
import { describePlan } from '../../report/operations/plan.js';
import { describeRows } from '../../report/operations/rows.js';
import type { Estimate } from '../../report/results/costs.js';
import { contextOfPlan } from '../clients/inspecting.js';
import { estimateCosts } from '../costs/estimate.js';
import { probeOrigin } from '../dataset/probe-origin.js';
import { quotasNeeded } from '../model/quotas.js';
import { graphRunsADay } from '../operate/month-cost.js';
import { plan } from '../operate/plan.js';
import { describeAbandoned } from '../resources/abandoned-table.js';
import type { PlannedChange } from '../resources/describe.js';
import { toSavedPlan, writePlan } from '../resources/saved-plan.js';
import { publicPaths } from '../stack/public-paths.js';
import { ACCEPT_LOSS } from './accept-loss.js';
import type { Command } from './command.js';

interface PlanResult {
  /** Place of the rows and the way in which changes are noticed, where that is not a table of ours; what keeps them from being read. */
  readonly rows: readonly string[];
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
  readonly costs: Estimate;
  /** Quotas of AWS that training and serving need, in words. */
  readonly quotas: readonly string[];
  /** Routes over public addresses. */
  readonly publicPaths: readonly string[];
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
  async run(ctx, { out, dataset, acceptLoss = [] }, contract) {
    const saved = toSavedPlan(ctx, await plan(ctx, acceptLoss));
    if (out !== undefined) writePlan(out, saved);
    const same = [
      ...(dataset === undefined ? [] : [` --dataset ${dataset}`]),
      ...acceptLoss.map((name) => ` --accept-loss ${name}`),
    ].join('');
    // With the role that may only plan they are not to be seen.
    const sees = (await contextOfPlan(ctx)) === ctx;
    const closed = sees ? await probeOrigin(ctx, contract) : undefined;
    return {
      rows: describeRows(contract, closed),
      changes: saved.changes,
      unchanged: saved.unchanged,
      costs: estimateCosts(ctx.settings, sees ? await graphRunsADay(ctx) : undefined),
      quotas: quotasNeeded(ctx.settings, contract),
      publicPaths: publicPaths(ctx.settings),
      out: out ?? null,
      apply: out === undefined ? null : `los apply ${out}${same}`,
    };
  },
  print: ({ rows, changes, unchanged, costs, quotas, publicPaths: open, out, apply }) => [
    ...rows,
    ...describePlan({ changes, unchanged }),
    ...[describeAbandoned(changes) ?? []].flat(),
    ...describeCosts(costs),
    ...quotas.map((quota) => `Needs of AWS's quotas for SageMaker: ${quota}`),
    `Over public addresses, by TLS: ${open.join('; ')}.`,
    ...(out === null ? [] : [`Written to ${out}: ${apply} does exactly this.`]),
  ],
  exitCode: ({ changes }) => (changes.length ? 2 : 0),
};
