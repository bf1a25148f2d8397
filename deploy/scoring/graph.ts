import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualified, schemaPath, shared } from '../../procedures/ground/names.js';
import { graphSteps } from '../../procedures/scoring/graph-tasks.js';
import { withTypeScriptLines } from '../clients/located.js';
import { redactor } from '../clients/redact.js';
import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';

/** What one run of the task graph did. */
export interface GraphRun {
  /** Admissions new to the feature table or changed in it. */
  readonly built: number;
  /** Admissions predicted and logged. */
  readonly scored: number;
  readonly seconds: number;
}

const ENDED = new Set(['SUCCEEDED', 'SKIPPED', 'FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED']);
/** A graph that has not ended after this many seconds is reported, not waited for. */
const PATIENCE = 1800;
/** Milliseconds after which a run may have ended of which nobody knows how long it takes. */
const FIRST_LOOK = 400;
/** Milliseconds between looks at least. */
const SHORTEST = 20;

const [ROOT, ...CHILDREN] = graphSteps;

/** Milliseconds from EXECUTE TASK on after which, by the run before, features are built and everything has ended; 0: nobody knows. */
interface Usual {
  readonly built: number;
  readonly all: number;
}

/** The time that runs are waited for by: milliseconds since some moment, and a pause. */
export interface Time {
  now(): number;
  /** @throws when the signal is aborted */
  sleep(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

const clockTime: Time = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/** Runs the task graph once, as `graphRuns` does. */
export function runGraph(ctx: Context, contract: Contract): Promise<GraphRun> {
  return graphRuns(ctx, contract)();
}

/**
 * What runs the task graph (procedures/scoring/graph-tasks.ts) at each call through EXECUTE TASK, and waits for its end. EXECUTE TASK skips
 * children that are suspended (docs.snowflake.com, sql-reference/sql/execute-task), as all are where tasks.resumed is
 * false; their procedures are called directly then. How long a run takes is learned from the one before: each look at the
 * history is a query, so none is made before a run can have ended. From the first nothing is learned: once a day a run
 * compares everything with everything, and what the others find in caches is not there yet.
 *
 * A call may bring what is to be done once features are built, while they are scored: what comes into the raw table from then on is for
 * the next run. It is not done where the run builds nothing, or not by the task.
 */
export function graphRuns(
  ctx: Context,
  contract: Contract,
  time: Time = clockTime,
): (meanwhile?: () => Promise<void>) => Promise<GraphRun> {
  const { settings, snowflake } = ctx;
  let suspended: boolean | undefined;
  /** By the account's own history: by when it was noticed, a slow run would make all that follow look slow. */
  let usual: Usual = { built: 0, all: 0 };
  let first = true;
  return async (meanwhile) => {
    const started = time.now();
    const [clock] = await snowflake.query<{ NOW: number }>(
      'SELECT DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP()) AS NOW',
    );
    const since = `TO_TIMESTAMP_LTZ(${Math.floor(Number(clock?.NOW))}, 3)`;
    suspended ??= await childrenSuspended(ctx);
    if (suspended) for (const { procedure } of graphSteps) await call(ctx, procedure);
    else {
      await snowflake.execute(`EXECUTE TASK ${qualified(settings, ROOT.task)}`);
      const { left, took } = await ended(ctx, since, usual, meanwhile, time);
      if (!first) usual = took;
      first = false;
      // Somebody may have suspended a child since.
      for (const { procedure } of left) await call(ctx, procedure);
    }
    const rows = await snowflake.query<{ KIND: string; N: number }>(
      `SELECT KIND, SUM(ROW_COUNT) AS N FROM ${qualified(settings, shared.runs)}
WHERE DATASET = ${literal(contract.name)} AND STARTED_AT >= ${since} AND STATUS = 'SUCCEEDED' GROUP BY KIND`,
    );
    const of = (kind: string) => Number(rows.find((row) => row.KIND === kind)?.N ?? 0);
    return { built: of('features'), scored: of('scoring'), seconds: (time.now() - started) / 1000 };
  };
}

interface HistoryRow extends Record<string, unknown> {
  NAME: string;
  STATE: string;
  ERROR_MESSAGE: string | null;
  /** Milliseconds from `since` to its end; null while it runs. */
  TOOK: number | null;
}

type Step = (typeof graphSteps)[number];

/** Whether EXECUTE TASK would leave out a task after the first. */
async function childrenSuspended({ settings, snowflake }: Context): Promise<boolean> {
  const tasks = await snowflake.query(`SHOW TASKS IN SCHEMA ${schemaPath(settings)}`);
  return tasks.some(({ name, state }) => state === 'suspended' && CHILDREN.some(({ task }) => task === name));
}

const next = 'Nothing is lost: who is to be scored waits. los doctor says what to mend; then run los score.';

/** What a task would do, without the task. */
async function call({ settings, snowflake }: Context, procedure: string): Promise<void> {
  try {
    await snowflake.query(`CALL ${qualified(settings, procedure)}()`);
  } catch (error) {
    throw new UserError(`${procedure} failed: ${hide(messageOf(error))}`, { next, cause: error });
  }
}

/**
 * Follows TASK_HISTORY until the graph run that began after `since` has ended.
 * @param meanwhile done once the first task has ended
 * @returns what was left out of it, being suspended, and how many milliseconds it took
 */
async function ended(
  ctx: Context,
  since: string,
  usual: Usual,
  meanwhile: (() => Promise<void>) | undefined,
  time: Time,
): Promise<{ left: readonly Step[]; took: Usual }> {
  const { settings, snowflake, signal } = ctx;
  const query = `SELECT NAME, STATE, ERROR_MESSAGE, DATEDIFF(millisecond, ${since}, COMPLETED_TIME) AS TOOK
FROM TABLE(${settings.snowflake.database}.INFORMATION_SCHEMA.TASK_HISTORY(
  SCHEDULED_TIME_RANGE_START => ${since}, RESULT_LIMIT => 100))
WHERE DATABASE_NAME = ${literal(settings.snowflake.database)} AND SCHEMA_NAME = ${literal(settings.snowflake.schema)}
  AND NAME IN (${graphSteps.map(({ task }) => literal(task)).join(', ')}) AND STATE <> 'SCHEDULED'
ORDER BY SCHEDULED_TIME`;
  const begun = time.now();
  let ahead = meanwhile;
  // Who has something to do in between comes a little late rather than twice.
  const early = () => (ahead ? usual.built * 1.1 : usual.all * 0.9);
  let wait = usual.all > 0 ? Math.max(SHORTEST, early()) : FIRST_LOOK;
  for (;;) {
    await time.sleep(wait, signal);
    const rows = await snowflake.query<HistoryRow>(query);
    const of = ({ task }: Step) => rows.find((row) => row.NAME === task);
    const stateOf = (step: Step) => of(step)?.STATE;
    const failed = rows.find((row) => row.STATE.startsWith('FAILED') || row.STATE === 'CANCELLED');
    if (failed)
      throw new Failure(`The task ${failed.NAME} failed: ${await reason(ctx, failed)}.`, {
        next,
      });
    const took = { built: Number(of(ROOT)?.TOOK), all: Math.max(...rows.map(({ TOOK }) => Number(TOOK))) };
    if (stateOf(ROOT) === 'SKIPPED') return { left: [], took };
    if (stateOf(ROOT) === 'SUCCEEDED') {
      const left = CHILDREN.filter((step) => !ENDED.has(stateOf(step) ?? ''));
      if (left.length === 0) return { left, took };
      if (left.every((step) => stateOf(step) === undefined) && (await childrenSuspended(ctx)))
        return { left, took };
      await ahead?.();
      ahead = undefined;
    }
    const past = time.now() - begun;
    if (past > PATIENCE * 1000)
      throw new Failure(
        `The task graph has not ended after ${PATIENCE} s (${graphSteps.map((step) => `${step.task}: ${stateOf(step) ?? 'not started'}`).join(', ')}).`,
        { next: 'See whether its tasks are resumed: los status.' },
      );
    const late = past - early();
    wait =
      late < 0 ? Math.max(SHORTEST, -late) : Math.min(5000, Math.max(SHORTEST, usual.all / 20, late / 7));
  }
}

/** The history quotes values that could not be read; they may be a patient's. */
const hide = redactor([]);

/** What the task history says, with the TypeScript lines of what failed. */
async function reason(ctx: Context, { ERROR_MESSAGE, STATE }: HistoryRow): Promise<string> {
  return withTypeScriptLines(hide(ERROR_MESSAGE ?? STATE), (sql) => ctx.snowflake.query(sql));
}
