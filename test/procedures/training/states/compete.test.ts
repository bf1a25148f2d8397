import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Later, Refused, type Step } from '../../../../procedures/ground/work.js';
import type { Move } from '../../../../procedures/training/machine.js';
import type { Contestant, Run, RunData } from '../../../../procedures/training/run.js';
import { choose, compete, ranked, tune } from '../../../../procedures/training/states/compete.js';
import { place, type Scripted, scripted } from '../../scripted.js';

const stamp = '20260101000000000';

function planWith(training: object = {}): Plan {
  return {
    contract: { name: 'health', table: 'HEALTH', id: 'CASE_ID', features: { AGE: { type: 'numeric' } } },
    settings: {
      ...place,
      snowflake: { ...place.snowflake, stages: { exchange: 'LOS_EXCHANGE' } },
      prefix: 'los',
      training: {
        ...{ chooseBy: 'rmse', candidates: null, hyperparameters: {}, parallelJobs: 2, tuningJobs: 0 },
        ...{ instanceType: 'ml.m5.large', instanceCount: 1, volumeGb: 10, maxSeconds: 3600 },
        ...training,
      },
    },
    aws: { executionRole: 'arn:role', image: 'image', bucket: 's3://bucket' },
    sql: {
      'training/asked-rows': 'ROWS {{which}}',
      'training/candidate-blocks': 'BLOCKS {{candidates}}',
      'training/candidate-errors': 'ERRORS {{rows}}',
      'training/hazard-lines': 'LINES {{kept}}',
      'training/hazard-questions': 'QUESTIONS',
      'training/judge-hazards': 'JUDGE HAZARDS {{candidate}} {{hazards}}',
      'training/judge-spread': 'JUDGE SPREAD',
      'training/load-answers': 'COPY {{candidate}}',
      'training/periods': 'PERIODS',
    },
  } as unknown as Plan;
}

const names = ['linear', 'forest', 'squared-error', 'gamma', 'tweedie'];

/** SageMaker's jobs, and a run that competes in them. */
class Account {
  readonly training = new Map<string, 'InProgress' | 'Completed' | 'Failed'>();
  readonly transforms = new Map<string, 'InProgress' | 'Completed'>();
  /** Requests in their order, as `Action name`. */
  readonly log: string[] = [];
  /** Throws what SageMaker would refuse. */
  refusing: (action: string, name: string) => Scripted = () => undefined;
  /** By how much the first of two candidates has a lower CRPS, and how that differs from block to block. */
  gain = 0;
  noise = 0;
  /** What a candidate's answers lie off. */
  errors: (candidate: string) => object = () => ({ LINES: 10, ROWS_ASKED: 10, RMSE: 5, MAE: 3, CRPS: 2 });
  data: Partial<RunData> = {
    ...{ stamp, number: 3, location: 's3://bucket/files' },
    split: { trainMin: 1, trainMean: 4, weighted: false } as RunData['split'] & object,
  };

  constructor(
    readonly plan = planWith(),
    readonly options: Run['options'] = {},
  ) {}

  get contestants(): readonly Contestant[] {
    return this.data.contestants!;
  }

  stages(): string[] {
    return this.contestants.map(({ stage }) => stage);
  }

  step(state: typeof compete = compete): Move {
    const run = { id: 'run-1', dataset: 'health', state: 'COMPETE', data: this.data, options: this.options };
    const move = scripted(state(this.plan, run as unknown as Run), this.answer);
    this.data = { ...this.data, ...move.data };
    return move;
  }

  waits(): Later {
    try {
      this.step();
    } catch (error) {
      expect(error).to.be.instanceOf(Later);
      return error as Later;
    }
    throw new Error('it went on');
  }

