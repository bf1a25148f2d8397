import { expect } from 'chai';
import type { Accident } from './accident.js';
import type { OnCall } from './on-call.js';
import { bedDifferences } from './truth.js';

const TABLE = 'PREDICT_LOS.LOS.HEALTH_ADMISSIONS';

/** Rows that are lost by mistake come back with the next load. */
const reloads = (onCall: OnCall) => onCall.hospital.reload(onCall.dba.snowflake);

/** What was predicted stands, and who is in is in. */
async function nothingBelieved(onCall: OnCall): Promise<void> {
  const [row] = await onCall.query(
    'SELECT COUNT_IF(WITHDRAWN_AT IS NOT NULL) AS WITHDRAWN FROM PREDICT_LOS.LOS.LOS_PREDICTION_LOG',
  );
  expect(Number(row!.WITHDRAWN), 'withdrawn in the log').to.equal(0);
  expect(await bedDifferences(onCall)).to.deep.equal([]);
}

const run =
  (...statements: readonly string[]) =>
  async (onCall: OnCall) => {
    for (const sql of statements) await onCall.sql(sql);
  };

/** What is not believed, told within the hour, and true again once the rows are back. */
const disbelieved = (name: string, ...statements: readonly string[]): Accident => ({
  name,
  breaks: run(...statements),
  expected: 'told',
  names:
    /ALARM: [^\n]*(?:withdrawn|gone|discharge|held|believed)[\s\S]*HEALTH_ADMISSIONS|ALARM: [^\n]*HEALTH_ADMISSIONS[^\n]*(?:held|believed|accident)/,
  meanwhile: nothingBelieved,
  hospital: reloads,
});

/** Loads that look like an accident. */
export const loads: readonly Accident[] = [
  disbelieved('truncated by a load that fails', `TRUNCATE TABLE ${TABLE}`),
  disbelieved('emptied by DELETE', `DELETE FROM ${TABLE}`),
  disbelieved('half of its rows gone', `DELETE FROM ${TABLE} WHERE MOD(CASE_ID, 2) = 0`),
  disbelieved(
    'half of those in hospital gone',
    `DELETE FROM ${TABLE} WHERE DISCHARGE_DATE IS NULL AND MOD(CASE_ID, 2) = 0`,
  ),
  disbelieved(
    'everybody discharged at once',
    `UPDATE ${TABLE} SET DISCHARGE_DATE = GREATEST(ADMISSION_DATE, CURRENT_DATE() - 1) WHERE DISCHARGE_DATE IS NULL`,
  ),
  disbelieved('all discharges gone', `UPDATE ${TABLE} SET DISCHARGE_DATE = NULL`),
  disbelieved(
    'swapped with an empty table',
    `CREATE OR REPLACE TABLE ${TABLE}_NEW LIKE ${TABLE}`,
    `ALTER TABLE ${TABLE} SWAP WITH ${TABLE}_NEW`,
  ),
  disbelieved('replaced by an empty table', `CREATE OR REPLACE TABLE ${TABLE} LIKE ${TABLE}`),
  {
    name: 'emptied on purpose',
    async breaks(onCall) {
      await onCall.sql(`TRUNCATE TABLE ${TABLE}`);
      onCall.hospital.forgetAll();
    },
    expected: 'told',
    names: /HEALTH_ADMISSIONS/,
    accepts: true,
  },
];

/** What the hospital does to its table without losing anything. */
export const harmless: readonly Accident[] = [
  {
    name: 'all rows touched by a MERGE that changes nothing',
    breaks: run(
      `MERGE INTO ${TABLE} AS t USING (SELECT * FROM ${TABLE}) AS s ON t.CASE_ID = s.CASE_ID WHEN MATCHED THEN UPDATE SET AGE = s.AGE`,
    ),
    expected: 'silent',
  },
  {
    name: 'emptied and loaded again before a run',
    async breaks(onCall) {
      await onCall.sql(`CREATE OR REPLACE TABLE PREDICT_LOS.PUBLIC.SAME AS SELECT * FROM ${TABLE}`);
      await onCall.sql(`TRUNCATE TABLE ${TABLE}`);
      await onCall.sql(`INSERT INTO ${TABLE} SELECT * FROM PREDICT_LOS.PUBLIC.SAME`);
    },
    expected: 'silent',
  },
  {
    name: 'every row twice',
    breaks: run(`INSERT INTO ${TABLE} SELECT * FROM ${TABLE}`),
    expected: 'heals',
    names: /HEALTH_ADMISSIONS|several rows/,
  },
  {
    name: 'replaced by the same rows',
    breaks: run(`CREATE OR REPLACE TABLE ${TABLE} AS SELECT * FROM ${TABLE}`),
    expected: 'heals',
    names: /HEALTH_ADMISSIONS/,
  },
  {
    name: 'swapped with the same rows',
    breaks: run(
      `CREATE OR REPLACE TABLE ${TABLE}_NEW AS SELECT * FROM ${TABLE}`,
      `ALTER TABLE ${TABLE} SWAP WITH ${TABLE}_NEW`,
    ),
    expected: 'heals',
    names: /HEALTH_ADMISSIONS/,
  },
  {
    name: 'replaced by a clone of an hour ago',
    breaks: run(
      `CREATE OR REPLACE TABLE PREDICT_LOS.PUBLIC.OLDER AS SELECT * FROM ${TABLE} WHERE ADMISSION_DATE < CURRENT_DATE()`,
      `CREATE OR REPLACE TABLE ${TABLE} AS SELECT * FROM PREDICT_LOS.PUBLIC.OLDER`,
    ),
    expected: 'told',
    names: /HEALTH_ADMISSIONS/,
    hospital: reloads,
  },
];

