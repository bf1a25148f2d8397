import { expect } from 'chai';
import {
  compareGroups,
  type Estimate,
  type Group,
  interval95,
  UNSTATED,
} from '../../../procedures/equity/compare-groups.js';
import { findingSentences } from '../../../procedures/equity/words.js';

const at = (mean: number, sd: number, rows: number): Estimate => ({ mean, error: sd / Math.sqrt(rows) });
/** Stays of six days whose errors have a standard deviation of six, and of three where they are bounded. */
const group = (level: string, rows: number, days: number, more: Partial<Group> = {}): Group => ({
  ...{ groupedBy: 'RACE', level, rows, admissions: rows, effectiveRows: rows, meanStay: 6 },
  bias: at(days, 6, rows),
  bounded: at(0.8 * days, 3, rows),
  coverage: at(0.8, 0.4, rows),
  goneBy7: at(0, 0.4, rows),
  goneBy14: at(0, 0.25, rows),
  ...more,
});
const all = (days = 0) => group('all', 6000, days, { groupedBy: 'all' });
const kinds = (of: ReturnType<typeof compareGroups>) =>
  of.findings.map(({ kind, level }) => `${kind} ${level}`);

describe('groups compared', () => {
  it('find what is beyond chance and larger than the tolerance, and not what is one of them alone', () => {
    const found = (days: number, rows: number, tolerance = UNSTATED) =>
      kinds(compareGroups(all(), [group('A', rows, days), group('B', 3000, 0)], tolerance));
    expect(found(0.6, 2500)).to.deep.equal(['bias A']);
    expect(found(-0.6, 2500)).to.deep.equal(['bias A']);
    expect(found(0.6, 150), 'chance').to.deep.equal([]);
    expect(found(0.28, 2900, { bias: 0.2, coverage: 0.05 }), 'stated').to.deep.equal(['bias A']);
    expect(found(0.28, 2900), 'a twentieth of six days is .3').to.deep.equal([]);
    expect(found(0.6, 2500, { bias: 0.7, coverage: 0.05 })).to.deep.equal([]);
  });

  it('do not name a group for what all patients share', () => {
    const shared = compareGroups(all(0.9), [group('A', 2500, 0.9), group('B', 3500, 0.9)], UNSTATED);
    expect(shared.findings).to.deep.equal([]);
    expect(
      kinds(compareGroups(all(0.4), [group('A', 2500, 0.96), group('B', 3500, 0)], UNSTATED)),
    ).to.deep.equal(['bias A']);
  });

  it('ask more of each where there are many, and less where a group is of many patients', () => {
    const one = [group('A', 1500, 0.34)];
    expect(kinds(compareGroups(all(), one, UNSTATED))).to.deep.equal(['bias A']);
    const many = one.concat(
      Array.from({ length: 600 }, (_, i) => group(`${i}`, 1500, 0, { groupedBy: 'A × B' })),
    );
    expect(kinds(compareGroups(all(), many, UNSTATED))).to.deep.equal([]);
    const small = one.concat(Array.from({ length: 600 }, (_, i) => group(`${i}`, 99, 0)));
    expect(kinds(compareGroups(all(), small, UNSTATED)), 'too small to be compared').to.deep.equal([
      'bias A',
    ]);
  });

  it('find a coverage, and discharges by day 7 and 14 where days are off as well', () => {
    const narrow = group('A', 900, 0, { coverage: at(0.7, 0.45, 900) });
    expect(kinds(compareGroups(all(), [narrow], UNSTATED))).to.deep.equal(['coverage A']);
    const late = { goneBy7: at(-0.08, 0.4, 2500), goneBy14: at(-0.03, 0.25, 2500) };
    expect(kinds(compareGroups(all(), [group('A', 2500, 0.8, late)], UNSTATED))).to.deep.equal([
      'bias A',
      'day 7 A',
    ]);
    expect(kinds(compareGroups(all(), [group('A', 2500, 0, late)], UNSTATED))).to.deep.equal([]);
    expect(findingSentences(compareGroups(all(), [group('A', 2500, 0.8, late)], UNSTATED))[1]).to.equal(
      'RACE A: 8.0 % more of 2500 patients have left by day 7 than the curves expect.',
    );
  });

  it('find a pair whose groups differ, though neither is off by itself', () => {
    const pair = compareGroups(all(), [group('A', 3000, 0.28), group('B', 3000, -0.28)], UNSTATED);
    expect(kinds(pair)).to.deep.equal(['pair A']);
    expect(pair).to.deep.include({ groups: 2, pairs: 1 });
    const crossed = [group('A', 3000, 0.28), group('B', 3000, -0.28)].map((one) => ({
      ...one,
      groupedBy: 'A × B',
    }));
    expect(compareGroups(all(), crossed, UNSTATED)).to.deep.include({ findings: [], pairs: 0 });
  });

  it('say of whom it cannot be told, for lack of patients', () => {
    const { unclear } = compareGroups(
      all(),
      [group('A', 2500, 0.6), group('B', 2900, 0), group('C', 70, 0)],
      UNSTATED,
    );
    expect(unclear.map(({ level }) => level)).to.deep.equal(['C']);
    const said = findingSentences(
      compareGroups(all(), [group('A', 2500, -0.6), group('C', 70, 0)], UNSTATED),
      (groupedBy) => groupedBy === 'RACE',
    );
    expect(said).to.deep.equal([
      'RACE A: predictions are 0.60 days too short on average (2500 stays) (the group is known only after admission).',
      'Too few patients to tell whether predictions are within the tolerance: RACE C (70).',
    ]);
  });

  it('have the interval of a mean', () => {
    expect(interval95({ mean: 1, error: 0.5 })[1]).to.be.closeTo(1.98, 0.001);
  });
});
