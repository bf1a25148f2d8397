import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify, schemaPath } from '../../procedures/ground/names.js';
import { graphSteps } from '../../procedures/scoring/graph-tasks.js';
import type { GraphRun } from '../../report/results/operation.js';
import { withTypeScriptLines } from '../clients/located.js';
import { redactor } from '../clients/redact.js';
import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';
import { realTime, type Time } from '../ground/time.js';

export type Step = (typeof graphSteps)[number];

const ENDED = new Set(['SUCCEEDED', 'SKIPPED', 'FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED']);
/** A graph that has not ended after this many seconds is reported, not waited for. */
const PATIENCE = 1800;
/** Milliseconds after which a run of unknown duration may have ended. */
export const FIRST_LOOK = 400;
/** Milliseconds between looks at most. */
export const LONGEST = 5000;

const [ROOT, ...CHILDREN] = graphSteps;

/**
 * Runs the task graph (procedures/scoring/graph-tasks.ts) once through EXECUTE TASK, and waits for its end. EXECUTE TASK skips
 * children that are suspended (docs.snowflake.com, sql-reference/sql/execute-task), as all are where tasks.resumed is
 * false; their procedures are called directly then.
 * @throws Failure where a task fails; UserError where a procedure that is called directly does
 */
export async function runGraph(ctx: Context, contract: Contract, time: Time = realTime): Promise<GraphRun> {
  const started = time.now();
  const since = await accountTime(ctx);
  const left = (await areChildrenSuspended(ctx)) ? graphSteps : await executeGraph(ctx, since, time);
  for (const step of left) await callStep(ctx, step);
  return { ...(await countRows(ctx, contract, since)), seconds: (time.now() - started) / 1000 };
}

/** @returns steps that the graph left out, being suspended */
async function executeGraph(ctx: Context, since: number, time: Time): Promise<readonly Step[]> {
  await startGraph(ctx);
  const begun = time.now();
  for (let wait = FIRST_LOOK; ; wait = Math.min(LONGEST, (time.now() - begun) / 7)) {
    await time.sleep(wait, ctx.signal);
    const { left, states } = await lookAtHistory(ctx, since);
    if (left) return left;
    requirePatience(time.now() - begun, states);
  }
}

/** @throws Failure where a run is waited for in vain */
export function requirePatience(milliseconds: number, states: string): void {
  if (milliseconds > PATIENCE * 1000)
    throw new Failure(`The task graph has not ended after ${PATIENCE} s (${states}).`, {
      next: 'See whether its tasks are resumed: los status.',
    });
}

export async function startGraph({ settings, snowflake }: Context): Promise<void> {
  await snowflake.execute(`EXECUTE TASK ${qualify(settings, ROOT.task)}`);
}

/** SQL of the account's clock, and of a moment on it: milliseconds of the epoch. */
export const CLOCK = 'DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())';
export const momentSql = (milliseconds: number) => `TO_TIMESTAMP_LTZ(${milliseconds}, 3)`;

export async function accountTime({ snowflake }: Context): Promise<number> {
  const [row] = await snowflake.query<{ NOW: number }>(`SELECT ${CLOCK} AS NOW`);
  return Math.floor(Number(row?.NOW));
}

/** True if EXECUTE TASK would leave out a task after the first. */
export async function areChildrenSuspended({ settings, snowflake }: Context): Promise<boolean> {
  const tasks = await snowflake.query(`SHOW TASKS IN SCHEMA ${schemaPath(settings)}`);
  return tasks.some(({ name, state }) => state === 'suspended' && CHILDREN.some(({ task }) => task === name));
}

const next = 'Nothing is lost: who is to be scored waits. los doctor says what to mend; then run los score.';

/** Does a task's work without the task. */
export async function callStep({ settings, snowflake }: Context, { procedure }: Step): Promise<void> {
  try {
    await snowflake.query(`CALL ${qualify(settings, procedure)}()`);
  } catch (error) {
    throw new UserError(`${procedure} failed: ${hide(messageOf(error))}`, { next, cause: error });
  }
}

