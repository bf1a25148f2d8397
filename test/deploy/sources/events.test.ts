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
    for (let ago = 1; ago <= 14; ago++) await insert(ago);
    const look = async () => {
      await one('CALL WATCH_SCORING()');
      const alarms = await ctx.snowflake.query<{ M: string }>(
        "SELECT MESSAGE AS M FROM LOS_ALARMS WHERE KIND = 'source' AND SUBJECT LIKE '%events of stays' AND ENDED_ON IS NULL",
      );
      return alarms.map(({ M }) => M).join();
    };
    expect(await look()).to.contain('In the last 24 hours 0 events of stays were recorded');
    // The feed stays dead, for as many days as are looked back at, and for as many again: the outage is no yardstick.
    for (const days of [3, 12, 20]) {
      await hospital.asOwner(
        first,
        `UPDATE ANALYTICS.LAB.RESULTS SET TAKEN_AT = DATEADD(day, -${days}, TAKEN_AT), RELEASED_AT = DATEADD(day, -${days}, RELEASED_AT) WHERE TRUE`,
      );
      await ctx.snowflake.execute(
        `UPDATE LOS_ALARMS SET RAISED_AT = DATEADD(day, -${days}, RAISED_AT), BEGAN_ON = DATEADD(day, -${days}, BEGAN_ON) WHERE SUBJECT = 'events of stays'`,
      );
      expect(await look()).to.match(/In the last 24 hours 0 .* days before \d{4}-\d\d-\d\d at least 12\d/);
    }
    // A trickle is no recovery.
    await insert(0, 20);
    expect(await look()).to.contain('In the last 24 hours 20 ');
    await insert(0);
    expect(await look()).to.equal('');
    await hospital.asOwner(first, 'REVOKE SELECT ON TABLE ANALYTICS.LAB.RESULTS FROM ROLE ACCOUNTADMIN');
    expect(await look()).to.contain('The events of stays cannot be read');
    await hospital.asOwner(first, 'GRANT SELECT ON TABLE ANALYTICS.LAB.RESULTS TO ROLE ACCOUNTADMIN');
    expect(await look()).to.equal('');
  });

  it('are named where the relation has other columns than the contract says', async () => {
    await hospital.asOwner(first, 'ALTER TABLE ANALYTICS.LAB.RESULTS RENAME COLUMN RESULT TO VALUE');
    const closed = await probeOrigin(ctx, loadContract(hospital.contract));
    expect(closed!.what).to.contain('ANALYTICS.LAB.RESULTS has no RESULT, which the contract reads');
  });
});