  private readonly answer = (step: Step): Scripted => {
    if ('sql' in step) {
      if (step.sql.startsWith('BLOCKS')) {
        const asked = [...step.sql.matchAll(/'([^']+)'/g)].map(([, name]) => name!);
        return asked.flatMap((CANDIDATE) =>
          Array.from({ length: 50 }, (_, i) => ({
            ...{ BLOCK: i, CANDIDATE, W: 10, RMSE: 90, MAE: 30 },
            CRPS: 20 + (/hazard/.test(CANDIDATE) ? 0 : 10 * this.gain + this.noise * (i % 2 ? 1 : -1)),
          })),
        );
      }
      if (/OUTLIVED/.test(step.sql)) return [{ N: 100, OUTLIVED: 900 }];
      if (step.sql.startsWith('ERRORS')) return [{ ...this.errors(String(step.binds[1])) }];
      if (/HASH_AGG/.test(step.sql)) return [{ FINGERPRINT: step.sql.includes('LINE_NUMBER') ? 'p' : 'd' }];
      if (/^(COPY|JUDGE HAZARDS)/.test(step.sql)) this.log.push(step.sql);
      return undefined;
    }
    const { action } = step;
    const request = step.request as Record<string, string>;
    const name = request.TrainingJobName ?? request.TransformJobName ?? request.ModelName ?? '';
    const refused = this.refusing(action, name);
    this.log.push(`${action} ${name.replace(/^los-health-v3-|-\d{17}$/g, '')}`);
    if (refused) return refused;
    const jobs = action.includes('Transform') ? this.transforms : this.training;
    if (/^Create(Training|Transform)/.test(action)) {
      if (jobs.has(name)) return { ok: false, error: 'ResourceInUse', message: 'Job name must be unique' };
      jobs.set(name, 'InProgress');
    } else if (action === 'DescribeTrainingJob' && jobs.has(name))
      return {
        ok: true,
        answer: {
          TrainingJobName: name,
          TrainingJobStatus: jobs.get(name)!,
          ModelArtifacts: { S3ModelArtifacts: `s3://models/${name}` },
          TrainingTimeInSeconds: 10,
          BillableTimeInSeconds: 7,
          FailureReason: 'AlgorithmError',
        },
      };
    else if (action === 'DescribeTransformJob' && jobs.has(name))
      return { ok: true, answer: { TransformJobStatus: jobs.get(name)! } };
    else if (/^Describe/.test(action))
      return { ok: false, error: 'ValidationException', message: 'Requested resource not found.' };
    return undefined;
  };

  complete(jobs: 'training' | 'transforms', ...which: string[]): void {
    for (const name of this[jobs].keys())
      if (which.length === 0 || which.some((part) => name.includes(part))) this[jobs].set(name, 'Completed');
  }
}

