import { expect } from 'chai';
import { Refused } from '../../../../procedures/ground/work.js';
import { Account, names, planWith, stamp } from './account.js';

describe('training candidates', () => {
  it('are those that the settings name, each with a job of its own name', () => {
    const account = new Account();
    expect(account.step().to).to.equal('TRAIN_CANDIDATES');
    expect(account.candidateRuns.map(({ candidate }) => candidate.name)).to.deep.equal(names);
    expect(account.candidateRuns.map(({ job }) => job)).to.deep.equal(
      names.map((name, i) => `los-health-v3-${i + 1}-${name}-${stamp}`),
    );
    const given = new Account(planWith(), { candidates: ['gamma'] });
    given.step();
    expect(given.candidateRuns.map(({ candidate }) => candidate.name)).to.deep.equal(['gamma']);
  });

  it('are trained no more at a time than the settings allow', () => {
    const account = new Account();
    account.begin();
    expect(account.log).to.deep.equal(['CreateTrainingJob 1-linear', 'CreateTrainingJob 2-forest']);
    expect(account.waits().message).to.equal('0 of 5 models have predicted the validation rows');
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
    const moves = account.stepTo('CHOOSE');
    expect(moves.map(({ message, billed }) => ({ message, billed }))).to.deep.equal([
      { message: '5 of 5 models have predicted the validation rows', billed: 5 * 7 },
    ]);
    expect(account.stages()).to.deep.equal(names.map(() => 'answered'));
    const created = account.log.filter((line) => /^Create(Training|Transform)/.test(line));
    expect(created).to.have.length(10);
    expect(new Set(created).size).to.equal(10);
    expect(account.log.filter((line) => line.startsWith('DeleteModel'))).to.have.length(5);
  });

  it('take a job as theirs that an earlier step made and was killed', () => {
    const account = new Account();
    account.step();
    const before = account.data;
    account.step();
    account.data = before;
    expect(account.step().to).to.equal('TRAIN_CANDIDATES');
    expect(account.training.size).to.equal(2);
  });

  it('have a job that SageMaker does not know started again, under the same name', () => {
    const account = new Account(planWith({ parallelJobs: 5 }));
    account.begin();
    const { job } = account.candidateRuns[1]!;
    account.training.delete(job);
    account.step();
    expect(account.stages().slice(0, 2)).to.deep.equal(['training', 'waiting']);
    account.step();
    expect([account.candidateRuns[1]!.job, account.stages()[1]]).to.deep.equal([job, 'training']);
    expect([...account.training.keys()]).to.include(job);
  });

  it('are asked again where SageMaker does not know the batch transform', () => {
    const account = new Account(planWith(), { candidates: ['gamma'] });
    account.begin();
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
    account.step();
    expect(account.waits().message).to.equal('SageMaker refuses CreateTrainingJob: Rate exceeded');
    account.refusing = () => undefined;
    account.step();
    expect(account.stages().slice(0, 3)).to.deep.equal(['training', 'training', 'waiting']);
    expect(account.training.size).to.equal(2);
  });

  it('go on without one whose job failed or was stopped, and say which and why', () => {
    const account = new Account(planWith({ parallelJobs: 5 }));
    account.begin();
    const [linear, forest, squared] = account.candidateRuns.map(({ job }) => job);
    account.training.set(linear!, 'Failed');
    account.reason = undefined;
    account.training.set(forest!, 'Stopped');
    account.complete('training', squared!, 'gamma', 'tweedie');
    account.step();
    expect(account.stages()).to.deep.equal(['lost', 'lost', 'predicting', 'predicting', 'predicting']);
    account.transforms.set(squared!, 'Stopped');
    const moves = account.stepTo('CHOOSE');
    expect(account.stages()).to.deep.equal(['lost', 'lost', 'lost', 'answered', 'answered']);
    expect(moves.map(({ message }) => message)).to.deep.equal([
      `2 of 5 models have predicted the validation rows; lost: ${[
        `linear (The training job ${linear} failed: no reason was given.)`,
        `forest (The training job ${forest} was stopped: no reason was given.)`,
        `squared-error (The batch transform ${squared} was stopped: no reason was given.)`,
      ].join(' ')}`,
    ]);
    // No job is tried again that a person stopped, and no record of a model is left.
    expect(account.training.size).to.equal(5);
    expect(account.log.filter((line) => line.startsWith('DeleteModel'))).to.have.length(3);
    const chosen = account.step();
    expect(chosen.to).to.equal('SERVE');
    expect(
      chosen.data?.results?.map(({ name, lost = '' }) => [name, lost.slice(0, 18)]),
    ).to.deep.include.members([
      ['gamma', ''],
      ['forest', 'The training job l'],
    ]);
  });

  for (const [what, stage] of [
    ['training job', 'training'],
    ['batch transform', 'transforms'],
  ] as const)
    it(`try a ${what} once more, under another name, where SageMaker itself failed`, () => {
      const account = new Account(planWith(), { candidates: ['gamma'] });
      const fail = () => {
        while (!account.stages().includes(stage === 'training' ? 'training' : 'predicting')) {
          account.complete('training');
          account.step();
        }
        account[stage].set(account.candidateRuns[0]!.job, 'Failed');
      };
      account.step();
      account.reason = 'InternalServerError: We encountered an internal error. Please try again.';
      fail();
      const { job } = account.candidateRuns[0]!;
      account.step();
      const [again] = account.candidateRuns;
      expect(again!.job).to.equal(job.replace('-gamma-', '-gamma-again-'));
      fail();
      expect(() => account.step()).to.throw(Refused, `Every candidate was lost: gamma (The ${what}`);
      // What was trained is not trained again.
      expect(account.training.size).to.equal(stage === 'training' ? 2 : 1);
    });

  it('end it where a transform has not answered each line', () => {
    const account = new Account(planWith(), { candidates: ['gamma'] });
    account.errors = () => ({ LINES: 9, ROWS_ASKED: 10, RMSE: 5, MAE: 3 });
    account.begin();
    account.complete('training');
    account.step();
    account.complete('transforms');
    expect(() => account.step()).to.throw(Refused, 'gamma answered 9 of 10 lines');
  });
});
