import { expect } from 'chai';
import type { Contract } from '../../../procedures/dataset/contract.js';
import type { Comparison } from '../../../procedures/judging/compare.js';
import { judge } from '../../../procedures/judging/gates.js';
import type { Measure } from '../../../procedures/judging/measures.js';
import type { Metrics } from '../../../procedures/judging/metrics.js';
import type { Newest } from '../../../procedures/judging/newest.js';

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
  const contract = {
    features: { SEX: { type: 'categorical' } },
    afterAdmission: ['OUTCOME'],
  } as unknown as Contract;
  const group = (of: Partial<Measure>): Measure =>
    ({
      predictor: 'model',
      groupedBy: 'SEX',
      level: 'F',
      rows: 900,
      effectiveRows: 900,
      rmse: 5,
      crps: null,
      coverage: 0.8,
      compared: null,
      ...of,
    }) as Measure;
  const curved = (rmse: readonly [number, number], crps: readonly [number, number]): Comparison => ({
    rows: 5000,
    a: { version: 'v2', rmse: 5, mae: 3, bias: 0, crps: 2.1 },
    b: { version: 'v1', rmse: 5.1, mae: 3, bias: 0, crps: 2.2 },
    rmseGain: { days: (rmse[0] + rmse[1]) / 2, confidence: rmse },
    maeGain: { days: 0, confidence: [-0.1, 0.1] },
    crpsGain: { days: (crps[0] + crps[1]) / 2, confidence: crps },
  });
  /** The same of two versions whose curves are as good. */
  const against = (low: number, high: number) => curved([low, high], [-0.1, 0.1]);
  const failing = (evidence: Partial<Parameters<typeof judge>[1]>) =>
    judge(contract, { metrics, measures: [], comparison: null, newest: null, chooseBy: 'rmse', ...evidence })
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

  it('hold distributions against the champion’s where they are chosen by, and let neither a mean nor a curve become worse', () => {
    const same = [-0.1, 0.1] as const;
    const judged = (chooseBy: 'crps' | 'rmse' | 'mae', comparison: Comparison) =>
      failing({ chooseBy, comparison });
    expect(judged('crps', curved(same, [0.01, 0.19])), 'better as a distribution alone').to.deep.equal([]);
    expect(judged('crps', curved([0.01, 0.19], same)), 'better as a mean alone').to.deep.equal([
      'better than the champion',
    ]);
    expect(judged('crps', curved([-0.2, -0.01], [0.01, 0.19]))).to.deep.equal([
      'not significantly worse by RMSE',
    ]);
    expect(judged('rmse', curved([0.01, 0.19], [-0.2, -0.01]))).to.deep.equal([
      'not significantly worse by CRPS',
    ]);
    expect(judged('rmse', curved([0.01, 0.19], same))).to.deep.equal([]);
    expect(judged('mae', curved([0.01, 0.19], [-0.2, -0.01]))).to.deep.equal([
      'better than the champion',
      'not significantly worse by CRPS',
    ]);
    const [gate] = judge(contract, {
      ...{ metrics, measures: [], newest: null, chooseBy: 'crps' },
      comparison: curved(same, [0.01, 0.19]),
    });
    expect(gate!.finding).to.equal(
      'CRPS 2.100, v1 has 2.200 on the same 5000 rows: 0.100 days gained (95 % confidence: 0.010 to 0.190)',
    );
  });

  it('let no first version pass whose curves say no more than the stays of all', () => {
    const chooseBy = 'crps';
    const scored = { ...metrics, crps: 2.4, noFeaturesCrps: 2.5 };
    expect(failing({ chooseBy, metrics: scored })).to.deep.equal([]);
    expect(failing({ chooseBy, metrics: { ...scored, crps: 2.6 } })).to.deep.equal([
      'better than predicting the mean',
    ]);
    expect(failing({ chooseBy, metrics: { ...scored, rmse: 6.1 } })).to.deep.equal([
      'better than predicting the mean',
    ]);
  });

  it('hold groups to the tolerance that is stated, of a first version too, and of those known on admission alone', () => {
    const off = (groupedBy: string, days: number, inside = 0.8, rows = 2000): Measure =>
      group({
        ...{ groupedBy, rows, effectiveRows: rows, admissions: rows, bedDaysActual: 6 * rows },
        compared: {
          bias: { mean: days, error: 6 / Math.sqrt(rows) },
          bounded: { mean: days, error: 3 / Math.sqrt(rows) },
          coverage: { mean: inside, error: 0.4 / Math.sqrt(rows) },
          ...{ goneBy7: null, goneBy14: null },
        },
      });
    const judged = (measure: Measure, equity: { bias: number | null; coverage: number | null } | undefined) =>
      failing({ measures: [off('all', 0, 0.8, 6000), measure], equity });
    const named = ['groups within the stated tolerance'];
    expect(judged(off('SEX', 0.7), { bias: 0.5, coverage: null })).to.deep.equal(named);
    expect(judged(off('RACE', 0.7), { bias: 0.5, coverage: null }), 'no feature').to.deep.equal(named);
    expect(judged(off('SEX', 0.7), { bias: 0.8, coverage: null })).to.deep.equal([]);
    expect(judged(off('OUTCOME', 0.7), { bias: 0.5, coverage: null }), 'known later').to.deep.equal([]);
    expect(judged(off('SEX', 0.7), { bias: null, coverage: 0.05 }), 'not stated').to.deep.equal([]);
    expect(judged(off('SEX', 0, 0.87), { bias: 0.5, coverage: 0.05 })).to.deep.equal(named);
    for (const nothing of [undefined, { bias: null, coverage: null }])
      expect(judged(off('SEX', 3), nothing)).to.deep.equal([]);
    expect(
      failing({ measures: [group({})], equity: { bias: 0.5, coverage: null } }),
      'of 0.8.0',
    ).to.deep.equal(named);
  });

  it('want what is better to be so for the newest admissions, and for the latest of these not to be surely worse', () => {
    const newest = (days: number, late: number | null): Newest => ({
      rows: 700,
      days: 10,
      gain: { days, noise: 0.1 },
      late: late === null ? null : { days: late, noise: 0.1 },
      lateDays: 7,
    });
    const passing = (found: Newest) =>
      failing({ comparison: against(0.01, 0.19), newest: found }).length === 0;
    expect(passing(newest(0.1, 0.1))).to.equal(true);
    expect(passing(newest(0.1, -0.05))).to.equal(true);
    expect(passing(newest(0.1, null))).to.equal(true);
    expect(passing(newest(0.1, -0.2)), 'it is as it was since a week').to.equal(false);
    expect(passing(newest(-0.01, 0.1))).to.equal(false);
    const [gate] = judge(contract, {
      ...{ metrics, measures: [], comparison: against(0.01, 0.19), chooseBy: 'rmse' },
      newest: newest(-0.25, null),
    }).filter(({ passed }) => !passed);
    expect(gate!.finding).to.equal(
      'against v1 the score so far of 700 admissions of the last 10 days is smaller by -0.25 ± 0.10 days',
    );
  });

  it('say of a first version that its intervals are too wide, and refuse a successor whose are', () => {
    const wide = {
      ...metrics,
      coverage95: 0.979,
      confidence: { ...metrics.confidence, coverage95: [0.972, 0.986] as const },
    };
    const evidence = { metrics: wide, measures: [], newest: null, chooseBy: 'rmse' } as const;
    const gate = judge(contract, { ...evidence, comparison: null }).find(({ name }) => /^95 %/.test(name))!;
    expect(gate.passed).to.equal(true);
    expect(gate.finding).to.match(/^97\.9 % of the holdout .*; wider than they need be/);
    expect(failing({ ...evidence, comparison: against(0.01, 0.19) })).to.deep.equal([
      '95 % intervals cover as many',
    ]);
  });

  it('want a refit that answers like the model that was judged', () => {
    const refit = { rows: 400, bedDays: 1.02, crps: 1.9, judgeCrps: 2 };
    const name = 'the refit answers like the model that was judged';
    const refitted = (of: object) => failing({ metrics: { ...metrics, refit: { ...refit, ...of } } });
    expect(refitted({})).to.deep.equal([]);
    for (const wrong of [{ crps: 2.2 }, { bedDays: 1.35 }, { bedDays: 0.65 }, { crps: Number.NaN }])
      expect(refitted(wrong), JSON.stringify(wrong)).to.deep.equal([name]);
  });

  it('want intervals that cover what they say, over all and in groups known on admission', () => {
    const narrow = {
      ...metrics,
      coverage: 0.7,
      confidence: { ...metrics.confidence, coverage: [0.69, 0.71] as const },
    };
    expect(failing({ metrics: narrow })).to.deep.equal(['80 % intervals cover as many']);
    const neither = { ...narrow, confidence: { ...narrow.confidence, coverage: undefined } };
    expect(failing({ metrics: neither as unknown as Metrics })).to.deep.equal([
      '80 % intervals cover as many',
    ]);
    const low = group({ coverage: 0.65 });
    expect(failing({ measures: [low] })).to.deep.equal(['no group outside its 80 % intervals']);
    expect(failing({ measures: [{ ...low, rows: 150 }] })).to.deep.equal([]);
    expect(failing({ measures: [{ ...low, groupedBy: 'SEVERITY' }] })).to.deep.equal([]);
  });

  it('want no range of days of a stay whose intervals hold fewer than they say', () => {
    const name = 'no day of stay outside its 80 % intervals';
    const failingFrom = (from: number | null, coverage: number, mornings = 900) =>
      failing({
        metrics: {
          ...metrics,
          stay: { from, days: [{ days: '3 to 4', mornings, coverage }] },
        } as unknown as Metrics,
      });
    expect(failingFrom(2, 0.8)).to.deep.equal([]);
    expect(failingFrom(2, 0.65)).to.deep.equal([name]);
    // Days of which the admission's curve tells, and of too few mornings, stop no version.
    expect(failingFrom(5, 0.65)).to.deep.equal([]);
    expect(failingFrom(null, 0.65)).to.deep.equal([]);
    expect(failingFrom(2, 0.65, 150)).to.deep.equal([]);
  });

  it('want no group much worse than the champion had it', () => {
    const before = group({ predictor: 'v1', rmse: 4.5 });
    expect(failing({ comparison: against(0.01, 0.2), measures: [group({}), before] })).to.deep.equal([
      'no group much worse than before',
    ]);
    expect(
      failing({ comparison: against(0.01, 0.2), measures: [group({ rmse: 4.6 }), before] }),
    ).to.deep.equal([]);
    const measured = (crps: number | null) => [
      group({ crps: 2.5 }),
      group({ predictor: 'v1', rmse: 5, crps }),
    ];
    expect(failing({ comparison: against(0.01, 0.2), measures: measured(2.2) })).to.deep.equal([
      'no group much worse than before',
    ]);
    for (const crps of [2.45, null])
      expect(failing({ comparison: against(0.01, 0.2), measures: measured(crps) })).to.deep.equal([]);
  });
});
