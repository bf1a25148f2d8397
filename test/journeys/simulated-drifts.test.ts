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
    const none = () => ({ all: 0, worse: 0, better: 0 });
    const counts = {
      rmse: { passes: none(), onHoldout: none() },
      crps: { passes: none(), onHoldout: none() },
    };
    const contract = { features: {} } as unknown as Contract;
    for (let seed = 1; seed <= DRIFTS; seed++) {
      const found = simulated(seed);
      if (!found) continue;
      const { comparison, newest, worse } = found;
      const count = (to: ReturnType<typeof none>) => {
        to.all++;
        if (worse > 1.01) to.worse++;
        if (worse < 0.97) to.better++;
      };
      let asked: Newest | undefined;
      for (const chooseBy of ['rmse', 'crps'] as const) {
        const evidence = { metrics, measures: [], comparison, chooseBy };
        const passing = (seen: Newest | null) =>
          judge(contract, { ...evidence, newest: seen }).every(({ passed }) => passed);
        if (!passing(null)) continue;
        count(counts[chooseBy].onHoldout);
        asked = asked ?? newest();
        if (passing(asked)) count(counts[chooseBy].passes);
      }
    }
    if (process.env.LOS_SIMULATED_DRIFTS !== undefined) console.log(JSON.stringify(counts));
    for (const [chooseBy, { passes, onHoldout }] of Object.entries(counts)) {
      expect(passes.worse, chooseBy).to.be.at.most(Math.ceil(DRIFTS / 500));
      expect(onHoldout.better, `versions that should pass by ${chooseBy}`).to.be.above(0);
      expect(passes.better, chooseBy).to.be.at.least(0.9 * onHoldout.better);
    }
  });
});
