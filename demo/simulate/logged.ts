// What the run log tells of a run of the task graph, while it is followed (graph-runs.ts).

import type { Context } from '../../deploy/context.js';
import type { Time } from '../../deploy/ground/time.js';
import { accountTime, CLOCK, momentSql, type Step } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { graphSteps } from '../../procedures/scoring/graph-tasks.js';

/** Milliseconds from EXECUTE TASK on after which, by the run before, features are built and everything has ended; 0: unknown. */
export interface RunDurations {
  readonly built: number;
  readonly all: number;
}

/** A moment on the account's clock, ms of the epoch, and on that by which runs are waited for, where it is the later one. */
export interface Moment {
  readonly account: number;
  readonly machine: number;
}

/** Least moment of the account's clock: by its answer of then, which took its time to come. */
export const advanceMoment = ({ account, machine }: Moment, now: number): Moment => ({
  account: Math.floor(account + now - machine),
  machine: now,
});

/** Now. */
export async function moment(ctx: Context, time: Time): Promise<Moment> {
  return { account: await accountTime(ctx), machine: time.now() };
}

/** State of the run log since a run began. */
export interface RunLogState {
  /** Rows of the runs that have ended well. */
  readonly built: number;
  readonly scored: number;
  /** Milliseconds after `since` at which each step had ended well; 0: it has not. */
  readonly took: RunDurations;
  readonly failed: boolean;
  /** True if the last step has begun. */
  readonly scoring: boolean;
  /** When it was asked; left out where there is nothing. */
  readonly now?: Moment;
}

interface LogRow extends Record<string, unknown> {
  KIND: string;
  STATUS: string;
  N: number;
  TOOK: number | null;
  NOW: number;
}

/**
 * Reads the run log. It is a small table, and so a far cheaper question than the task history; but of a task that
 * never called its procedure, or was skipped, it says nothing.
 */
export async function readRunLog(
  { settings, snowflake }: Context,
  contract: Contract,
  since: Moment,
  time: Time,
): Promise<RunLogState> {
  const rows = await snowflake.query<LogRow>(
    `SELECT KIND, STATUS, SUM(ROW_COUNT) AS N, DATEDIFF(millisecond, ${momentSql(since.account)}, MAX(FINISHED_AT)) AS TOOK, ${CLOCK} AS NOW
FROM ${qualify(settings, 'LOS_RUN_LOG')}
WHERE DATASET = ${literal(contract.name)} AND KIND IN (${graphSteps.map(({ run }) => literal(run)).join(', ')}) AND STARTED_AT >= ${momentSql(since.account)}
GROUP BY KIND, STATUS`,
  );
  const of = ({ run }: Step) => rows.find(({ KIND, STATUS }) => KIND === run && STATUS === 'SUCCEEDED');
  const [build, score] = graphSteps.map(of);
  return {
    built: Number(build?.N ?? 0),
    scored: Number(score?.N ?? 0),
    took: { built: Number(build?.TOOK ?? 0), all: Number(score?.TOOK ?? 0) },
    failed: rows.some(({ STATUS }) => STATUS === 'FAILED'),
    scoring: rows.some(({ KIND }) => KIND === graphSteps[1].run),
    ...(rows[0] && { now: { account: Math.floor(Number(rows[0].NOW)), machine: time.now() } }),
  };
}
