import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Later, type Step } from '../../../../procedures/ground/work.js';
import type { RefitRun, Run, RunData } from '../../../../procedures/training/run.js';
import { prepareRefit, refit, startRefit } from '../../../../procedures/training/states/refit.js';
import { type Scripted, scripted } from '../../scripted.js';
import { planWith, stamp } from './account.js';

const job = `los-health-v3-refit-${stamp}`;
const one: RefitRun = { job, location: 's3://bucket/files/refit', stops: true };
const hyperparameters = { objective: 'reg:gamma', num_round: '400', early_stopping_rounds: '15' };
const judged = {
  ...{ job: 'los-health-v3-1-gamma', artifact: 's3://judge' },
  ...{ metrics: {}, seconds: 9, billed: 9 },
};

function plan(): Plan {
  const made = planWith();
  const endpoint = { type: 'serverless', maxConcurrency: 2, instanceType: 'ml.m5.large' };
  return { ...made, settings: { ...made.settings, endpoint } } as Plan;
}

/** A run whose version is judged, and what SageMaker has of it. */
class Account {
  status: string | undefined;
  reason = 'AlgorithmError: no';
  endpoint: string | undefined = 'InService';
  readonly log: string[] = [];
  readonly sql: string[] = [];
  readonly requests: Record<string, unknown>[] = [];
  data: Partial<RunData> = {
    ...{ stamp, number: 3, features: [{ kind: 'numeric', name: 'AGE' }], training: judged, refit: one },
    split: { trainMin: 1, trainMean: 4, weighted: false } as RunData['split'] & object,
    chosen: { name: 'gamma', hyperparameters },
  };

  get run(): Run {
    return { id: 'run-1', dataset: 'health', state: 'REFIT', data: this.data, options: {} } as unknown as Run;
  }

  readonly answer = (step: Step): Scripted => {
    if ('sql' in step) {
      this.sql.push(step.sql);
      return /OUTLIVED/.test(step.sql) ? [{ N: 100, OUTLIVED: 900 }] : undefined;
    }
    const { action, request } = step;
    this.log.push(action);
    this.requests.push(request as Record<string, unknown>);
    const unknown = {
      ok: false,
      error: 'ValidationException',
      message: 'Requested resource not found.',
    } as const;
    if (action === 'DescribeEndpoint')
      return this.endpoint ? { ok: true, answer: { EndpointStatus: this.endpoint } } : unknown;
    if (action === 'DeleteEndpoint') this.endpoint = 'Deleting';
    if (action !== 'DescribeTrainingJob') return { ok: true, answer: {} };
    return this.status === undefined
      ? unknown
      : {
          ok: true,
          answer: {
            ...{ TrainingJobName: job, TrainingJobStatus: this.status, FailureReason: this.reason },
            ...{ ModelArtifacts: { S3ModelArtifacts: 's3://refit' } },
            ...{ TrainingTimeInSeconds: 10, BillableTimeInSeconds: 7 },
          },
        };
  };

  step() {
    const move = scripted(refit(plan(), this.run), this.answer);
    this.data = { ...this.data, ...move.data };
    return move;
  }

  waits(): string {
    try {
      this.step();
    } catch (error) {
      if (error instanceof Later) return error.message;
      throw error;
    }
    throw new Error('it went on');
  }

  prepare(plan: Plan) {
    return scripted(prepareRefit(plan, this.run), this.answer);
  }
}

