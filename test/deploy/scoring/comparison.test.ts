import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import { random } from '../../../procedures/ground/random.js';
import { longTests } from '../../long.js';
import { Ward } from './ward.js';

const { long, few } = longTests(import.meta.url);

const TABLE = 'table: HEALTH_ADMISSIONS';
/** The same rows, in a table that is not the product's, or through a query that no stream can be on. */
const WAYS = {
  'a stream on an own table': TABLE,
  'comparison of an own table': `${TABLE}\nchanges: comparison`,
  'comparison of a table of others': 'source: PREDICT_LOS.LOS.HEALTH_ADMISSIONS',
  'a stream on a view of a table of others': 'source: PREDICT_LOS.LOS.HEALTH_ADMISSIONS\nchanges: stream',
  'comparison of a query': `query: |
  SELECT a.* FROM HEALTH_ADMISSIONS AS a
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY DISCHARGE_DATE DESC NULLS LAST) = 1`,
} as const;

async function openWard(door: string): Promise<Ward> {
  const ward = new Ward();
  const file = join(ward.cloud.folder, 'health.yaml');
  const text = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
  writeFileSync(file, text.replace(TABLE, door));
  await ward.open(file, ({ columns }) => {
    if (door.startsWith(TABLE)) return [];
    const own = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return [`CREATE TABLE HEALTH_ADMISSIONS (${own.join(', ')}) CHANGE_TRACKING = TRUE`];
  });
  return ward;
}

const detailsOf = (ward: Ward) => ward.build().then(({ details }) => details as Record<string, unknown>);

