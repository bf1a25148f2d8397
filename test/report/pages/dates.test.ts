import { expect } from 'chai';
import { datesPage } from '../../../report/pages/dates.js';
import { renderPages } from '../../../report/pages/render.js';
import type { MonthLine } from '../../../report/watching/dates.js';
import { tablesOfPage, textOf } from './tables.js';

const line = (
  groupedBy: string,
  level: string,
  nearer: MonthLine['figures']['nearer'] = null,
  month = '2026-10-01',
): MonthLine => ({
  month,
  groupedBy,
  level,
  stays: 212,
  figures: {
    ...{ people: 1.23, model: 1.5, both: 1.1, shareOnDay: 0.411, within1: 0.712, modelWithin1: 0.6 },
    ...{ shareEarly: 0.3, shareLate: 0.1, nearer },
  },
});
const names = { name: null, units: { SURG: 'Surgery' } };
const LINES = [
  line('all', 'all'),
  line('confirmed', 'confirmed', 'people'),
  ...['1', '2–3', '4–7', 'more'].map((level) => line('lead', level, level === '1' ? 'people' : null)),
  line('moved', 'nurse'),
  line('ward', 'MED'),
  line('ward', 'SURG', 'model'),
  line('writer', 'doctor', 'people'),
  line('writer', 'nurse'),
  line('all', 'all', 'people', '2026-09-01'),
];
const html = (lines: readonly MonthLine[]) => renderPages('Hospital', 'los', [datesPage(lines, names)]);

describe('the page of who was nearer', () => {
  it('has a line a group in the order of names, not of errors', () => {
    const tables = [...tablesOfPage(html(LINES))];
    const [errors, shares, moved, months] = tables.map(([, { rows }]) => rows);
    expect(tables.map(([title]) => title)).to.deep.equal([
      'Stays that ended in October 2026: mean error in days',
      'Shares of their dates, %',
      'Dates that had moved to the model’s: mean error in days',
      'All dates: mean error in days',
    ]);
    expect(errors!.map(([of]) => of)).to.deep.equal([
      ...['all dates', 'dates 1 day ahead', 'dates 2–3 days ahead', 'dates 4–7 days ahead'],
      ...[
        'dates more than 7 days ahead',
        'dates by doctor',
        'dates by nurse',
        'MED',
        'Surgery',
        'confirmed dates',
      ],
    ]);
    expect(errors![0]).to.deep.equal(['all dates', '212', '1.23', '1.5', '1.1', '–']);
    expect(shares![0]).to.deep.equal(['all dates', '41', '71', '60', '30', '10']);
    expect(moved!.map(([of]) => of)).to.deep.equal(['dates by nurse']);
    expect(months!.map(([month]) => month)).to.deep.equal(['October 2026', 'September 2026']);
  });

  it('names in its sentences only what is beyond chance', () => {
    const text = textOf(html(LINES));
    expect(text).to.contain('Who was nearer in October 2026');
    expect(text).to.contain('The model was nearer beyond chance: Surgery.');
    expect(textOf(html([line('all', 'all'), line('ward', 'MED')]))).to.contain(
      'No difference between people and model is more than chance.',
    );
  });

  it('is not there where nothing is published', () => {
    expect(datesPage([], names).sections).to.deep.equal([]);
  });
});
