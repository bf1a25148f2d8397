import { expect } from 'chai';
import { candidates, checkCandidates, isOfHazards } from '../../../procedures/fitting/candidates.js';
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
      .and.not.include.oneOf(['linear', 'squared-error', 'absolute-error']);
    // Neither is ever chosen by CRPS; who names it has it.
    expect(names(settings({ chooseBy: 'crps', candidates: ['linear', 'squared-error'] }), 1)).to.have.length(
      2,
    );
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
      'the candidate forest cannot have: it predicts days',
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
});

describe('candidates that a caller gives', () => {
  const own = (name: unknown, hyperparameters: unknown = { num_round: 5 }) => ({ name, hyperparameters });
  const check = (given: unknown, training: object = {}) =>
    checkCandidates(settings({ chooseBy: 'crps', ...training }), given);
  const refusal = (given: unknown): Refused => {
    try {
      check(given);
    } catch (error) {
      expect(error, String(error)).to.be.instanceOf(Refused);
      return error as Refused;
    }
    return expect.fail(`${JSON.stringify(given)} was taken`);
  };

  it('are names, or names with hyperparameters of their own, whose values become texts', () => {
    check(['gamma', own('slow and deep', { num_round: 900, max_depth: '8' })]);
    const [one] = candidates(settings({}), 1, [own('slow', { num_round: 900 })] as never);
    expect(one).to.deep.equal({ name: 'slow', hyperparameters: { num_round: '900' } });
  });

  it('are refused in another form, with the form that is wanted', () => {
    for (const given of ['x', {}, { name: 'gamma' }, 1, true, null, [null], [1], [['gamma']]])
      expect(refusal(given).next).to.contain("['gamma']");
    for (const name of [
      null,
      undefined,
      1,
      '',
      ' gamma',
      'a,b',
      'gamma"',
      "x'); --",
      'x\n',
      '../x',
      'ä',
      'x'.repeat(41),
      '\u001b[2J',
    ])
      expect(refusal([own(name)]).message, String(name)).to.contain('A candidate is called ');
    for (const hyperparameters of [undefined, null, 'num_round=5', ['num_round']])
      expect(refusal([{ name: 'slow', hyperparameters }]).message).to.contain(
        'The hyperparameters of the candidate slow are',
      );
    expect(refusal([{ ...own('slow'), image: 'x' }]).message).to.contain('has "image"');
    expect(refusal([own('slow', { eta: 0.1 })]).message).to.contain('no num_round');
    for (const name of ['toString', '__proto__', 'Gamma'])
      expect(refusal([name]).message).to.contain(`no candidate "${name}"`);
  });

  it('are not called the same, and are no more than can be paid by accident', () => {
    expect(refusal(['gamma', 'gamma']).message).to.equal('Two candidates are called gamma.');
    expect(refusal(['gamma', own('GAMMA')]).message).to.equal('Two candidates are called GAMMA.');
    const many = Array.from({ length: 300 }, (_, i) => own(`c${i}`, { num_round: '1000000' }));
    expect(refusal(many).message).to.equal('There are 300 candidates, and each is a job.');
    expect(refusal([]).message).to.contain('0 candidates');
  });

  it('have no hyperparameter but those of the list, and settings add none', () => {
    expect(refusal([own('gamma', { num_round: '2', sagemaker_program: 'x.py' })]).message).to.contain(
      '"sagemaker_program"',
    );
    expect(() => check(undefined, { hyperparameters: { sagemaker_program: 'x.py' } })).to.throw(
      Refused,
      'sagemaker_program',
    );
    expect(() => check(['forest'], { hyperparameters: { num_round: 5000 } })).to.throw(
      Refused,
      '300000 trees',
    );
    check(undefined, { hyperparameters: { num_round: 400 } });
  });
});
