import { readHyperparameters } from '@local-cloud/aws/sagemaker/training/hyperparameters.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { SCREEN_HYPERPARAMETERS } from '../../../procedures/fitting/selection.js';
import { Refused } from '../../../procedures/ground/work.js';
import {
  HYPERPARAMETERS,
  MOST_ROUNDS,
  type Rule,
  requireHyperparameters,
  ruleInWords,
} from '../../../procedures/jobs/hyperparameters.js';

const refusal = (given: Record<string, unknown>): Refused => {
  try {
    requireHyperparameters(given, 'The candidate slow');
  } catch (error) {
    expect(error).to.be.instanceOf(Refused);
    return error as Refused;
  }
  return expect.fail(`${JSON.stringify(given)} was taken`);
};

/** Values that a rule allows, at its ends as well. */
function allowed(rule: Rule): fc.Arbitrary<string | number> {
  if ('enum' in rule) return fc.constantFrom(...rule.enum);
  if ('pattern' in rule) return fc.stringMatching(new RegExp(rule.pattern), { size: 'small' });
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rule;
  if (type === 'integer')
    return fc
      .integer({ min: minimum ?? 0, max: maximum ?? 1000 })
      .chain((n) => fc.constantFrom(n, String(n)));
  const excluded = {
    minExcluded: exclusiveMinimum !== undefined,
    maxExcluded: exclusiveMaximum !== undefined,
  };
  return fc
    .double({
      min: minimum ?? exclusiveMinimum ?? 0,
      max: maximum ?? exclusiveMaximum ?? 1000,
      noNaN: true,
      ...excluded,
    })
    .map((n) => n.toFixed(6))
    .filter((text) => exclusiveMinimum === undefined || Number(text) > exclusiveMinimum)
    .filter((text) => exclusiveMaximum === undefined || Number(text) < exclusiveMaximum);
}

describe('the list of hyperparameters', () => {
  it('has nothing that names a program to run, or that a container keeps for itself', () => {
    for (const name of Object.keys(HYPERPARAMETERS))
      expect(name)
        .to.match(/^[a-z][a-z_]*$/)
        .and.not.match(/^sagemaker_/);
    for (const name of [
      'sagemaker_program',
      'sagemaker_submit_directory',
      '_kfold',
      'csv_weights',
      '__proto__',
      'constructor',
      '',
    ])
      expect(refusal(JSON.parse(`{${JSON.stringify(name)}: "1"}`)).message).to.contain(
        `The candidate slow has the hyperparameter ${JSON.stringify(name)}, which is not in the list`,
      );
  });

  it('takes a value in its range, and the container takes it, too', () => {
    for (const [name, rule] of Object.entries(HYPERPARAMETERS))
      fc.assert(
        fc.property(allowed(rule), (value) => {
          requireHyperparameters({ [name]: value }, 'X');
          // Which of them go together is the container's to say: each alone, with what it depends on.
          const needed: Record<string, string> = {
            num_round: '1',
            objective: 'reg:squarederror',
            tree_method: 'hist',
          };
          if (name === 'updater' && /descent|shotgun/.test(String(value))) needed.booster = 'gblinear';
          if (name === 'eval_metric') needed.objective = 'binary:logistic';
          expect(() => readHyperparameters({ ...needed, [name]: String(value) })).to.not.throw();
        }),
        { numRuns: 30 },
      );
  });

  it('refuses what is out of its range, and says what to write', () => {
    const { message, next } = refusal({ num_round: '1000000' });
    expect(message).to.equal('The candidate slow has the hyperparameter num_round with the value "1000000".');
    expect(next).to.equal(`Write a whole number from 1 to ${MOST_ROUNDS}.`);
    for (const wrong of [
      ...[
        { num_round: 0 },
        { num_round: 1.5 },
        { num_round: '5e9' },
        { num_round: '0x10' },
        { num_round: '' },
      ],
      ...[
        { num_round: null },
        { num_round: [400] },
        { num_round: true },
        { num_round: Number.POSITIVE_INFINITY },
      ],
      ...[{ eta: 1.01 }, { eta: '1;' }, { eta: ' 1' }, { eta: { valueOf: 1 } }, { subsample: 0 }],
      ...[{ objective: 'rank:ndcg' }, { objective: ['reg:gamma'] }, { tree_method: 'gpu_hist' }],
      ...[
        { eval_metric: 'rmse,x"); import os' },
        { eval_metric: 'rmse\n' },
        { monotone_constraints: '(1,__import__)' },
      ],
      { tweedie_variance_power: 2 },
    ])
      expect(refusal(wrong).next, JSON.stringify(wrong)).to.match(/^Write /);
  });

  it('bounds the trees of a model, rounds times parallel trees', () => {
    expect(refusal({ num_round: 5000, num_parallel_tree: 11 }).message).to.contain('would have 55000 trees');
    requireHyperparameters({ num_round: 400, num_parallel_tree: 60 }, 'A forest under settings of all');
  });

  it('names the one that candidates set where another name of it is written', () => {
    expect(refusal({ learning_rate: 0.1 }).next).to.equal('Write it as eta.');
  });

  it('has what the screening model is trained with', () => {
    requireHyperparameters(SCREEN_HYPERPARAMETERS, 'The screening model');
  });

  it('is worded as people write ranges', () => {
    expect(ruleInWords({ type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 2 })).to.equal(
      'a number above 1 and below 2',
    );
    expect(ruleInWords({ type: 'number', minimum: 0 })).to.equal('a number from 0');
  });
});
