import { expect } from 'chai';
import fc from 'fast-check';
import { bootstrap } from '../../../deploy/model/bootstrap.js';
import type { Comparison } from '../../../deploy/model/compare.js';
import type { Metrics } from '../../../deploy/model/evaluate.js';
import { judge } from '../../../deploy/model/gates.js';
import { monotone } from '../../../deploy/model/long-stay.js';
import type { Measure } from '../../../deploy/model/measures.js';
import type { RegistryEntry } from '../../../deploy/model/registry.js';
import { expired } from '../../../deploy/model/retire.js';
import type { Contract } from '../../../procedures/dataset/contract.js';

describe('long-stay points', () => {
  it('pool what would fall, and claim no more than the rows can tell', () => {
    const points = monotone([
      { predicted: 1, rows: 100, hits: 0 },
      { predicted: 2, rows: 100, hits: 30 },
      { predicted: 3, rows: 100, hits: 10 },
      { predicted: 4, rows: 100, hits: 100 },
    ]);
    expect(points).to.deep.equal([
      [1, 0.005],
      [2.5, 0.2],
      [4, 0.995],
    ]);
  });

  it('never fall', () => {
    const counted = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(counted, (given) => {
        const bands = given.map(([rows, share], i) => ({
          predicted: i,
          rows,
          hits: Math.round(rows * share),
        }));
        const shares = monotone(bands).map(([, share]) => share);
        for (let i = 1; i < shares.length; i++) expect(shares[i]!).to.be.at.least(shares[i - 1]!);
      }),
    );
  });
});

describe('bootstrap', () => {
  it('gives the interval of a mean that theory gives, the same one for the same seed', () => {
    // 256 blocks of one row each, half 0 and half 1: standard error 1/32.
    const blocks = Array.from({ length: 256 }, (_, i) => ({ N: 1, X: i % 2 }));
    const mean = { mean: (s: Readonly<Record<string, number>>) => s.X! / s.N! };
    const [low, high] = bootstrap(blocks, mean).mean!;
    expect(low).to.be.closeTo(0.5 - 1.96 / 32, 0.012);
    expect(high).to.be.closeTo(0.5 + 1.96 / 32, 0.012);
    expect(bootstrap(blocks, mean)).to.deep.equal(bootstrap(blocks, mean));
  });
});

describe('gates', () => {
  const metrics = {
    ...{
      rmse: 5,
      mae: 3,
      meanRmse: 6,
      medianMae: 3.5,
      coverage: 0.8,
      coverage95: 0.95,
      calibrationRows: 10_000,
    },
    confidence: { rmse: [4.8, 5.2], mae: [2.9, 3.1], coverage: [0.79, 0.81], coverage95: [0.945, 0.955] },
  } as unknown as Metrics;
  const contract = { features: { SEX: { type: 'categorical' } } } as unknown as Contract;
  const group = (of: Partial<Measure>): Measure =>
    ({
      predictor: 'model',
      groupedBy: 'SEX',
      level: 'F',
      rows: 900,
      effectiveRows: 900,
      rmse: 5,
      coverage: 0.8,
      ...of,
    }) as Measure;
  const against = (low: number, high: number): Comparison => ({
    rows: 5000,
    a: { version: 'v2', rmse: 5, mae: 3, bias: 0 },
    b: { version: 'v1', rmse: 5.1, mae: 3, bias: 0 },
    rmseGain: { days: (low + high) / 2, confidence: [low, high] },
    maeGain: { days: 0, confidence: [-0.1, 0.1] },
  });
  const failing = (evidence: Partial<Parameters<typeof judge>[1]>) =>
    judge(contract, { metrics, measures: [], comparison: null, chooseBy: 'rmse', ...evidence })
      .filter(({ passed }) => !passed)
      .map(({ name }) => name);

  it('let a sound first version pass, and not one that is worse than the mean', () => {
    expect(failing({})).to.deep.equal([]);
    expect(failing({ metrics: { ...metrics, rmse: 6.1 } })).to.deep.equal([
      'better than predicting the mean',
    ]);
  });

  it('want an improvement on the champion that noise does not explain, by the metric of the settings', () => {
    expect(failing({ comparison: against(0.01, 0.19) })).to.deep.equal([]);
    expect(failing({ comparison: against(-0.01, 0.19) })).to.deep.equal(['better than the champion']);
    expect(failing({ comparison: against(0.01, 0.19), chooseBy: 'mae' })).to.deep.equal([
      'better than the champion',
    ]);
  });

  it('want intervals that cover what they say, over all and in groups known on admission', () => {
    const narrow = {
      ...metrics,
      coverage: 0.7,
      confidence: { ...metrics.confidence, coverage: [0.69, 0.71] as const },
    };
    expect(failing({ metrics: narrow })).to.deep.equal(['80 % intervals cover as many']);
    const low = group({ coverage: 0.65 });
    expect(failing({ measures: [low] })).to.deep.equal(['no group outside its 80 % intervals']);
    expect(failing({ measures: [{ ...low, rows: 150 }] })).to.deep.equal([]);
    expect(failing({ measures: [{ ...low, groupedBy: 'SEVERITY' }] })).to.deep.equal([]);
  });

  it('want no group much worse than the champion had it', () => {
    const before = group({ predictor: 'v1', rmse: 4.5 });
    expect(failing({ comparison: against(0.01, 0.2), measures: [group({}), before] })).to.deep.equal([
      'no group much worse than before',
    ]);
    expect(
      failing({ comparison: against(0.01, 0.2), measures: [group({ rmse: 4.6 }), before] }),
    ).to.deep.equal([]);
  });
});

describe('the retention rule', () => {
  it('keeps the champion, the one before it and the newest others; failures go', () => {
    const entry = (number: number, status: string, promotedAt: string | null = null) =>
      ({ version: `v${number}`, number, status, promotedAt }) as RegistryEntry;
    const known = [
      entry(7, 'TRAINING'),
      entry(6, 'TRAINED'),
      entry(5, 'FAILED'),
      entry(4, 'CHAMPION', '2026-03-01T00:00:00Z'),
      entry(3, 'TRAINED'),
      entry(2, 'RETIRED', '2026-02-01T00:00:00Z'),
      entry(1, 'RETIRED', '2026-01-01T00:00:00Z'),
      entry(0, 'REMOVED'),
    ];
    const names = (keep: number) => expired(known, keep).map(({ version }) => version);
    expect(names(1)).to.deep.equal(['v3', 'v1', 'v5']);
    expect(names(9)).to.deep.equal(['v5']);
  });
});