describe('competing candidates', () => {
  it('are those that aim at what is wanted, each with a job of its own name', () => {
    const account = new Account();
    expect(account.step().to).to.equal('COMPETE');
    expect(account.contestants.map(({ candidate }) => candidate.name)).to.deep.equal(names);
    expect(account.contestants.map(({ job }) => job)).to.deep.equal(
      names.map((name, i) => `los-health-v3-${i + 1}-${name}-${stamp}`),
    );
    const given = new Account(planWith(), { candidates: ['gamma'] });
    given.step();
    expect(given.contestants.map(({ candidate }) => candidate.name)).to.deep.equal(['gamma']);
  });

  it('are trained no more at a time than the settings allow', () => {
    const account = new Account();
    account.step();
    expect(account.log).to.deep.equal(['CreateTrainingJob 1-linear', 'CreateTrainingJob 2-forest']);
    expect(account.waits().message).to.equal('0 of 5 candidates have predicted the validation rows');
    account.complete('training', 'forest');
    account.step();
    expect(account.stages()).to.deep.equal(['training', 'predicting', 'training', 'waiting', 'waiting']);
    account.complete('training');
    account.step();
    // Two may predict, so one of the two that are trained waits, and as many are trained.
    expect(account.stages()).to.deep.equal(['predicting', 'predicting', 'training', 'training', 'waiting']);
    expect(account.training.size).to.equal(4);
    expect(account.waits().patience).to.equal(undefined);
  });

  it('come to an end with each asked once, whatever the order', () => {
    const account = new Account();
    let move = account.step();
    let billed = 0;
    for (let i = 0; move.to === 'COMPETE' && i < 20; i++) {
      account.complete('training');
      account.complete('transforms');
      move = account.step();
      billed += move.billed ?? 0;
    }
    expect(move.to).to.equal('CHOOSE');
    expect(move.message).to.equal('5 of 5 candidates have predicted the validation rows');
    expect(billed).to.equal(5 * 7);
    expect(account.stages()).to.deep.equal(names.map(() => 'answered'));
    const created = account.log.filter((line) => /^Create(Training|Transform)/.test(line));
    expect(created).to.have.length(10);
    expect(new Set(created).size).to.equal(10);
    expect(account.log.filter((line) => line.startsWith('DeleteModel'))).to.have.length(5);
  });

  it('take a job as theirs that an earlier step made and was killed', () => {
    const account = new Account();
    const before = account.data;
    account.step();
    account.data = before;
    expect(account.step().to).to.equal('COMPETE');
    expect(account.training.size).to.equal(2);
  });

  it('have a job that SageMaker does not know started again, under the same name', () => {
    const account = new Account(planWith({ parallelJobs: 5 }));
    account.step();
    const { job } = account.contestants[1]!;
    account.training.delete(job);
    account.step();
    expect(account.stages().slice(0, 2)).to.deep.equal(['training', 'waiting']);
    account.step();
    expect([account.contestants[1]!.job, account.stages()[1]]).to.deep.equal([job, 'training']);
    expect([...account.training.keys()]).to.include(job);
  });

  it('are asked again where SageMaker does not know the batch transform', () => {
    const account = new Account(planWith(), { candidates: ['gamma'] });
    account.step();
    account.complete('training');
    account.step();
    account.transforms.clear();
    account.step();
    expect(account.stages()).to.deep.equal(['training']);
    account.step();
    expect(account.stages()).to.deep.equal(['predicting']);
    expect(account.log.filter((line) => line === 'CreateTransformJob 1-gamma')).to.have.length(2);
    expect(account.log.filter((line) => line.startsWith('CreateTrainingJob'))).to.have.length(1);
  });

  it('wait while SageMaker wants fewer requests, and lose nothing', () => {
    const account = new Account();
    account.refusing = (action, name) =>
      action === 'CreateTrainingJob' && name.includes('forest')
        ? { ok: false, error: 'ThrottlingException', message: 'Rate exceeded' }
        : undefined;
    expect(account.waits().message).to.equal('SageMaker refuses CreateTrainingJob: Rate exceeded');
    account.refusing = () => undefined;
    account.step();
    expect(account.stages().slice(0, 3)).to.deep.equal(['training', 'training', 'waiting']);
    expect(account.training.size).to.equal(2);
  });

  it('end the training where a job fails, with its reason', () => {
    const account = new Account();
    account.step();
    account.training.set(account.contestants[0]!.job, 'Failed');
    expect(() => account.step())
      .to.throw(Refused)
      .with.property('message', `The training job ${account.contestants[0]!.job} failed: AlgorithmError.`);
  });

  it('end it where a transform has not answered each line', () => {
    const account = new Account(planWith(), { candidates: ['gamma'] });
    account.errors = () => ({ LINES: 9, ROWS_ASKED: 10, RMSE: 5, MAE: 3 });
    account.step();
    account.complete('training');
    account.step();
    account.complete('transforms');
    expect(() => account.step()).to.throw(Refused, 'gamma answered 9 of 10 lines');
  });

  it('are followed by a tuning where there is a budget, and its best competes too', () => {
    const account = new Account(planWith({ tuningJobs: 4, parallelJobs: 5 }));
    account.step();
    let move: Move = { to: 'COMPETE' };
    while (move.to === 'COMPETE') {
      account.complete('training');
      account.complete('transforms');
      move = account.step();
    }
    expect([move.to, move.billed]).to.deep.equal(['TUNE', 35]);
    expect(() => account.step(tune)).to.throw(Later, 'begins');
    account.training.set('best', 'Completed');
    account.refusing = (action) =>
      action === 'DescribeHyperParameterTuningJob'
        ? {
            ok: true,
            answer: {
              HyperParameterTuningJobStatus: 'Completed',
              BestTrainingJob: { TrainingJobName: 'best', TunedHyperParameters: { eta: '0.2' } },
            },
          }
        : undefined;
    move = account.step(tune);
    expect([move.to, move.billed]).to.deep.equal(['COMPETE', 7]);
    const tuned = account.contestants[5]!;
    expect(tuned.candidate.name).to.equal('gamma, tuned');
    expect(tuned.candidate.hyperparameters).to.include({ eta: '0.2', objective: 'reg:gamma' });
    account.step();
    account.complete('transforms');
    move = account.step();
    // Nothing is written down twice.
    expect([move.to, move.billed]).to.deep.equal(['CHOOSE', 0]);
  });
});

