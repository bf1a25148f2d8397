import { expect } from 'chai';
import { drawNormal } from '../../../../demo/general/draw.js';
import { random } from '../../../../demo/health/random.js';
import { compareDates, type DateComparison } from '../../../../procedures/watching/publishing/nearer.js';
import { type DateLine, nearerEvent } from '../../../../procedures/watching/publishing/nearer-event.js';

const line = (difference: number, error: number, stays = 200): DateComparison => ({
  stays,
  difference,
  error,
});

describe('whose dates were nearer', () => {
  it('is named beyond chance alone, by the sign of the difference', () => {
    expect(compareDates([line(-0.8, 0.1)])).to.deep.equal(['people']);
    expect(compareDates([line(0.8, 0.1)])).to.deep.equal(['model']);
    expect(compareDates([line(-0.19, 0.1)])).to.deep.equal([null]);
    expect(compareDates([line(-0.21, 0.1)])).to.deep.equal(['people']);
    expect(compareDates([line(-0.8, 0), line(0, 0)])).to.deep.equal(['people', null]);
    expect(compareDates([])).to.deep.equal([]);
  });

  it('takes one chance of error for all lines: the likeliest difference has the first part of it', () => {
    // Two-sided chances .02 and .04: each by itself is beyond .05, of two the first is too, and then the second.
    expect(compareDates([line(-0.2335, 0.1), line(0.2064, 0.1)])).to.deep.equal(['people', 'model']);
    // .03 is not beyond a third of .05, so .04 and .045 are not asked.
    expect(compareDates([line(-0.218, 0.1), line(-0.2064, 0.1), line(0.201, 0.1)])).to.deep.equal([
      null,
      null,
      null,
    ]);
  });

  it('asks more of a few stays, as Student’s t does', () => {
    expect(compareDates([line(-2.1, 1, 10)])).to.deep.equal([null]);
    expect(compareDates([line(-2.3, 1, 10)])).to.deep.equal(['people']);
  });

  it('names a side in about one month of twenty where neither is nearer', () => {
    const stream = random(1, 'nearer');
    let months = 0;
    for (let month = 0; month < 400; month++) {
      const lines = Array.from({ length: 15 }, () => {
        const values = Array.from({ length: 20 }, () => drawNormal(stream));
        const mean = values.reduce((sum, value) => sum + value, 0) / 20;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19;
        return line(mean, Math.sqrt(variance / 20), 20);
      });
      if (compareDates(lines).some((nearer) => nearer !== null)) months++;
    }
    expect(months / 400).to.be.within(0.02, 0.08);
  });
});

describe('the mail of who was nearer', () => {
  const figures = {
    people: 1.234,
    model: 1.5,
    both: 1.1,
    shareOnDay: 0.4,
    within1: 0.712,
    modelWithin1: 0.6,
  };
  const dateLine = (
    groupedBy: string,
    level: string,
    nearer: 'people' | 'model' | null = null,
  ): DateLine => ({
    groupedBy,
    level,
    stays: 212,
    figures: { ...figures, shareEarly: 0.3, shareLate: 0.1, nearer },
  });

  it('says how far off both were, and that a difference is no more than chance', () => {
    const event = nearerEvent('2026-10-01', [dateLine('all', 'all'), dateLine('ward', 'Surgery')]);
    expect(event).to.include({ kind: 'dates compared', severity: 'info', subject: 'October 2026' });
    expect(event!.message).to.equal(
      'In October 2026 212 stays ended for which people had written a date: it was 1.23 days off on average, the model’s 1.50, the mean of both 1.10. People’s dates were right to within a day in 71 % of cases, too early in 30 %, too late in 10 %. No difference between people and model is more than chance.',
    );
  });

  it('names lines beyond chance in the order of names, without a figure of theirs', () => {
    const { message } = nearerEvent('2026-10-01', [
      dateLine('all', 'all'),
      dateLine('lead', '1', 'people'),
      dateLine('moved', 'nurse'),
      dateLine('ward', 'Surgery', 'model'),
      dateLine('writer', 'doctor', 'people'),
    ])!;
    expect(message).to.contain(
      'People were nearer beyond chance: dates 1 day ahead, dates by doctor. The model was nearer beyond chance: ward Surgery. No other difference is more than chance.',
    );
    expect(message).to.contain('Dates that had moved to the model’s count apart (212 stays).');
  });

  it('is not written where the month as a whole is not published', () => {
    expect(nearerEvent('2026-10-01', [dateLine('ward', 'Surgery')])).to.equal(null);
    expect(nearerEvent('undefined', [])).to.equal(null);
  });
});
