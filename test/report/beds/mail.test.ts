import { expect } from 'chai';
import { mailBeds } from '../../../report/beds/mail.js';
import type { Night } from '../../../report/beds/nights.js';
import { renderMail } from '../../../report/mail/render.js';

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

/** The mail for so many days by which data are late: its subject, and what it says of tonight. */
async function mailed(late: number) {
  let subject = 'none';
  let text = '';
  const send = async (kind: 'beds', data: Parameters<typeof renderMail<'beds'>>[1]) => {
    const mail = renderMail(kind, data, {
      subjectPrefix: '',
      deployment: 'local',
      schema: 'A.B',
      at: new Date('2026-11-29T06:00:00Z'),
    });
    subject = mail.subject;
    text = mail.text;
  };
  const sent = await mailBeds(
    { mail: { send } as unknown as Parameters<typeof mailBeds>[0]['mail'] },
    made,
    late,
  );
  return { sent, subject, text };
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
});