describe('models of hazards', () => {
  const hazards = { ends: [1, 2, 4], suffixes: [',0,-1', ',1,-2', ',2,-2'], excess: 3 };
  const sample = { train: 'T', validation: 'V' };
  const looking = {
    hazards,
    location: null,
    look: { sample, days: 's3://look', hazards: 's3://look-hazards' },
  };
  const competing = (data: Partial<RunData>, candidates = ['gamma', 'hazard']) => {
    const account = new Account(planWith({ chooseBy: 'crps', parallelJobs: 5 }), { candidates });
    account.data = { ...account.data, features: [], ...data };
    return account;
  };
  const toTheEnd = (account: Account): Move => {
    let move = account.step();
    for (let i = 0; move.to === 'COMPETE' && i < 20; i++) {
      account.complete('training');
      account.complete('transforms');
      move = account.step();
    }
    return move;
  };
  const namesOf = (account: Account) => account.contestants.map(({ candidate }) => candidate.name);

  it('compete at once where rows are few, judged by their curves', () => {
    const account = competing({ hazards: { hazards, location: 's3://hazards' } });
    expect(toTheEnd(account).to).to.equal('CHOOSE');
    expect(namesOf(account)).to.deep.equal(['gamma', 'hazard']);
    expect(account.log).to.include.members(["COPY 'gamma'", "COPY 'hazard, by period'"]);
    // By the curves that it will serve.
    const judged = account.log.find((sql) => sql.startsWith("JUDGE HAZARDS 'hazard'"));
    expect(judged).to.match(/"apart":\{"middle":4,"by":0\.\d+\}/);
  });

  it('wait for a look on a sample where rows are many, and stay out where it promises nothing', () => {
    const account = competing({ hazards: looking });
    // It would come in if noise were not asked about, and if there were less of it.
    account.gain = 0.03;
    account.noise = 4;
    expect(toTheEnd(account).to).to.equal('CHOOSE');
    expect(namesOf(account)).to.deep.equal(['gamma', 'days, on a sample', 'hazard, on a sample']);
    expect(account.data.hazards?.look?.gain?.days).to.be.closeTo(0.03, 0.006);
    account.step(choose);
    expect(account.data.results?.map(({ name }) => name)).to.deep.equal(['gamma']);
  });

  it('come in on all rows where the look promises something beyond noise', () => {
    const account = competing({ hazards: looking });
    account.gain = 0.03;
    account.noise = 1;
    expect(toTheEnd(account).to).to.equal('CHOOSE');
    expect(namesOf(account).at(-1)).to.equal('hazard');
    expect(account.data.hazards?.location).to.match(/health-v3\/hazards$/);
    account.step(choose);
    expect(account.data.chosen?.name).to.equal('hazard');
  });

  // Of a gain within noise as of one beyond it: the same on both sides of none.
  for (const [gain, noise, wins] of [
    [0.1, 1, 'hazard'],
    [0.03, 4, 'hazard'],
    [-0.1, 1, 'gamma'],
    [-0.03, 4, 'gamma'],
  ] as const)
    it(`win where they are better: ${wins} where they gain ${gain} days, noise ${noise}`, () => {
      const account = competing({ hazards: { hazards, location: 's3://hazards' } });
      Object.assign(account, { gain, noise });
      account.errors = (candidate) => ({
        ...{ LINES: 10, ROWS_ASKED: 10, RMSE: 5, MAE: 3 },
        CRPS: candidate === 'hazard' ? 2 : 2 + gain,
      });
      toTheEnd(account);
      account.step(choose);
      expect(account.data.chosen?.name).to.equal(wins);
      const { competition } = account.data;
      expect(competition).to.include({ hazard: 'hazard', days: 'gamma', by: 'crps' });
      expect(competition!.gain.days).to.be.closeTo(gain, 0.006);
      const [low, high] = competition!.gain.confidence;
      expect(low < 0 && high > 0, 'within noise').to.equal(noise === 4);
    });

  it('are refused alone where stays cannot be divided into periods', () => {
    expect(() => competing({ hazards: null }, ['hazard']).step()).to.throw(Refused, 'periods');
  });
});