/** The table or a column of it is not what it was. */
export const shapes: readonly Accident[] = [
  {
    name: 'the table dropped',
    breaks: run(`DROP TABLE ${TABLE}`),
    expected: 'told',
    names: /HEALTH_ADMISSIONS/,
  },
  {
    name: 'the table renamed',
    breaks: run(`ALTER TABLE ${TABLE} RENAME TO ${TABLE}_OLD`),
    expected: 'told',
    names: /HEALTH_ADMISSIONS/,
    hospital: run(`ALTER TABLE ${TABLE}_OLD RENAME TO ${TABLE}`),
  },
  {
    name: 'a column dropped',
    async breaks(onCall) {
      await onCall.sql(`ALTER TABLE ${TABLE} DROP COLUMN SEVERITY_OF_ILLNESS`);
      onCall.hospital.renamed.set('SEVERITY_OF_ILLNESS', null);
    },
    expected: 'told',
    names: /SEVERITY_OF_ILLNESS/,
    async meanwhile(onCall) {
      await onCall.los('los apply');
      const columns = await onCall.query(`SHOW COLUMNS IN TABLE ${TABLE}`);
      expect(columns.map(({ column_name }) => column_name)).not.to.include('SEVERITY_OF_ILLNESS');
    },
    async hospital(onCall) {
      await onCall.sql(`ALTER TABLE ${TABLE} ADD COLUMN SEVERITY_OF_ILLNESS VARCHAR`);
      onCall.hospital.renamed.clear();
      await reloads(onCall);
    },
  },
  {
    name: 'a column renamed',
    async breaks(onCall) {
      await onCall.sql(`ALTER TABLE ${TABLE} RENAME COLUMN AGE TO AGE_GROUP`);
      onCall.hospital.renamed.set('AGE', 'AGE_GROUP');
    },
    expected: 'told',
    names: /\bAGE\b/,
    async hospital(onCall) {
      await onCall.sql(`ALTER TABLE ${TABLE} RENAME COLUMN AGE_GROUP TO AGE`);
      onCall.hospital.renamed.clear();
    },
  },
  {
    name: 'a number that has become text',
    breaks: run(
      `CREATE OR REPLACE TABLE ${TABLE} AS SELECT * REPLACE (ADMISSION_DEPOSIT::VARCHAR AS ADMISSION_DEPOSIT) FROM ${TABLE}`,
    ),
    expected: 'heals',
    names: /ADMISSION_DEPOSIT/,
    hospital: run(
      `CREATE OR REPLACE TABLE ${TABLE} AS SELECT * REPLACE (ADMISSION_DEPOSIT::FLOAT AS ADMISSION_DEPOSIT) FROM ${TABLE}`,
    ),
  },
  {
    name: 'ids that have become text, one of which is no number',
    async breaks(onCall) {
      await onCall.sql(
        `CREATE OR REPLACE TABLE ${TABLE} AS SELECT * REPLACE (CASE_ID::VARCHAR AS CASE_ID) FROM ${TABLE}`,
      );
      await onCall.sql(
        `INSERT INTO ${TABLE} SELECT * REPLACE ('A-17' AS CASE_ID) FROM (SELECT * FROM ${TABLE} LIMIT 1)`,
      );
    },
    expected: 'told',
    names: /CASE_ID/,
    async meanwhile({ hospital, day, dba }) {
      const come = [...hospital.stays.values()].filter(({ came, cancelled }) => came === day && !cancelled);
      const rows = await dba.snowflake.query(
        `SELECT DISTINCT CASE_ID FROM PREDICT_LOS.LOS.LOS_PREDICTION_LOG WHERE CASE_ID IN (${come.map(({ id }) => `'${id}'`).join(', ')})`,
      );
      expect(rows.length, 'others are predicted').to.equal(come.length);
    },
    async hospital(onCall) {
      await onCall.sql(`DELETE FROM ${TABLE} WHERE CASE_ID = 'A-17'`);
      await onCall.sql(
        `CREATE OR REPLACE TABLE ${TABLE} AS SELECT * REPLACE (CASE_ID::NUMBER AS CASE_ID) FROM ${TABLE}`,
      );
    },
  },
  {
    name: 'a column that comes empty',
    breaks: run(`UPDATE ${TABLE} SET SEVERITY_OF_ILLNESS = NULL`),
    expected: 'told',
    names: /SEVERITY_OF_ILLNESS|HEALTH_ADMISSIONS/,
    hospital: reloads,
  },
];
