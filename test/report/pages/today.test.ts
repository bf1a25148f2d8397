import { expect } from 'chai';
import type { Board } from '../../../report/beds/board.js';
import { renderPages } from '../../../report/pages/render.js';
import { type Today, todayPage } from '../../../report/pages/today.js';
import type { Health } from '../../../report/results/operation.js';
import { longTests } from '../../long.js';
import { generalBoard, generalNights } from '../beds/general-board.js';
import { tablesOfPage, textOf } from './tables.js';

const { long } = longTests(import.meta.url);

const TODAY = '2026-11-30';
const well = {
  alarms: [],
  problems: [],
  watched: { day: '2026-11-29', at: '2026-11-30T05:31:00Z' },
  waiting: { admissions: 0, seconds: null },
  quarantined: 0,
} as unknown as Health;

const facts = (more: Partial<Today> = {}): Today => ({
  board: generalBoard,
  nights: generalNights,
  patients: null,
  notes: [],
  health: well,
  champion: {} as Today['champion'],
  zone: 'Europe/Berlin',
  names: { name: null, units: {} },
  ...more,
});
const board = (more: Partial<Board>) => facts({ board: { ...generalBoard, ...more } });
const shown = (given: Today, today = TODAY) => renderPages('Hospital', 'los', [todayPage(given, today)]);
const words = (given: Today, today = TODAY) =>
  textOf(/<main.*<\/main>/s.exec(shown(given, today))![0]).replace(/\s+/g, ' ');

