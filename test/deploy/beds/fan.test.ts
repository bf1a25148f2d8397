import { expect } from 'chai';
import type { Night } from '../../../deploy/beds/beds.js';
import { fan } from '../../../deploy/beds/fan.js';
import { bedTables, mailTables, overCapacity } from '../../../deploy/beds/tables.js';

const nights = (level: Night['level'], unit: string, capacity: number | null): Night[] =>
  Array.from({ length: 14 }, (_, i) => ({
    level,
    unit,
    night: new Date(Date.UTC(2026, 10, 27 + i)).toISOString().slice(0, 10),
    horizon: i + 1,
    takenNow: 100,
    mean: 101 + i,
    p10: 95 + i / 2,
    p90: 107 + 2 * i,
    atLeast90: 95,
    atLeast70: 98,
    admissions: 20,
    discharges: 19,
    capacity,
    overCapacity: capacity === null ? null : i / 14,
  }));

describe('the picture of beds taken', () => {
  const svg = fan([...nights('all', '(all)', 110), ...nights('ward', '<b> & co', null)]);

  it('has a panel a unit, today at the left, and every point within it', () => {
    expect(svg.match(/<polygon/g)).to.have.length(2);
    expect(svg.match(/<circle/g)).to.have.length(2);
    for (const [, points] of svg.matchAll(/points="([^"]+)"/g))
      for (const point of points!.split(' ')) {
        const [x, y] = point.split(',').map(Number);
        expect(x).to.be.within(0, 720);
        expect(y).to.be.within(0, 600);
      }
    expect(svg).not.to.contain('NaN');
  });

  it('shows beds that there are as a line, and names as text', () => {
    expect(svg.match(/stroke-dasharray/g)).to.have.length(2);
    expect(svg).to.contain('Ward &lt;b&gt; &amp; co');
  });

  it('is drawn of flat and empty wards too', () => {
    const empty = nights('ward', 'A', null).map((night) => ({
      ...night,
      takenNow: 0,
      mean: 0,
      p10: 0,
      p90: 0,
    }));
    expect(fan(empty)).to.contain('<polyline').and.not.to.contain('NaN');
    expect(fan([])).to.match(/^<svg[\s\S]*<\/svg>\n$/);
  });
});

describe('the tables of beds taken', () => {
  it('name the first night over capacity, of whoever has one', () => {
    expect(overCapacity([...nights('all', '(all)', 110), ...nights('ward', 'A', null)])).to.deep.equal([
      'The hospital will probably be over its 110 beds on Fri 2026-12-04 (50 %).',
    ]);
  });

  it('have a column of capacity only where there is one, and no table of wards without wards', () => {
    const [whole, ...others] = bedTables(nights('all', '(all)', null));
    expect(others).to.deep.equal([]);
    expect(whole!.columns).not.to.include('over capacity');
    const [, parts] = bedTables([...nights('all', '(all)', 110), ...nights('ward', 'A', 30)]);
    expect(parts!.rows[0]!.slice(0, 3)).to.deep.equal(['ward', 'A', 100]);
    expect(parts!.columns).to.include('over capacity');
  });

  it('have four columns in a mail, so that a telephone shows them', () => {
    const [whole, parts] = mailTables([...nights('all', '(all)', 110), ...nights('ward', 'A', null)]);
    expect(whole!.columns).to.deep.equal(['night', 'beds', '8 in 10', 'over']);
    expect(whole!.rows[0]![0]).to.equal('Fri\u00a027\u00a0Nov');
    expect(parts!.rows).to.have.length(1);
    for (const { columns, rows } of [whole!, parts!])
      for (const row of rows) expect(row).to.have.length(columns.length).and.at.most(4);
    expect(mailTables([])).to.deep.equal([]);
  });
});
