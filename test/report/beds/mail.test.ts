import { expect } from 'chai';
import { linesOf } from '../../../procedures/beds/lines.js';
import { type Mailed, withoutSmallUnits } from '../../../report/beds/figures-board.js';
import { bedMail } from '../../../report/beds/mail.js';
import type { Night } from '../../../report/beds/nights.js';
import { renderMail } from '../../../report/mail/render.js';
import { generalForecast } from './general-board.js';

const forecast: Night[] = Array.from({ length: 14 }, (_, i) => ({
  level: 'all',
  unit: '(all)',
  line: '(all)',
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
  movedIn: null,
  movedOut: null,
  capacity: null,
  closed: null,
  overCapacity: null,
}));
const names = { name: null, units: { Respiratory: 'Lung centre' } };

/** The mail about a forecast, as it is told, and its picture. */
async function mailed(of: Mailed) {
  const data = bedMail(of, names, []);
  if (!data) return undefined;
  const { subject, text } = renderMail('beds', data, {
    deployment: 'local',
    schema: 'A.B',
    at: of.at,
  });
  return { subject, text, svg: (await data.picture!.draw!()) ?? '' };
}

/** Of the hospital of 101 beds, for so many days by which data are late. */
const late = async (days: number) =>
  (await mailed({
    forecast,
    eve: [],
    groups: [],
    madeOn: '2026-11-26',
    late: days,
    at: new Date('2026-11-29T06:00:00Z'),
    zone: 'UTC',
  }))!;

