import { expect } from 'chai';
import { settingsSchema } from '../../../deploy/settings/schema.js';
import {
  candidateNames,
  candidates,
  hazardsOf,
  isOfHazards,
} from '../../../procedures/fitting/candidates.js';
import type { PlanSettings } from '../../../procedures/ground/plan.js';
import { Refused } from '../../../procedures/ground/work.js';

const settings = (training: Partial<PlanSettings['training']>) =>
  ({
    training: { chooseBy: 'rmse', candidates: null, hyperparameters: {}, ...training },
  }) as unknown as PlanSettings;
const names = (...args: Parameters<typeof candidates>) => candidates(...args).map(({ name }) => name);

describe('candidates', () => {
  it('aim at what decides: a mean for RMSE, a median for MAE', () => {
    expect(names(settings({}), 1))
      .to.include.members(['gamma', 'tweedie'])
      .and.not.include('absolute-error');
    expect(names(settings({ chooseBy: 'mae' }), 1))
      .to.include('absolute-error')
      .and.not.include('tweedie');
    expect(names(settings({ chooseBy: 'crps' }), 1))
      .to.include.members(['gamma', 'hazard', 'hazard-linear', 'hazard-forest'])
      .and.not.include('absolute-error');
    expect(names(settings({ chooseBy: 'rmse' }), 1)).to.not.include('hazard');
  });

  it('let early stopping watch the metric that decides', () => {
    for (const chooseBy of ['rmse', 'mae'] as const)
      for (const { hyperparameters } of candidates(settings({ chooseBy }), 1))
        expect(hyperparameters.eval_metric?.split(',').at(-1)).to.equal(chooseBy);
    const watched = candidates(settings({ chooseBy: 'crps' }), 1).map((candidate) => [
      isOfHazards(candidate),
      candidate.hyperparameters.eval_metric?.split(',').at(-1),
    ]);
    expect(new Set(watched.map(String))).to.deep.equal(new Set(['false,rmse', 'true,logloss']));
  });

  it('are those that the settings name, with the hyperparameters that they fix', () => {
    const [only, ...others] = candidates(
      settings({ candidates: ['gamma'], hyperparameters: { max_depth: 3 } }),
      1,
    );
    expect(others).to.be.empty;
    expect(only?.hyperparameters).to.include({ objective: 'reg:gamma', max_depth: '3' });
  });

  it('stay models of days or of hazards: an objective that would change that is refused by name', () => {
    const given = (training: object) => candidates(settings({ chooseBy: 'crps', ...training }), 1);
    const tweedie = { hyperparameters: { objective: 'reg:tweedie' } };
    expect(() => given(tweedie)).to.throw(
      Refused,
      'objective is reg:tweedie, which the candidate hazard-linear cannot have',
    );
    expect(() => given({ hyperparameters: { objective: 'binary:logistic' } })).to.throw(
      Refused,
      'the candidate linear cannot have: it predicts days',
    );
    const [gamma] = given({ candidates: ['gamma'], ...tweedie });
    expect(gamma?.hyperparameters.objective).to.equal('reg:tweedie');
    const [own] = given({ candidates: ['hazard'], hyperparameters: { objective: 'binary:logistic' } });
    expect(own?.hyperparameters.objective).to.equal('binary:logistic');
  });

  it('never let a linear model stop early: it cannot be cut back to its best round', () => {
    const given = settings({ chooseBy: 'crps', hyperparameters: { early_stopping_rounds: 5 } });
    for (const { name, hyperparameters } of candidates(given, 1))
      expect('early_stopping_rounds' in hyperparameters).to.equal(!/linear/.test(name));
  });

  it('leave gamma out where a stay has zero days, and say so when nothing is left', () => {
    expect(names(settings({}), 0)).to.not.include('gamma');
    expect(() => candidates(settings({ candidates: ['gamma'] }), 0)).to.throw('zero days');
  });

  it('have the names that the settings allow', () => {
    const { training } = settingsSchema.properties;
    expect(training.properties.candidates)
      .to.have.nested.property('items.enum')
      .that.has.members(candidateNames);
  });

  it('of trees have curves that are moved away from the mean stay, and a linear one has none', () => {
    const hazards = { ends: [2, 5], suffixes: [',0,0', ',1,0'], excess: 3 };
    const shapes = candidates(settings({ candidates: ['hazard', 'hazard-forest', 'hazard-linear'] }), 1).map(
      (candidate) => hazardsOf(candidate, hazards, 6.123456),
    );
    expect(shapes.map(({ apart }) => apart?.middle)).to.deep.equal([6.1235, 6.1235, undefined]);
    expect(shapes[0]!.apart!.by).to.be.within(0, 0.1);
    // Everybody who leaves at once has no mean to move from.
    expect(hazardsOf(candidates(settings({ candidates: ['hazard'] }), 0)[0]!, hazards, 0)).to.equal(hazards);
  });
});
