import { expect } from 'chai';
import type { StepCost } from '../../../bench/steps/demo.js';
import { findExcess, type Run } from '../../../bench/steps/verdict.js';

/** A run of one demo whose steps cost what is given, and otherwise a second and ten statements. */
function run(steps: Record<string, Partial<StepCost>>): Run {
  const cost = (given: Partial<StepCost>) => ({ processor: 1, idle: 0, statements: 10, ...given });
  return new Map([['health', new Map(Object.entries(steps).map(([step, given]) => [step, cost(given)]))]]);
}

describe('The guard of what steps cost', () => {
  const before = [run({ train: { processor: 10 }, load: {} })];

  it('names the step that takes more of the processor, waits longer or asks more', () => {
    const dearer = (given: Partial<StepCost>) =>
      findExcess([run({ train: { processor: 10, ...given }, load: {} })], before, {});
    expect(dearer({}), 'nothing changed').deep.equal([]);
    expect(dearer({ processor: 11.2 }), 'within a tenth').deep.equal([]);
    for (const [measure, cost] of [
      ['processor', 12],
      ['idle', 1.5],
      ['statements', 20],
    ] as const)
      expect(dearer({ [measure]: cost }).map(({ step, measure }) => [step, measure])).deep.equal([
        ['train', measure],
      ]);
  });

  it('judges by the cheapest run of each side, so that a busy minute is no excess', () => {
    const busy = run({ train: { processor: 19 }, load: { processor: 2 } });
    expect(findExcess([busy, before[0]!], [busy, before[0]!], {})).deep.equal([]);
    expect(findExcess([busy, busy], [busy, before[0]!], {})).lengthOf(2);
  });

  it('lets a step have the price that is written for it, and no more', () => {
    const prices = { health: { train: { processor: 1.5, why: 'it fits a second model' } } };
    expect(findExcess([run({ train: { processor: 16 }, load: {} })], before, prices)).deep.equal([]);
    expect(findExcess([run({ train: { processor: 17 }, load: {} })], before, prices)).lengthOf(1);
  });

  it('holds a new step against nothing', () => {
    expect(findExcess([run({ train: { processor: 10 }, load: {}, huddle: {} })], before, {})).deep.equal([]);
  });

  it('judges nothing without a run', () => {
    expect(() => findExcess([], before, {})).throw('no run to judge');
  });
});
