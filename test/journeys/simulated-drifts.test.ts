import { expect } from 'chai';
import type { Contract } from '../../procedures/dataset/contract.js';
import { judge } from '../../procedures/judging/gates.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import type { Newest } from '../../procedures/judging/newest.js';
import { simulated } from './simulated-drifts.js';

/** LOS_SIMULATED_DRIFTS=4000 for figures that are more than chance. */
const DRIFTS = Number(process.env.LOS_SIMULATED_DRIFTS ?? 300);

/** Intervals cover: what is asked here is whether the version is better. */
const metrics = {
  ...{ rmse: 5, mae: 3, meanRmse: 6, medianMae: 4, coverage: 0.8, coverage95: 0.95, calibrationRows: 10_000 },
  confidence: { rmse: [4.8, 5.2], coverage: [0.79, 0.81], coverage95: [0.945, 0.955] },
} as unknown as Metrics;

describe(`the gates, asked about versions trained in ${DRIFTS} simulated drifts`, () => {
  it('let hardly anything pass that is worse by a hundredth, and nearly all that is better by three', () => {
    const passes = { all: 0, worse: 0, better: 0 };
    const onHoldout = { all: 0, worse: 0, better: 0 };
    for (let seed = 1; seed <= DRIFTS; seed++) {
      const found = simulated(seed);
      if (!found) continue;
      const { comparison, newest, worse } = found;
      const contract = { features: {} } as unknown as Contract;
      const evidence = { metrics, measures: [], comparison, chooseBy: 'rmse' } as const;
      const passing = (asked: Newest | null) =>
        judge(contract, { ...evidence, newest: asked }).every(({ passed }) => passed);
      const count = (to: typeof passes) => {
        to.all++;
        if (worse > 1.01) to.worse++;
        if (worse < 0.97) to.better++;
      };
      if (!passing(null)) continue;
      count(onHoldout);
      if (passing(newest())) count(passes);
    }
    if (process.env.LOS_SIMULATED_DRIFTS !== undefined) console.log(JSON.stringify({ onHoldout, passes }));
    expect(passes.worse).to.be.at.most(Math.ceil(DRIFTS / 500));
    expect(onHoldout.better, 'versions that should pass').to.be.above(0);
    expect(passes.better).to.be.at.least(0.9 * onHoldout.better);
  });
});
