import { expect } from 'chai';
import { mailBeds } from '../../../report/beds/mail.js';
import type { Night } from '../../../report/beds/nights.js';
import { withoutSmallUnits } from '../../../report/beds/tables.js';
import { renderMail } from '../../../report/mail/render.js';
import { generalBoard, generalNights } from './general-board.js';

const forecast: Night[] = Array.from({ length: 14 }, (_, i) => ({
  level: 'all',
  unit: '(all)',
  night: new Date(Date.UTC(2026, 10, 27 + i)).toISOString().slice(0, 10),
  horizon: i + 1,
  takenNow: 100,
  mean: 101 + i,
  p10: 95 - i,
  p90: 107 + 2 * i,
  atLeast90: 95,
  atLeast70: 98,
  admissions: 20,
  discharges: 19,
  capacity: null,
  overCapacity: null,
}));
const made = {
  dataset: 'health',
  madeOn: '2026-11-26',
  daysAgo: 2,
  nights: 14,
  units: 1,
  taken: 100,
  pace: 1,
  notes: [],
  forecast,
};

const meeting = {
  board: generalBoard,
  names: { name: null, units: { Respiratory: 'Lung centre' } },
  today: '2026-11-30',
  zone: 'Europe/Berlin',
};

/** The mail for so many days by which data are late: its subject, and what it says of tonight. */
async function mailed(late: number, shown?: typeof meeting) {
  let subject = 'none';
  let text = '';
  let svg = '';
  const send = async (kind: 'beds', data: Parameters<typeof renderMail<'beds'>>[1]) => {
    const mail = renderMail(kind, data, {
      subjectPrefix: '',
      deployment: 'local',
      schema: 'A.B',
      at: new Date('2026-11-29T06:00:00Z'),
    });
    subject = mail.subject;
    text = mail.text;
    svg = (await data.picture?.draw?.()) ?? '';
  };
  const sent = await mailBeds(
    { mail: { send } as unknown as Parameters<typeof mailBeds>[0]['mail'] },
    shown ? { ...made, forecast: generalNights } : made,
    late,
    shown,
  );
  return { sent, subject, text, svg };
}

describe('the mail about beds', () => {
  it('is about tonight', async () => {
    const { subject, text } = await mailed(0);
    expect(subject).to.contain('101 expected Fri 2026-11-27').and.not.to.contain('data until');
    expect(text).to.contain('95–107');
  });

  it('says in its subject until when late data are, and has tonight by the band of as many nights ahead', async () => {
    const { subject, text } = await mailed(2);
    expect(subject).to.contain('data until Thu 2026-11-26').and.to.contain('103 expected Sun 2026-11-29');
    expect(text).to.contain('93–111').and.not.to.contain('27\u00a0Nov');
  });

  it('says until when data are also where all that was forecast is over, and has the nights after that day', async () => {
    const { sent, subject, text } = await mailed(14);
    expect(sent).to.equal(true);
    expect(subject).to.contain('data until Thu 2026-11-26').and.to.contain('101 expected Fri 2026-11-27');
    expect(text).to.contain('95–107');
  });

  it('leaves out wards of fewer than ten patients, and the next one where these are fewer than ten together', async () => {
    const ward = (unit: string, takenNow: number) =>
      forecast.map((night) => ({ ...night, level: 'ward' as const, unit, takenNow }));
    const sizes = (nights: readonly Night[]) => [...new Set(nights.map(({ takenNow }) => takenNow))];
    const kept = (...patients: number[]) =>
      sizes(withoutSmallUnits([...forecast, ...patients.flatMap((n) => ward(`W${n}`, n))]));
    expect(kept(10, 40, 50)).to.deep.equal([100, 10, 40, 50]);
    expect(kept(4, 16, 30, 50)).to.deep.equal([100, 30, 50]);
    expect(kept(4, 7, 30, 59)).to.deep.equal([100, 30, 59]);
    const send = async () => undefined;
    const ctx = { mail: { send } as unknown as Parameters<typeof mailBeds>[0]['mail'] };
    expect(await mailBeds(ctx, { ...made, forecast: ward('W4', 4) })).to.equal(false);
  });

  it('has the board of the meeting: what comes first, free beds, wards by risk with what was expected and what came', async () => {
    const { subject, text, svg } = await mailed(0, meeting);
    expect(subject).to.equal('Beds: Lung centre is likelier than not over its 50 beds on Tuesday night');
    expect(text).to.match(/110 {2}free tonight, of 620\n+91 {2}leaving today\n+93 {2}coming today/);
    expect(text).to.contain('Data to the end of Sun 2026-11-29, 7 hours ago.');
    expect(text).to.contain('504–511 were expected, and 508 came; 11 of 14 wards were in their band.');
    const [risk, other] = text.split('Leaving and coming, and the night of Sun 2026-11-29');
    expect(risk).to.match(/Wards by risk\n.*\nLung centre +tight +0 +47–53 +39 %\nGeriatrics +tight/);
    expect(other).to.match(/Lung centre +8 +9 +45–52 +49/);
    // Each ward has a row: its name, its beds as a line, free beds.
    expect(svg.match(/stroke-width="2.5"/g)).to.have.length(generalBoard.wards.length);
    for (const { unit } of generalBoard.wards.slice(1, 3)) expect(svg).to.contain(`>${unit}</text>`);
    const late = await mailed(2, {
      ...meeting,
      board: { ...generalBoard, madeOn: '2026-11-28', daysAgo: 2, ageHours: 55 },
    });
    expect(late.subject).to.contain('data until Thu 2026-11-26: Lung centre');
    expect(late.text).to.contain('The data are 2 days late');
  });
});
