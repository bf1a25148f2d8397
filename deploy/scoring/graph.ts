import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualified, schemaPath } from '../../procedures/ground/names.js';
import { graphSteps } from '../../procedures/scoring/graph-tasks.js';
import { withTypeScriptLines } from '../clients/located.js';
import { redactor } from '../clients/redact.js';
import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';
import { realTime, type Time } from '../ground/time.js';
import { at, type Logged, logged, type Moment, moment, type Step, sinceThen, type Usual } from './logged.js';

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
/** Milliseconds after which a run of unknown duration may have ended. */
const FIRST_LOOK = 400;
/** A run that takes longer than the one before by this factor has perhaps come to another end than the run log tells of. */
const PUNCTUAL = 1.25;
/** Milliseconds between looks at least. */
const SHORTEST = 10;

const [ROOT, ...CHILDREN] = graphSteps;

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
  time: Time = realTime,
): (meanwhile?: () => Promise<void>) => Promise<GraphRun> {
  const { settings, snowflake } = ctx;
  let suspended: boolean | undefined;
  /** By the account's own history: by when it was noticed, a slow run would make all that follow look slow. */
  let usual: Usual = { built: 0, all: 0 };
  let first = true;
  /** The last question of the run before told it, so that the time need not be asked for. */
  let known: Moment | undefined;
  return async (meanwhile) => {
    const started = time.now();
    // Not what was told then: the graph may have run by its schedule meanwhile.
    const since = known ? sinceThen(known, started) : await moment(ctx, time);
    known = undefined; // nothing is known of one that fails
    suspended ??= await childrenSuspended(ctx);
    let log: Logged | undefined;
    if (suspended) for (const { procedure } of graphSteps) await call(ctx, procedure);
    else {
      await snowflake.execute(`EXECUTE TASK ${qualified(settings, ROOT.task)}`);
      const end = await ended(ctx, contract, since, usual, meanwhile, time);
      if (!first) usual = end.took;
      first = false;
      log = end.log;
      // A child may have been suspended since.
      for (const { procedure } of end.left) await call(ctx, procedure);
    }
    const { built, scored, now } = log ?? (await logged(ctx, contract, since, time));
    known = now;
    return { built, scored, seconds: (time.now() - started) / 1000 };
  };
}

interface HistoryRow extends Record<string, unknown> {
  NAME: string;
  STATE: string;
  ERROR_MESSAGE: string | null;
  /** Milliseconds from `since` to its end; null while it runs. */
  TOOK: number | null;
}

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

/** What `ended` has seen of a run. */
interface End {
  /** What was left out of it, being suspended. */
  readonly left: readonly Step[];
  readonly took: Usual;
  /** Where the run log has told that all of it ended well. */
  readonly log?: Logged;
}

/**
 * Follows the graph run that began after `since` until it has ended: by the run log as long as it takes no longer than the one before, then, or
 * where something failed, by TASK_HISTORY.
 * @param meanwhile done once the first task's procedure has ended
 */
async function ended(
  ctx: Context,
  contract: Contract,
  since: Moment,
  usual: Usual,
  meanwhile: (() => Promise<void>) | undefined,
  time: Time,
): Promise<End> {
  const begun = time.now();
  let ahead = meanwhile;
  let built = false;
  const early = () => (ahead ? usual.built : usual.all * 0.9);
  let wait = usual.all > 0 ? Math.max(SHORTEST, early()) : FIRST_LOOK;
  for (;;) {
    await time.sleep(wait, ctx.signal);
    const log =
      time.now() - begun < usual.all * PUNCTUAL ? await logged(ctx, contract, since, time) : undefined;
    // What has not begun by the look after may have been skipped.
    const tells = log && !log.failed && (log.scoring || !built);
    const seen: Seen = tells ? byLog(log) : await byHistory(ctx, since);
    built ||= seen.built;
    if (seen.end) {
      // Of what has passed between that moment and this run nothing is learned.
      const { took } = seen.end;
      const before = begun - since.here;
      return { ...seen.end, took: { built: took.built - before, all: took.all - before } };
    }
    if (seen.built) {
      await ahead?.();
      ahead = undefined;
    }
    const past = time.now() - begun;
    if (past > PATIENCE * 1000)
      throw new Failure(`The task graph has not ended after ${PATIENCE} s (${seen.states}).`, {
        next: 'See whether its tasks are resumed: los status.',
      });
    const late = past - early();
    const pace = ahead ? usual.built / 15 : usual.all / 20;
    wait = late < 0 ? Math.max(SHORTEST, -late) : Math.min(5000, Math.max(SHORTEST, pace, late / 7));
  }
}

/** The history's own limit: it counts the tasks of the whole account, with what is scheduled next of each. */
const MOST = 10_000;

/** What one look has seen: that features are built, and how the run ended; `states` for the message of a wait in vain. */
interface Seen {
  readonly built: boolean;
  readonly end?: End;
  readonly states: string;
}

function byLog(log: Logged): Seen {
  const { built, all } = log.took;
  return {
    built: built > 0,
    states: 'by the run log',
    ...(built > 0 && all > 0 && { end: { left: [], took: log.took, log } }),
  };
}

async function byHistory(ctx: Context, since: Moment): Promise<Seen> {
  const { database, schema } = ctx.settings.snowflake;
  const rows = await ctx.snowflake.query<HistoryRow>(
    `SELECT NAME, STATE, ERROR_MESSAGE, DATEDIFF(millisecond, ${at(since)}, COMPLETED_TIME) AS TOOK
FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(
  SCHEDULED_TIME_RANGE_START => ${at(since)}, RESULT_LIMIT => ${MOST}))
WHERE DATABASE_NAME = ${literal(database)} AND SCHEMA_NAME = ${literal(schema)}
  AND NAME IN (${graphSteps.map(({ task }) => literal(task)).join(', ')}) AND STATE <> 'SCHEDULED'
ORDER BY SCHEDULED_TIME`,
  );
  const of = ({ task }: Step) => rows.find((row) => row.NAME === task);
  const stateOf = (step: Step) => of(step)?.STATE;
  const failed = rows.find((row) => row.STATE.startsWith('FAILED') || row.STATE === 'CANCELLED');
  if (failed)
    throw new Failure(`The task ${failed.NAME} failed: ${await reason(ctx, failed)}.`, {
      next,
    });
  const states = graphSteps.map((step) => `${step.task}: ${stateOf(step) ?? 'not started'}`).join(', ');
  const took = { built: Number(of(ROOT)?.TOOK), all: Math.max(...rows.map(({ TOOK }) => Number(TOOK))) };
  if (stateOf(ROOT) === 'SKIPPED') return { built: false, end: { left: [], took }, states };
  if (stateOf(ROOT) !== 'SUCCEEDED') return { built: false, states };
  const left = CHILDREN.filter((step) => !ENDED.has(stateOf(step) ?? ''));
  const suspended = async () =>
    left.every((step) => stateOf(step) === undefined) && (await childrenSuspended(ctx));
  return {
    built: true,
    states,
    ...((left.length === 0 || (await suspended())) && { end: { left, took } }),
  };
}

/** The history quotes values that could not be read; they may be a patient's. */
const hide = redactor([]);

/** What the task history says, with the TypeScript lines of what failed. */
async function reason(ctx: Context, { ERROR_MESSAGE, STATE }: HistoryRow): Promise<string> {
  return withTypeScriptLines(hide(ERROR_MESSAGE ?? STATE), (sql) => ctx.snowflake.query(sql));
}
