import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

describe('a column of the hospital’s table that has changed', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'applied');
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const alarms = async () => {
    await ctx.snowflake.query('CALL WATCH_SCORING()');
    return await ctx.snowflake.query(
      "SELECT SEVERITY, SUBJECT, MESSAGE, LOOK_AT FROM LOS_ALARMS WHERE KIND = 'source' AND ENDED_ON IS NULL",
    );
  };
  const alter = (change: string) => ctx.snowflake.execute(`ALTER TABLE HEALTH_ADMISSIONS ${change}`);

  long('is an alarm by name within the hour, though no row has changed, until it is back', async () => {
    expect(await alarms()).to.deep.equal([]);
    await alter('RENAME COLUMN AGE TO AGE_GROUP');
    await alter('DROP COLUMN BED_GRADE');
    await alter('ADD COLUMN BED_GRADE VARCHAR');
    const [alarm, ...others] = await alarms();
    expect(others).to.deep.equal([]);
    expect(alarm).to.include({
      SEVERITY: 'critical',
      SUBJECT: 'columns of HEALTH_ADMISSIONS',
      LOOK_AT: 'column',
    });
    expect(alarm!.MESSAGE).to.match(
      /it has no AGE, which the contract reads; BED_GRADE is TEXT, and NUMBER in the contract/,
    );
    await alter('RENAME COLUMN AGE_GROUP TO AGE');
    await alter('DROP COLUMN BED_GRADE');
    // Another width holds the same values.
    await alter('ADD COLUMN BED_GRADE NUMBER(5, 0)');
    expect(await alarms()).to.deep.equal([]);
  });

  long(
    'is all that is told where the table was replaced, and nothing is where it has the same columns',
    async () => {
      const told = async (select: string) => {
        await ctx.snowflake.execute('DELETE FROM LOS_EVENTS');
        // Or that is a loss.
        await ctx.snowflake.execute('DELETE FROM LOS_TABLE_COUNTS');
        await ctx.snowflake.execute(
          `CREATE OR REPLACE TABLE HEALTH_ADMISSIONS AS ${select} FROM HEALTH_ADMISSIONS`,
        );
        await ctx.snowflake.query('CALL WATCH_SCORING()');
        return (
          await ctx.snowflake.query(
            "SELECT KIND, MESSAGE FROM LOS_EVENTS WHERE KIND <> 'heartbeat' AND MESSAGE NOT LIKE '%have not been read%'",
          )
        ).map(({ KIND, MESSAGE }) => `${KIND}: ${MESSAGE}`);
      };
      const [retyped, ...others] = await told('SELECT * REPLACE (CASE_ID::VARCHAR AS CASE_ID)');
      expect(retyped).to.match(/^alarm: .*CASE_ID is TEXT, and NUMBER in the contract/);
      expect(others).to.deep.equal([]);
      const [ended, ...more] = await told('SELECT * REPLACE (CASE_ID::NUMBER AS CASE_ID)');
      expect(ended).to.match(/^alarm ended: /);
      expect(more).to.deep.equal([]);
      expect(await told('SELECT *')).to.deep.equal([]);
    },
  );
});
