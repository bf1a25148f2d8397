import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { drive } from '../../deploy/clients/drive.js';
import type { UserError } from '../../deploy/errors.js';
import { planOfDeployment } from '../../deploy/model/plan.js';
import { recordOf } from '../../deploy/model/registry.js';
import { type TrainOptions, trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { Later } from '../../procedures/ground/work.js';
import { stateInWords, step, takeRun } from '../../procedures/training/machine.js';
import { openRun } from '../../procedures/training/open.js';
import { runOf, type StateName } from '../../procedures/training/run.js';
import { states as all } from '../../procedures/training/states/all.js';
import type { TrainResult } from '../../report/results/training.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

const STATES = [
  ...['make room', 'divide', 'encode', 'screen', 'permute', 'select features', 'unload', 'train candidates'],
  ...['choose', 'serve', 'calibrate', 'judge', 'refit', 'check refit', 'enter'],
];

describe('los train', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;
  let first: TrainResult;
  const notes: string[] = [];

  before(async () => {
    cloud = await embeddedCloud(
      'mail: { to: [] }\ntraining: { candidates: [squared-error], hyperparameters: { num_round: 10 }, keepVersions: 5 }',
      {},
      'loaded',
    );
    ctx = await cloud.open();
    journey = new Journey(ctx);
    await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES WHERE MOD(CASE_ID, 3) <> 0');
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const train = (options: TrainOptions = {}) => {
    notes.length = 0;
    const note = (text: string) => void notes.push(text);
    return trainVersion({ ...ctx, progress: { ...silentProgress, note } }, journey.contract, options);
  };
  const failure = (options: TrainOptions = {}) =>
    train(options).then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error as UserError,
    );
  const query = (sql: string) => ctx.snowflake.query(sql);
  const lastRun = async () =>
    (await query('SELECT * FROM LOS_TRAINING_RUNS ORDER BY OPENED_AT DESC LIMIT 1'))[0]!;
  const states = (lines: readonly string[]) =>
    lines.map((line) => /^(.*?) \(\d+\.\d s\)/.exec(line)?.[1] ?? line);

  it('says what each state of a training took and came to', async () => {
    first = await train();
    expect(first).to.include({ version: 'health-v1', candidate: 'squared-error', promoted: false });
    expect(states(notes)).to.deep.equal(STATES);
    expect(notes.find((line) => line.startsWith('encode'))).to.match(/: \d+ features$/);
    expect(await lastRun()).to.include({
      RUN_ID: first.run,
      STATUS: 'DONE',
      STATE: 'END',
      VERSION: 'health-v1',
    });
  });

  it('comes to the same when the steps are done from here, through the SDK', async () => {
    const driven = await train({ drive: true });
    expect(await lastRun()).to.include({ RUN_ID: driven.run, STATUS: 'DONE', DRIVER: 'los' });
    expect(driven.version).to.equal('health-v2');
    const { split, selection, fingerprint, code, predictions, metrics } = driven;
    expect({ fingerprint, code, predictions, split }).to.deep.equal({
      fingerprint: first.fingerprint,
      code: first.code,
      predictions: first.predictions,
      split: first.split,
    });
    expect({ ...selection, screen: null }).to.deep.equal({ ...first.selection, screen: null });
    expect(metrics).to.deep.equal(first.metrics);
  });

  it('comes to the same when each state is done twice, as after a kill just before its end', async () => {
    const { contract } = journey;
    const plan = await planOfDeployment(ctx, contract);
    const { run: id } = await drive(ctx, openRun(plan, {}, 'los'));
    const done: string[] = [];
    for (;;) {
      await drive(ctx, takeRun(plan, id, 'a test'));
      const run = (await drive(ctx, runOf(ctx.settings, id)))!;
      if (run.status !== 'OPEN') break;
      for (let waits = true; waits; ) {
        try {
          const { to } = await drive(ctx, all[run.state as StateName]!(plan, run));
          if (to !== run.state) done.push(stateInWords(run.state));
          waits = false;
        } catch (error) {
          if (!(error instanceof Later)) throw error;
          await sleep(50);
        }
      }
      await drive(ctx, step(plan, all, id, 'a test'));
    }
    expect(await lastRun()).to.include({ RUN_ID: id, STATUS: 'DONE', MESSAGE: null });
    expect(done).to.deep.equal(STATES);
    const { metrics, lineage } = await recordOf(ctx, 'health-v3');
    expect(metrics).to.deep.equal(first.metrics);
    expect(lineage).to.include({ fingerprint: first.fingerprint, predictions: first.predictions });
  });

  it('says where and why it failed, and goes on from there when that is mended', async () => {
    const { sageMaker: RoleName } = ctx.settings.aws.roles;
    const { PolicyNames = [] } = await ctx.aws.iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames)
      await ctx.aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    const { message, next } = await failure();
    const run = await lastRun();
    expect(run).to.include({ STATUS: 'FAILED', STATE: 'SCREEN', VERSION: 'health-v4', MESSAGE: message });
    expect(run.NEXT_STEP).to.equal(next);
    expect(message).to.match(
      /^SageMaker refuses CreateTrainingJob: .*not authorized to perform: s3:ListBucket/s,
    );
    expect(next).to.contain('los train');
    expect(states(notes)).to.deep.equal(STATES.slice(0, 3));
    expect(
      await query(
        `SELECT STATE, OUTCOME, MESSAGE FROM LOS_TRAINING_STEPS WHERE RUN_ID = '${run.RUN_ID}' AND OUTCOME <> 'DONE'`,
      ),
    ).to.deep.equal([{ STATE: 'SCREEN', OUTCOME: 'FAILED', MESSAGE: message }]);
    const status = () => query("SELECT STATUS FROM LOS_MODEL_REGISTRY WHERE VERSION = 'health-v4'");
    expect(await status()).to.deep.equal([{ STATUS: 'FAILED' }]);

    await apply(ctx);
    const resumed = await train({ resume: String(run.RUN_ID) });
    expect(resumed).to.include({ version: 'health-v4', run: run.RUN_ID, predictions: first.predictions });
    expect(states(notes)).to.deep.equal(STATES);
    expect(await status()).to.deep.equal([{ STATUS: 'TRAINED' }]);
  });

  it('goes on with no training that has ended or that no one knows', async () => {
    const { RUN_ID } = await lastRun();
    expect((await failure({ resume: String(RUN_ID) })).message).to.contain('has ended in health-v4');
    const { message, next } = await failure({ resume: 'never' });
    expect([message, next]).to.deep.equal([
      'There is no training never of health.',
      'LOS_TRAINING_RUNS has their ids.',
    ]);
  });

  it('trains by what is deployed only, and says so', async () => {
    const settings = { ...ctx.settings, training: { ...ctx.settings.training, longStayDays: 9 } };
    const error = await trainVersion({ ...ctx, settings }, journey.contract).then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error as UserError,
    );
    expect([error.message.slice(0, 37), error.next]).to.deep.equal([
      'The procedures in Snowflake come from',
      'Run los apply first.',
    ]);
  });
});

