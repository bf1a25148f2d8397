import { expect } from 'chai';
import type { UserError } from '../../deploy/errors.js';
import type { Time } from '../../deploy/ground/time.js';
import { type TrainOptions, trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { AlarmClock, PassingTime } from '../deploy/passing-time.js';

const MINUTE = 60_000;
const QUICK = { candidates: ['squared-error'] };

/** By the account's clock a job waits for its instances for three minutes, and an endpoint takes three to come. */
describe('los train where a task takes the steps without a warehouse', () => {
  const clock = new AlarmClock();
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let time: Time;
  let said: string[] = [];
  /** What happens at the first look at SageMaker after the task has taken over. */
  let meanwhile: (() => Promise<unknown>) | undefined;

  before(async () => {
    const times = { startingTime: 3 * MINUTE, deploymentTime: 3 * MINUTE };
    cloud = await embeddedCloud('mail: { to: [] }', { clock, ...times }, 'loaded');
    ctx = await cloud.open();
    const passing = new PassingTime(clock, cloud.cloud, ctx.aws);
    time = {
      now: () => clock.now(),
      async sleep(milliseconds, signal) {
        if (meanwhile && said.some((line) => /goes on with it/.test(line))) {
          const work = meanwhile;
          meanwhile = undefined;
          await work();
        }
        await passing.sleep(milliseconds, signal);
      },
    };
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number>>(sql);

  /** Statements that los itself has sent to the warehouse. */
  let sent: string[] = [];

  async function train(options: TrainOptions = {}) {
    [said, sent] = [[], []];
    const { snowflake } = ctx;
    const counted = Object.assign(Object.create(snowflake) as typeof snowflake, {
      query: (sql, binds) => {
        if (!sql.startsWith('SHOW')) sent.push(sql);
        return snowflake.query(sql, binds);
      },
    } satisfies Partial<typeof snowflake>);
    const line = (text: string) => void said.push(text);
    const progress = { ...silentProgress, note: line, warn: line };
    return await trainVersion(
      { ...ctx, snowflake: counted, progress },
      new Journey(ctx).contract,
      options,
      time,
    );
  }

  /** Minutes of an X-Small that were billed so far, of the warehouse and of the task. */
  async function minutesUsed(): Promise<{ warehouse: number; task: number }> {
    // What is awake falls asleep.
    await time.sleep(3 * MINUTE, ctx.signal);
    const range = "DATE_RANGE_START => '2000-01-01'::DATE";
    const [row] = await query(`SELECT (SELECT SUM(CREDITS_USED_COMPUTE) * 60
  FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(${range})) WHERE WAREHOUSE_NAME = 'LOS_WH') AS WAREHOUSE,
  (SELECT SUM(CREDITS_USED::FLOAT) * 60
  FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.SERVERLESS_TASK_HISTORY(${range}, TASK_NAME => 'LOS_TRAIN'))) AS TASK`);
    return { warehouse: Number(row!.WAREHOUSE), task: Number(row!.TASK) };
  }

  it('uses seven minutes of compute at most beyond the jobs of every candidate', async () => {
    const [before, began] = [await minutesUsed(), clock.now()];
    const { version } = await train();
    const lasted = (clock.now() - began) / MINUTE;
    const after = await minutesUsed();
    const [warehouse, task] = [after.warehouse - before.warehouse, after.task - before.task];
    expect(version).to.equal('health-v1');
    // It slept: jobs and endpoints follow each other for half an hour, and the task has worked.
    expect(lasted).to.be.at.least(25);
    expect(task).to.be.above(0);
    // A statement is billed for what it takes on this machine: only a quiet one says how much that is.
    if (process.env.LOS_CREDIT_DAYS) {
      console.log({ lasted, warehouse, task });
      expect(warehouse, `and ${task} of the task`).to.be.within(1, 7 - task);
    }
    // All that its states came to is said, if late.
    const [steps] = await query("SELECT COUNT(*) AS N FROM LOS_TRAINING_STEPS WHERE OUTCOME = 'DONE'");
    expect(said.filter((line) => /^[a-z ]+ \(\d+\.\d s\)/.test(line))).to.have.length(Number(steps!.N));
    expect(said.filter((line) => /goes on with it/.test(line))).to.have.length(1);
    // It takes no step, and once a job lasts it looks at the run only where nothing has been under way for a while.
    expect(sent.filter((sql) => /CALL \S+STEP_TRAINING/.test(sql))).to.deep.equal([]);
    expect(sent.filter((sql) => /FROM \S+LOS_TRAINING_RUNS/.test(sql))).to.have.length.below(60);
  });

  it('says that the task was suspended, and takes the steps itself', async () => {
    meanwhile = () => ctx.snowflake.execute('ALTER TASK LOS_TRAIN SUSPEND');
    const { version } = await train(QUICK);
    await ctx.snowflake.execute('ALTER TASK LOS_TRAIN RESUME');
    expect(version).to.equal('health-v2');
    expect(said).to.include(
      'los train takes the steps itself from here, by the warehouse: the task LOS_TRAIN does not run, it is suspended.',
    );
    expect(sent.filter((sql) => /CALL \S+STEP_TRAINING/.test(sql))).to.have.length.above(6);
  });

  it('ends when a person stops the training', async () => {
    meanwhile = () => query('CALL STOP_TRAINING(NULL)');
    const error = await train(QUICK).then(
      () => expect.fail('it should have ended'),
      (error: unknown) => error as UserError,
    );
    expect(error.message).to.match(/^Stopped by /);
    expect(error.next).to.match(/^Resume it, if it is to go on: los train --resume /);
  });

  it('ends when the training fails, with what the task wrote down', async () => {
    // As if a release that knows other states had opened it.
    meanwhile = () =>
      ctx.snowflake.execute(
        "UPDATE LOS_TRAINING_RUNS SET DATA = OBJECT_DELETE(DATA, 'features') WHERE STATUS = 'OPEN'",
      );
    const error = await train(QUICK).then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error as UserError,
    );
    expect(error.message).to.match(/failed 3 times, at last: .*without features/);
    expect(error.next).to.match(/los train --resume/);
  });
});
