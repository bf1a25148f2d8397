import { expect } from 'chai';
import { step, takeRun } from '../../../procedures/training/machine.js';
import type { RunData } from '../../../procedures/training/run.js';
import { fitting } from '../../../procedures/training/states/index.js';
import { RunsTable } from './runs-table.js';
import { Account, planWith, stamp } from './states/account.js';

/** What release 0.1.0 wrote of a run whose pilots promised enough, and whose candidates were all under way. */
function oldRun(state: string, stage: 'training' | 'answered') {
  const account = new Account(planWith({ chooseBy: 'crps', parallelJobs: 5 }), {
    candidates: ['gamma', 'hazard'],
  });
  const names = ['1-gamma', '2-days-on-a-sample', '3-hazard-on-a-sample', '4-hazard'];
  const contestants = names.map((name, i) => {
    const job = `los-health-v3-${name}-${stamp}`;
    account.training.set(job, 'Completed');
    if (stage === 'answered') account.transforms.set(job, 'Completed');
    const candidate = { name: name.slice(2), hyperparameters: {} };
    return { candidate, job, stage, ...(i === 1 || i === 2 ? { looks: true } : {}) };
  });
  account.gain = 0.1;
  const table = new RunsTable(account.answer);
  const hazards = {
    hazards: { ends: [1, 2, 4], suffixes: [',0,-1', ',1,-2', ',2,-2'], excess: 3 },
    location: 's3://hazards',
    look: {
      sample: { train: 'T', validation: 'V' },
      days: 's3://look',
      hazards: 's3://look-hazards',
      gain: { days: 0.1, confidence: [0.05, 0.15] },
    },
  };
  const data = { ...account.data, features: [], hazards, contestants } as Partial<RunData>;
  const options = account.options;
  const id = table.add('TRAIN_CANDIDATES', { STATE: state, VERSION: 'health-v3', data, options });
  return { account, table, row: () => table.run(id), id };
}

describe('a training that release 0.1.0 began', () => {
  for (const [state, stage] of [
    ['COMPETE', 'training'],
    ['COMPETE', 'answered'],
    ['CHOOSE', 'answered'],
  ] as const)
    it(`goes on from ${state}, its candidates ${stage}, and pays for no job twice`, () => {
      const { account, table, row, id } = oldRun(state, stage);
      const jobs = [...account.training.keys()];
      for (let i = 0; row().STATE !== 'SERVE'; i++) {
        expect(i, String(row().STATE)).to.be.below(20);
        table.perform(takeRun(account.plan, id, 'mine'));
        table.perform(step(account.plan, fitting, id, 'mine'));
        account.complete('transforms');
      }
      expect([...account.training.keys()]).to.deep.equal(jobs);
      expect([...account.transforms.keys()].sort()).to.deep.equal([...jobs].sort());
      expect((row().DATA as RunData).chosen?.name).to.equal('hazard');
      expect((row().DATA as RunData).hazards?.location).to.equal('s3://hazards');
      expect(table.steps.map((one) => one.state).slice(1)).to.deep.equal([
        'COMPARE_PILOTS',
        'TRAIN_HAZARDS',
        'CHOOSE',
      ]);
    });

  it('keeps what its pilots showed where its candidates are chosen already', () => {
    const { account, table, id } = oldRun('ENTER', 'answered');
    const seen: unknown[] = [];
    table.perform(takeRun(account.plan, id, 'mine'));
    table.perform(
      step(
        account.plan,
        {
          // biome-ignore lint/correctness/useYield: it asks for nothing
          ENTER: function* (_, run) {
            seen.push(run.data.hazards?.pilot?.gain?.days);
            return { to: 'PROMOTE' };
          },
        },
        id,
        'mine',
      ),
    );
    expect(seen).to.deep.equal([0.1]);
  });
});
