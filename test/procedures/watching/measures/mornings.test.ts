import { expect } from 'chai';
import { type MorningRow, morningSigns } from '../../../../procedures/watching/measures/mornings.js';

/** A thousand predictions, each of the probability .2 to leave before the next morning. */
const row = (gone: number, more: Partial<MorningRow> = {}): MorningRow => ({
  LEVEL: '4-7',
  N: 1000,
  PATIENTS: 400,
  ENDED: 1000,
  EXPECTED: 200,
  GONE: gone,
  VARIANCE: 160,
  SCORE: gone * 0.64 + (1000 - gone) * 0.04,
  SQUARES: 57.6,
  MAE: 2,
  COVERAGE: 0.8,
  ...more,
});

describe('daily predictions, scored a day later', () => {
  it('are fine where as many leave as they expect, within chance', () => {
    expect(morningSigns([row(200), row(160), row(245)])).to.deep.equal([]);
  });

  it('are told of where more or fewer leave', () => {
    const [more, fewer] = morningSigns([row(270), row(120, { LEVEL: '30+' })]);
    expect(more!.message)
      .to.contain('35 % more')
      .and.to.contain('day 4-7')
      .and.to.contain('(270, 200 expected');
    expect(fewer!.message).to.contain('40 % fewer');
    expect(fewer!.subject).to.equal('mornings of day 30+');
  });

  it('are told of where the right number leaves, but others than they say', () => {
    const [sign] = morningSigns([row(200, { SCORE: 230 })]);
    expect(sign!.message).to.contain('worse than they promise');
  });

  it('are not judged by a few', () => {
    expect(morningSigns([row(100, { N: 150, EXPECTED: 30, VARIANCE: 24 })])).to.deep.equal([]);
  });
});
