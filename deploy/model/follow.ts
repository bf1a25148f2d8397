import { qualify, schemaPath } from '../../procedures/ground/names.js';
import type { Run } from '../../procedures/training/run.js';
import { versionOf } from '../../procedures/versions/version.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import { allItems } from '../ground/aws-errors.js';
import type { Time } from '../ground/time.js';
import type { Settings } from '../settings/settings.js';
import type { Driver } from './driver.js';

const TASK = 'LOS_TRAIN';
/** Milliseconds between two questions to SageMaker. */
const INTERVAL = 15_000;
/**
 * Milliseconds for which nothing is under way in SageMaker before Snowflake is asked whether the run is over. By then the task has begun, and
 * what it has begun is seen: it starts within seconds of EXECUTE TASK.
 */
const QUIET = 90_000;

/** Whether a task takes the steps of a training without a warehouse. */
export function isTakenByTask({ tasks }: Settings): boolean {
  return tasks.resumed && tasks.compute === 'serverless';
}

/** How a training is followed whose steps a task takes: in SageMaker, and by statements that no warehouse is awake for. */
export interface TaskFollower {
  /** Milliseconds after a statement for which the warehouse is awake anyway, so that steps from here cost nothing more. */
  readonly awake: number;
  /** Names of what a run has under way in SageMaker. */
  listUnderWay(run: Run): Promise<readonly string[]>;
  /** Has the task look at once. @returns why it does not; null: it does */
  wake(): Promise<string | null>;
}

export function taskFollower(ctx: Context): TaskFollower {
  return {
    awake: Math.min(60, ctx.settings.snowflake.warehouse.autoSuspendSeconds) * 1000,
    listUnderWay: (run) => listUnderWay(ctx, run),
    wake: () => wakeTask(ctx),
  };
}

/** Names of jobs end with the run's stamp, those of endpoints begin with its version's. */
async function listUnderWay({ aws, settings }: Context, { data, dataset }: Run): Promise<string[]> {
  const { sageMaker } = aws;
  const jobs = { NameContains: data.stamp, StatusEquals: 'InProgress' } as const;
  const names = await Promise.all([
    allItems(sageMaker.paginateListTrainingJobs(jobs), (page) =>
      page.TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName),
    ),
    listTransforms(aws, data.stamp),
    data.number === undefined
      ? []
      : allItems(
          sageMaker.paginateListEndpoints({
            NameContains: versionOf({ name: dataset }, settings, data.number, data.nameStamp).endpoint,
          }),
          (page) =>
            page.Endpoints?.filter(({ EndpointStatus }) => !SETTLED.has(String(EndpointStatus))).map(
              ({ EndpointName }) => EndpointName,
            ),
        ),
  ]);
  return names.flat().map((name) => String(name).replace(`-${data.stamp}`, ''));
}

/** Names of batch transforms that are under way. @param stamp with which those of a run end */
export async function listTransforms({ sageMaker }: Context['aws'], stamp: string): Promise<string[]> {
  return await allItems(
    sageMaker.paginateListTransformJobs({ NameContains: stamp, StatusEquals: 'InProgress' }),
    (page) => page.TransformJobSummaries?.map(({ TransformJobName }) => String(TransformJobName)),
  );
}

const SETTLED: ReadonlySet<string> = new Set(['InService', 'Failed', 'OutOfService']);

/** SHOW needs no warehouse (docs.snowflake.com, sql-reference/sql/show-tasks); that EXECUTE TASK needs none either, no page says. */
async function wakeTask({ settings, snowflake }: Context): Promise<string | null> {
  try {
    const tasks = await snowflake.query(`SHOW TASKS LIKE '${TASK}' IN SCHEMA ${schemaPath(settings)}`);
    const task = tasks.find(({ name }) => name === TASK);
    if (!task) return 'it does not exist, or your role does not see it';
    if (task.state !== 'started') return 'it is suspended';
    await snowflake.execute(`EXECUTE TASK ${qualify(settings, TASK)}`);
    return null;
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return messageOf(error);
  }
}

/**
 * Follows a run while the task LOS_TRAIN takes its steps, until it is over. SageMaker is asked what goes on. When something of it has ended,
 * the task is woken; when nothing follows it for some time, the run may be over, and Snowflake is asked: that alone wakes the warehouse.
 * @param tell says what a run came to that was looked at
 * @returns undefined: the task does not take the steps, or SageMaker may not be asked, which was said
 */
export async function followTask(
  ctx: Context,
  task: TaskFollower,
  look: Driver['look'],
  run: Run,
  tell: (run: Run) => Promise<void>,
  update: (status: string) => void,
  time: Time,
): Promise<Run | undefined> {
  const { progress, signal } = ctx;
  const giveUp = (why: string) => {
    progress.warn(`los train takes the steps itself from here, by the warehouse: ${why}.`);
    return undefined;
  };
  progress.note(
    `The task ${TASK} takes the steps from here, without the warehouse. What they came to is said at the end.`,
  );
  let before: readonly string[] | undefined;
  let quiet = { since: time.now(), patience: QUIET, woken: false };
  let seen: string | undefined;
  for (;;) {
    let underWay: readonly string[];
    try {
      underWay = await task.listUnderWay(run);
    } catch (error) {
      if (!(error instanceof Error && '$metadata' in error)) throw error;
      return giveUp(
        `SageMaker does not say what is under way (${error.name}; los bootstrap prints the rights)`,
      );
    }
    const waited = time.now() - quiet.since;
    const ended = before?.some((name) => !underWay.includes(name)) ?? true;
    // What its last look waited for may have come to its end unseen.
    const isDue = underWay.length === 0 && !ended && !quiet.woken && waited >= quiet.patience / 2;
    if (ended || isDue) {
      const why = await task.wake();
      if (why !== null) return giveUp(`the task ${TASK} does not run, ${why}`);
    }
    before = underWay;
    quiet = { ...quiet, woken: quiet.woken || isDue };
    update(
      underWay.length > 0
        ? `under way in SageMaker: ${underWay.join(', ')}`
        : `the task ${TASK} takes the next steps`,
    );
    if (underWay.length > 0) {
      quiet = { since: time.now(), patience: QUIET, woken: false };
      seen = undefined;
    } else if (waited >= quiet.patience) {
      const now = await look(run.id);
      await tell(now);
      if (now.status !== 'OPEN') return now;
      const found = JSON.stringify([now.state, now.message, now.attempts, now.data]);
      if (!now.held && found === seen) return giveUp(`the task ${TASK} has not taken the step that is due`);
      seen = found;
      quiet = { since: time.now(), patience: 2 * quiet.patience, woken: false };
    }
    await time.sleep(INTERVAL, signal);
  }
}
