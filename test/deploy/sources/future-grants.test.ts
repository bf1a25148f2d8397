import { expect } from 'chai';
import { ownersPart } from '../../../procedures/dataset/origin/grants.js';
import { type Client, type TestSnowflake, withSnowflake } from '../../local/snowflake/support.js';

/** What bootstrap prints for tables that are replaced every night, run in an account where others have future grants on the database. */
describe('future grants that keep our rights and take no one else’s', () => {
  let snowflake: TestSnowflake;
  let admin: Client;
  const { future } = ownersPart(
    { origin: { source: 'ANALYTICS.CORE.ENCOUNTER', columns: {} } },
    'LOS_DEPLOY',
    'LOS_DB',
  )!;
  const readers = async (relation: string) =>
    (await admin.rows(`SHOW GRANTS ON ${relation}`))
      .filter(({ privilege }) => privilege === 'SELECT')
      .map(({ grantee_name, grant_option }) => `${grantee_name} ${grant_option}`)
      .sort();
  const night = async () => {
    await admin.rows('CREATE OR REPLACE TABLE ANALYTICS.CORE.ENCOUNTER AS SELECT 1 AS X');
    await admin.rows('CREATE OR REPLACE VIEW ANALYTICS.CORE.STAYS AS SELECT X FROM ANALYTICS.CORE.ENCOUNTER');
  };
  const run = (statement: string) => admin.rows(statement.replace(/;$/, ''));

  before(async () => {
    snowflake = await withSnowflake();
    admin = await snowflake.connect();
    for (const sql of [
      'CREATE ROLE LOS_DEPLOY',
      'CREATE ROLE ANALYST',
      'CREATE ROLE "data team"',
      'CREATE DATABASE ANALYTICS',
      'CREATE SCHEMA ANALYTICS.CORE',
      'GRANT SELECT ON FUTURE TABLES IN DATABASE ANALYTICS TO ROLE ANALYST',
      'GRANT SELECT ON FUTURE TABLES IN DATABASE ANALYTICS TO ROLE "data team" WITH GRANT OPTION',
      'GRANT SELECT ON FUTURE VIEWS IN DATABASE ANALYTICS TO ROLE ANALYST',
    ])
      await admin.rows(sql);
  });
  after(() => snowflake.close());

  it('shows what is there, and writes as grants on the schema what ours would hide', async () => {
    await night();
    expect(await readers('TABLE ANALYTICS.CORE.ENCOUNTER')).to.deep.equal([
      'ANALYST false',
      'data team true',
    ]);
    expect(await run(future.look[0]!)).to.have.length(3);
    expect(await run(future.look[1]!)).to.deep.equal([]);
    const hidden = (await run(future.restore[0]!)).map(({ STATEMENT }) => String(STATEMENT));
    expect(hidden.sort()).to.deep.equal([
      'GRANT SELECT ON FUTURE TABLES IN SCHEMA ANALYTICS.CORE TO ROLE "ANALYST";',
      'GRANT SELECT ON FUTURE TABLES IN SCHEMA ANALYTICS.CORE TO ROLE "data team" WITH GRANT OPTION;',
      'GRANT SELECT ON FUTURE VIEWS IN SCHEMA ANALYTICS.CORE TO ROLE "ANALYST";',
    ]);
    for (const statement of [...hidden, ...future.grant]) await run(statement);
    await night();
    expect(await readers('TABLE ANALYTICS.CORE.ENCOUNTER')).to.deep.equal([
      'ANALYST false',
      'LOS_DEPLOY false',
      'data team true',
    ]);
    expect(await readers('VIEW ANALYTICS.CORE.STAYS')).to.deep.equal(['ANALYST false', 'LOS_DEPLOY false']);
  });

  it('asks for nothing on the whole database', () => {
    expect(JSON.stringify(future.grant)).not.to.contain('DATABASE');
  });
});
