import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { longTests } from '../../long.js';
import { Ward } from './ward.js';

const { long } = longTests(import.meta.url);

const CONTRACT = [
  'name: clinic',
  'table: CLINIC_STAYS',
  'id: STAY',
  'los: NIGHTS',
  'columns: { STAY: NUMBER, AGE: VARCHAR, DEPOSIT: FLOAT, GRADE: NUMBER, NIGHTS: NUMBER }',
  'features:',
  '  GRADE: { type: numeric }',
  '  AGE_LOW: { type: numeric, sql: "SPLIT_PART(AGE, \'-\', 1)" }',
  '  A_GRADE: { type: numeric, sql: "DEPOSIT / GRADE", default: 7 }',
  "  BAND: { type: categorical, sql: \"'band ' || FLOOR(TO_NUMBER(SPLIT_PART(AGE, '-', 1)) / 10)\" }",
];

describe('a feature that cannot be computed', () => {
  const ward = new Ward();

  before(async () => {
    const file = join(ward.cloud.folder, 'clinic.yaml');
    writeFileSync(file, CONTRACT.join('\n'));
    await ward.open(file);
  });
  after(() => ward.close());
  beforeEach(() =>
    ward.run('DELETE FROM CLINIC_STAYS', 'DELETE FROM CLINIC_FEATURES', 'DELETE FROM LOS_RUN_LOG'),
  );

  const rows = () =>
    ward.query('SELECT STAY, AGE_LOW, A_GRADE, BAND, NOT_COMPUTED FROM CLINIC_FEATURES ORDER BY STAY');

  it('is missing for that admission alone, counted and named, never by its value', async () => {
    await ward.run(`INSERT INTO CLINIC_STAYS (STAY, AGE, DEPOSIT, GRADE)
      VALUES (1, '31-40', 100, 2), (2, 'Müller, Anna 1958', 100, 2), (3, '51-60', 100, 0), (4, '71-80', 90, 3)`);
    expect(await ward.build()).to.deep.include({
      inserted: 4,
      details: { notComputed: { AGE_LOW: 1, A_GRADE: 1, BAND: 1 } },
    });
    expect(await rows()).to.deep.equal([
      { STAY: 1, AGE_LOW: 31, A_GRADE: 50, BAND: 'band 3', NOT_COMPUTED: null },
      { STAY: 2, AGE_LOW: null, A_GRADE: 50, BAND: null, NOT_COMPUTED: ['AGE_LOW', 'BAND'] },
      { STAY: 3, AGE_LOW: 51, A_GRADE: 7, BAND: 'band 5', NOT_COMPUTED: ['A_GRADE'] },
      { STAY: 4, AGE_LOW: 71, A_GRADE: 30, BAND: 'band 7', NOT_COMPUTED: null },
    ]);
    for (const { ROW_TEXT } of await ward.query(
      'SELECT TO_JSON(OBJECT_CONSTRUCT(*)) AS ROW_TEXT FROM LOS_RUN_LOG',
    ))
      expect(ROW_TEXT).to.not.contain('Müller');
  });

  it('is there once the row is corrected', async () => {
    await ward.run("INSERT INTO CLINIC_STAYS (STAY, AGE, DEPOSIT, GRADE) VALUES (1, 'unknown', 100, 2)");
    await ward.build();
    await ward.run("UPDATE CLINIC_STAYS SET AGE = '21-30'");
    expect(await ward.build()).to.deep.include({ updated: 1, details: {} });
    expect(await rows()).to.deep.equal([
      { STAY: 1, AGE_LOW: 21, A_GRADE: 50, BAND: 'band 2', NOT_COMPUTED: null },
    ]);
  });

  long(
    'is found in a large load by few statements, because rows with like inputs are looked at together',
    async () => {
      await ward.run(`INSERT INTO CLINIC_STAYS (STAY, AGE, DEPOSIT, GRADE)
      SELECT SEQ4(), IFF(SEQ4() % 97 = 0, 'age ' || (SEQ4() % 5), '41-50'), 100, IFF(SEQ4() % 89 = 0, 0, 2) FROM TABLE(GENERATOR(ROWCOUNT => 20000))`);
      const bad = Math.ceil(20_000 / 97);
      expect(await ward.build()).to.deep.include({
        details: { notComputed: { AGE_LOW: bad, A_GRADE: Math.ceil(20_000 / 89), BAND: bad } },
      });
      const [count] = await ward.query(
        'SELECT COUNT(AGE_LOW) AS AGES, COUNT_IF(A_GRADE = 50) AS GRADES, COUNT(BAND) AS BANDS FROM CLINIC_FEATURES',
      );
      expect(count).to.deep.equal({
        AGES: 20_000 - bad,
        GRADES: 20_000 - Math.ceil(20_000 / 89),
        BANDS: 20_000 - bad,
      });
    },
  );

  it('stands in no error, when the trouble is something else', async () => {
    await ward.run('ALTER TABLE CLINIC_FEATURES RENAME TO AWAY');
    await ward.run("INSERT INTO CLINIC_STAYS (STAY, AGE, DEPOSIT, GRADE) VALUES (1, 'Anna', 100, 2)");
    const error = await ward.build().catch((e: Error) => e);
    await ward.run('ALTER TABLE AWAY RENAME TO CLINIC_FEATURES');
    expect((error as Error).message)
      .to.contain('CLINIC_FEATURES')
      .and.not.contain('Anna');
  });
});
