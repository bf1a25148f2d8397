import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { draftFromFile } from '../../../contracts/drafting/draft-contract.js';
import { parseContract } from '../../../deploy/dataset/load.js';

describe('where a long stay begins, in a first contract', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'los-long-stay-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
  const german = (n: number) => day(n).split('-').reverse().join('.');
  async function drafted(header: string, rows: string[]) {
    const file = join(folder, 'visits.csv');
    writeFileSync(file, `${header}\n${rows.join('\n')}\n`);
    return await draftFromFile(file);
  }
  const age = (i: number) => 20 + (i % 60);

  it('is a tenth of the stays between two dates, however these are written', async () => {
    const stay = (i: number) => 1 + (i % 10);
    const rows = Array.from(
      { length: 400 },
      (_, i) =>
        `${i + 1};${1000 + i};${german(i % 90)};${i % 40 === 7 ? '' : german((i % 90) + stay(i))};${age(i)};${i % 3 ? 'Chirurgie' : 'Innere'}`,
    );
    const { yaml, open } = await drafted(
      'Fallnr;Patientennr;Aufnahmedatum;Entlassungsdatum;Alter;Klinik',
      rows,
    );
    expect(open).to.deep.equal([]);
    expect(yaml).to.match(/^discharge: .*\nlongStayDays: 10 # about one stay in ten is that long$/m);
    expect(parseContract(yaml, 'visits.yaml').longStayDays).to.equal(10);
  });

  it('is a tenth of a column of days, in whole weeks where it is long', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => `${i + 1},${1 + (i % 68)},${age(i)},${i % 3 ? 'a' : 'b'}`,
    );
    const { yaml } = await drafted('visit_id,los_days,age,unit', rows);
    expect(parseContract(yaml, 'visits.yaml').longStayDays).to.equal(63);
  });

  it('is left to the settings where stays are of too few patients, or it is open what a stay is', async () => {
    const few = Array.from(
      { length: 99 },
      (_, i) => `${i + 1},${1 + (i % 9)},${age(i)},${i % 3 ? 'a' : 'b'}`,
    );
    expect((await drafted('visit_id,los_days,age,unit', few)).yaml).not.to.contain('longStayDays');
    const none = Array.from({ length: 300 }, (_, i) => `${i + 1},${age(i)},${i % 3 ? 'a' : 'b'}`);
    expect((await drafted('visit_id,age,unit', none)).yaml).not.to.contain('longStayDays');
  });
});
