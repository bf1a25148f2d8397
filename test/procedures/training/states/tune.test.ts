import { expect } from 'chai';
import { Later } from '../../../../procedures/ground/work.js';
import { Account, planWith } from './account.js';

describe('tuning', () => {
  it('follows where there is a budget, and its best is a candidate more', () => {
    const account = new Account(planWith({ tuningJobs: 4, parallelJobs: 5 }));
    expect(account.stepTo('TUNE').map(({ billed }) => billed)).to.deep.equal([35]);
    expect(() => account.step()).to.throw(Later, 'begins');
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
    const move = account.step();
    expect([move.to, move.billed]).to.deep.equal(['PREDICT_TUNED', 7]);
    const tuned = account.candidateRuns[5]!;
    expect(tuned.candidate.name).to.equal('gamma, tuned');
    expect(tuned.candidate.hyperparameters).to.include({ eta: '0.2', objective: 'reg:gamma' });
    // Its job has been written down already.
    expect(account.stepTo('CHOOSE').map(({ billed }) => billed)).to.deep.equal([undefined]);
    expect(account.stages()[5]).to.equal('answered');
    expect(account.log.filter((line) => line.startsWith('CreateTrainingJob'))).to.have.length(5);
  });

  const ended =
    (status: string, more: object = {}) =>
    (action: string) =>
      action === 'DescribeHyperParameterTuningJob'
        ? { ok: true as const, answer: { HyperParameterTuningJobStatus: status, ...more } }
        : undefined;

  it('is left out where its job is lost, which is said', () => {
    const account = new Account(planWith({ tuningJobs: 4, parallelJobs: 5 }));
    account.stepTo('TUNE');
    account.refusing = ended('Stopped');
    const { to, message } = account.step();
    expect([to, message]).to.deep.equal([
      'CHOOSE',
      'not tuned: The tuning job los-health-v-t-20260101000000000 was stopped: no job of it completed.',
    ]);
    account.refusing = () => undefined;
    expect(account.step().to).to.equal('SERVE');
  });

  it('is tried once more where SageMaker itself failed, and keeps what it had found when it was stopped', () => {
    const account = new Account(planWith({ tuningJobs: 4, parallelJobs: 5 }));
    account.stepTo('TUNE');
    account.refusing = ended('Failed', { FailureReason: 'InternalServerError: Please try again.' });
    expect(account.step().to).to.equal('TUNE');
    account.refusing = () => undefined;
    expect(() => account.step()).to.throw(Later, 'los-health--t2-20260101000000000 begins');
    account.training.set('best', 'Completed');
    account.refusing = ended('Stopped', { BestTrainingJob: { TrainingJobName: 'best' } });
    expect(account.step().to).to.equal('PREDICT_TUNED');
  });
});