describe('los train where no task takes the steps, while SageMaker takes its time', () => {
  /** Milliseconds until an endpoint answers: long beside a look at it. */
  const deploymentTime = 1000;
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    const settings =
      'mail: { to: [] }\ntasks: { resumed: false }\ntraining: { candidates: [squared-error], hyperparameters: { num_round: 10 }, featureSelection: { enabled: false } }';
    cloud = await embeddedCloud(settings, { deploymentTime }, 'loaded');
    ctx = await cloud.open();
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  it('asks Snowflake only where there may be something new, so that the warehouse sleeps', async () => {
    const { snowflake } = ctx;
    const sent: string[] = [];
    const query: typeof snowflake.query = (sql, binds) => {
      sent.push(sql);
      return snowflake.query(sql, binds);
    };
    const counted = Object.assign(Object.create(snowflake) as typeof snowflake, { query });
    await trainVersion({ ...ctx, snowflake: counted }, new Journey(ctx).contract);
    const [judged] = await ctx.snowflake.query(
      "SELECT SECONDS FROM LOS_TRAINING_STEPS WHERE STATE = 'JUDGE'",
    );
    expect(Number(judged!.SECONDS) * 1000).to.be.at.least(deploymentTime);
    const isStep = (sql: string | undefined) => /STEP_TRAINING/.test(sql ?? '');
    expect(sent.filter(isStep)).to.have.length.within(3, 12);
    // What a step has changed is looked at; one in vain is followed by the next.
    expect(sent.filter((sql, i) => isStep(sql) && isStep(sent[i + 1])).length).to.be.at.most(2);
  });
});
