import { expect } from 'chai';
import { delaysPage } from '../../../report/pages/delays.js';
import { renderPages } from '../../../report/pages/render.js';
import type { DelayLine } from '../../../report/watching/delays.js';
import { tablesOfPage, textOf } from './tables.js';

const line = (by: DelayLine['by'], level: string, nights: number, month = '2026-10-01'): DelayLine => ({
  ...{ month, by, level, nights },
  stays: nights / 2,
  beds: nights / 31,
  share: by === 'ward' || by === 'week' ? null : nights / 12_000,
});
const names = { name: null, units: { SURG: 'Surgery' } };
const LINES = [
  line('all', 'all', 420),
  line('reason', 'Rehabilitation', 120),
  line('reason', 'Social care', 300),
  line('ward', 'MED', 240),
  line('ward', 'SURG', 180),
  line('week', '2026-10-08', 90),
  line('week', '2026-10-22', 130),
  line('all', 'all', 600, '2026-09-01'),
  line('reason', 'Transport', 40, '2026-09-01'),
];
const html = (lines: readonly DelayLine[]) => renderPages('Hospital', 'los', [delaysPage(lines, names)]);

describe('the page of who was ready and still here', () => {
  it('has reasons and wards of the last month by name, and the hospital week by week and month by month', () => {
    const [reasons, wards, weeks, months] = [...tablesOfPage(html(LINES)).values()].map(({ rows }) => rows);
    expect(reasons).to.deep.equal([
      ['Rehabilitation', '60', '120', '3.9', '1.0 %'],
      ['Social care', '150', '300', '9.7', '2.5 %'],
    ]);
    expect(wards).to.deep.equal([
      ['MED', '120', '240', '7.7'],
      ['Surgery', '90', '180', '5.8'],
    ]);
    expect(weeks!.map(([days, , nights]) => [days, nights])).to.deep.equal([
      ['8 to 14', '90'],
      ['22 to 31', '130'],
    ]);
    expect(months!.map(([month, , nights]) => [month, nights])).to.deep.equal([
      ['October 2026', '420'],
      ['September 2026', '600'],
    ]);
    expect(textOf(html(LINES))).to.contain('Fit to leave and still here, stays that ended in October 2026');
  });

  it('is not there where nothing is published', () => {
    expect(delaysPage([], names).sections).to.deep.equal([]);
  });
});
