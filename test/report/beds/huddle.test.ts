import { expect } from 'chai';
import { type HuddlePatient, huddlePage } from '../../../report/beds/huddle.js';
import { renderPages } from '../../../report/pages/render.js';
import { tablesOfPage, textOf } from '../pages/tables.js';

const patient = (more: Partial<HuddlePatient>): HuddlePatient => ({
  ward: 'P',
  id: '1',
  days: 3,
  lookFirst: null,
  today: 0.4,
  modelDay: '2026-12-04',
  teamDay: null,
  writer: null,
  isConfirmed: false,
  readySince: null,
  waitsFor: null,
  asOf: '2026-12-03',
  ...more,
});
const shown = (...patients: HuddlePatient[]) =>
  renderPages('Hospital', 'los', [huddlePage(patients, 'ward', { name: null, units: { P: 'Paediatrics' } })]);

describe('the page of the discharge huddle', () => {
  it('has a list for each ward, with what team and model say', () => {
    const html = shown(
      patient({
        lookFirst: 'READY',
        teamDay: '2026-12-03',
        writer: 'nurse',
        isConfirmed: true,
        readySince: '2026-12-01',
        waitsFor: 'Rehabilitation',
      }),
      patient({ id: '2', today: null, modelDay: null }),
      patient({ id: '3', ward: 'Cardiology' }),
    );
    const words = textOf(html).replace(/\s+/g, ' ');
    expect(words).to.contain('Discharge huddle of Thu 3 Dec').and.to.contain('Paediatrics');
    const [first, second] = [...tablesOfPage(html).values()];
    expect(first!.rows).to.deep.equal([
      [
        '1',
        'ready, still here',
        '40 %',
        'Fri 4 Dec',
        'Thu 3 Dec*',
        'nurse',
        'Tue 1 Dec',
        'Rehabilitation',
        '3',
      ],
      ['2', '', '–', '–', '–', '', '', '', '3'],
    ]);
    expect(second!.rows.map(([id]) => id)).to.deep.equal(['3']);
  });

  it('keeps long lists open, for they are printed', () => {
    const many = Array.from({ length: 40 }, (_, i) => patient({ id: String(i) }));
    expect(shown(...many)).not.to.contain('<details>');
  });
});
