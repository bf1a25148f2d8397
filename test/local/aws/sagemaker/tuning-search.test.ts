import { GaussianProcess, improvements } from '@local-cloud/aws/sagemaker/tuning/gaussian-process.js';
import {
  nextCombination,
  randomNumbers,
  type Strategy,
  type Trial,
} from '@local-cloud/aws/sagemaker/tuning/tuning-search.js';
import { combination, combinations, readRanges } from '@local-cloud/aws/sagemaker/tuning/tuning-space.js';
import { expect } from 'chai';
import fc from 'fast-check';

const continuous = (Name: string, MinValue: string, MaxValue: string, ScalingType = 'Linear') => ({
  ContinuousParameterRanges: [{ Name, MinValue, MaxValue, ScalingType }],
});
const integer = (Name: string, MinValue: string, MaxValue: string, ScalingType = 'Linear') => ({
  IntegerParameterRanges: [{ Name, MinValue, MaxValue, ScalingType }],
});

/** Searches a space for the smallest value of a function. */
function search(
  strategy: Strategy,
  ranges: object,
  jobs: number,
  seed: number,
  objective: (values: Record<string, string>) => number,
): Trial[] {
  const dimensions = readRanges(ranges as never);
  const random = randomNumbers(seed);
  const trials: Trial[] = [];
  for (let i = 0; i < jobs; i += 1) {
    const values = nextCombination(strategy, dimensions, trials, random);
    if (!values) break;
    trials.push({ values, objective: objective(values) });
  }
  return trials;
}

describe('A tuning job’s search space', () => {
  it('spreads a linear range evenly, whole numbers included', () => {
    const [depth] = readRanges(integer('max_depth', '3', '6'));
    const counts = new Map<string, number>();
    for (let i = 0; i < 400; i += 1) {
      const value = depth!.at(i / 400);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts]).to.deep.equal([
      ['3', 100],
      ['4', 100],
      ['5', 100],
      ['6', 100],
    ]);
  });

  it('spreads a logarithmic range by orders of magnitude, and a reverse one towards 1', () => {
    const [alpha] = readRanges(continuous('alpha', '0.001', '1000', 'Logarithmic'));
    expect(Number(alpha!.at(0.5))).to.be.closeTo(1, 1e-9);
    expect(Number(alpha!.at(1 / 6))).to.be.closeTo(0.01, 1e-9);
    const [eta] = readRanges(continuous('eta', '0', '0.99', 'ReverseLogarithmic'));
    expect(Number(eta!.at(0.5))).to.be.closeTo(0.9, 1e-9);
  });

  it('takes Auto as logarithmic from three orders of magnitude on', () => {
    const middle = (min: string, max: string) =>
      Number(readRanges(continuous('alpha', min, max, 'Auto'))[0]!.at(0.5));
    expect(middle('0.001', '1000')).to.be.closeTo(1, 1e-9);
    expect(middle('1', '101')).to.be.closeTo(51, 1e-9);
    expect(middle('0', '1000')).to.be.closeTo(500, 1e-9);
  });

  it('stays within its bounds and finds its values again', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.constantFrom('Linear', 'Logarithmic', 'Auto'),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 5000 }),
        (point, scale, min, width) => {
          const [rounds] = readRanges(integer('num_round', `${min}`, `${min + width}`, scale));
          const value = rounds!.at(point);
          expect(Number(value)).to.be.within(min, min + width);
          const [again] = rounds!.coordinates(value);
          expect(again).to.be.within(0, 1);
          expect(rounds!.at(Math.min(again!, 1 - Number.EPSILON))).to.equal(value);
        },
      ),
    );
  });

  it('counts and lists its combinations', () => {
    const space = readRanges({
      ...integer('max_depth', '3', '4'),
      CategoricalParameterRanges: [{ Name: 'eta', Values: ['0.1', '0.2', '0.3'] }],
    });
    expect(combinations(space)).to.equal(6);
    const all = Array.from({ length: 6 }, (_, n) => combination(space, n));
    expect(new Set(all.map((values) => JSON.stringify(values))).size).to.equal(6);
    expect(all[1]).to.deep.equal({ max_depth: '3', eta: '0.2' });
  });
});

