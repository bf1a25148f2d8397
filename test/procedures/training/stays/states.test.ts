import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Later, type Step } from '../../../../procedures/ground/work.js';
import type { Run, RunData, StayRun } from '../../../../procedures/training/run.js';
import { runJobs } from '../../../../procedures/training/states/run-jobs.js';
import { stayTrain } from '../../../../procedures/training/stays/states.js';
import { type Scripted, scripted } from '../../scripted.js';
import { planWith, stamp } from '../states/account.js';

const job = `los-health-v3-stay-${stamp}`;
const second = `los-health-v3-stay-again-${stamp}`;
const INTERNAL = 'InternalServerError: We encountered an internal error. Please try again.';

/** A run whose model of stays is being trained, and how SageMaker's jobs have ended. */
class Account {
  readonly failures = new Map<string, string>();
  readonly begun: string[] = [];
  private data: Partial<RunData> = { stamp, number: 3, stay: { job, location: 's3://bucket/stays' } };

  get stay(): StayRun {
    return this.data.stay!;
  }

  get run(): Run {
    const rest = { id: 'run-1', dataset: 'health', state: 'STAY_TRAIN', options: {} };
    return { ...rest, data: this.data } as unknown as Run;
  }

  readonly answer = (step: Step): Scripted => {
    if ('sql' in step) return undefined;
    const { action, request } = step as { action: string; request: Record<string, string> };
    const unknown = {
      ok: false,
      error: 'ValidationException',
      message: 'Requested resource not found.',
    } as const;
    if (action === 'CreateTrainingJob') this.begun.push(request.TrainingJobName!);
    if (action === 'DescribeEndpoint') return unknown;
    if (action !== 'DescribeTrainingJob') return { ok: true, answer: {} };
    const reason = this.failures.get(request.TrainingJobName!);
    return reason === undefined
      ? unknown
      : {
          ok: true,
          answer: {
            TrainingJobName: request.TrainingJobName!,
            TrainingJobStatus: 'Failed',
            FailureReason: reason,
          },
        };
  };

  step() {
    const plan: Plan = planWith();
    const move = scripted(stayTrain(plan, this.run), this.answer);
    this.data = { ...this.data, ...move.data };
    return move;
  }
}

describe('the model of stays of a training', () => {
  it('has its job begun once more where SageMaker itself failed, and is done without after the second', () => {
    const account = new Account();
    expect(() => account.step()).to.throw(Later);
    account.failures.set(job, INTERNAL);
    expect(account.step().to).to.equal('STAY_TRAIN');
    expect(account.stay).to.include({ job: second });
    expect(() => account.step()).to.throw(Later);
    expect(account.begun).to.deep.equal([job, second]);
    // Who stops the run stops both, whichever is under way.
    expect(runJobs(planWith(), account.run)).to.include(second);
    account.failures.set(second, INTERNAL);
    expect(account.step().to).to.not.equal('STAY_TRAIN');
    expect(account.stay.none).to.contain(`The training job ${second} failed: InternalServerError`);
  });

  it('is done without at once where the job failed by what it was given', () => {
    const account = new Account();
    account.failures.set(job, 'AlgorithmError: no');
    expect(account.step().to).to.not.equal('STAY_TRAIN');
    expect(account.stay.none).to.contain('AlgorithmError: no');
    expect(account.begun).to.deep.equal([]);
  });
});
