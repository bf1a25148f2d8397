// Findings 1, 6 and 12 of the security review: code, cost and network of the jobs that a training starts.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeModelCommand,
  DescribeTrainingJobCommand,
  ListModelsCommand,
  ListTrainingJobsCommand,
} from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { carryOut } from '../../deploy/commands/command.js';
import { command as train } from '../../deploy/commands/train.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { loginWith } from './person.js';

const SCHEMA = 'PREDICT_LOS.LOS';
/** As the review sent it. */
const PROGRAM = 'x"); __import__("os").system("touch /tmp/pwned") #';
/** They would train for minutes. */
const ENDLESS = ['a', 'b', 'c'].map((name) => ({
  name: `endless ${name}`,
  hyperparameters: {
    ...{ objective: 'reg:squarederror', num_round: '5000', num_parallel_tree: '10' },
    ...{ max_depth: '10', eta: '0.001' },
  },
}));

describe('jobs of a training', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let operator: Awaited<ReturnType<typeof loginWith>>;
  let others: Awaited<ReturnType<typeof loginWith>>[];

  before(async () => {
    const settings = `mail: { to: [] }
endpoint: { type: instance }
training: { hyperparameters: { num_round: 10 } }`;
    cloud = await embeddedCloud(settings, {}, 'trained');
    admin = await cloud.open();
    await apply(admin);
    const { roles } = admin.settings.snowflake;
    operator = await loginWith(cloud, admin, roles.operate);
    others = [await loginWith(cloud, admin, roles.run), await loginWith(cloud, admin, roles.read)];
  });
  after(async () => {
    for (const person of [operator, ...(others ?? [])]) await person?.close();
    await admin?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const query = (sql: string, binds: unknown[] = []) => admin.snowflake.query(sql, binds as never);
  const runs = () => query(`SELECT * FROM ${SCHEMA}.LOS_TRAINING_RUNS ORDER BY OPENED_AT DESC`);
  const call = (options: unknown) =>
    operator.attempt(`CALL ${SCHEMA}.TRAIN_MODEL(PARSE_JSON(?)::OBJECT)`, [JSON.stringify(options)]);
  const jobs = async () =>
    (await admin.aws.sageMaker.send(new ListTrainingJobsCommand({ MaxResults: 100 }))).TrainingJobSummaries!;

  /** Tries each, and holds that none opened a run or began a job. */
  async function refuse(tries: readonly (readonly [options: unknown, says: RegExp])[]) {
    const before = [(await runs()).length, (await jobs()).length];
    for (const [options, says] of tries) expect(await call(options), JSON.stringify(options)).to.match(says);
    expect([(await runs()).length, (await jobs()).length]).to.deep.equal(before);
  }

  const own = (hyperparameters: object, name: unknown = 'gamma') => ({
    candidates: [{ name, hyperparameters }],
  });

  it('finding 1: run no code that hyperparameters name', () =>
    refuse([
      [
        own({
          ...{ num_round: '2', objective: 'reg:squarederror' },
          ...{ sagemaker_program: PROGRAM, sagemaker_submit_directory: '/opt/ml/code' },
        }),
        /gamma has the hyperparameter "sagemaker_program", which is not in the list/,
      ],
      ...[
        'sagemaker_submit_directory',
        'SAGEMAKER_PROGRAM',
        ' sagemaker_program',
        'sagemaker_container_log_level',
        'sagemaker_requirements',
        '_kfold',
        '_tuning_objective_metric',
        'save_model_on_termination',
        'use_dask_gpu_training',
        'constructor',
        'learning_rate',
      ].map((name) => [own({ num_round: '2', [name]: PROGRAM }), /is not in the list/] as const),
      [
        JSON.parse(`{"candidates":[{"name":"a","hyperparameters":{"num_round":"2","__proto__":"x"}}]}`),
        /"__proto__"/,
      ],
      [own({ num_round: '2', objective: PROGRAM }), /hyperparameter objective with the value/],
      [own({ num_round: '2', eval_metric: `rmse,${PROGRAM}` }), /hyperparameter eval_metric with the value/],
      [
        own({ num_round: '2', monotone_constraints: '(__import__("os"))' }),
        /monotone_constraints with the value/,
      ],
      [own({ num_round: '2; import os' }), /num_round with the value/],
    ]));

  it('finding 1: begin no job for a run whose row already asks for code, as one of an older release', async () => {
    const before = (await jobs()).length;
    const data = {
      ...{ stamp: '20260101000000000', number: 77, pilots: [], location: 's3://nowhere/files' },
      split: { train: 100, validation: 50, holdout: 50, weighted: false, trainMin: 1, trainMean: 5 },
      candidateRuns: [
        {
          candidate: { name: 'gamma', hyperparameters: { num_round: '2', sagemaker_program: PROGRAM } },
          ...{
            job: 'los-health-v77-1-gamma-20260101000000000',
            location: 's3://nowhere/files',
            stage: 'waiting',
          },
        },
      ],
    };
    await query(
      `INSERT INTO ${SCHEMA}.LOS_TRAINING_RUNS (RUN_ID, DATASET, STATUS, STATE, DRIVER, DIGEST, OPTIONS, DATA, ATTEMPTS, OPENED_AT, STATE_SINCE)
SELECT 'of-0.3.0', 'health', 'OPEN', 'TRAIN_CANDIDATES', 'snowflake', 'x', PARSE_JSON('{}'), PARSE_JSON(?), 0, CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()`,
      [JSON.stringify(data)],
    );
    expect(await operator.attempt(`CALL ${SCHEMA}.STEP_TRAINING()`)).to.equal('done');
    // The task may have taken it up first.
    let [run] = await runs();
    for (; run!.STATUS === 'OPEN'; [run] = await runs()) await sleep(50);
    expect(run).to.include({ RUN_ID: 'of-0.3.0', STATUS: 'FAILED' });
    expect(run!.MESSAGE).to.match(/sagemaker_program", which is not in the list/);
    expect((await jobs()).length).to.equal(before);
  });

  it('finding 1: are refused by the local SageMaker as what it does not do, and not as an unknown name', async () => {
    const request = {
      HyperParameters: { num_round: '2', sagemaker_program: PROGRAM },
      TrainingJobName: 'los-code',
    };
    const asked = await query(
      `SELECT ${SCHEMA}.LOS_SAGEMAKER('CreateTrainingJob', PARSE_JSON(?)::OBJECT) AS A`,
      [JSON.stringify({ ...request, ...(await template()) })],
    );
    expect(asked[0]!.A).to.deep.include({ ok: false, error: 'ValidationException' });
    expect(String((asked[0]!.A as { message: string }).message)).to.match(
      /^Script mode is not supported here/,
    );
  });

  /** Everything of a training job but its name and hyperparameters, as IAM lets the role of control start one. */
  async function template() {
    const { TrainingJobName } = (await jobs())[0]!;
    const job = await admin.aws.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    const { AlgorithmSpecification, RoleArn, InputDataConfig, OutputDataConfig, ResourceConfig } = job;
    const { StoppingCondition } = job;
    return {
      ...{ AlgorithmSpecification, RoleArn, InputDataConfig, OutputDataConfig, ResourceConfig },
      ...{ StoppingCondition, EnableNetworkIsolation: true },
    };
  }

  it('finding 12: are not begun by options of another type, nor by candidates of another form', () =>
    refuse([
      ...['no', 'false', '', 0, 1, null, [], {}].map(
        (promote) => [{ promote }, /The option promote is .*TRUE or FALSE/s] as const,
      ),
      [{ force: 'no' }, /The option force is "no"/],
      [{ propose: 1 }, /The option propose is 1/],
      [{ learningCurve: 'x' }, /The option learningCurve is "x"/],
      [{ recentDays: '90' }, /The option recentDays is "90"/],
      [{ recentDays: 90.5 }, /The option recentDays is 90.5/],
      [{ repeat: ['health-v1'] }, /The option repeat is/],
      [{ resume: {} }, /The option resume is/],
      [{ digest: 7 }, /The option digest is 7/],
      [{ Promote: true }, /has no option "Promote"/],
      [{ candidates: 'x' }, /The option candidates is "x"/],
      [{ candidates: {} }, /The option candidates is/],
      [{ candidates: [] }, /There are 0 candidates/],
      [{ candidates: [null] }, /A candidate is null/],
      [{ candidates: [{ name: null }] }, /A candidate is called null/],
      [{ candidates: [{ name: 'gamma' }] }, /hyperparameters of the candidate gamma are undefined/],
      [{ candidates: ['gamma', 'gamma'] }, /Two candidates are called gamma/],
      [{ candidates: ['toString'] }, /no candidate "toString"/],
      ...['a/../b', "'; DROP TABLE X; --", 'a,b', '\u001b[2J', 'ä', 'x'.repeat(500)].map(
        (name) => [own({ num_round: 1 }, name), /A candidate is called/] as const,
      ),
    ]));

  it('findings 6 and 12: are no more, and run no longer, than the limits say', () =>
    refuse([
      [
        {
          candidates: Array.from({ length: 300 }, (_, i) => ({
            name: `c${i}`,
            hyperparameters: { num_round: '1000000' },
          })),
        },
        /There are 300 candidates/,
      ],
      [own({ num_round: '1000000' }), /num_round with the value "1000000"/],
      [own({ num_round: '1e6' }), /num_round with the value "1e6"/],
      [own({ num_round: 5000, num_parallel_tree: 500 }), /2500000 trees/],
      [own({ num_round: 1, max_depth: 1000 }), /max_depth with the value 1000/],
    ]));

  it('finding 12: take options of other procedures by type, too', async () => {
    for (const [sql, says] of [
      ["PROMOTE_MODEL('health-v1', {'force': 'yes'})", /The option force is "yes"/],
      ["PROMOTE_MODEL('health-v1', {'Force': TRUE})", /has no option "Force"/],
      ["FORECAST_BEDS({'as_of': 'yesterday'})", /is no day/],
      ["FORECAST_BEDS({'as_of': 20260101})", /is no day/],
      ["RESCORE_ADMISSIONS({'missing': 'no'})", /The option missing is "no"/],
      ["RESCORE_ADMISSIONS({'since': 'x'' OR TRUE --'})", /is no day/],
      ["RESCORE_ADMISSIONS({'version': ['health-v1']})", /The option version is/],
    ] as const)
      expect(await operator.attempt(`CALL ${SCHEMA}.${sql}`), sql).to.match(says);
  });

  it('finding 1: have no network, nor have the models that they are asked through', async () => {
    const seen = new Map<string, boolean | undefined>();
    const before = new Set((await jobs()).map(({ TrainingJobName }) => TrainingJobName));
    expect(await call({ candidates: ['squared-error'] })).to.equal('done');
    for (;;) {
      await query(`CALL ${SCHEMA}.STEP_TRAINING()`);
      const { Models = [] } = await admin.aws.sageMaker.send(new ListModelsCommand({ MaxResults: 100 }));
      for (const { ModelName } of Models)
        seen.set(
          ModelName!,
          (await admin.aws.sageMaker.send(new DescribeModelCommand({ ModelName }))).EnableNetworkIsolation,
        );
      const [run] = await runs();
      if (run!.STATUS !== 'OPEN') {
        expect(run!.STATUS, String(run!.MESSAGE)).to.equal('DONE');
        break;
      }
      await sleep(20);
    }
    const made = (await jobs()).filter(({ TrainingJobName }) => !before.has(TrainingJobName));
    // The screening model, the candidate and the refit.
    expect(made).to.have.length(3);
    for (const { TrainingJobName } of made) {
      const job = await admin.aws.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
      expect(job.EnableNetworkIsolation, TrainingJobName).to.equal(true);
    }
    // Behind a serverless endpoint AWS takes no such model: health-v1's was trained for one.
    const open = [...seen]
      .filter(([, isolated]) => !isolated)
      .map(([name]) => name.replace(/-[0-9a-f]{8}$/, ''));
    expect(open).to.deep.equal(['los-health-v1']);
    const isolated = [...seen].filter(([, is]) => is).map(([name]) => name);
    expect(
      isolated.some((name) => /^los-health-v\d+(-[0-9a-f]{8})?$/.test(name)),
      String(isolated),
    ).to.equal(true);
  });

  /** Opens a training that lasts, and steps it until two of its jobs are going on. */
  async function lastingRun() {
    for (;;) {
      const [run] = await query(
        `SELECT RUN_ID, STATUS, MESSAGE, VERSION, DATA:candidateRuns[1]:stage::VARCHAR AS STAGE FROM ${SCHEMA}.LOS_TRAINING_RUNS ORDER BY OPENED_AT DESC LIMIT 1`,
      );
      if (run?.STATUS === 'OPEN' && run.STAGE === 'training') return run;
      await query(`CALL ${SCHEMA}.STEP_TRAINING()`);
      await sleep(50);
    }
  }
  const going = async () =>
    (await jobs()).filter(({ TrainingJobStatus }) => TrainingJobStatus === 'InProgress');

  it('finding 12: end when a person ends the training, who is named, and nothing of it is registered', async () => {
    expect(await call({ candidates: ENDLESS, promote: true, force: true })).to.equal('done');
    const { RUN_ID, VERSION } = await lastingRun();
    for (const person of others)
      expect(await person.attempt(`CALL ${SCHEMA}.STOP_TRAINING('${RUN_ID}')`)).to.match(
        /not exist or not authorized|privileges/,
      );
    expect(await going()).to.have.length(2);
    const [answer] = await operator.query(`CALL ${SCHEMA}.STOP_TRAINING('${RUN_ID}')`);
    expect(answer!.STOP_TRAINING).to.deep.include({
      run: RUN_ID,
      stopped: true,
      status: 'STOPPED',
      left: null,
    });
    expect((answer!.STOP_TRAINING as { jobs: string[] }).jobs).to.have.length(2);
    while ((await going()).length > 0) await sleep(50);
    const [again] = await operator.query(`CALL ${SCHEMA}.STOP_TRAINING('${RUN_ID}')`);
    expect(again!.STOP_TRAINING).to.deep.include({ stopped: false, status: 'STOPPED', jobs: [] });
    // The task, woken by the row, takes nothing up.
    await query(`CALL ${SCHEMA}.STEP_TRAINING()`);
    const [run] = await runs();
    expect(run).to.include({ RUN_ID, STATUS: 'STOPPED', LEASE: null });
    expect(run!.MESSAGE).to.match(/^Stopped by USER_OF_\w*OPERATE, in train candidates$/);
    const registry = await query(
      `SELECT STATUS, ENDPOINT, MODEL FROM ${SCHEMA}.LOS_MODEL_REGISTRY WHERE VERSION = '${VERSION}'`,
    );
    expect(registry).to.deep.equal([{ STATUS: 'FAILED', ENDPOINT: null, MODEL: null }]);
    await query(`CALL ${SCHEMA}.WATCH_SCORING()`);
    const [event] = await query(
      `SELECT KIND, MESSAGE FROM ${SCHEMA}.LOS_EVENTS WHERE DETAILS:run::VARCHAR = '${RUN_ID}'`,
    );
    expect(event).to.include({ KIND: 'training ended' });
    expect(event!.MESSAGE).to.match(/The training was ended: Stopped by USER_OF_\w*OPERATE/);
    expect(await operator.attempt(`CALL ${SCHEMA}.STOP_TRAINING(NULL)`)).to.contain(
      'No training of health is open',
    );
    for (const wrong of ["x'' OR TRUE --", 'of-9'])
      expect(await operator.attempt(`CALL ${SCHEMA}.STOP_TRAINING('${wrong}')`)).to.contain(
        'There is no training',
      );
  });

  it('finding 12: end by los train --stop, and a los train that follows them says by whom', async () => {
    const { ctx, contract } = forDataset(admin);
    const followed = trainVersion(ctx, contract, { candidates: ENDLESS }).then(
      () => 'it ended well',
      (error: Error) => error.message,
    );
    await lastingRun();
    const other = await cloud.open();
    try {
      const result = await carryOut(train, 'train', other, { ...globals, stop: true });
      expect(result).to.deep.include({ stopped: true, status: 'STOPPED' });
      expect(train.print!(result).join('\n')).to.match(
        /The training \S+ is stopped\. predict_los answers as before\.\nStopped in SageMaker: los-health/,
      );
    } finally {
      await other.close();
    }
    expect(await followed).to.match(/^Stopped by \w+, in train candidates$/);
    while ((await going()).length > 0) await sleep(50);
  });
});

const globals = { target: 'local', json: false, verbose: false } as const;