describe('the page of today', () => {
  long('begins with the ward that a bed meeting has to speak of first', () => {
    const text = words(facts());
    expect(text).to.contain('Beds on Mon 2026-11-30');
    expect(text).to.contain('Respiratory will probably need more than its 50 beds on Tuesday night.');
    const tonight = generalBoard.wards.map((ward, i) =>
      i < 5 ? { ...ward, firstOver: TODAY } : { ...ward, firstOver: '2026-12-01' },
    );
    expect(words(board({ wards: tonight }))).to.contain(
      'Respiratory, Geriatrics, General medicine and 2 more will probably need more beds than they have tonight.',
    );
    const calm = generalBoard.wards.map((ward) => ({ ...ward, firstOver: null }));
    expect(words(board({ wards: calm }))).to.match(
      /Every ward probably has enough beds; Respiratory is most at risk \(\d+ % tonight\)\./,
    );
    const far = generalBoard.wards.map((ward) => ({ ...ward, firstOver: '2026-12-10' }));
    expect(words(board({ wards: far.slice(0, 1) }))).to.contain('on the night of Thu 2026-12-10.');
  });

  it('has a line a ward in the order of the board, and the hospital last', () => {
    const [[caption, table]] = [...tablesOfPage(shown(facts()))] as [
      [string, { columns: string[]; rows: string[][] }],
    ];
    expect(caption).to.match(/^Wards by risk, tonight/);
    expect(table.rows.map(([name]) => name)).to.deep.equal([
      ...generalBoard.wards.map(({ unit }) => unit),
      'All of the hospital',
    ]);
    expect(table.columns.slice(0, 9)).to.deep.equal([
      'Ward',
      'State',
      'Beds',
      'Occupied',
      'Free',
      'Leaving today',
      'Coming today',
      'Tonight, 8 in 10',
      'Chance over',
    ]);
    const respiratory = table.rows.find(([name]) => name === 'Respiratory')!;
    expect(respiratory.slice(1, 6)).to.deep.equal(['tight', '50', '49', '1', '8.5']);
    // What came is beside what was expected, and marked where it is outside of the band.
    for (const { unit, occupied, lastNight } of generalBoard.wards)
      expect(table.rows.find(([name]) => name === unit)!.at(-1)).to.match(
        new RegExp(`–\\d+, ${occupied}${occupied > lastNight!.p90 ? ' ↑' : ''}$`),
      );
    expect(respiratory[8]).to.match(/^\d+ %$/);
    expect(table.rows.some((row) => row[8] === '< 1 %')).to.equal(true);
  });

  it('says of which day and hour it is, how old the data are, and that they are late', () => {
    expect(words(facts())).to.contain(
      'Forecast of Mon 2026-11-30, 05:00 (Europe/Berlin). Data to the end of Sun 2026-11-29, 7 hours ago.',
    );
    const late = words(board({ madeOn: '2026-11-27', daysAgo: 2, ageHours: 55 }));
    expect(late).to.contain('Data to the end of Fri 2026-11-27, 2 days ago. The data are 2 days late:');
    // Of a day that has long been over nothing is called today.
    const old = words(facts(), '2028-01-01');
    expect(old).to.contain('on the night of Tue 2026-12-01').and.contain('Leaving on Mon 30 Nov');
    expect(old).not.to.match(/\btonight\b|Leaving today|Last night/i);
  });

  it('answers without scrolling how many beds are free, who leaves and comes, and whether the last forecast was right', () => {
    const text = words(facts());
    expect(text).to.match(/Free tonight ?110 ?101 to 119 of 620, in 8 of 10 nights/);
    expect(text).to.match(/Leaving today ?91.*Coming today ?93/);
    expect(text).to.match(
      /Last forecast right\? ?Yes ?504–511 expected, 508 came; 11 of 14 wards in their band/,
    );
  });

  it('calls hospital and wards as the settings do', () => {
    const names = { name: 'St. Mary’s', units: { Respiratory: 'Lung centre' } };
    const text = words(facts({ names }));
    expect(text)
      .to.contain('Lung centre will probably need more')
      .and.contain('St. Mary’s: 84 of 620 beds free');
    const code = { ...generalBoard.wards[0]!, unit: 'P' };
    expect(words(board({ wards: [code] }))).to.contain('Ward P will probably need more');
  });

  it('says what fills what is empty', () => {
    expect(words(facts({ board: null, nights: [] }))).to.contain('There is no forecast of beds yet.');
    const unknown = <T extends { readonly capacity: number | null }>(line: T) => ({
      ...line,
      word: null,
      capacity: null,
      overCapacity: null,
      firstOver: null,
      lastNight: null,
    });
    const text = words(board({ wards: [], hospital: unknown(generalBoard.hospital!) }));
    expect(text).to.contain('how many beds there are (capacity:)').and.contain('(ward:)');
    expect(text).to.contain('shown once a forecast was made the day before');
    expect(text).to.match(/510 beds are expected to be occupied tonight/);
  });

  it('leaves what operators have to do to their page', () => {
    const text = words(facts({ notes: ['466 patients have no curve. los score predicts them.'] }));
    expect(text).to.contain('For operators: 1 thing to look at, on the page Operations.');
    expect(text).not.to.contain('los score');
  });

  it('says in which ward patients count', () => {
    const told = (given: Today) => todayPage(given, TODAY).sections.at(-1)!.sentences!.join(' ');
    expect(told(facts())).to.contain('count in the ward of their admission');
    const moving = generalNights.map((night) => ({ ...night, movedIn: night.horizon === 1 ? 2 : null }));
    expect(told(facts({ nights: moving }))).to.contain('count in the ward where they lie');
  });

  it('draws wards on one scale from zero, the likeliest over its beds first, with the finding as title', () => {
    const { sections } = todayPage(facts(), TODAY);
    const [whole, ...wards] = sections.at(-1)!.plots!;
    expect(whole!.title).to.equal('The hospital: 84 of 620 beds free at the fullest, Sun\u00a013\u00a0Dec');
    expect(wards[0]!.title).to.match(/^Respiratory: over its 50 beds from Tue\u00a01\u00a0Dec on \(\d+ %\)$/);
    const axes = wards.map(({ svg }) =>
      [...svg.matchAll(/>(\d+)<\/text>/g)].map(([, label]) => label).join(),
    );
    expect(new Set(axes).size).to.equal(1);
    expect(axes[0]).to.match(/^0,/);
    // What a few wards are together has a scale of its own, or wards would be flat.
    const department = generalNights
      .filter(({ level }) => level === 'all')
      .map((night) => ({
        ...night,
        level: 'department' as const,
        unit: 'Medicine',
        capacity: null,
        overCapacity: null,
      }));
    const both = todayPage(facts({ nights: [...generalNights, ...department] }), TODAY).sections.at(-1)!
      .plots!;
    const drawn = (svg: string) => svg.replace(/zr\d+/g, 'zr');
    expect(drawn(both[1]!.svg)).to.equal(drawn(wards[0]!.svg));
    expect(both.at(-1)!.title).to.match(/^Medicine: 508 occupied/);
    const crowded = generalNights.map((night) =>
      night.unit === 'Urology' ? { ...night, mean: 30, overCapacity: 0.4 } : night,
    );
    const titles = todayPage(facts({ nights: crowded }), TODAY)
      .sections.at(-1)!
      .plots!.map(({ title }) => title);
    expect(titles.join('\n')).to.contain('Urology: 2 more than its 28 beds at the fullest');
  });

  it('lists patients where they were asked for, and else none', () => {
    const one = {
      id: '4711',
      level: 'ward' as const,
      unit: 'Geriatrics',
      days: 21,
      over: 8,
      expectedOn: '2026-12-01',
      today: 0.4,
      tomorrow: 0.6,
    };
    const patients = { asOf: TODAY, leaving: [one], overdue: [one], huddle: null };
    const tables = tablesOfPage(shown(facts({ patients })));
    expect(tables.get('Most likely to leave')!.rows).to.deep.equal([
      ['4711', 'Geriatrics', '21', '40 %', '60 %', 'Tue 1 Dec'],
    ]);
    expect(tables.get('Longest over the prediction')!.rows[0]).to.include('8');
    expect([...tablesOfPage(shown(facts())).keys()]).not.to.include('Most likely to leave');
    const none = words(facts({ patients: { asOf: '', leaving: [], overdue: [], huddle: null } }));
    expect(none).to.contain('Patients appear here once some who are in hospital have a prediction.');
  });
});
