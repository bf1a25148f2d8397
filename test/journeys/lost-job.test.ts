import { setTimeout as sleep } from 'node:timers/promises';
import { StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

describe('a training of which a person stops a job', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    const settings = 'mail: { to: [] }\ntraining: { featureSelection: { enabled: false } }';
    cloud = await embeddedCloud(settings, {}, 'loaded');
    ctx = await cloud.open();
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const query = (sql: string) => ctx.snowflake.query(sql);
  const step = async () => {
    await query('CALL STEP_TRAINING()');
    await sleep(50);
    const [run] = await query(
      'SELECT STATUS, VERSION, MESSAGE, DATA:candidateRuns[1]:job::VARCHAR AS JOB, DATA:candidateRuns[1]:stage::VARCHAR AS STAGE FROM LOS_TRAINING_RUNS',
    );
    return run!;
  };

  it('ends in a version of the others, and says which was lost and why', async () => {
    // It would train for minutes.
    const endless = {
      ...{ objective: 'reg:squarederror', num_round: '5000', num_parallel_tree: '10' },
      ...{ max_depth: '10', eta: '0.001' },
    };
    const candidates = ['squared-error', { name: 'endless', hyperparameters: endless }];
    await query(`CALL TRAIN_MODEL(PARSE_JSON('${JSON.stringify({ candidates })}')::OBJECT)`);
    let run = await step();
    while (run.STATUS === 'OPEN' && run.STAGE !== 'training') run = await step();
    expect(run.STAGE, String(run.MESSAGE)).to.equal('training');
    await ctx.aws.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: String(run.JOB) }));
    while (run.STATUS === 'OPEN') run = await step();
    expect(run, String(run.MESSAGE)).to.include({ STATUS: 'DONE', VERSION: 'health-v1', STAGE: 'lost' });
    const [line] = await query("SELECT MESSAGE FROM LOS_TRAINING_STEPS WHERE STATE = 'TRAIN_CANDIDATES'");
    expect(line!.MESSAGE).to.equal(
      `1 of 2 models have predicted the validation rows; lost: endless (The training job ${run.JOB} was stopped: no reason was given.)`,
    );
    await query('CALL WATCH_SCORING()');
    const [event] = await query("SELECT MESSAGE FROM LOS_EVENTS WHERE KIND = 'training ended'");
    expect(event!.MESSAGE).to.contain('1 of its 2 candidates were lost');
  });
});
