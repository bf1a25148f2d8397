import { expect } from 'chai';
import { fans } from '../../../report/beds/fan.js';
import type { Night } from '../../../report/beds/nights.js';
import {
  bedTables,
  capacitySentences,
  firstOver,
  nightsTable,
  pickTightest,
  unitTable,
} from '../../../report/beds/tables.js';
import { statusSections } from '../../../report/pages/status.js';
import { todayPage } from '../../../report/pages/today.js';
import type { Health } from '../../../report/results/operation.js';
import { formatTable } from '../../../report/text/table.js';

const nights = (level: Night['level'], unit: string, capacity: number | null): Night[] =>
  Array.from({ length: 14 }, (_, i) => ({
    level,
    unit,
    line: unit,
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
    movedIn: null,
    movedOut: null,
    capacity,
    closed: null,
    overCapacity: capacity === null ? null : i / 14,
  }));

describe('the picture of beds occupied', () => {
  const svg = fans([...nights('all', '(all)', 110), ...nights('ward', '<b> & co', null)]);

  it('has a fan a unit, one below the other, and says what it shows', () => {
    const labels = [...svg.matchAll(/aria-label="([^"]*)"/g)].map((match) => match[1]);
    expect(labels).to.deep.equal([
      'All of the hospital: 100 beds occupied now of 110, 114 expected on Thu 2026-12-10, between 102 and 133 in 8 of 10 nights.',
      'Ward &lt;b&gt; &amp; co: 100 beds occupied now, 114 expected on Thu 2026-12-10, between 102 and 133 in 8 of 10 nights.',
    ]);
    expect([...svg.matchAll(/<svg y="(\d+)"/g)].map((match) => match[1])).to.deep.equal(['0', '240']);
    expect(svg).to.contain('>Ward &lt;b&gt; &amp; co<').and.not.to.contain('NaN');
  });

  it('has a line for beds that there are only where they are known', () => {
    expect(fans(nights('all', '(all)', 110))).to.contain('>capacity<');
    expect(fans(nights('all', '(all)', null))).not.to.contain('capacity');
  });

  it('is drawn of flat and empty wards too', () => {
    const none = { takenNow: 0, mean: 0, p10: 0, p90: 0 };
    const empty = nights('ward', 'A', null).map((night) => ({ ...night, ...none }));
    expect(fans(empty)).to.contain('aria-label="Ward A: 0 beds').and.not.to.contain('NaN');
    expect(fans([])).to.match(/^<svg[\s\S]*<\/svg>\n$/);
  });
});

describe('the tables of beds occupied', () => {
  it('name the first night over capacity, of units that have one', () => {
    expect(capacitySentences([...nights('all', '(all)', 110), ...nights('ward', 'A', null)])).to.deep.equal([
      'The hospital will probably exceed its 110 beds on Fri 2026-12-04 (50 %).',
    ]);
  });

  it('have a column of capacity only where there is one, and no table of wards without wards', () => {
    const [whole, ...others] = bedTables(nights('all', '(all)', null));
    expect(others).to.deep.equal([]);
    expect(whole!.columns).not.to.include('over capacity');
    const [, parts] = bedTables([...nights('all', '(all)', 110), ...nights('ward', 'A', 30)]);
    expect(parts!.rows[0]!.slice(0, 3)).to.deep.equal(['A', 100, '95–107']);
    expect(parts!.columns).to.include('over');
  });

  it('fit a terminal of 80 columns, of large wards with long names too', () => {
    const large = (level: Night['level'], unit: string) =>
      nights(level, unit, 5200).map((night) => ({
        ...night,
        takenNow: 4050,
        mean: 4117,
        p10: 4039,
        p90: 4195,
      }));
    const names = ['gynecology', 'TB & Chest disease'].flatMap((unit) => large('department', unit));
    const tables = bedTables([...large('all', '(all)'), ...names, ...large('ward', 'P')]);
    expect(tables.map(({ title }) => title)).to.have.length(3);
    for (const line of tables.flatMap((table) => formatTable(table)))
      expect(line.length, line).to.be.at.most(80);
  });

  it('have four columns in a mail, so that a telephone shows them', () => {
    const whole = nightsTable(nights('all', '(all)', 110), 'All of the hospital');
    expect(whole.columns).to.deep.equal(['night', 'beds', '8 in 10', 'over']);
    expect(whole.rows[0]![0]).to.equal('Fri\u00a027\u00a0Nov');
    for (const row of whole.rows) expect(row).to.have.length(4);
    expect(nightsTable(nights('ward', 'A', null), 'A').columns).not.to.include('over');
  });

  it('keeps the report readable where there are hundreds of wards: the tightest, then the largest', () => {
    const wards = Array.from({ length: 400 }, (_, i) =>
      nights('ward', `W${i}`, i % 2 ? null : 30).map((night) => ({
        ...night,
        takenNow: i,
        closed: null,
        overCapacity: i % 100 === 0 ? 0.9 : night.capacity === null ? null : 0.1,
      })),
    );
    const all = [...nights('all', '(all)', null), ...wards.flat()];
    const shown = pickTightest(wards, 5).map(([first]) => first!.unit);
    expect(shown).to.deep.equal(['W0', 'W100', 'W200', 'W300', 'W398']);
    expect(pickTightest(wards, 400)).to.have.length(400);
    expect(unitTable(all, 'ward').rows).to.have.length(400);
    const crowded = wards.flat().map((night) => ({ ...night, capacity: 30, overCapacity: 0.9 }));
    expect(capacitySentences(crowded)).to.have.length(21);
    expect(capacitySentences(crowded).at(-1)).to.match(/So will 380 more/);
    expect(firstOver(crowded)).to.have.length(400);
    const none = { alarms: [], problems: [], watched: null, waiting: { admissions: 0 }, quarantined: 0 };
    const facts = {
      board: null,
      patients: null,
      names: { name: null, units: {} },
      nights: all,
      notes: ['No admission for 27 days.'],
      health: none as unknown as Health,
      champion: null,
      zone: 'UTC',
    };
    expect(statusSections(facts)[0]!.steps!.join()).to.contain('No admission for 27 days.');
    const { sections } = todayPage(facts, '2026-11-30');
    expect(sections[1]!.plots).to.have.length(41);
    expect(sections[1]!.sentences![1]).to.match(/^Of 400 departments and wards the 40/);
    expect(sections[1]!.tables!.map(({ rows }) => rows.length)).to.deep.equal([400]);
  });
});
