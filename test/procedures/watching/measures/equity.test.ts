import { expect } from 'chai';
import { equitySigns, weeksBack } from '../../../../procedures/watching/measures/equity.js';
import type { Performance } from '../../../../procedures/watching/measures/performance.js';

const STATED = { bias: 0.5, coverage: null };

const performance = (groupedBy: string, level: string, rows: number, days: number): Performance =>
  ({
    ...{ groupedBy, level, rows, ended: rows, fromDay: '2026-05-04' },
    compared: {
      bias: { mean: days, error: 5 / Math.sqrt(rows) },
      bounded: { mean: days, error: 3 / Math.sqrt(rows) },
      coverage: { mean: 0.8, error: 0.4 / Math.sqrt(rows) },
      meanStay: 6,
    },
  }) as Performance;
const everybody = performance('everybody', 'all', 2000, 0.1);

describe('groups by month', () => {
  it('raise an alarm where they are off by more than is stated, beyond chance', () => {
    const group = performance('RACE', 'A', 800, 0.9);
    const [sign, ...others] = equitySigns(STATED, [everybody, group]);
    expect(others).to.deep.equal([]);
    expect(sign).to.include({ kind: 'groups', subject: 'bias of RACE A', lookAt: 'groups' });
    for (const [rows, days] of [
      [800, 0.4],
      [60, 2],
    ] as const)
      expect(equitySigns(STATED, [everybody, performance('RACE', 'A', rows, days)])).to.deep.equal([]);
  });

  it('wait until stays are known, and look at nothing that is not stated', () => {
    const group = performance('RACE', 'A', 800, 0.9);
    expect(equitySigns(STATED, [{ ...everybody, compared: null }, group])).to.deep.equal([]);
    expect(equitySigns(STATED, [everybody, { ...group, compared: null }])).to.deep.equal([]);
    expect(equitySigns(undefined, [everybody, group])).to.deep.equal([]);
    expect(equitySigns({ bias: null, coverage: 0.05 }, [everybody, group])).to.deep.equal([]);
  });

  it('are of the last four weeks of admissions of which 95 % of stays are known, and of no others', () => {
    expect([5, 27, 28, 41, 63, 125].map(weeksBack)).to.deep.equal([0, 0, 1, 2, 6, 14]);
    expect([126, 400].map(weeksBack)).to.deep.equal([null, null]);
    const group = performance('RACE', 'A', 800, 0.9);
    expect(equitySigns(STATED, [everybody, { ...group, fromDay: '2026-06-01' }])).to.deep.equal([]);
    const [sign] = equitySigns(STATED, [everybody, { ...group, fromDay: '2026-06-01' }, group]);
    expect(sign!.message).to.contain('of four weeks from 2026-05-04 on');
  });
});
