import { expect } from 'chai';
import {
  judgements,
  type Performance,
  type PerformanceRow,
  performances,
} from '../../../../procedures/watching/measures/performance.js';

const row = (more: Partial<PerformanceRow>): PerformanceRow => ({
  GROUPED_BY: 'all',
  LEVEL: 'all',
  FROM_DAY: '2026-06-01',
  N: 1000,
  PATIENTS: 990,
  ENDED: 980,
  SEEN: 0.99,
  SCORE: 3000,
  EXPECTED: 3000,
  SQUARES: 9000,
  EXPECTED_GONE: 975,
  GONE_VARIANCE: 20,
  EXPECTED_CRPS: 4,
  EXPECTED_MAE: 6,
  MAE: 6.1,
  MAE_NOISE: 0.2,
  BIAS: 0.1,
  COVERAGE_80: 0.8,
  CRPS: 4.1,
  PREDICTED: 9,
  LONG_STAY: 0.1,
  UNSEEN: 0,
  ...more,
});
const verdict = (more: Partial<PerformanceRow>) => {
  const found = performances([row(more)]);
  return judgements(found, ['2026-06-01'])[0]?.verdict;
};

describe('how predictions turn out', () => {
  it('is told of errors once nearly all stays would have been seen to end, before that from the curves', () => {
    const [late] = performances([row({})]);
    expect(late).to.include({ mae: 6.1, crps: 4.1, coverage: 0.8 });
    expect(late!.maeHigh! - late!.maeLow!).to.be.closeTo(2 * 1.96 * 0.2, 1e-3);
    const [early] = performances([row({ SEEN: 0.4, SCORE: 3300 })]);
    expect(early!.mae).to.equal(null);
    expect(early!.expectedMae).to.equal(6);
  });

  it('is not told of fewer than ten patients, nor what would give them away', () => {
    const small = row({ FROM_DAY: '2026-05-25', N: 9, PATIENTS: 9 });
    const group = row({ GROUPED_BY: 'WARD', LEVEL: 'P' });
    expect(performances([row({}), group])).to.have.length(2);
    expect(performances([row({}), small, group]).map(({ groupedBy }) => groupedBy)).to.deep.equal(['all']);
    expect(performances([row({ GROUPED_BY: 'WARD', LEVEL: 'P', N: 29, PATIENTS: 29 })])).to.deep.equal([]);
  });

  it('is worse only beyond chance, and enough to be worth a word', () => {
    expect(verdict({})).to.equal('fine');
    expect(verdict({ SCORE: 3600, SQUARES: 9000 })).to.equal('worse');
    expect(verdict({ SCORE: 4500, SQUARES: 9000 })).to.equal('much worse');
    expect(verdict({ SCORE: 3600, SQUARES: 400_000 }), 'chance').to.equal('fine');
    expect(verdict({ SCORE: 3100, SQUARES: 10 }), 'hardly').to.equal('fine');
    expect(verdict({ SCORE: 2000, SQUARES: 10 }), 'better').to.equal('fine');
    expect(verdict({ N: 150, SCORE: 4500 }), 'too few').to.equal('fine');
  });

  it('knows that patients leave later than their curves expect, and earlier', () => {
    expect(verdict({ EXPECTED_GONE: 1200 })).to.equal('paced');
    expect(verdict({ EXPECTED_GONE: 800 })).to.equal('paced');
    expect(verdict({ EXPECTED_GONE: 1050, GONE_VARIANCE: 400 })).to.equal('fine');
  });

  it('takes the weeks of everybody together, and each group alone', () => {
    const found: Performance[] = performances([
      row({}),
      row({ FROM_DAY: '2026-06-08', SCORE: 4000 }),
      row({ FROM_DAY: '2025-01-06', SCORE: 90_000 }),
      row({ GROUPED_BY: 'WARD', LEVEL: 'P', SCORE: 4500 }),
      row({ GROUPED_BY: 'SEX', LEVEL: 'f', SCORE: 3300, SQUARES: 9 }),
      row({ GROUPED_BY: 'REGION', LEVEL: 'X', N: 1900, SCORE: 9000 }),
    ]);
    const [whole, ward, ...others] = judgements(found, ['2026-06-01', '2026-06-08']);
    expect(whole).to.include({ rows: 2000, groupedBy: 'all' });
    expect(whole!.ratio).to.be.closeTo(7000 / 6000, 1e-12);
    expect(ward).to.include({ level: 'P', verdict: 'much worse' });
    expect(whole!.verdict).to.equal('worse');
    // What all have in common is said once, and a group of nearly all is no group.
    expect(others.map(({ verdict }) => verdict)).to.deep.equal(['fine', 'fine']);
  });
});