/** Rows of runs that have ended well since a moment, by what the procedures wrote down. */
async function countRows(
  { settings, snowflake }: Context,
  contract: Contract,
  since: number,
): Promise<Pick<GraphRun, 'built' | 'scored'>> {
  const rows = await snowflake.query<{ KIND: string; N: number }>(
    `SELECT KIND, SUM(ROW_COUNT) AS N FROM ${qualify(settings, 'LOS_RUN_LOG')}
WHERE DATASET = ${literal(contract.name)} AND STATUS = 'SUCCEEDED' AND STARTED_AT >= ${momentSql(since)} GROUP BY KIND`,
  );
  const [built, scored] = graphSteps.map(({ run }) => Number(rows.find(({ KIND }) => KIND === run)?.N ?? 0));
  return { built: built ?? 0, scored: scored ?? 0 };
}

/** The history's own limit: it counts the tasks of the whole account, with what is scheduled next of each. */
const MOST = 10_000;

interface HistoryRow extends Record<string, unknown> {
  NAME: string;
  STATE: string;
  ERROR_MESSAGE: string | null;
  /** Milliseconds from the moment that is asked about to its end; null while it runs. */
  TOOK: number | null;
}

export interface GraphState {
  readonly built: boolean;
  /** Steps that were left out of a run that has ended, being suspended; undefined while it has not ended. */
  readonly left?: readonly Step[];
  /** Milliseconds after which features were built, and everything had ended. */
  readonly took: { readonly built: number; readonly all: number };
  /** For the message of a wait in vain. */
  readonly states: string;
}

/**
 * Finds the progress of the graph's run that began after a moment.
 * @throws Failure where one of its tasks failed
 */
export async function lookAtHistory(ctx: Context, since: number): Promise<GraphState> {
  const { database, schema } = ctx.settings.snowflake;
  const rows = await ctx.snowflake.query<HistoryRow>(
    `SELECT NAME, STATE, ERROR_MESSAGE, DATEDIFF(millisecond, ${momentSql(since)}, COMPLETED_TIME) AS TOOK
FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(
  SCHEDULED_TIME_RANGE_START => ${momentSql(since)}, RESULT_LIMIT => ${MOST}))
WHERE DATABASE_NAME = ${literal(database)} AND SCHEMA_NAME = ${literal(schema)}
  AND NAME IN (${graphSteps.map(({ task }) => literal(task)).join(', ')}) AND STATE <> 'SCHEDULED'
ORDER BY SCHEDULED_TIME`,
  );
  const rowOf = ({ task }: Step) => rows.find((row) => row.NAME === task);
  const stateOf = (step: Step) => rowOf(step)?.STATE;
  const failed = rows.find((row) => row.STATE.startsWith('FAILED') || row.STATE === 'CANCELLED');
  if (failed) throw new Failure(`The task ${failed.NAME} failed: ${await reasonOf(ctx, failed)}.`, { next });
  const states = graphSteps.map((step) => `${step.task}: ${stateOf(step) ?? 'not started'}`).join(', ');
  const took = { built: Number(rowOf(ROOT)?.TOOK), all: Math.max(...rows.map(({ TOOK }) => Number(TOOK))) };
  if (stateOf(ROOT) === 'SKIPPED') return { built: false, left: [], took, states };
  if (stateOf(ROOT) !== 'SUCCEEDED') return { built: false, took, states };
  const left = CHILDREN.filter((step) => !ENDED.has(stateOf(step) ?? ''));
  const isSuspended = async () =>
    left.every((step) => stateOf(step) === undefined) && (await areChildrenSuspended(ctx));
  return { built: true, took, states, ...((left.length === 0 || (await isSuspended())) && { left }) };
}

/** The history quotes values that could not be read; they may be a patient's. */
const hide = redactor([]);

/** Reason in the task history, with the TypeScript lines of what failed. */
async function reasonOf(ctx: Context, { ERROR_MESSAGE, STATE }: HistoryRow): Promise<string> {
  return withTypeScriptLines(hide(ERROR_MESSAGE ?? STATE), (sql) => ctx.snowflake.query(sql));
}
