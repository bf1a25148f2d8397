import { expect } from 'chai';
import type { Judgement } from '../../../procedures/watching/measures/performance.js';
import { performanceSigns } from '../../../procedures/watching/signs.js';

const judgement = (more: Partial<Judgement>): Judgement => ({
  groupedBy: 'DEPARTMENT',
  level: 'gynecology',
  rows: 362,
  ratio: 1.02,
  low: 0.98,
  gone: 175,
  expectedGone: 211.25,
  pace: -0.17,
  verdict: 'paced',
  ...more,
});
const crossed = { groupedBy: 'REGION × DEPARTMENT', level: 'None × gynecology' };
const subjects = (...judgements: Judgement[]) => performanceSigns(judgements).map(({ subject }) => subject);

describe('signs about groups', () => {
  it('name the same patients once, by the fewest columns', () => {
    const whole = judgement({});
    const same = judgement({ ...crossed, expectedGone: 211.25 + 1e-9 });
    expect(subjects(same, whole)).to.deep.equal(['stays of DEPARTMENT gynecology']);
  });

  it('name a part of a group beside the group', () => {
    const part = judgement({ ...crossed, rows: 300, gone: 140, expectedGone: 180 });
    expect(subjects(judgement({}), part)).to.deep.equal([
      'stays of DEPARTMENT gynecology',
      'stays of REGION × DEPARTMENT None × gynecology',
    ]);
  });

  it('are none of groups that are fine', () => {
    expect(subjects(judgement({ verdict: 'fine' }))).to.deep.equal([]);
  });
});
