import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Refused } from '../../../../procedures/ground/work.js';
import { rank } from '../../../../procedures/training/ranking.js';
import type { CandidateRun } from '../../../../procedures/training/run.js';
import { Account, planWith } from './account.js';

describe('choosing a candidate', () => {
  const answered = (name: string, rmse: number, mae: number): CandidateRun => ({
    candidate: { name, hyperparameters: { objective: name } },
    job: `job-${name}`,
    location: 's3://files',
    stage: 'answered',
    training: { job: `job-${name}`, artifact: `s3://${name}`, metrics: {}, seconds: 10, billed: 7 },
    ...{ rmse, mae },
  });
  const choosing = (plan?: Plan) => Object.assign(new Account(plan), { state: 'CHOOSE' });
  // As JSON keeps it in the run's row: what is no number is null.
  const diverged = answered('a', null as unknown as number, Number.POSITIVE_INFINITY);
  const three = [diverged, answered('b', 6, 3), answered('c', 5, 4)];
  const order = (by: 'rmse' | 'mae') => rank(three, by).map(({ candidate }) => candidate.name);

  it('is by what the settings say, one that diverged last', () => {
    expect([order('rmse'), order('mae')]).to.deep.equal([
      ['c', 'b', 'a'],
      ['b', 'c', 'a'],
    ]);
  });

  it('is not between one kind and another that diverged', () => {
    const account = choosing(planWith({ chooseBy: 'crps' }));
    const noNumber = { ...answered('binary:logistic', 5, 4), crps: null as unknown as number };
    const candidateRuns = [noNumber, { ...answered('b', 6, 3), crps: 2 }];
    account.data = { ...account.data, candidateRuns };
    account.step();
    expect(account.data.chosen?.name).to.equal('b');
    expect(account.data.competition).to.equal(undefined);
  });

  it('goes by the names of equal ones', () => {
    const equal = [answered('y', 5, 3), answered('x', 5, 3)];
    expect(rank(equal, 'rmse').map(({ candidate }) => candidate.name)).to.deep.equal(['x', 'y']);
  });

  for (const [by, wins] of [
    ['rmse', 'c'],
    ['mae', 'b'],
  ] as const)
    it(`serves the best by ${by}, and tells how all did`, () => {
      const account = choosing(planWith({ chooseBy: by }));
      account.data = { ...account.data, candidateRuns: three };
      const move = account.step();
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
    const account = choosing();
    account.data = { ...account.data, candidateRuns: three };
    expect(account.step().also).to.equal(undefined);
    expect(account.log.filter((said) => /^DELETE/.test(said))).to.deep.equal([]);
  });

  it('refuses where none predicted in numbers', () => {
    const account = choosing();
    account.data = { ...account.data, candidateRuns: [diverged] };
    expect(() => account.step()).to.throw(Refused, 'so none has a RMSE');
  });
});
