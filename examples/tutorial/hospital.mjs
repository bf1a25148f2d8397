// Makes up a hospital in a Snowflake account: the database EPR, which a role of its own owns. docs/tutorial.md reads it.
// Usage: node examples/tutorial/hospital.mjs [statement …], where .los/connection.json says how to connect
import { readFileSync } from 'node:fs';
import snowflake from 'snowflake-sdk';

/** A number from 0 to 1 that looks random and is the same in each run. */
const chance = (n, k) => `MOD(ABS(HASH(${n}, ${k})), 1000) / 1000`;
const NOW = 'CURRENT_TIMESTAMP()::TIMESTAMP_NTZ';

const HOSPITAL = [
  'CREATE OR REPLACE DATABASE EPR',
  'CREATE SCHEMA EPR.CORE',
  `CREATE TABLE EPR.CORE.PATIENTS AS
    SELECT 'P' || SEQ4() AS PATIENT_ID, IFF(MOD(SEQ4(), 2) = 0, 'F', 'M') AS SEX, 1935 + MOD(SEQ4() * 7, 50) AS BORN
    FROM TABLE(GENERATOR(ROWCOUNT => 2500))`,
  // Hours in hospital follow from the diagnosis, age, how ill one is, and chance.
  `CREATE TEMPORARY TABLE EPR.CORE.ALL_STAYS AS
    SELECT *, LEAST(HOURS, DATEDIFF(hour, ADMITTED, ${NOW})) AS HOURS_SO_FAR
    FROM (
      SELECT N, 'S' || N AS STAY_ID, 'P' || MOD(N, 2500) AS PATIENT_ID, ILL,
        DATEADD(minute, -MOD(N * 193, 576000), ${NOW}) AS ADMITTED,
        CASE WHEN D < 0.35 THEN 'Pneumonia' WHEN D < 0.6 THEN 'Chest pain' WHEN D < 0.8 THEN 'Hip fracture'
          ELSE 'Hip replacement' END AS DIAGNOSIS,
        6 + ROUND(CASE WHEN D < 0.35 THEN 120 WHEN D < 0.6 THEN 60 WHEN D < 0.8 THEN 170 ELSE 90 END
          * (0.4 + ILL) * (0.6 + MOD(N * 7, 50) / 60) * (0.3 - 0.7 * LN(1 - ${chance('N', 3)}))) AS HOURS
      FROM (SELECT N, ${chance('N', 1)} AS D, ${chance('N', 2)} AS ILL
        FROM (SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 3000))))
    )`,
  `CREATE TABLE EPR.CORE.STAYS AS
    SELECT STAY_ID, PATIENT_ID, ADMITTED AS ADMITTED_AT,
      IFF(HOURS <= HOURS_SO_FAR, DATEADD(hour, HOURS, ADMITTED), NULL) AS DISCHARGED_AT, DIAGNOSIS,
      IFF(DIAGNOSIS LIKE 'Hip%', 'OAK', 'AMU') AS WARD,
      IFF(DIAGNOSIS = 'Hip replacement', 'planned', 'emergency') AS ADMISSION_TYPE
    FROM EPR.CORE.ALL_STAYS`,
  // Medical patients leave the admission unit after a day.
  `CREATE TABLE EPR.CORE.MOVES AS
    SELECT STAY_ID, DATEADD(hour, 20, ADMITTED) AS MOVED_AT, 'YEW' AS WARD
    FROM EPR.CORE.ALL_STAYS WHERE DIAGNOSIS NOT LIKE 'Hip%' AND HOURS_SO_FAR > 20`,
  // A result falls as the patient recovers.
  `CREATE TABLE EPR.CORE.RESULTS AS
    SELECT STAY_ID, DATEADD(hour, 24 * DAY + 2, ADMITTED) AS TAKEN_AT, 'CRP' AS TEST,
      ROUND(10 + 190 * ILL * GREATEST(0, 1 - 24 * DAY / HOURS) + 10 * ${chance('N', 'DAY')}) AS VALUE,
      DATEADD(hour, 24 * DAY + 3, ADMITTED) AS RELEASED_AT
    FROM EPR.CORE.ALL_STAYS, (SELECT SEQ4() AS DAY FROM TABLE(GENERATOR(ROWCOUNT => 40)))
    WHERE 24 * DAY + 3 < HOURS_SO_FAR`,
  // Planned admissions are booked three weeks before; twelve are to come.
  `CREATE TABLE EPR.CORE.BOOKINGS AS
    SELECT 'B' || N AS BOOKING_ID, PATIENT_ID, ADMITTED::DATE AS PLANNED_DAY,
      DATEADD(day, -21, ADMITTED) AS RECORDED_AT, 'OAK' AS WARD, 'planned' AS ADMISSION_TYPE
    FROM EPR.CORE.ALL_STAYS WHERE DIAGNOSIS = 'Hip replacement'
    UNION ALL
    SELECT 'C' || N, 'P' || (2000 + N), DATEADD(day, N + 1, CURRENT_DATE()), DATEADD(day, -1 - N, ${NOW}), 'OAK', 'planned'
    FROM (SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 12)))`,
];

const statements = process.argv.slice(2);
snowflake.configure({ logLevel: 'ERROR' });
const { user: username, ...where } = JSON.parse(readFileSync('.los/connection.json', 'utf8')).snowflake;
const connection = snowflake.createConnection({ ...where, username });
await connection.connectAsync();
const run = (sqlText) =>
  new Promise((done, fail) =>
    connection.execute({ sqlText, complete: (error, _, rows) => (error ? fail(error) : done(rows)) }),
  );
if (statements.length === 0) {
  for (const sql of [
    'USE ROLE ACCOUNTADMIN',
    'CREATE ROLE IF NOT EXISTS EPR_OWNER',
    'GRANT CREATE DATABASE, CREATE WAREHOUSE ON ACCOUNT TO ROLE EPR_OWNER',
    `GRANT ROLE EPR_OWNER TO USER ${username}`,
    'USE ROLE EPR_OWNER',
    'CREATE WAREHOUSE IF NOT EXISTS EPR_WH',
    ...HOSPITAL,
  ])
    await run(sql);
  console.table(
    await run(`SELECT TABLE_NAME, ROW_COUNT FROM EPR.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'CORE'`),
  );
}
for (const sql of statements) console.table(await run(sql));
connection.destroy(() => {});