describe('choosing a candidate', () => {
  const answered = (name: string, rmse: number, mae: number): Contestant => ({
    candidate: { name, hyperparameters: { objective: name } },
    job: `job-${name}`,
    stage: 'answered',
    training: { job: `job-${name}`, artifact: `s3://${name}`, metrics: {}, seconds: 10, billed: 7 },
    ...{ rmse, mae },
  });
  // As JSON keeps it in the run's row: what is no number is null.
  const diverged = answered('a', null as unknown as number, Number.POSITIVE_INFINITY);
  const three = [diverged, answered('b', 6, 3), answered('c', 5, 4)];
  const order = (by: 'rmse' | 'mae') => ranked(three, by).map(({ candidate }) => candidate.name);

  it('is by what the settings say, one that diverged last', () => {
    expect([order('rmse'), order('mae')]).to.deep.equal([
      ['c', 'b', 'a'],
      ['b', 'c', 'a'],
    ]);
  });

  it('is not between one kind and another that diverged', () => {
    const account = new Account(planWith({ chooseBy: 'crps' }));
    const noNumber = { ...answered('binary:logistic', 5, 4), crps: null as unknown as number };
    const contestants = [noNumber, { ...answered('b', 6, 3), crps: 2 }];
    account.data = { ...account.data, contestants };
    account.step(choose);
    expect(account.data.chosen?.name).to.equal('b');
    expect(account.data.competition).to.equal(undefined);
  });

  it('goes by the names of equal ones', () => {
    const equal = [answered('y', 5, 3), answered('x', 5, 3)];
    expect(ranked(equal, 'rmse').map(({ candidate }) => candidate.name)).to.deep.equal(['x', 'y']);
  });

  for (const [by, wins] of [
    ['rmse', 'c'],
    ['mae', 'b'],
  ] as const)
    it(`serves the best by ${by}, and tells how all did`, () => {
      const account = new Account(planWith({ chooseBy: by }));
      account.data = { ...account.data, contestants: three };
      const move = account.step(choose);
      expect(move.to).to.equal('SERVE');
      expect(account.data).to.deep.include({
        chosen: { name: wins, hyperparameters: { objective: wins } },
        predictions: 'p',
      });
      expect(account.data.training?.artifact).to.equal(`s3://${wins}`);
      expect(account.data.results?.map(({ name }) => name)).to.deep.equal(order(by));
      expect(account.data.results?.find(({ name }) => name === 'a')).to.include({ rmse: null, mae: null });
    });

  it('keeps the answers: the calibration takes over those of the chosen one', () => {
    const account = new Account();
    account.data = { ...account.data, contestants: three };
    expect(account.step(choose).also).to.equal(undefined);
    expect(account.log.filter((said) => /^DELETE/.test(said))).to.deep.equal([]);
  });

  it('refuses where none predicted in numbers', () => {
    const account = new Account();
    account.data = { ...account.data, contestants: [diverged] };
    expect(() => account.step(choose)).to.throw(Refused, 'so none has a RMSE');
  });
});
