import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { probeOrigin } from '../../../deploy/dataset/probe-origin.js';
import type { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { bootstrapOf } from '../../../deploy/stack/bootstrap.js';
import { describeRows } from '../../../report/operations/rows.js';
import { longTests } from '../../long.js';
import { HospitalCloud } from './hospital-rows.js';

const { long } = longTests(import.meta.url);

const EVENTS = `
events:
  - source: ANALYTICS.LAB.RESULTS
    stay: Encounter No
    time: TAKEN_AT
    name: ANALYTE
    value: RESULT
    recorded: RELEASED_AT
eventFeatures:
  lactate: [last, hours]
`;

describe('events of stays, of another owner', () => {
  const hospital = new HospitalCloud();
  let first: OpenContext;
  let ctx: OpenContext;

  const one = async (sql: string) => Object.values((await ctx.snowflake.query(sql))[0]!)[0];

  before(async () => {
    first = await hospital.open();
    ctx = first;
    await hospital.asOwner(
      first,
      'CREATE SCHEMA ANALYTICS.LAB',
      `CREATE TABLE ANALYTICS.LAB.RESULTS AS SELECT CASE_ID AS "Encounter No", ADMISSION_DATE::TIMESTAMP_NTZ AS TAKEN_AT,
ADMISSION_DATE::TIMESTAMP_NTZ AS RELEASED_AT, 'lactate' AS ANALYTE, '2.5' AS RESULT FROM PREDICT_LOS.LOS.HEALTH_ADMISSIONS`,
      'USE SCHEMA PREDICT_LOS.LOS',
    );
    hospital.write('table: HEALTH_ADMISSIONS', ['groups:', `${EVENTS}\ngroups:`]);
    expect(readFileSync(hospital.contract, 'utf8')).to.contain('eventFeatures');
    ctx = await hospital.cloud.open();
  });
  after(async () => {
    await ctx.close();
    await first.close();
    hospital.cloud.remove();
  });

  it('are read once their owner grants what bootstrap prints, and plan and apply say is missing', async () => {
    const refused = await apply(ctx).then(
      () => expect.fail('it was applied'),
      (error: UserError) => error,
    );
    const contract = loadContract(hospital.contract);
    expect(refused.message).to.contain(
      'ANALYTICS.LAB.RESULTS is not there, or the role ACCOUNTADMIN may not',
    );
    const missing = describeRows(contract, await probeOrigin(ctx, contract));
    expect(missing[1]).to.equal('Rows of events[0]: ANALYTICS.LAB.RESULTS, read with SELECT alone.');
    expect(missing[0]).to.match(
      /^Missing: ANALYTICS.LAB.RESULTS is not there, or .* GRANT USAGE ON DATABASE/,
    );
    const { source } = bootstrapOf(ctx, 'ME');
    const grants = source!.match(/^GRANT .*;$/gm)!;
    expect(grants).to.include('GRANT SELECT ON TABLE ANALYTICS.LAB.RESULTS TO ROLE LOS_DEPLOY;');
    for (const grant of grants) await hospital.asOwner(first, grant.replace('LOS_DEPLOY;', 'ACCOUNTADMIN'));
    expect(await probeOrigin(ctx, loadContract(hospital.contract))).to.equal(undefined);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await one("SELECT COUNT(*) FROM HEALTH_EVENTS WHERE NAME = 'lactate' AND NUMBER = 2.5")).to.equal(
      await one('SELECT COUNT(*) FROM ANALYTICS.LAB.RESULTS'),
    );
  });

  it('are shown to LOS_PATIENTS alone, without the owner’s view below', async () => {
    const readers = async (view: string) =>
      (await ctx.snowflake.query<Record<string, unknown>>(`SHOW GRANTS ON VIEW ${view}`))
        .filter(({ privilege }) => privilege === 'SELECT')
        .map(({ grantee_name }) => grantee_name);
    expect(await readers('HEALTH_EVENTS')).to.deep.equal(['LOS_PATIENTS']);
    expect(await readers('HEALTH_EVENT_ROWS')).to.deep.equal([]);
  });

  it('are left out with an admission that is erased, and stay the hospital’s', async () => {
    const id = String(await one('SELECT MIN(CASE_ID) FROM HEALTH_FEATURES'));
    const erased = (await one(`CALL FORGET_ADMISSION('${id}')`)) as { stays: string[] };
    expect(erased.stays.join()).to.contain('Rows of it in ANALYTICS.LAB.RESULTS');
    expect(await one(`SELECT COUNT(*) FROM HEALTH_EVENTS WHERE STAY = '${id}'`)).to.equal(0);
    expect(await one(`SELECT COUNT(*) FROM ANALYTICS.LAB.RESULTS WHERE "Encounter No" = ${id}`)).to.equal(1);
  });

  long('are missed where none come for a day, and where they cannot be read', async () => {
    const insert = (ago: number, rows = 120) =>
      hospital.asOwner(
        first,
        `INSERT INTO ANALYTICS.LAB.RESULTS SELECT SEQ4(), DATEADD(hour, -${24 * ago + 1}, CURRENT_TIMESTAMP())::TIMESTAMP_NTZ,
DATEADD(hour, -${24 * ago + 1}, CURRENT_TIMESTAMP())::TIMESTAMP_NTZ, 'lactate', '2' FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`,
      );
    const look = async () => {
      await one('CALL WATCH_SCORING()');
      const alarms = await ctx.snowflake.query<{ M: string }>(
        "SELECT MESSAGE AS M FROM LOS_ALARMS WHERE KIND = 'source' AND SUBJECT LIKE '%events of stays' AND ENDED_ON IS NULL",
      );
      return alarms.map(({ M }) => M).join();
    };
    for (let ago = 0; ago <= 30; ago++) await insert(ago);
    expect(await look()).to.equal('');
    // The feed dies, and stays dead for longer than its yardstick is: the outage is none.
    for (const days of [3, 12, 40]) {
      await hospital.asOwner(
        first,
        `UPDATE ANALYTICS.LAB.RESULTS SET TAKEN_AT = DATEADD(day, -${days}, TAKEN_AT), RELEASED_AT = DATEADD(day, -${days}, RELEASED_AT) WHERE TRUE`,
      );
      await ctx.snowflake.execute(
        `UPDATE LOS_TABLE_COUNTS SET DAY = DATEADD(day, -${days}, DAY) WHERE TABLE_NAME = 'HEALTH_EVENT_ROWS'`,
      );
      await ctx.snowflake.execute(
        `UPDATE LOS_ALARMS SET RAISED_AT = DATEADD(day, -${days}, RAISED_AT), BEGAN_ON = DATEADD(day, -${days}, BEGAN_ON) WHERE SUBJECT = 'events of stays'`,
      );
      expect(await look()).to.contain('In the last 30 hours 0 rows of events of stays were recorded');
    }
    // A trickle is no recovery.
    await insert(0, 20);
    expect(await look()).to.contain('In the last 30 hours 20 ');
    await insert(0);
    await insert(1);
    expect(await look()).to.equal('');
    // What is lost of days before is told at the next look, until it is back, or accepted.
    for (const ago of [2, 3, 4]) {
      await insert(ago);
      await ctx.snowflake.execute(
        `INSERT INTO LOS_TABLE_COUNTS SELECT 'health', 'HEALTH_EVENT_ROWS', DATEADD(day, -${ago}, CURRENT_DATE()), 120, CURRENT_TIMESTAMP(), TRUE, NULL`,
      );
    }
    expect(await look()).to.equal('');
    await hospital.asOwner(first, 'CREATE TABLE ANALYTICS.LAB.KEPT CLONE ANALYTICS.LAB.RESULTS');
    await hospital.asOwner(first, 'TRUNCATE TABLE ANALYTICS.LAB.RESULTS');
    expect(await look()).to.contain('are left of');
    await hospital.asOwner(first, 'INSERT INTO ANALYTICS.LAB.RESULTS SELECT * FROM ANALYTICS.LAB.KEPT');
    expect(await look()).to.equal('');
    await hospital.asOwner(first, 'INSERT INTO ANALYTICS.LAB.RESULTS SELECT * FROM ANALYTICS.LAB.KEPT');
    expect(await look()).to.contain('they have come more than once');
    await one("CALL ACCEPT_CHANGES('HEALTH_EVENT_ROWS')");
    expect(await look()).to.equal('');
    await hospital.asOwner(first, 'REVOKE SELECT ON TABLE ANALYTICS.LAB.RESULTS FROM ROLE ACCOUNTADMIN');
    expect(await look()).to.contain('The events of stays cannot be read');
    await hospital.asOwner(first, 'GRANT SELECT ON TABLE ANALYTICS.LAB.RESULTS TO ROLE ACCOUNTADMIN');
    expect(await look()).to.equal('');
  });

  it('are told whose times are off by hours, until they are right, or accepted', async () => {
    const look = async () => {
      await one('CALL WATCH_SCORING()');
      const alarms = await ctx.snowflake.query<{ M: string }>(
        "SELECT SUBJECT || ': ' || MESSAGE AS M FROM LOS_ALARMS WHERE KIND = 'source' AND ENDED_ON IS NULL",
      );
      return alarms.map(({ M }) => M).join();
    };
    const move = (hours: number) =>
      hospital.asOwner(
        first,
        `UPDATE ANALYTICS.LAB.RESULTS SET TAKEN_AT = DATEADD(hour, ${hours}, TAKEN_AT), RELEASED_AT = DATEADD(hour, ${hours}, RELEASED_AT) WHERE TRUE`,
      );
    await ctx.snowflake.execute("DELETE FROM LOS_TABLE_COUNTS WHERE TABLE_NAME = 'HEALTH_EVENT_ROWS'");
    await ctx.snowflake.execute('DELETE FROM LOS_ALARMS WHERE TRUE');
    await hospital.asOwner(first, 'TRUNCATE TABLE ANALYTICS.LAB.RESULTS');
    // Most by day, a few at night, 65 in each of 40 days.
    await hospital.asOwner(
      first,
      `INSERT INTO ANALYTICS.LAB.RESULTS SELECT SEQ4(), T, T, 'lactate', '2' FROM (
  SELECT DATEADD(minute, 60 * IFF(MOD(N, 13) < 11, 7 + MOD(N, 11), MOD(N, 24)), DATEADD(day, -FLOOR(N / 65), CURRENT_DATE()))::TIMESTAMP_NTZ AS T
  FROM (SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS N FROM TABLE(GENERATOR(ROWCOUNT => ${40 * 65}))))`,
    );
    expect(await look()).to.equal('');
    await move(5);
    expect(await look()).to.match(/^clock of events of stays: .*about 5 hours later than/);
    await move(-5);
    expect(await look()).to.equal('');
    await move(-4);
    expect(await look()).to.match(/^clock of events of stays: .*about 4 hours earlier than/);
    await one("CALL ACCEPT_CHANGES('HEALTH_EVENT_ROWS')");
    expect(await look()).to.equal('');
  });

  it('are named where the relation has other columns than the contract says', async () => {
    await hospital.asOwner(first, 'ALTER TABLE ANALYTICS.LAB.RESULTS RENAME COLUMN RESULT TO VALUE');
    const closed = await probeOrigin(ctx, loadContract(hospital.contract));
    expect(closed!.what).to.contain('ANALYTICS.LAB.RESULTS has no RESULT, which the contract reads');
  });
});
