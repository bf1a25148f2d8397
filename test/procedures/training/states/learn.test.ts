import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import type { CandidateRun, Run, RunData } from '../../../../procedures/training/run.js';
import { learn } from '../../../../procedures/training/states/learn.js';
import { place, scripted } from '../../scripted.js';

describe('a learning curve', () => {
  const gamma = { name: 'gamma', hyperparameters: { objective: 'reg:gamma' } };
  const part = (name: string, crps: number | null): CandidateRun => ({
    candidate: { ...gamma, name },
    ...{ job: name, stage: 'answered', location: 's3://part', rmse: 5, mae: 3 },
    // What JSON makes of no number.
    crps: crps as number,
  });

  it('has no score where the candidate diverged, rather than 0', () => {
    const plan = {
      contract: { name: 'health', table: 'HEALTH', id: 'CASE_ID', features: { AGE: { type: 'numeric' } } },
      settings: { ...place, prefix: 'los', training: { parallelJobs: 2 } },
    } as unknown as Plan;
    const data: Partial<RunData> = {
      ...{ stamp: '20260101000000000', number: 3, chosen: gamma },
      split: { train: 800 } as RunData['split'] & object,
      results: [{ ...gamma, job: 'whole', rmse: 4, mae: 2, crps: null, seconds: 1 }],
      learning: [part('eighth', null), part('quarter', 2.5), part('half', 2)],
    };
    const run = { id: 'run-1', dataset: 'health', state: 'LEARN', data, options: {} } as unknown as Run;
    const move = scripted(learn(plan, run), (step) =>
      'sql' in step && /PART_8/.test(step.sql) ? [{ PART_8: 100, PART_4: 200, PART_2: 400 }] : undefined,
    );
    expect(move.data?.learned).to.deep.equal([
      { rows: 100, rmse: 5, mae: 3, crps: null },
      { rows: 200, rmse: 5, mae: 3, crps: 2.5 },
      { rows: 400, rmse: 5, mae: 3, crps: 2 },
      { rows: 800, rmse: 4, mae: 2, crps: null },
    ]);
    const [eighth, ...others] = data.learning!;
    const lost = { ...run, data: { ...data, learning: [{ ...eighth!, stage: 'lost' }, ...others] } } as Run;
    expect(scripted(learn(plan, lost), () => undefined).data?.learned).to.have.length(3);
  });
});
