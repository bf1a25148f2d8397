import { expect } from 'chai';
import { Refused } from '../../../../procedures/ground/work.js';
import type { RunData } from '../../../../procedures/training/run.js';
import { Account, planWith } from './account.js';

describe('models of hazards', () => {
  const hazards = { ends: [1, 2, 4], suffixes: [',0,-1', ',1,-2', ',2,-2'], excess: 3 };
  const sample = { train: 'T', validation: 'V' };
  const piloted = {
    hazards,
    location: null,
    pilot: { sample, days: 's3://pilot', hazards: 's3://pilot-hazards' },
  };
  const accountWith = (data: Partial<RunData>, candidates = ['gamma', 'hazard']) => {
    const account = new Account(planWith({ chooseBy: 'crps', parallelJobs: 5 }), { candidates });
    account.data = { ...account.data, features: [], ...data };
    return account;
  };
  const namesOf = (account: Account) => account.candidateRuns.map(({ candidate }) => candidate.name);

  it('are trained at once where rows are few, judged by their curves', () => {
    const account = accountWith({ hazards: { hazards, location: 's3://hazards' } });
    expect(account.stepTo('CHOOSE')).to.have.length(1);
    expect(namesOf(account)).to.deep.equal(['gamma', 'hazard']);
    expect(account.log).to.include.members(["COPY 'gamma'", "COPY 'hazard, by period'"]);
  });

  it('wait for pilots on a sample where rows are many, and stay out where these promise nothing', () => {
    const account = accountWith({ hazards: piloted });
    // It would come in if noise were not asked about, and if there were less of it.
    account.gain = 0.03;
    account.noise = 4;
    expect(account.stepTo('CHOOSE').map(({ to }) => to)).to.deep.equal(['COMPARE_PILOTS', 'CHOOSE']);
    expect(namesOf(account)).to.deep.equal(['gamma']);
    expect(account.data.pilots?.map(({ candidate, location }) => [candidate.name, location])).to.deep.equal([
      ['days, on a sample', 's3://pilot'],
      ['hazard, on a sample', 's3://pilot-hazards'],
    ]);
    expect(account.data.hazards?.pilot?.gain?.days).to.be.closeTo(0.03, 0.006);
    account.step();
    expect(account.data.results?.map(({ name }) => name)).to.deep.equal(['gamma']);
  });

  it('stay out where a pilot is lost, and it is said why', () => {
    const account = accountWith({ hazards: piloted });
    account.stepTo('COMPARE_PILOTS');
    const why = 'The training job p was stopped: no reason was given.';
    account.data = {
      ...account.data,
      pilots: account.data.pilots!.map((pilot) => ({ ...pilot, stage: 'lost' as const, why })),
    };
    const { to, message } = account.step();
    expect(to).to.equal('CHOOSE');
    expect(message).to.match(
      /^hazards are not trained on all rows, as a pilot was lost: The training job p was stopped/,
    );
  });

  it('are trained on all rows where the pilots promise something beyond noise', () => {
    const account = accountWith({ hazards: piloted });
    account.gain = 0.03;
    account.noise = 1;
    expect(account.stepTo('CHOOSE').map(({ to, billed }) => [to, billed])).to.deep.equal([
      ['COMPARE_PILOTS', 3 * 7],
      ['TRAIN_HAZARDS', undefined],
      ['CHOOSE', 7],
    ]);
    expect(namesOf(account)).to.deep.equal(['gamma', 'hazard']);
    expect(account.data.hazards?.location).to.match(/health-v3\/hazards$/);
    account.step();
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
      const account = accountWith({ hazards: { hazards, location: 's3://hazards' } });
      Object.assign(account, { gain, noise });
      account.errors = (candidate) => ({
        ...{ LINES: 10, ROWS_ASKED: 10, RMSE: 5, MAE: 3 },
        CRPS: candidate === 'hazard' ? 2 : 2 + gain,
      });
      account.stepTo('CHOOSE');
      account.step();
      expect(account.data.chosen?.name).to.equal(wins);
      const { competition } = account.data;
      expect(competition).to.include({ hazard: 'hazard', days: 'gamma', by: 'crps' });
      expect(competition!.gain.days).to.be.closeTo(gain, 0.006);
      const [low, high] = competition!.gain.confidence;
      expect(low < 0 && high > 0, 'within noise').to.equal(noise === 4);
    });

  it('are refused alone where stays cannot be divided into periods', () => {
    expect(() => accountWith({ hazards: null }, ['hazard']).step()).to.throw(Refused, 'periods');
  });
});
