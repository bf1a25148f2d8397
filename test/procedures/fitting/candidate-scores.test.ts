import { expect } from 'chai';
import { gainOf, isBeyondNoise, type Kinds } from '../../../procedures/fitting/candidate-scores.js';
import type { Plan } from '../../../procedures/ground/plan.js';
import { random } from '../../../procedures/ground/random.js';
import type { Row } from '../../../procedures/ground/work.js';
import { place, scripted } from '../scripted.js';

const plan = {
  contract: { name: 'health', id: 'CASE_ID', features: {} },
  settings: place,
  sql: { 'training/asked-rows': 'ROWS', 'training/candidate-blocks': 'BLOCKS OF {{candidates}}, {{count}}' },
} as unknown as Plan;

/** The gain of candidates that have these sums in blocks of ten rows. */
function gained(blocks: readonly Record<string, number>[], kinds: Kinds, by: 'crps' | 'rmse' = 'crps') {
  const rows = blocks.flatMap((errors, BLOCK) =>
    Object.entries(errors).map(
      ([CANDIDATE, error]): Row => ({ BLOCK, CANDIDATE, W: 10, RMSE: error, MAE: 0, CRPS: error }),
    ),
  );
  return scripted(gainOf(plan, { run: 'run-1', which: 'TRUE' }, kinds, by), (step) =>
    'sql' in step && step.sql.startsWith('BLOCKS') ? rows : undefined,
  );
}

describe('the gain of hazards on days', () => {
  const days = ['a', 'b', 'c', 'd', 'e'];

  it('is that of the best of each kind, in days of the metric', () => {
    const blocks = Array.from({ length: 20 }, () => ({ h: 250, worse: 400, a: 360, b: 490 }));
    const kinds = { hazards: ['worse', 'h'], days: ['a', 'b'] };
    expect(gained(blocks, kinds).days).to.be.closeTo(11, 1e-9);
    expect(gained(blocks, kinds, 'rmse').days).to.be.closeTo(6 - 5, 1e-9);
    expect(isBeyondNoise(gained(blocks, kinds))).to.equal(true);
  });

  it('is not smaller because the best of days is picked from more', () => {
    const next = random(7);
    const noise = () => next() + next() + next() - 1.5;
    const SETS = 60;
    let [plain, corrected, one] = [0, 0, 0];
    for (let set = 0; set < SETS; set++) {
      // All candidates of days are truly worse by 1 day a row, each with noise of its own.
      const blocks = Array.from({ length: 64 }, () =>
        Object.fromEntries([['h', 100], ...days.map((name) => [name, 110 + 40 * noise()] as const)]),
      ) as Record<string, number>[];
      const mean = (name: string) => blocks.reduce((sum, block) => sum + block[name]!, 0) / 640;
      plain += (Math.min(...days.map(mean)) - mean('h')) / SETS;
      corrected += gained(blocks, { hazards: ['h'], days }).days / SETS;
      one += gained(blocks, { hazards: ['h'], days: ['a'] }).days / SETS;
    }
    expect(plain).to.be.below(0.75);
    expect(corrected).to.be.within(plain + 0.12, 1.08);
    // With nothing to pick from, nothing is corrected.
    expect(one).to.be.closeTo(1, 0.12);
  });
});
