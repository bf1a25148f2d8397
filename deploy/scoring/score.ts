import type { Contract } from '../../procedures/dataset/contract.js';
import { mailScoring } from '../../report/operations/scoring-mail.js';
import type { GraphRun } from '../../report/results/operation.js';
import type { Context } from '../context.js';
import { championOf } from '../model/registry.js';
import { runGraph } from './graph.js';

export interface ScoreResult extends GraphRun {
  /** The version that answers predict_los; null: none has been promoted, nothing was scored. */
  readonly version: string | null;
}

/** Runs the task graph once, now, and mails what it did. */
export async function score(ctx: Context, contract: Contract): Promise<ScoreResult> {
  const champion = await championOf(ctx, contract.name);
  const run = await ctx.progress.step('Run the task graph', () => runGraph(ctx, contract));
  const version = champion?.version ?? null;
  await mailScoring(ctx, version, run);
  return { ...run, version };
}
