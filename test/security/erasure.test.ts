// Finding 10 of the security review of turn 4: what comes of a patient who was erased, or was not among the rows on that day.
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { HospitalCloud } from '../deploy/sources/hospital-rows.js';

const QUERY = `query: |
  SELECT e."Encounter No" AS CASE_ID, e.* EXCLUDE "Encounter No"
  FROM ANALYTICS.CORE.ENCOUNTER AS e
  JOIN ANALYTICS.CORE.WARDS AS w ON w.WARD = e.WARD_TYPE`;
const MORE = `
admissionType: TYPE_OF_ADMISSION
events:
  - { source: ANALYTICS.CORE.RESULTS, stay: CASE_ID, time: AT, name: NAME, value: VALUE }
eventFeatures: { lactate: [last] }
planned:
  source: ANALYTICS.CORE.BOOKINGS
  id: BOOKING
  day: { column: DAY, type: DATE }
  recorded: RECORDED
  patient: WHO
decisions:
  source: ANALYTICS.CORE.DECISIONS
  id: DECISION
  day: { column: DAY, type: DATE }
  recorded: RECORDED
  patient: WHO
expectedDischarge:
  { source: ANALYTICS.CORE.DATES, stay: CASE_ID, day: { column: DAY, type: DATE }, recorded: RECORDED }
readyForDischarge: { source: ANALYTICS.CORE.READY, stay: CASE_ID, since: RECORDED, recorded: RECORDED }

groups:`;
const PATIENT = 900_000_001;

