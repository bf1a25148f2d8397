import { expect } from 'chai';
import { Ward } from './ward.js';

describe('a table of the hospital whose columns have become text', () => {
  const ward = new Ward();
  before(async () => {
    await ward.open();
    await ward.promote();
    await ward.admit({ id: 1 }, { id: 2, deposit: 1234.5678901 }, { id: 3 });
    await ward.round();
    await ward.run(`CREATE OR REPLACE TABLE HEALTH_ADMISSIONS AS SELECT * REPLACE (TO_VARCHAR(CASE_ID) AS CASE_ID,
  TO_VARCHAR(BED_GRADE) AS BED_GRADE, TO_VARCHAR(DISCHARGE_DATE) AS DISCHARGE_DATE) FROM HEALTH_ADMISSIONS`);
  });
  after(() => ward.close());

  const admit = (...rows: string[]) =>
    ward.run(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, DEPARTMENT, SEVERITY_OF_ILLNESS, ADMISSION_DEPOSIT, AGE, BED_GRADE, ADMISSION_DATE, DISCHARGE_DATE)
${rows.join(' UNION ALL ')}`);
  const row = (id: string, grade = '2', discharged: string | null = null) =>
    `SELECT '${id}', 'surgery', 'Minor', 100::FLOAT, '31-40', '${grade}', '2026-11-02'::DATE, ${discharged === null ? 'NULL' : `'${discharged}'`}`;
  const logged = async () => (await ward.log('CASE_ID')).map(({ CASE_ID }) => Number(CASE_ID));

  it('is read as before while its values fit', async () => {
    await admit(row('4'));
    await ward.build();
    expect(await ward.build()).to.deep.include({ rows: 0, details: {} });
    await ward.score();
    expect(await logged()).to.deep.equal([1, 2, 3, 4]);
  });

  it('costs no other admission a prediction where an id is none: its row is set aside, and counted', async () => {
    const before = await ward.query('SELECT * FROM HEALTH_FEATURES ORDER BY CASE_ID');
    await admit(row('A-17'), row('5'), row('6'));
    expect(await ward.build()).to.deep.include({ inserted: 2, details: { unfitId: 1 } });
    await ward.score();
    expect(await logged()).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(
      await ward.query('SELECT * FROM HEALTH_FEATURES WHERE CASE_ID < 5 ORDER BY CASE_ID'),
    ).to.deep.equal(before);
    const [call] = await ward.query('CALL RECONCILE(FALSE)');
    expect(call!.RECONCILE).to.deep.include({ missing: 0, different: 0, superfluous: 0, rebuilt: 0 });
    expect((call!.RECONCILE as { details: object }).details).to.include({ unfitId: 1 });
    expect((await ward.query('CALL CHECK_FEATURES()'))[0]!.CHECK_FEATURES).to.include({
      missing: 0,
      unfit: 1,
    });
  });

  it('costs an admission the feature that is none, and says which', async () => {
    await admit(row('7', 'third'), row('8'));
    expect(await ward.build()).to.deep.include({
      inserted: 2,
      details: { notComputed: { BED_GRADE: 1, ILLNESS_BEDGRADE: 1 } },
    });
    await ward.score();
    expect(await logged()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    const rows = await ward.query(
      'SELECT BED_GRADE, NOT_COMPUTED FROM HEALTH_FEATURES WHERE CASE_ID >= 7 ORDER BY CASE_ID',
    );
    expect(rows).to.deep.equal([
      { BED_GRADE: '0', NOT_COMPUTED: ['BED_GRADE', 'ILLNESS_BEDGRADE'] },
      { BED_GRADE: '2', NOT_COMPUTED: null },
    ]);
  });

  it('leaves a stay open whose discharge is no date', async () => {
    await admit(row('9', '2', 'tomorrow'), row('10', '2', '2026-11-06'));
    expect(await ward.build()).to.include({ inserted: 2 });
    expect(
      await ward.query('SELECT LOS FROM HEALTH_FEATURES WHERE CASE_ID >= 9 ORDER BY CASE_ID'),
    ).to.deep.equal([{ LOS: null }, { LOS: 4 }]);
  });
});
