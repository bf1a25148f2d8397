import { expect } from 'chai';
import type { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { HospitalCloud } from './hospital-rows.js';

const RENAMED = ['  CASE_ID: NUMBER', '  CASE_ID: { type: NUMBER, source: "Encounter No" }'] as const;

describe('rows in another database, of another owner', () => {
  const hospital = new HospitalCloud();
  let first: OpenContext;
  let ctx: OpenContext;

  const rows = (sql: string) => ctx.snowflake.query(sql);
  const one = async (sql: string) => Object.values((await rows(sql))[0]!)[0];
  const reopened = async () => {
    if (ctx && ctx !== first) await ctx.close();
    ctx = await hospital.cloud.open();
  };

  before(async () => {
    first = await hospital.open();
    ctx = first;
    hospital.write('source: ANALYTICS.CORE.ENCOUNTER', RENAMED);
  });
  after(async () => {
    if (ctx !== first) await ctx.close();
    await first.close();
    hospital.cloud.remove();
  });

  it('are read once their owner lets the deploying role, and nothing is made there', async () => {
    const before = await one('SELECT COUNT(*) FROM HEALTH_FEATURES');
    await reopened();
    const refused = await apply(ctx).then(
      () => expect.fail('it was applied'),
      (error: UserError) => error,
    );
    expect(refused.message).to.contain('ANALYTICS');
    await hospital.asOwner(
      first,
      'GRANT USAGE ON DATABASE ANALYTICS TO ROLE LOS_DEPLOY',
      'GRANT USAGE ON DATABASE ANALYTICS TO ROLE ACCOUNTADMIN',
      'GRANT USAGE ON SCHEMA ANALYTICS.CORE TO ROLE ACCOUNTADMIN',
      'GRANT SELECT ON TABLE ANALYTICS.CORE.ENCOUNTER TO ROLE ACCOUNTADMIN',
    );
    await reopened();
    await apply(ctx);
    expect((await apply(ctx)).updated).to.deep.equal([]);
    expect(await one('SELECT COUNT(*) FROM HEALTH_SOURCE')).to.equal(before);
    expect(await rows('SHOW OBJECTS IN SCHEMA ANALYTICS.CORE')).to.have.length(1);
    // What was the table stays as it is.
    expect(await one('SELECT COUNT(*) FROM HEALTH_ADMISSIONS')).to.equal(before);
  });

  it('make features, change them, and are withdrawn', async () => {
    await hospital.asOwner(
      first,
      `INSERT INTO ANALYTICS.CORE.ENCOUNTER SELECT 900001, * EXCLUDE "Encounter No" FROM ANALYTICS.CORE.ENCOUNTER LIMIT 1`,
      `DELETE FROM ANALYTICS.CORE.ENCOUNTER WHERE "Encounter No" = (SELECT MIN("Encounter No") FROM ANALYTICS.CORE.ENCOUNTER)`,
    );
    await rows('CALL BUILD_FEATURES()');
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE CASE_ID = 900001')).to.equal(1);
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NOT NULL')).to.equal(1);
  });

  it('stay the hospital’s when an admission is erased, which does not come back', async () => {
    const [answer] = await rows("CALL FORGET_ADMISSION('900001')");
    expect(JSON.stringify(answer)).to.contain('The hospital');
    await rows('CALL BUILD_FEATURES()');
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE CASE_ID = 900001')).to.equal(0);
    expect(await one('SELECT COUNT(*) FROM HEALTH_SOURCE WHERE CASE_ID = 900001')).to.equal(0);
    expect(await one('SELECT COUNT(*) FROM ANALYTICS.CORE.ENCOUNTER WHERE "Encounter No" = 900001')).to.equal(
      1,
    );
  });
});