describe('finding 10: a patient who was erased', () => {
  const hospital = new HospitalCloud();
  let first: OpenContext;
  let ctx: OpenContext;

  const one = async (sql: string) => Object.values((await ctx.snowflake.query(sql))[0]!)[0];
  const team = (...statements: string[]) => hospital.asOwner(first, ...statements);
  /** An encounter with an event and a booking. */
  const come = (id: number, ward: string, patient = PATIENT) =>
    team(
      `INSERT INTO ANALYTICS.CORE.ENCOUNTER ("Encounter No", PATIENTID, WARD_TYPE, DEPARTMENT, TYPE_OF_ADMISSION, ADMISSION_DATE)
SELECT ${id}, ${patient}, '${ward}', 'surgery', 'Urgent', CURRENT_DATE() - 1`,
      `INSERT INTO ANALYTICS.CORE.RESULTS SELECT ${id}, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ, 'lactate', '2.5'`,
      ...['BOOKINGS', 'DECISIONS'].map(
        (list) =>
          `INSERT INTO ANALYTICS.CORE.${list} SELECT 'B${id}', CURRENT_DATE() + 3, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ, '${patient}'`,
      ),
      `INSERT INTO ANALYTICS.CORE.DATES SELECT ${id}, CURRENT_DATE() + 3, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ`,
      `INSERT INTO ANALYTICS.CORE.READY SELECT ${id}, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ`,
    );
  const build = () => callProcedure(ctx, 'BUILD_FEATURES', []);
  /** Rows of encounters by where they are. */
  const found = async (...ids: number[]) => {
    const list = ids.map((id) => `'${id}'`).join();
    const counts: Record<string, number> = {};
    for (const [where, column] of [
      ['HEALTH_SOURCE', 'TO_VARCHAR(CASE_ID)'],
      ['HEALTH_EVENTS', 'STAY'],
      ['HEALTH_PLANNED', 'LTRIM(STAY_ID, $$B$$)'],
      ['HEALTH_DECISIONS', 'LTRIM(STAY_ID, $$B$$)'],
      ['HEALTH_DISCHARGE_DATES', 'STAY'],
      ['HEALTH_READY', 'STAY'],
      ['HEALTH_FEATURES', 'TO_VARCHAR(CASE_ID)'],
      ['HEALTH_SCORING_QUEUE', 'TO_VARCHAR(ID)'],
    ])
      counts[where!] = Number(await one(`SELECT COUNT(*) FROM ${where} WHERE ${column} IN (${list})`));
    return counts;
  };
  const none = {
    HEALTH_SOURCE: 0,
    HEALTH_EVENTS: 0,
    HEALTH_PLANNED: 0,
    HEALTH_DECISIONS: 0,
    HEALTH_DISCHARGE_DATES: 0,
    HEALTH_READY: 0,
    HEALTH_FEATURES: 0,
    HEALTH_SCORING_QUEUE: 0,
  };

  before(async () => {
    first = await hospital.open();
    await team(
      'CREATE TABLE ANALYTICS.CORE.WARDS AS SELECT DISTINCT WARD_TYPE AS WARD FROM ANALYTICS.CORE.ENCOUNTER',
      'CREATE TABLE ANALYTICS.CORE.RESULTS (CASE_ID NUMBER, AT TIMESTAMP_NTZ, NAME VARCHAR, VALUE VARCHAR)',
      'CREATE TABLE ANALYTICS.CORE.BOOKINGS (BOOKING VARCHAR, DAY DATE, RECORDED TIMESTAMP_NTZ, WHO VARCHAR)',
      'CREATE TABLE ANALYTICS.CORE.DECISIONS (DECISION VARCHAR, DAY DATE, RECORDED TIMESTAMP_NTZ, WHO VARCHAR)',
      'CREATE TABLE ANALYTICS.CORE.DATES (CASE_ID NUMBER, DAY DATE, RECORDED TIMESTAMP_NTZ)',
      'CREATE TABLE ANALYTICS.CORE.READY (CASE_ID NUMBER, RECORDED TIMESTAMP_NTZ)',
      'GRANT USAGE ON DATABASE ANALYTICS TO ROLE ACCOUNTADMIN',
      'GRANT USAGE ON SCHEMA ANALYTICS.CORE TO ROLE ACCOUNTADMIN',
      ...['ENCOUNTER', 'WARDS', 'RESULTS', 'BOOKINGS', 'DECISIONS', 'DATES', 'READY'].map(
        (name) => `GRANT SELECT ON TABLE ANALYTICS.CORE.${name} TO ROLE ACCOUNTADMIN`,
      ),
    );
    hospital.write(QUERY, ['\ngroups:', MORE]);
    ctx = await hospital.cloud.open();
    await apply(ctx);
    await come(9_000_001, 'P');
    // Of a ward that is not among the wards yet: the join leaves it out.
    await come(9_000_002, 'NEW');
    await come(9_000_009, 'P', 900_000_002);
    await build();
  });
  after(async () => {
    await ctx?.close();
    await first?.close();
    hospital.cloud.remove();
  });

  it('was there before', async () => {
    expect(await found(9_000_001)).to.include({ HEALTH_SOURCE: 1, HEALTH_EVENTS: 1, HEALTH_FEATURES: 1 });
    expect(await found(9_000_002)).to.include({ HEALTH_SOURCE: 0, HEALTH_EVENTS: 1, HEALTH_FEATURES: 0 });
  });

  it('goes, and does not come back with an encounter that a join had left out, nor with its events', async () => {
    const { admissions } = await callProcedure<{ admissions: number }>(ctx, 'FORGET_PATIENT', [
      String(PATIENT),
    ]);
    expect(admissions).to.be.at.least(1);
    expect(await found(9_000_001)).to.deep.equal(none);
    await team("INSERT INTO ANALYTICS.CORE.WARDS SELECT 'NEW'");
    expect(await found(9_000_002)).to.deep.equal(none);
    await build();
    await callProcedure(ctx, 'RECONCILE', [true]);
    expect(await found(9_000_001, 9_000_002)).to.deep.equal(none);
  });

  it('does not come back with a later encounter, an event or a booking', async () => {
    await come(9_000_003, 'P');
    await build();
    expect(await found(9_000_003)).to.deep.equal(none);
    // Others do.
    expect(await found(9_000_009)).to.include({ HEALTH_SOURCE: 1, HEALTH_EVENTS: 1, HEALTH_FEATURES: 1 });
    expect(await found(9_000_009)).to.include({
      HEALTH_PLANNED: 1,
      HEALTH_DECISIONS: 1,
      HEALTH_DISCHARGE_DATES: 1,
      HEALTH_READY: 1,
    });
  });

  it('is remembered without having had an admission, once, and not by name', async () => {
    for (let i = 0; i < 2; i++)
      expect(await callProcedure<object>(ctx, 'FORGET_PATIENT', ['900000077'])).to.include({ admissions: 0 });
    await come(9_000_077, 'P', 900_000_077);
    await build();
    expect(await found(9_000_077)).to.deep.equal(none);
    const kept = await ctx.snowflake.query('SELECT ID_HASH FROM LOS_FORGOTTEN');
    expect(JSON.stringify(kept)).not.to.contain('900000077');
    expect(new Set(kept.map(({ ID_HASH }) => ID_HASH)).size).to.equal(kept.length);
  });
});