describe('the mail about beds', () => {
  it('is about tonight', async () => {
    const { subject, text } = await late(0);
    expect(subject).to.equal(
      '[predict-los] Beds: 101 beds are expected to be occupied on the night of Fri 2026-11-27, 95 to 107 in 8 of 10 nights',
    );
    expect(text).to.match(/101 {2}expected on the night of Fri 2026-11-27\n+19 {2}leaving on Fri/);
  });

  it('says in its subject until when late data are, and has tonight by the band of as many nights ahead', async () => {
    const { subject, text } = await late(2);
    expect(subject)
      .to.contain('data until Thu 2026-11-26')
      .and.to.contain('103 beds are expected to be occupied tonight');
    expect(text).to.contain('93–111').and.not.to.contain('27\u00a0Nov');
    expect(text).to.contain('The data are 2 days late');
  });

  it('says until when data are also where all that was forecast is over, and has the nights after that day', async () => {
    const { subject, text } = await late(14);
    expect(subject).to.contain('data until Thu 2026-11-26').and.to.contain('on the night of Fri 2026-11-27');
    expect(text).to.contain('95–107');
  });

  it('has wards of fewer than ten patients together, with the next one where these are fewer than ten', async () => {
    const wards = (...patients: number[]) =>
      linesOf(
        patients.map((TAKEN) => ({ LEVEL: 'ward', UNIT: `W${TAKEN}`, TAKEN })),
        [],
      ).flatMap(({ UNIT, LINE }) =>
        forecast.map((night) => ({
          ...night,
          ...{ level: 'ward' as const, unit: UNIT, line: LINE, takenNow: Number(UNIT.slice(1)) },
        })),
      );
    const kept = (...patients: number[]) => {
      const nights = withoutSmallUnits([...forecast, ...wards(...patients)]);
      return [...new Set(nights.map(({ unit, takenNow }) => `${unit} ${takenNow}`))].slice(1);
    };
    expect(kept(10, 40, 50)).to.deep.equal(['W10 10', 'W40 40', 'W50 50']);
    expect(kept(4, 16, 30, 50)).to.deep.equal(['W30 30', 'W50 50', '(small wards) 20']);
    expect(kept(4, 7, 30, 59)).to.deep.equal(['W30 30', 'W59 59', '(small wards) 11']);
    expect(kept(4)).to.deep.equal([]);
    // Nor is one of these mailed alone.
    const three = { ...generalForecast, forecast: [...forecast, ...wards(4, 16, 80)] };
    for (const [name, sent] of [
      ['W4', false],
      ['W16', false],
      ['W80', true],
    ] as const)
      expect((await mailed({ ...three, ward: name })) !== undefined, name).to.equal(sent);
  });

  it('has the board of the meeting: what comes first, free beds, wards by risk with what was expected and what came', async () => {
    const { subject, text, svg } = (await mailed(generalForecast))!;
    expect(subject).to.equal(
      '[predict-los] Beds: Lung centre will probably need more than its 50 beds on Tuesday night',
    );
    expect(text).to.match(/110 {2}free tonight, of 620\n+91 {2}leaving today\n+93 {2}coming today/);
    expect(text).to.contain('Data to the end of Sun 2026-11-29, 7 hours ago.');
    expect(text).to.match(/501–519 were expected, and 508 came; 12 of 12 wards were in their band\./);
    const [risk, other] = text.split('Leaving and coming, and the night of Sun 2026-11-29');
    expect(risk).to.match(/Wards by risk\n.*\nLung centre +tight +0 +47–53 +40 %\nGeriatrics +tight/);
    expect(other)
      .to.match(/Lung centre +8 +9 +47–53 +49/)
      .and.to.match(/\nMon\s30\sNov +510/);
    expect(risk)
      .to.match(/Small wards,\s+together/)
      .and.not.to.contain('Gynaecology');
    // Each ward has a row: its name, and its beds as a line.
    expect(svg.match(/stroke-width="2.5"/g)).to.have.length(13);
    expect(svg).to.contain('>Lung centre</text>').and.to.contain('>Geriatrics</text>');
  });

  it('has who moves where patients move, and no such columns elsewhere', async () => {
    const moving = {
      ...generalForecast,
      forecast: generalForecast.forecast.map((night) =>
        night.level === 'ward' && night.horizon === 1 ? { ...night, movedIn: 2.4, movedOut: 3.1 } : night,
      ),
    };
    const { text } = (await mailed(moving))!;
    expect(text).to.match(/out +in +moves out +moves in +expected +came/);
    expect(text).to.match(/Lung centre +8 +9 +3 +2 +47–53 +49/);
    expect((await mailed(generalForecast))!.text).not.to.contain('moves out');
  });

  it('has the same of a day of the past', async () => {
    const { subject, text } = (await mailed({ ...generalForecast, at: new Date('2026-12-20T06:00:00Z') }))!;
    expect(subject).to.equal(
      '[predict-los] Beds: Lung centre will probably need more than its 50 beds on the night of Tue 2026-12-01',
    );
    expect(text).to.contain('110  free on the night of Mon 2026-11-30, of 620');
    expect(text).to.contain('Data to the end of Sun 2026-11-29, 20 days ago.').and.not.to.contain('late');
  });

  it('has the same of one ward, and the nights of that alone', async () => {
    const lungs = (await mailed({ ...generalForecast, ward: 'Respiratory' }))!;
    expect(lungs.subject).to.contain('Lung centre will probably need more than its 50 beds on Tuesday night');
    expect(lungs.text).to.match(/0 {2}free tonight, of 50\n+8 {2}leaving today\n+9 {2}coming today/);
    expect(lungs.text).to.contain('47–53 were expected, and 49 came.');
    expect(lungs.text).to.match(/\nLung centre\nnight +beds +8 in 10 +over\nMon\s30\sNov +50 +47–53 +40 %/);
    expect(lungs.text).not.to.match(/Geriatrics|620/);
    const calm = (await mailed({ ...generalForecast, ward: 'Urology' }))!;
    expect(calm.subject).to.equal(
      '[predict-los] Beds: Urology: 17 beds are expected to be occupied tonight, 15 to 19 in 8 of 10 nights; 17 were last night',
    );
  });
});
