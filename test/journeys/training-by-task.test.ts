import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { AlarmClock, PassingTime } from '../deploy/passing-time.js';

const MINUTE = 60_000;

/** Of a training that CALL TRAIN_MODEL opens and the task alone goes on with. */
interface Course {
  /** Minutes by the account's clock. */
  readonly lasted: number;
  /** Minutes of it in which nothing was under way in SageMaker. */
  readonly idle: number;
  /** Minutes of an X-Small that the task computed. */
  readonly computed: number;
  readonly taskRuns: number;
  readonly states: number;
}

/** @param minutes that a job waits for its instances, and an endpoint takes to come */
async function trainByTask(minutes: number): Promise<Course> {
  const clock = new AlarmClock();
  const times = { startingTime: minutes * MINUTE, deploymentTime: minutes * MINUTE };
  const cloud = await embeddedCloud('mail: { to: [] }', { clock, ...times }, 'loaded');
  const ctx = await cloud.open();
  try {
    const time = new PassingTime(clock, cloud.cloud, ctx.aws);
    const query = (sql: string) => ctx.snowflake.query<Record<string, string | number>>(sql);
    const open = async () =>
      (await query("SELECT 1 FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'")).length > 0;
    const began = time.now();
    await query('CALL TRAIN_MODEL(NULL)');
    let [lasted, idle] = [0, 0];
    for (let before = began; await open(); before = time.now()) {
      const busy = await isUnderWay(ctx);
      await time.sleep(minutes > 0 ? 5000 : 1000);
      lasted = time.now() - began;
      if (!busy) idle += time.now() - before;
    }
    const [run] = await query('SELECT STATUS, MESSAGE FROM LOS_TRAINING_RUNS');
    expect(run!.STATUS, String(run!.MESSAGE)).to.equal('DONE');
    await time.sleep(MINUTE);
    const [of] =
      await query(`SELECT (SELECT SUM(CREDITS_USED::FLOAT) * 60 FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.SERVERLESS_TASK_HISTORY(
  DATE_RANGE_START => '2000-01-01'::DATE, TASK_NAME => 'LOS_TRAIN'))) AS COMPUTED,
  (SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'LOS_TRAIN')) WHERE STATE = 'SUCCEEDED') AS RUNS,
  (SELECT COUNT(*) FROM LOS_TRAINING_STEPS) AS STATES`);
    return {
      lasted: lasted / MINUTE,
      idle: idle / MINUTE,
      computed: Number(of!.COMPUTED),
      taskRuns: Number(of!.RUNS),
      states: Number(of!.STATES),
    };
  } finally {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  }
}

async function isUnderWay({ aws: { sageMaker } }: OpenContext): Promise<boolean> {
  const StatusEquals = 'InProgress';
  const [{ TrainingJobSummaries }, { TransformJobSummaries }, { Endpoints }] = await Promise.all([
    sageMaker.listTrainingJobs({ StatusEquals }),
    sageMaker.listTransformJobs({ StatusEquals }),
    sageMaker.listEndpoints({}),
  ]);
  return (
    TrainingJobSummaries!.length + TransformJobSummaries!.length > 0 ||
    Endpoints!.some(({ EndpointStatus }) => EndpointStatus !== 'InService')
  );
}

/** By the account's clock statements take no time: what is left is what the training waits for. */
describe('a training that its task alone goes on with', () => {
  it('never sleeps where jobs take seconds: one run of the task takes it from state to state', async () => {
    const course = await trainByTask(0);
    if (process.env.LOS_CREDIT_DAYS) console.log(course);
    expect(course.states).to.be.above(12);
    expect(course.lasted).to.be.below(0.5);
    expect(course.taskRuns).to.be.below(4);
  });

  it('ends within five minutes beyond jobs of five minutes', async () => {
    const course = await trainByTask(5);
    if (process.env.LOS_CREDIT_DAYS) console.log(course);
    expect(course.lasted).to.be.above(30);
    expect(course.idle).to.be.below(5);
    // It looks every half minute, and is billed for what that takes on this machine: only a quiet one says how much that is.
    expect(course.taskRuns).to.be.within(20, 2 * course.lasted + 5);
    if (process.env.LOS_CREDIT_DAYS) expect(course.computed).to.be.below(5);
  });
});
