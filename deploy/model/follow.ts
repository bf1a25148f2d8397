import { qualify, schemaPath } from '../../procedures/ground/names.js';
import { progressOf, type Run } from '../../procedures/training/run.js';
import { versionOf } from '../../procedures/versions/version.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import { allItems } from '../ground/aws-errors.js';
import type { Time } from '../ground/time.js';

const TASK = 'LOS_TRAIN';
/** Milliseconds between two questions to SageMaker. */
const INTERVAL = 15_000;
/** Milliseconds for which nothing is under way in SageMaker before Snowflake is asked whether the run is over. */
const QUIET = 30_000;
/** Milliseconds in which a task that works has taken a step that is due: it is woken every half minute. */
const IDLE = 90_000;

/** State of a training whose steps the task takes. */
export interface RunLook {
  look(run: string): Promise<Run>;
  /** True if it still waits for the same job in SageMaker, which alone is asked: no warehouse is awake for that. */
  isStillWaiting(run: Run): Promise<boolean>;
}

export interface TaskFollower {
  /** Milliseconds after a statement for which the warehouse is awake anyway, so that another costs nothing more. */
  readonly awake: number;
  /** Names of what a run has under way in SageMaker. */
  listUnderWay(run: Run): Promise<readonly string[]>;
  /** Has the task look at once. @returns why it does not; null: it does */
  wake(): Promise<string | null>;
}

export function taskFollower(ctx: Context): TaskFollower {
  return {
    awake: 60_000,
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
    allItems(sageMaker.paginateListTransformJobs(jobs), (page) =>
      page.TransformJobSummaries?.map(({ TransformJobName }) => TransformJobName),
    ),
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
 * Time for which to leave a training alone that has made no progress: a sixteenth of that, for jobs take seconds here
 * and minutes there, but so long that no more than a sixth of the time goes into looks, each of which is some
 * statements and questions to SageMaker. In the first second it is up to a third: what has just begun may be over at
 * once, where looks are that quick. Half of it where another process works on it: then a look is one statement and
 * steps nothing.
 * @param waited milliseconds
 * @param look how long the quickest look took so far, where the last one found nothing new: what it costs, not what else the machine
 *   does; 0: it found something
 * @returns milliseconds
 */
export function patience(waited: number, look: number, held: boolean): number {
  const least = held ? 300 : 100;
  const looks = waited < 1000 ? 2 * look : 5 * look;
  return Math.min(10_000, Math.max(least, looks, waited / 16) / (held ? 2 : 1));
}

/**
 * Follows a run whose steps the task LOS_TRAIN takes, until it is over. The run is looked at when what it waits for has ended. Once it has
 * come no further for as long as the warehouse is awake anyway, SageMaker is asked what goes on, and the run is looked at where nothing does.
 * @param tell says what a run came to that was looked at
 * @returns undefined: the task does not take the steps, or SageMaker may not be asked, which was said
 */
export async function followTask(
  { progress, signal }: Context,
  task: TaskFollower,
  { look, isStillWaiting }: RunLook,
  id: string,
  tell: (run: Run) => Promise<void>,
  update: (status: string) => void,
  time: Time,
): Promise<Run | undefined> {
  const giveUp = (why: string) => {
    progress.warn(`los train takes the steps itself from here, by the warehouse: ${why}.`);
    return undefined;
  };
  const wake = async () => {
    const why = await task.wake();
    return why === null || giveUp(`the task ${TASK} does not run, ${why}`);
  };
  let moved = time.now();
  let known = '';
  const lookAgain = async () => {
    const run = await look(id);
    await tell(run);
    if (progressOf(run) !== known) moved = time.now();
    known = progressOf(run);
    return run;
  };
  if (!(await wake())) return undefined;
  let run: Run;
  const isYoung = () => time.now() - moved < task.awake;
  do {
    const asked = time.now();
    run = await lookAgain();
    if (run.status !== 'OPEN') return run;
    const look = time.now() - asked;
    do await time.sleep(patience(time.now() - moved, look, true), signal);
    while (isYoung() && !run.held && (await isStillWaiting(run)));
  } while (isYoung());
  progress.note(
    `The task ${TASK} goes on with it. Until it ends, los asks SageMaker only and shows the results of all steps at the end.`,
  );
  let before: readonly string[] = [];
  for (let [quiet, patience] = [time.now(), QUIET]; ; await time.sleep(INTERVAL, signal)) {
    let underWay: readonly string[];
    try {
      underWay = await task.listUnderWay(run);
    } catch (error) {
      if (!(error instanceof Error && '$metadata' in error)) throw error;
      return giveUp(
        `SageMaker does not say what is under way (${error.name}; los bootstrap prints the rights)`,
      );
    }
    const hasEnded = before.some((name) => !underWay.includes(name));
    before = underWay;
    if (hasEnded || underWay.length > 0) [quiet, patience] = [time.now(), QUIET];
    if (underWay.length > 0) update(`under way in SageMaker: ${underWay.join(', ')}`);
    const waited = time.now() - quiet;
    const isDue = waited >= patience;
    if (isDue) {
      run = await lookAgain();
      if (run.status !== 'OPEN') return run;
      if (!run.held && Math.min(waited, time.now() - moved) >= IDLE)
        return giveUp(`the task ${TASK} has not taken the step that is due`);
      patience = 1.5 * waited;
    }
    if ((hasEnded || isDue) && !(await wake())) return undefined;
  }
}