describe('the refit of a version', () => {
  it('learns from every side, and is stopped by a fold of the patients where its candidate stops early', () => {
    const account = new Account();
    expect(account.prepare(planWith({ refit: true }))).to.deep.equal({
      ...{ job, stops: true, location: 's3://bucket/files/health-v3/refit' },
      location: account.prepare(planWith({ refit: true }))!.location,
    });
    const [train, validation] = account.sql as [string, string];
    for (const sql of [train, validation]) {
      expect(sql)
        .to.contain("WHERE ROW_SIDE = 'train'")
        .and.to.contain("WHERE ROW_SIDE NOT IN ('train', 'late', 'open')");
      expect(sql).to.contain('UNION ALL');
    }
    expect(train)
      .to.match(/refit\/train/)
      .and.to.contain("NOT ROW_FOLD = 'f'");
    expect(validation)
      .to.match(/refit\/validation/)
      .and.to.contain("WHERE ROW_FOLD = 'f'");
  });

  it('of hazards learns from those who are still in that they were, each row as itself', () => {
    const account = new Account();
    const hazards = { ends: [1, 3, 7], suffixes: [',0', ',1', ',2'], excess: 3 };
    account.data = {
      ...account.data,
      split: { ...account.data.split!, weighted: true, unsettled: true },
      hazards: { hazards, location: 's3://bucket/hazards' },
      chosen: { name: 'hazard', hyperparameters: { ...hyperparameters, objective: 'binary:logistic' } },
    };
    account.prepare(planWith({ refit: true }));
    const files = account.sql.filter((sql) => /^COPY/.test(sql));
    expect(files.map((sql) => /refit\/(\S+)/.exec(sql)![1])).to.deep.equal([
      ...['train/rows.csv', 'train/open.csv', 'validation/rows.csv', 'validation/open.csv'],
    ]);
    const [ended, open] = files as [string, string];
    expect(ended).to.contain('LINES TRUE').and.not.to.contain('p.K <');
    expect(open).to.contain('LINES TRUE AND p.K < r.LAST');
    // A model of days cannot: of late admissions the short stays alone have ended.
    account.sql.length = 0;
    account.data = { ...account.data, chosen: { name: 'gamma', hyperparameters } };
    account.prepare(planWith({ refit: true }));
    expect(account.sql.join()).not.to.match(/ROW_SIDE = '(late|open)'|open\.csv/);
    expect(account.sql.join()).to.contain('ROW_WEIGHT AS WEIGHT');
  });

  it('learns from every row where its candidate has all of its rounds', () => {
    const account = new Account();
    account.data = { ...account.data, chosen: { name: 'forest', hyperparameters: { num_round: '1' } } };
    const prepared = account.prepare(planWith({ refit: true }))!;
    expect(prepared.stops).to.equal(false);
    expect(account.sql).to.have.length(1);
    expect(account.sql[0]).not.to.contain("ROW_FOLD = 'f'");
    scripted(startRefit(planWith(), account.run, prepared), account.answer);
    const [{ InputDataConfig, EnableNetworkIsolation }] = account.requests as [
      { InputDataConfig: { ChannelName: string }[]; EnableNetworkIsolation: boolean },
    ];
    expect(InputDataConfig.map(({ ChannelName }) => ChannelName)).to.deep.equal(['train']);
    expect(EnableNetworkIsolation).to.equal(true);
  });

  it('is none where the settings want none, or those of a version that is repeated do not know of it', () => {
    for (const training of [{ refit: false }, {}])
      expect(new Account().prepare(planWith(training))).to.equal(null);
  });

  it('takes the place of the model that was judged, once that has left its endpoint', () => {
    const account = new Account();
    account.status = 'InProgress';
    expect(account.waits()).to.equal(`${job} is being trained`);
    account.status = 'Completed';
    expect(account.step()).to.deep.include({ to: 'REFIT' });
    expect(account.waits()).to.equal('los-health-v3: Deleting');
    expect(account.waits(), 'it is asked to go once').to.equal('los-health-v3: Deleting');
    expect(account.log.filter((action) => action === 'DeleteEndpoint')).to.have.length(1);
    account.endpoint = undefined;
    expect(account.step()).to.deep.include({ to: 'REFIT' });
    // A step before may have made it, and been killed: that is not the first one.
    account.endpoint = 'Creating';
    const move = account.step();
    expect(move).to.deep.include({ to: 'CHECK_REFIT', billed: 7 });
    const { training, refit: now } = account.data;
    expect(training).to.deep.include({ job, artifact: 's3://refit' });
    expect(now).to.deep.include({ serves: true, judge: judged.job });
    expect(account.log.slice(-3)).to.deep.equal(['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint']);
    expect(account.step().to, 'a run that is gone on with').to.equal('CHECK_REFIT');
  });

  it('is begun where SageMaker knows no job of it', () => {
    const account = new Account();
    expect(account.waits()).to.equal(`${job} is being trained`);
    expect(account.log).to.deep.equal(['DescribeTrainingJob', 'CreateTrainingJob']);
  });

  it('is done without where its job is lost, after one more where SageMaker itself failed', () => {
    const account = new Account();
    account.status = 'Failed';
    const move = account.step();
    expect(move.to).to.equal('ENTER');
    expect(move.message).to.match(/^not fitted once more: The training job .* failed: AlgorithmError/);
    expect(account.data.training).to.equal(judged);
    expect(account.log).to.deep.equal(['DescribeTrainingJob']);
    expect(account.step().to).to.equal('ENTER');

    const again = new Account();
    Object.assign(again, {
      status: 'Failed',
      reason: 'InternalServerError: We encountered an internal error.',
    });
    expect(again.step().to).to.equal('REFIT');
    expect(again.data.refit).to.deep.include({ again: true, job: `los-health-v3-refit-again-${stamp}` });
    expect(again.step().to).to.equal('ENTER');
  });

  it('is no matter of a run that has none: one that an older release left', () => {
    const account = new Account();
    const { refit: _, ...data } = account.data;
    account.data = data;
    expect(account.step()).to.deep.equal({ to: 'ENTER' });
    expect(account.log).to.deep.equal([]);
  });
});
