import type { Contract } from '../../procedures/dataset/contract.js';
import type { Context } from '../context.js';
import { championOf } from '../model/registry.js';
import { followBackfill } from './backfill.js';
import { type GraphRun, runGraph } from './graph.js';

export interface ScoreResult extends GraphRun {
  /** The version that answers predict_los; null: none has been promoted, nothing was scored. */
  readonly version: string | null;
}

/** Runs the task graph once, now, and mails what it did. */
export async function score(ctx: Context, contract: Contract): Promise<ScoreResult> {
  const champion = await championOf(ctx, contract.name);
  const graph = await ctx.progress.step('Run the task graph', () => runGraph(ctx, contract));
  const handedOver = await followBackfill(ctx, contract);
  const run = { ...graph, scored: graph.scored + handedOver };
  const version = champion?.version ?? null;
  await ctx.mail.send(
    'scoring',
    {
      version,
      rows: run.scored,
      key: [
        { label: 'predictions logged', value: run.scored },
        { label: 'seconds', value: Math.round(run.seconds) },
      ],
      summary: version
        ? `${version} predicted. ${run.built} feature rows were new or had changed.`
        : `No version has been promoted, so nothing was predicted. ${run.built} feature rows were new or had changed.`,
      ...(version
        ? {
            next: 'What ran, and how it ended:',
            commands: ['SELECT * FROM LOS_RUN_LOG ORDER BY STARTED_AT DESC LIMIT 5;'],
          }
        : { next: 'To train and promote a version:', commands: ['los train --promote'] }),
    },
    { routine: version !== null },
  );
  return { ...run, version };
}
