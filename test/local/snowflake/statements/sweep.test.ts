import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('options of CREATE and ALTER', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t (x INT)');
    await client.rows('CREATE VIEW v AS SELECT x FROM t');
    await client.rows('CREATE STAGE st');
  });
  after(() => snowflake.close());

  const message = async (sql: string) => (await client.error(sql)).message;

  /** What Snowflake takes and this does not, with the name that it is refused by. */
  const REFUSED: [statement: string, name: string][] = [
    ['CREATE TEMPORARY SEQUENCE x', 'CREATE TEMPORARY SEQUENCE'],
    ['CREATE RECURSIVE VIEW x (a) AS SELECT 1', 'CREATE RECURSIVE VIEW'],
    ["CREATE VIEW x WITH TAG (a = 'b') AS SELECT 1 AS a", 'CREATE VIEW … TAG'],
    ['CREATE TABLE x (a INT) WITH ROW ACCESS POLICY p ON (a)', 'CREATE TABLE … ROW'],
    ['CREATE TABLE x (a INT WITH MASKING POLICY p)', 'column option WITH'],
    ["CREATE TABLE x (a VARCHAR COLLATE 'en-ci')", "COLLATE 'en-ci'"],
    ['CREATE TABLE x (a INT) ENABLE_SCHEMA_EVOLUTION = TRUE', 'CREATE TABLE … ENABLE_SCHEMA_EVOLUTION'],
    ["ALTER TABLE t SET TAG a = 'b'", 'SET TAG'],
    ["ALTER VIEW v SET TAG a = 'b'", 'SET TAG'],
    ['ALTER VIEW v ADD ROW ACCESS POLICY p ON (x)', 'ALTER VIEW … ADD'],
    ['CREATE STAGE x DIRECTORY = (ENABLE = TRUE)', 'DIRECTORY of a stage'],
    [
      "CREATE STAGE x ENCRYPTION = (TYPE = 'AWS_CSE' MASTER_KEY = 'k')",
      'ENCRYPTION = (TYPE = AWS_CSE …) of a stage',
    ],
    ["CREATE STAGE x CREDENTIALS = (AWS_KEY_ID = 'k')", 'CREDENTIALS of a stage'],
    ['CREATE STAGE x COPY_OPTIONS = (ON_ERROR = CONTINUE)', 'COPY_OPTIONS of a stage'],
    ['CREATE STAGE x CLONE st', 'CLONE of an internal stage'],
    ['CREATE SCHEMA x WITH MANAGED ACCESS', 'WITH MANAGED ACCESS'],
    ['CREATE DATABASE ROLE r', 'CREATE DATABASE ROLE'],
    ['SHOW ROW ACCESS POLICIES', 'SHOW ROW ACCESS POLICIES'],
    ['SHOW PIPES', 'SHOW PIPES'],
    ['DROP PASSWORD POLICY x', 'DROP PASSWORD POLICY'],
    ['ALTER DYNAMIC TABLE x REFRESH', 'ALTER DYNAMIC TABLE'],
    ['DESCRIBE NETWORK POLICY x', 'DESCRIBE NETWORK POLICY'],
    ['USE SECONDARY ROLES sysadmin', 'USE SECONDARY ROLES SYSADMIN'],
    ['ALTER TABLE t ADD SEARCH OPTIMIZATION', 'ALTER TABLE … ADD SEARCH OPTIMIZATION'],
    ['ALTER TABLE t DROP ROW ACCESS POLICY p', 'ALTER TABLE … DROP ROW ACCESS POLICY'],
  ];
  for (const [statement, name] of REFUSED)
    it(`refuses ${statement}`, async () => {
      expect(await message(statement)).to.contain(`Unsupported feature '${name}'`);
    });

  /** What nobody takes. */
  const WRONG: [statement: string, message: string][] = [
    ['CREATE SECURE SEQUENCE x', 'syntax error'],
    ['CREATE TRANSIENT ROLE x', 'syntax error'],
    ['CREATE SEQUENCE x INCREMENT = 0', 'invalid value [0]'],
    ['CREATE SEQUENCE x START = 1.5', 'syntax error'],
    ['CREATE STAGE x COLOUR = red', "invalid property 'COLOUR'"],
    ['CREATE FILE FORMAT x TYPE = CSV SKIP_HEADER = -1', "for parameter 'SKIP_HEADER'"],
    ['CREATE FILE FORMAT x TYPE = CSV TRIM_SPACE = maybe', "for parameter 'TRIM_SPACE'"],
    ['CREATE FILE FORMAT x TYPE = CSV COMPRESSION = ZIP', "for parameter 'COMPRESSION'"],
    ['CREATE FILE FORMAT x TYPE = JSON SKIP_HEADER = 1', "invalid property 'SKIP_HEADER'"],
    ['CREATE FILE FORMAT x TYPE = CSV PARSE_HEADER = TRUE SKIP_HEADER = 1', 'invalid combination'],
    ['SHOW TABLES LIMIT 0', 'syntax error'],
    ['SHOW TABLES LIMIT 10001', 'syntax error'],
    ['SHOW ROLES HISTORY', 'syntax error'],
  ];
  for (const [statement, said] of WRONG)
    it(`finds fault with ${statement}`, async () => {
      expect(await message(statement)).to.contain(said);
    });

  it('alters sequences as documented', async () => {
    // docs: sql-reference/sql/alter-sequence: the interval takes effect after the next value.
    await client.rows('CREATE SEQUENCE q ORDER');
    const next = () => client.value('SELECT q.NEXTVAL');
    expect([await next(), await next()]).to.deep.equal([1, 2]);
    await client.rows('ALTER SEQUENCE q SET INCREMENT BY = -4');
    expect((await client.rows('SHOW SEQUENCES'))[0]).to.include({
      next_value: 3,
      interval: -4,
      ordered: 'Y',
    });
    expect([await next(), await next(), await next()]).to.deep.equal([3, -1, -5]);
    await client.rows("ALTER SEQUENCE q SET NOORDER COMMENT = 'down'");
    expect(await message('ALTER SEQUENCE q SET ORDER')).to.contain('cannot be changed to ORDER');
    await client.rows('ALTER SEQUENCE q RENAME TO r');
    expect((await client.rows('DESCRIBE SEQUENCE r'))[0]).to.include({
      name: 'R',
      next_value: -9,
      ordered: 'N',
    });
    await client.rows('CREATE SEQUENCE c CLONE r');
    expect(await client.value('SELECT c.NEXTVAL')).to.equal(-9);
  });

  it('tells stages and file formats whole', async () => {
    await client.rows("CREATE STAGE sse ENCRYPTION = (TYPE = 'SNOWFLAKE_SSE')");
    expect((await client.rows("SHOW STAGES LIKE 'sse'"))[0]!.type).to.equal('INTERNAL NO CSE');
    await client.rows("CREATE FILE FORMAT f TYPE = CSV FIELD_DELIMITER = '\\t' COMMENT = 'tabs'");
    const described = await client.rows('DESCRIBE FILE FORMAT f');
    const option = (name: string) => described.find((row) => row.property === name);
    expect(option('FIELD_DELIMITER')).to.include({ property_value: '\\t', property_default: ',' });
    expect(option('NULL_IF')).to.include({ property_type: 'List', property_value: '["\\\\N"]' });
    await client.rows('ALTER FILE FORMAT f SET SKIP_HEADER = 2');
    await client.rows('CREATE FILE FORMAT g CLONE f');
    const [shown] = await client.rows("SHOW FILE FORMATS LIKE 'g'");
    expect(JSON.parse(String(shown!.format_options))).to.include({ SKIP_HEADER: 2, FIELD_DELIMITER: '\t' });
    expect(await message('ALTER FILE FORMAT g SET TYPE = JSON')).to.contain('cannot be changed');
    await client.rows('ALTER FILE FORMAT g RENAME TO h');
    await client.rows('ALTER FILE FORMAT h UNSET COMMENT');
    expect((await client.rows("SHOW FILE FORMATS LIKE 'h'"))[0]!.comment).to.equal('');
  });

  it('shows pages of a list', async () => {
    for (const name of ['p1', 'p2', 'p3']) await client.rows(`CREATE TABLE ${name} (x INT)`);
    const page = async (more: string) =>
      (await client.rows(`SHOW TERSE TABLES ${more}`)).map((row) => row.name);
    expect(await page("STARTS WITH 'P' LIMIT 2")).to.deep.equal(['P1', 'P2']);
    expect(await page("STARTS WITH 'P' LIMIT 2 FROM 'P2'")).to.deep.equal(['P3']);
    expect(await page("LIKE 'p_' IN SCHEMA public LIMIT 9 FROM 'P1'")).to.deep.equal(['P2', 'P3']);
  });

  // docs: sql-reference/sql/revoke-privilege
  it('revokes what was granted on only with CASCADE', async () => {
    for (const role of ['first', 'second']) await client.rows(`CREATE ROLE ${role}`);
    await client.rows('GRANT ROLE first TO USER admin');
    await client.rows('GRANT USAGE ON DATABASE d TO ROLE first');
    await client.rows('GRANT USAGE ON SCHEMA d.public TO ROLE first');
    await client.rows('GRANT SELECT ON TABLE t TO ROLE first WITH GRANT OPTION');
    await client.rows('USE ROLE first');
    await client.rows('GRANT SELECT ON TABLE t TO ROLE second');
    await client.rows('USE ROLE accountadmin');
    expect(await message('REVOKE SELECT ON TABLE t FROM ROLE first')).to.contain(
      "Dependent grant of privilege 'SELECT' on securable 'D.PUBLIC.T' to role 'SECOND' exists",
    );
    await client.rows('REVOKE SELECT ON TABLE t FROM ROLE first CASCADE');
    expect(await client.rows('SHOW GRANTS TO ROLE second')).to.have.length(0);
  });
});
