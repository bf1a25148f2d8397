import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import type { OpenContext } from '../../../deploy/open.js';
import { firstOpenDay } from '../../../procedures/fitting/cohort.js';
import { hostedCloud } from '../embedded-cloud.js';

/** So many admissions a day, so many days, of which `open` says how many of a day (0 is the first) have no discharge yet. */
function rows(days: number, aDay: number, open: (day: number) => number): string {
  const each = Array.from({ length: days }, (_, day) => `(${day}, ${open(day)})`).join(', ');
  return `(SELECT DATEADD(day, d.COLUMN1, '2025-01-01'::DATE) AS CAME, IFF(n.SEQ < d.COLUMN2, NULL, 5) AS LOS
    FROM VALUES ${each} AS d JOIN (SELECT SEQ4() AS SEQ FROM TABLE(GENERATOR(ROWCOUNT => ${aDay}))) AS n)`;
}

describe('the day from which on stays are still open', () => {
  const cloud = hostedCloud('');
  let ctx: OpenContext;
  const found = (source: string) => drive(ctx, firstOpenDay(source, 'CAME'));

  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('is none where every stay has ended, or nearly', async () => {
    expect(await found(rows(60, 20, () => 0))).to.equal(null);
    expect(await found(rows(60, 20, (day) => (day % 7 === 0 ? 5 : 0)))).to.equal(null);
  });

  it('is the first whose week has more than one in twenty', async () => {
    // Day 50 alone makes 10 of the 140 of its week.
    expect(await found(rows(60, 20, (day) => (day < 50 ? 0 : 10)))).to.equal('2025-02-20');
  });

  it('is not a day of long ago whose discharges were never written down', async () => {
    const lost = (day: number) => day < 2 || (day >= 100 && day < 110);
    expect(await found(rows(730, 20, (day) => (lost(day) ? 20 : 0)))).to.equal(null);
    expect(await found(rows(730, 20, (day) => (lost(day) ? 20 : day < 700 ? 0 : 8)))).to.equal('2026-12-02');
  });

  it('is not put off by a few days of short stays among open ones', async () => {
    expect(await found(rows(60, 20, (day) => (day < 40 || (day > 50 && day < 55) ? 0 : 10)))).to.equal(
      '2025-02-10',
    );
  });

  it('is the first of all where no week is whole', async () => {
    expect(await found(rows(60, 20, () => 3))).to.equal('2025-01-01');
  });
});
