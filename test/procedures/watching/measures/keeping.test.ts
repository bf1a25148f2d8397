import { expect } from 'chai';
import type { Work } from '../../../../procedures/ground/work.js';
import { keepInputs, keepPerformance, keepPipe } from '../../../../procedures/watching/measures/keeping.js';
import type { WatchPlan } from '../../../../procedures/watching/plan.js';
import { place, scripted } from '../../scripted.js';

const plan = { contract: { name: 'health' }, place } as unknown as WatchPlan;
const found = (many: number) => Array.from({ length: many }, () => ({})) as never[];
const window = { period: 'week', from: '2026-11-23', to: '2026-11-29' } as const;

/** The first word of each statement; with `failing`, those after the first of that word has failed as well. */
function verbsOf(work: Work<void>, failing?: string): string[] {
  const verbs: string[] = [];
  const run = () =>
    scripted(work, (step) => {
      const verb = 'sql' in step ? (/^\w+/.exec(step.sql)?.[0] ?? '') : '';
      verbs.push(verb);
      if (verb === failing) throw new Error('the warehouse is away');
      return 1;
    });
  if (failing === undefined) run();
  else expect(run).to.throw('the warehouse is away');
  return verbs;
}

describe('what monitoring keeps', () => {
  const week = [{ fromDay: '2026-11-23', groupedBy: 'all' }] as never[];
  const keeping = {
    'inputs of a window': () => keepInputs(plan, 'health-v1', '2026-11-30', window, found(2)),
    'measures of a day': () => keepPipe(plan, '2026-11-30', found(2)),
    'errors by week': () =>
      keepPerformance(plan, 'health-v1', '2026-11-30', '2026-11-29', week, { mae: null, crps: null }),
  };
  for (const [what, keep] of Object.entries(keeping)) {
    it(`takes the place of what it was at once, so that no count finds neither: ${what}`, () => {
      const verbs = verbsOf(keep());
      expect(verbs.slice(0, 2)).to.deep.equal(['BEGIN', 'DELETE']);
      expect(verbs.indexOf('COMMIT')).to.be.above(verbs.lastIndexOf('INSERT'));
    });

    it(`stays what it was where a statement fails: ${what}`, () => {
      expect(verbsOf(keep(), 'DELETE')).to.deep.equal(['BEGIN', 'DELETE', 'ROLLBACK']);
    });
  }

  it('is one statement where there is nothing to keep', () => {
    expect(verbsOf(keepPipe(plan, '2026-11-30', []))).to.deep.equal(['DELETE']);
  });

  it('is written in as many statements as its rows need, all of them together', () => {
    expect(verbsOf(keepPipe(plan, '2026-11-30', found(450)))).to.deep.equal([
      'BEGIN',
      'DELETE',
      'INSERT',
      'INSERT',
      'INSERT',
      'COMMIT',
    ]);
    expect(verbsOf(keepPipe(plan, '2026-11-30', found(450)), 'INSERT')).to.deep.equal([
      'BEGIN',
      'DELETE',
      'INSERT',
      'ROLLBACK',
    ]);
  });
});