describe('A tuning job’s search', () => {
  const bowl = {
    ContinuousParameterRanges: [
      { Name: 'eta', MinValue: '0', MaxValue: '1', ScalingType: 'Linear' },
      { Name: 'subsample', MinValue: '0.01', MaxValue: '1', ScalingType: 'Linear' },
      { Name: 'gamma', MinValue: '0', MaxValue: '5', ScalingType: 'Linear' },
    ],
  };
  const depthOfBowl = ({ eta, subsample, gamma }: Record<string, string>) =>
    (Number(eta) - 0.3) ** 2 + (Number(subsample) - 0.7) ** 2 + (Number(gamma) / 5 - 0.2) ** 2;
  const best = (trials: Trial[]) => Math.min(...trials.map((trial) => trial.objective!));

  it('never tries a combination twice, and ends with the space', () => {
    const two = { ...integer('max_depth', '1', '3'), ...continuous('eta', '0.5', '0.5') };
    for (const strategy of ['Random', 'Bayesian'] as const) {
      const trials = search(strategy, two, 10, 5, ({ max_depth }) => Number(max_depth));
      expect(trials.map((trial) => trial.values.max_depth).sort()).to.deep.equal(['1', '2', '3']);
    }
  });

  it('repeats itself with the same seed, and not with another', () => {
    for (const strategy of ['Random', 'Bayesian'] as const) {
      const run = (seed: number) => search(strategy, bowl, 8, seed, depthOfBowl);
      expect(run(1)).to.deep.equal(run(1));
      expect(run(1)).not.to.deep.equal(run(2));
    }
  });

  it('by Grid runs through all combinations', () => {
    const grid = {
      CategoricalParameterRanges: [
        { Name: 'max_depth', Values: ['3', '6'] },
        { Name: 'eta', Values: ['0.1', '0.3'] },
      ],
    };
    const trials = search('Grid', grid, 10, 1, () => 0);
    expect(trials.map(({ values }) => `${values.max_depth} ${values.eta}`)).to.deep.equal([
      '3 0.1',
      '3 0.3',
      '6 0.1',
      '6 0.3',
    ]);
  });

  it('by Bayesian learns: it comes far closer than Random with as many trials', () => {
    const seeds = [1, 2, 3, 4, 5];
    const mean = (strategy: Strategy) =>
      seeds.reduce((sum, seed) => sum + best(search(strategy, bowl, 25, seed, depthOfBowl)), 0) /
      seeds.length;
    expect(mean('Bayesian')).to.be.below(mean('Random') / 5);
  });

  it('by Bayesian learns categories too', () => {
    const ranges = {
      ...continuous('eta', '0', '1'),
      CategoricalParameterRanges: [{ Name: 'max_depth', Values: ['2', '4', '6', '8'] }],
    };
    const trials = search('Bayesian', ranges, 30, 3, ({ eta, max_depth }) => {
      return Math.abs(Number(eta) - 0.4) + (max_depth === '6' ? 0 : 1);
    });
    const late = trials.slice(15);
    expect(late.filter(({ values }) => values.max_depth === '6').length).to.be.above(late.length / 2);
    expect(best(trials)).to.be.below(0.05);
  });

  it('goes on when trials failed or are under way', () => {
    const dimensions = readRanges(bowl);
    const random = randomNumbers(1);
    const trials: Trial[] = [];
    for (let i = 0; i < 20; i += 1) {
      const values = nextCombination('Bayesian', dimensions, trials, random)!;
      trials.push({ values, ...(i % 3 === 0 ? {} : { objective: depthOfBowl(values) }) });
    }
    expect(new Set(trials.map(({ values }) => JSON.stringify(values))).size).to.equal(20);
  });
});

describe('A Gaussian process', () => {
  const points = [0, 0.2, 0.4, 0.6, 0.8, 1].map((x) => [x]);
  const curve = (x: number) => Math.sin(5 * x);
  const model = GaussianProcess.fit(
    points,
    points.map(([x]) => curve(x!)),
  );

  it('passes through what it was given and interpolates between', () => {
    for (const x of [0, 0.4, 1, 0.3, 0.7]) expect(model.predict([x]).mean).to.be.closeTo(curve(x), 0.03);
  });

  it('is less certain away from its points, and so expects more of them', () => {
    expect(model.predict([0.4]).deviation).to.be.below(model.predict([0.5]).deviation);
    expect(model.predict([1.5]).deviation).to.be.above(model.predict([0.5]).deviation);
    const [atPoint, near] = improvements(model, [[0.4], [0.95]], -0.95);
    expect(near!).to.be.above(atPoint!);
  });

  it('makes do with equal values and equal points', () => {
    const flat = GaussianProcess.fit([[0.5], [0.5], [0.1]], [2, 2, 2]);
    expect(flat.predict([0.3]).mean).to.be.closeTo(2, 1e-9);
  });
});