for (const [way, door] of few(Object.entries(WAYS), 2))
  describe(`changes noticed by ${way}`, () => {
    let ward: Ward;
    before(async () => {
      ward = await openWard(door);
    });
    after(() => ward.close());
    beforeEach(() => ward.startOver());

    const admitted = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i }));

    it('are predicted once, corrected once, discharged and withdrawn', async () => {
      await ward.promote();
      await ward.admit(...admitted(1, 6));
      expect(await ward.build()).to.include({ inserted: 6, queued: 6 });
      await ward.score();
      await ward.run(
        "UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme' WHERE CASE_ID = 1",
        "UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2026-11-05' WHERE CASE_ID = 2",
        'DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 3',
      );
      await ward.admit({ id: 7 });
      expect(await ward.build()).to.include({ inserted: 1, updated: 2, withdrawn: 1, queued: 2 });
      await ward.score();
      await ward.round();
      expect(await ward.log('CASE_ID, REVISION, ACTUAL_LOS, WITHDRAWN_AT IS NULL AS VALID')).to.deep.equal(
        [
          ['1', 1],
          ['1', 2],
          ['2', 1],
          ['3', 1],
          ['4', 1],
          ['5', 1],
          ['6', 1],
          ['7', 1],
        ].map(([CASE_ID, REVISION]) => ({
          CASE_ID,
          REVISION,
          ACTUAL_LOS: CASE_ID === '2' ? 4 : null,
          VALID: CASE_ID !== '3',
        })),
      );
    });

    long('are none where the same rows are there again in a new table, or in another one', async () => {
      await ward.promote();
      await ward.admit(...admitted(1, 20));
      await ward.round();
      const before = await ward.log();
      await ward.run(
        'CREATE OR REPLACE TABLE HEALTH_ADMISSIONS CHANGE_TRACKING = TRUE AS SELECT * FROM HEALTH_ADMISSIONS',
      );
      await ward.run('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 20');
      expect(await ward.build()).to.include({ inserted: 0, updated: 0, withdrawn: 1, queued: 0 });
      await ward.run('CREATE TABLE OTHER CHANGE_TRACKING = TRUE AS SELECT * FROM HEALTH_ADMISSIONS');
      await ward.run('TRUNCATE TABLE HEALTH_ADMISSIONS', 'INSERT INTO HEALTH_ADMISSIONS SELECT * FROM OTHER');
      await ward.run('DROP TABLE OTHER');
      await ward.round();
      expect(await ward.log()).to.deep.equal(before);
    });

    long('hold still where all rows are gone, and are as before when they are back', async () => {
      await ward.promote();
      await ward.admit(...admitted(1, 30));
      await ward.round();
      await ward.run(
        'CREATE OR REPLACE TABLE KEPT AS SELECT * FROM HEALTH_ADMISSIONS',
        'TRUNCATE TABLE HEALTH_ADMISSIONS',
      );
      expect(await ward.build()).to.include({ withdrawn: 0 });
      expect((await ward.build()).withdrawn).to.equal(0);
      await ward.run('INSERT INTO HEALTH_ADMISSIONS SELECT * FROM KEPT');
      await ward.admit({ id: 31 });
      expect(await ward.build()).to.include({ inserted: 1, updated: 0, withdrawn: 0, queued: 1 });
      expect(await ward.query('SELECT ENDED_AS FROM LOS_HELD_CHANGES')).to.deep.equal([
        { ENDED_AS: 'rows back' },
      ]);
    });

    long('are the same as a recomputation after any sequence of them', async () => {
      const next = random(7);
      const any = (n: number) => Math.floor(next() * n);
      await ward.promote();
      for (let round = 0; round < 8; round++) {
        await ward.admit(
          ...admitted(100 * round + 1, 100 * round + 10).map((one) => ({
            ...one,
            admitted: `2026-11-${String(1 + any(28)).padStart(2, '0')}`,
          })),
        );
        for (let change = 0; change < 5; change++) {
          const id = 100 * any(round + 1) + 1 + any(10);
          await ward.run(
            [
              `UPDATE HEALTH_ADMISSIONS SET AGE = '${any(9)}1-${any(9)}9' WHERE CASE_ID = ${id}`,
              `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, ${any(20)}, ADMISSION_DATE) WHERE CASE_ID = ${id}`,
              `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL WHERE CASE_ID = ${id}`,
              `DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = ${id}`,
            ][any(4)]!,
          );
        }
        if (any(3) === 0)
          await ward.run(
            'CREATE OR REPLACE TABLE HEALTH_ADMISSIONS CHANGE_TRACKING = TRUE AS SELECT * FROM HEALTH_ADMISSIONS',
          );
        await ward.round();
        const [wrong] =
          await ward.query(`SELECT COUNT(*) AS N FROM HEALTH_FEATURES AS f FULL JOIN ${ward.contract.table} AS r ON r.CASE_ID = f.CASE_ID
WHERE f.CASE_ID IS NULL OR (f.WITHDRAWN_AT IS NULL) <> (r.CASE_ID IS NOT NULL) OR (r.CASE_ID IS NOT NULL AND (f.AGE IS DISTINCT FROM r.AGE
  OR f.LOS IS DISTINCT FROM DATEDIFF(day, r.ADMISSION_DATE, r.DISCHARGE_DATE)))`);
        expect(Number(wrong!.N), `round ${round}`).to.equal(0);
      }
      expect((await ward.query('CALL RECONCILE(TRUE)'))[0]!.RECONCILE).to.include({ rebuilt: 0, queued: 0 });
      const [twice] = await ward.query(
        'SELECT COUNT(*) - COUNT(DISTINCT CASE_ID, REVISION) AS N FROM LOS_PREDICTION_LOG',
      );
      expect(Number(twice!.N)).to.equal(0);
    });

    if (way.startsWith('comparison')) {
      it('cost nothing where nothing has changed', async () => {
        await ward.admit(...admitted(1, 3));
        const { mark } = await detailsOf(ward);
        expect(mark).to.match(/^\w+ 3 -?\d+$/);
        const since = (await ward.query('SELECT CURRENT_TIMESTAMP()::VARCHAR AS AT'))[0]!.AT;
        expect(await detailsOf(ward)).to.deep.equal({ by: 'comparison', mark });
        const asked = await ward.query(
          `SELECT 1 FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 100)) WHERE START_TIME >= '${since}'::TIMESTAMP_LTZ AND QUERY_TEXT ILIKE '%LOS_UNLIKE%' AND QUERY_TEXT NOT ILIKE '%QUERY_HISTORY%'`,
        );
        expect(asked).to.deep.equal([]);
        await ward.admit({ id: 4 });
        expect((await detailsOf(ward)).mark).not.to.equal(mark);
      });

      it('bring no second prediction of who has lost the feature row', async () => {
        await ward.promote();
        await ward.admit(...admitted(1, 12));
        await ward.round();
        const before = await ward.log();
        await ward.run('DELETE FROM HEALTH_FEATURES WHERE CASE_ID IN (2, 3)');
        await ward.admit({ id: 13 });
        expect(await ward.build()).to.include({ inserted: 3, queued: 1 });
        await ward.score();
        expect(await ward.log()).to.have.length(before.length + 1);
      });
    }
  });
