import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ChangingHospital, USUAL } from '../../demo/simulate/hospital.js';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { excessPage } from '../../report/pages/excess.js';
import { renderPages } from '../../report/pages/render.js';
import { readExcess } from '../../report/watching/excess.js';
import { refuseProducts } from '../deploy/products.js';
import { loginWith } from '../security/person.js';
import { FIRST, type KnownHospital, knownHospital } from './known-hospital.js';

const DAY = 86_400_000;
type Row = Record<string, string | number | boolean | null>;

/** In wards Q and R patients stay one and two days longer than in P, whoever they are; departments make no difference. */
describe('observed ÷ expected days of a hospital whose wards are known to differ', () => {
  refuseProducts({ runs: ['sql/excess/stays.sql'] });
  const clock = new MovableClock({ at: FIRST });
  const folder = mkdtempSync(join(tmpdir(), 'los-excess-'));
  let known: KnownHospital;
  let ctx: OpenContext;
  const query = (sql: string) => ctx.snowflake.query<Row>(sql);
  const shown = (by: string) =>
    query(
      `SELECT * FROM LOS_EXCESS WHERE GROUPED_BY = '${by}' QUALIFY MONTH = MAX(MONTH) OVER () ORDER BY LEVEL`,
    );
  const measure = async () => {
    const [row] = await query('CALL MEASURE_EXCESS()');
    return Object.values(row!)[0] as unknown as { month: string; published: string[] };
  };

  before(async () => {
    const contract = join(folder, 'health.yaml');
    const text = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
    writeFileSync(
      contract,
      `${text}\nexcess:\n  - by: [WARD_TYPE, DEPARTMENT]\n    reference: [AGE, SEVERITY_OF_ILLNESS, WARD_FACILITY_CODE]\n`,
    );
    known = await knownHospital(
      `dataset: ${contract}\nmail: { to: [] }\ntasks: { resumed: false }`,
      clock,
      new ChangingHospital(3, () => USUAL),
      { history: 150, aDay: 30 },
    );
    ctx = known.ctx;
    await query('CALL BUILD_FEATURES()');
  });
  after(async () => {
    await known.close();
    rmSync(folder, { recursive: true });
  });

  it('publishes the months that are over, each once, but for those in which the table began', async () => {
    expect(await measure())
      .to.include({ month: '2025-12' })
      .and.deep.include({
        published: ['2025-10', '2025-11', '2025-12'],
      });
    expect((await measure()).published).to.deep.equal([]);
  });

  it('finds the wards that differ, as far as they do, and no other', async () => {
    const wards = await shown('WARD_TYPE');
    expect(wards.map(({ LEVEL, FOUND }) => [LEVEL, FOUND])).to.deep.equal([
      ['P', 'fewer days'],
      ['Q', 'no more than chance'],
      ['R', 'more days'],
    ]);
    const [truth] = await query(
      "SELECT AVG(LOS) AS ALL_OF, AVG(IFF(WARD_TYPE = 'R', LOS, NULL)) AS R FROM HEALTH_FEATURES WHERE LOS IS NOT NULL",
    );
    const r = wards[2]!;
    expect(Number(r.RATIO)).to.be.closeTo(Number(truth!.R) / Number(truth!.ALL_OF), 0.04);
    expect(Number(r.RATIO_LOW)).to.be.above(1);
    expect(Number(r.STAYS) % 10).to.equal(0);
    for (const by of ['DEPARTMENT', 'MONTH'])
      for (const { LEVEL, FOUND } of await shown(by))
        expect(FOUND, `${by} ${LEVEL}`).to.equal('no more than chance');
  });

  it('tells managers once a month, in words and without a ranking', async () => {
    const events = await query("SELECT SUBJECT, MESSAGE FROM LOS_EVENTS WHERE KIND = 'excess days'");
    expect(events.map(({ SUBJECT }) => SUBJECT)).to.deep.equal(['observed and expected days up to 2025-12']);
    const message = String(events[0]!.MESSAGE);
    expect(message).to.match(/WARD_TYPE P: \d+ % fewer days than expected \(\d+ to \d+ %\), about \d+ days/);
    expect(message).to.match(/WARD_TYPE R: \d+ % more days/);
    expect(message).to.match(/DEPARTMENT: all \(\d+\) differ from what is expected by no more than chance\./);
  });

  it('shows readers the view and not the sums behind it', async () => {
    const reader = await loginWith(known.cloud, ctx, 'LOS_READ');
    try {
      expect((await reader.query('SELECT * FROM LOS_EXCESS')).length).to.be.at.least(10);
      for (const table of ['LOS_PUBLISHED_ROWS', 'LOS_PUBLICATIONS'])
        expect(await reader.query(`SELECT * FROM ${table}`).catch(() => 'refused')).to.equal('refused');
      expect(await reader.query('CALL MEASURE_EXCESS()').catch(() => 'refused')).to.equal('refused');
    } finally {
      await reader.close();
    }
  });

  it('has a page for managers, with each unit and in words', async () => {
    const page = excessPage(await readExcess(ctx, 'health'));
    const ward = page.sections.find(({ title }) => title === 'WARD_TYPE')!;
    expect(
      ward.tables![0]!.rows.map(([unit, , , found]) => [unit, String(found).split(',')[0]]),
    ).to.deep.equal([
      ['P', 'fewer'],
      ['Q', 'no'],
      ['R', 'more'],
    ]);
    expect(ward.sentences!.join()).to.match(/WARD_TYPE R: \d+ % more days than expected/);
    const html = renderPages('Hospital', 'made up', [page]);
    expect(html).to.contain('Observed and expected days, twelve months up to 2025-12');
    if (process.env.LOS_EXCESS_PAGE) writeFileSync(process.env.LOS_EXCESS_PAGE, html);
  });

  it('does not change with an erasure, nor with a correction of a month that is shown', async () => {
    const before = await query('SELECT * FROM LOS_EXCESS ORDER BY ALL');
    await query(
      "CALL FORGET_ADMISSION((SELECT TO_VARCHAR(MAX(CASE_ID)) FROM HEALTH_FEATURES WHERE LOS > 3 AND ADMISSION_DATE < '2025-12-01'))",
    );
    await query(
      "UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2025-12-20' WHERE ADMISSION_DATE = '2025-12-10'",
    );
    await query('CALL BUILD_FEATURES()');
    expect((await measure()).published).to.deep.equal([]);
    expect(await query('SELECT * FROM LOS_EXCESS ORDER BY ALL')).to.deep.equal(before);
  });

  it('refuses, by name, a reference that tells the ward through another column', async () => {
    await query("UPDATE HEALTH_ADMISSIONS SET WARD_FACILITY_CODE = 'F' || WARD_TYPE");
    await query('CALL BUILD_FEATURES()');
    for (let hours = 0; hours < 30 * 24; hours += 3) {
      clock.advance(DAY / 8);
      await query('SELECT 1');
    }
    await query('CALL BUILD_FEATURES()');
    const refusal = await query('CALL MEASURE_EXCESS()').catch((error: Error) => error.message);
    expect(refusal).to.contain('knows WARD_TYPE, which it is to judge: WARD_FACILITY_CODE tells it');
    expect(refusal).to.contain('Leave WARD_FACILITY_CODE out of reference:');
  });
});
