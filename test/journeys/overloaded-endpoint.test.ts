import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Breakages } from '../doctor/hops/breakages.js';

/** The whole way: API Gateway refuses by 429 until Snowflake gives up repeating, and the query fails. */
describe('an endpoint that has more to do than it can', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let by: Breakages;
  before(async () => {
    cloud = await embeddedCloud(
      'mail: { to: [] }\nendpoint: { maxConcurrency: 1 }\ntasks: { resumed: false }',
      {},
      'trained',
    );
    by = new Breakages(await cloud.open());
    await by.apply();
    await by.sql('UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL');
    await callProcedure(by.ctx, 'BUILD_FEATURES', []);
    await callProcedure(by.ctx, 'ACCEPT_CHANGES', ['HEALTH_ADMISSIONS']);
  });
  after(async () => {
    await by.ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const number = async (sql: string) =>
    Number(Object.values((await by.ctx.snowflake.query(sql))[0] ?? {})[0]);
  const waiting = () => number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE');
  const score = () => callProcedure<Record<string, unknown>>(by.ctx, 'SCORE_ADMISSIONS', []);
  /** INSERTs into the log that went through, and that failed. */
  const inserts = (status: string) =>
    number(
      `SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))
WHERE QUERY_TEXT LIKE 'INSERT INTO%LOS_PREDICTION_LOG%' AND EXECUTION_STATUS = '${status}'`,
    );

  it('is asked about less at once, until all are scored', async () => {
    const many = await waiting();
    expect(many).to.be.greaterThan(4000);
    await by.faults('execute-api:Invoke=throttle,next=60');
    expect(await score()).to.include({ rows: many, waiting: 0 });
    await by.faults();
    expect(await inserts('FAILED_WITH_ERROR')).to.be.at.least(1);
    expect(await inserts('SUCCESS')).to.be.at.least(3);
    expect(await number('SELECT COUNT(DISTINCT CASE_ID) FROM LOS_PREDICTION_LOG')).to.equal(many);
    expect(await number('SELECT COUNT(*) FROM LOS_PREDICTION_LOG')).to.equal(many);
  });

  it('is left alone when it answers nothing, and everybody goes on waiting', async () => {
    await callProcedure(by.ctx, 'RESCORE_ADMISSIONS', [{ object: { since: '2000-01-01' } }]);
    const many = await waiting();
    await by.faults('execute-api:Invoke=throttle,share=1');
    const error = await score().catch((e: unknown) => e);
    await by.faults();
    expect((error as Error).message).to.contain('429');
    expect(await waiting()).to.equal(many);
    expect(await score()).to.include({ rows: many, waiting: 0 });
  });
});
