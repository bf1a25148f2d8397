import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('roles and grants', () => {
  let snowflake: TestSnowflake;
  let admin: Client;
  before(async () => {
    snowflake = await withSnowflake();
    admin = await snowflake.connect();
    await admin.rows('CREATE DATABASE d');
    await admin.rows('CREATE TABLE t (x NUMBER)');
    await admin.rows('CREATE ROLE reader');
    await admin.rows("CREATE USER ann PASSWORD = 'secret of ann' DEFAULT_ROLE = reader");
    await admin.rows('GRANT ROLE reader TO USER ann');
  });
  after(() => snowflake.close());
  const ann = () =>
    snowflake.connect({ username: 'ann', password: 'secret of ann', database: 'D', schema: 'PUBLIC' });

  it('hides what a role has no privilege on', async () => {
    const client = await ann();
    expect(await client.rows('SHOW DATABASES')).to.deep.equal([]);
    expect((await client.error('USE DATABASE d')).message).to.contain(
      'Object does not exist, or operation cannot be performed.',
    );
    expect((await client.error('DESC TABLE d.public.t')).message).to.contain(
      "Database 'D' does not exist or not authorized.",
    );
  });

  it('lets it see and use what is granted, and says what is missing', async () => {
    await admin.rows('GRANT USAGE ON DATABASE d TO ROLE reader');
    await admin.rows('GRANT USAGE ON SCHEMA d.public TO ROLE reader');
    await admin.rows('GRANT SELECT ON TABLE d.public.t TO ROLE reader');
    const client = await ann();
    expect((await client.rows('DESC TABLE t')).length).to.equal(1);
    const error = await client.error('CREATE TABLE mine (x NUMBER)');
    expect(error.message).to.contain("Insufficient privileges to operate on schema 'PUBLIC'");
    expect(String(error.code)).to.equal('003001');
    expect(error.sqlState).to.equal('42501');
    expect((await client.error('DROP TABLE t')).message).to.contain(
      "Insufficient privileges to operate on table 'T'",
    );
  });

  it('shows the grants on a table or view by its name alone, whatever the name', async () => {
    await admin.rows('CREATE OR REPLACE VIEW d.public."role" AS SELECT 1 AS x');
    for (const [name, kind] of [
      ['d.public.t', 'TABLE'],
      ['"D".public."T"', 'TABLE'],
      ['d.public."role"', 'VIEW'],
    ]) {
      await admin.rows(`GRANT SELECT ON ${name} TO ROLE reader`);
      for (const end of ['', ';', ' ;\n'])
        expect(await admin.rows(`show grants on ${name}${end}`), name).to.deep.equal(
          await admin.rows(`SHOW GRANTS ON ${kind} ${name}`),
        );
    }
    await admin.rows('DROP VIEW d.public."role"');
    await admin.rows('CREATE TABLE d.public.role (x NUMBER)');
    expect(await admin.rows('SHOW GRANTS ON ROLE reader')).to.be.an('array');
    const client = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    expect((await client.rows('SHOW GRANTS ON role'))[0]).to.include({ name: 'D.PUBLIC.ROLE' });
    await admin.rows('DROP TABLE d.public.role');
    expect((await admin.error('SHOW GRANTS ON DYNAMIC TABLE x')).message).to.contain('does not support');
    expect((await admin.error('SHOW GRANTS ON nothing')).code).to.equal('002003');
  });

  it('gives new objects what was granted on future ones', async () => {
    await admin.rows('GRANT SELECT ON FUTURE TABLES IN SCHEMA d.public TO ROLE reader');
    await admin.rows('CREATE TABLE later (x NUMBER)');
    const client = await ann();
    expect((await client.rows('SHOW TABLES')).map((table) => table.name)).to.deep.equal(['LATER', 'T']);
    const shown = await admin.rows('SHOW FUTURE GRANTS IN SCHEMA d.public');
    expect(shown[0]).to.include({
      privilege: 'SELECT',
      grant_on: 'TABLE',
      name: 'D.PUBLIC.<TABLE>',
      grantee_name: 'READER',
    });
  });

  // docs: sql-reference/sql/create-table, COPY GRANTS; sql-reference/sql/grant-privilege, future grants
  it('keeps what future grants promised when another role replaces, swaps or clones its tables every night', async () => {
    for (const sql of [
      'CREATE ROLE builder',
      'GRANT ROLE builder TO USER admin',
      'GRANT USAGE ON DATABASE d TO ROLE builder',
      'CREATE SCHEMA d.marts',
      'GRANT USAGE, CREATE TABLE, CREATE VIEW ON SCHEMA d.marts TO ROLE builder',
      'GRANT USAGE ON SCHEMA d.marts TO ROLE reader',
      'GRANT SELECT ON FUTURE TABLES IN SCHEMA d.marts TO ROLE reader',
      'GRANT SELECT ON FUTURE VIEWS IN SCHEMA d.marts TO ROLE reader',
    ])
      await admin.rows(sql);
    const builder = await snowflake.connect({ role: 'BUILDER', database: 'D', schema: 'MARTS' });
    await builder.rows('USE SECONDARY ROLES NONE');
    const client = await ann();
    const read = (relation: string) => client.value(`SELECT MAX(x) FROM d.marts.${relation}`);
    for (const night of [1, 2, 3]) {
      await builder.rows(`CREATE OR REPLACE TRANSIENT TABLE encounter AS SELECT ${night} AS x`);
      await builder.rows(`CREATE OR REPLACE VIEW stays AS SELECT x FROM encounter WHERE ${night} > 0`);
      expect(await read('encounter')).to.equal(night);
      expect(await read('stays')).to.equal(night);
    }
    await builder.rows('CREATE TABLE encounter__new AS SELECT 4 AS x');
    await builder.rows('ALTER TABLE encounter__new SWAP WITH encounter');
    expect(await read('encounter')).to.equal(4);
    await builder.rows('CREATE OR REPLACE TABLE encounter CLONE encounter__new');
    expect(await read('encounter')).to.equal(3);
    expect((await admin.rows("SHOW TABLES LIKE 'encounter'"))[0]!.owner).to.equal('BUILDER');
    await admin.rows('REVOKE SELECT ON FUTURE TABLES IN SCHEMA d.marts FROM ROLE reader');
    // Without them a grant on the table itself outlives only COPY GRANTS, dbt's copy_grants.
    await builder.rows('CREATE OR REPLACE TABLE encounter COPY GRANTS AS SELECT 5 AS x');
    expect(await read('encounter')).to.equal(5);
    await builder.rows('CREATE OR REPLACE TABLE encounter AS SELECT 6 AS x');
    expect((await client.error('SELECT x FROM d.marts.encounter')).message).to.contain(
      'does not exist or not authorized',
    );
    await admin.rows('DROP SCHEMA d.marts');
    await admin.rows('USE SCHEMA d.public');
    await builder.close();
  });

  it('lets a role above inherit', async () => {
    await admin.rows('CREATE ROLE writer');
    await admin.rows('GRANT CREATE TABLE ON SCHEMA d.public TO ROLE writer');
    await admin.rows('GRANT ROLE writer TO ROLE reader');
    const client = await ann();
    await client.rows('CREATE TABLE mine (x NUMBER)');
    const [table] = await client.rows("SHOW TABLES LIKE 'mine'");
    expect(table!.owner).to.equal('READER');
    expect((await admin.error('DROP TABLE mine')).message).to.contain(
      "Object 'D.PUBLIC.MINE' does not exist or not authorized",
    );
    await admin.rows('GRANT ROLE reader TO ROLE sysadmin');
    await admin.rows('DROP TABLE mine');
    await admin.rows('REVOKE ROLE writer FROM ROLE reader');
    expect((await client.error('CREATE TABLE mine (x NUMBER)')).message).to.contain(
      'Insufficient privileges',
    );
  });

  it('moves ownership, with or without the grants', async () => {
    await admin.rows('CREATE ROLE owner_role');
    const error = await admin.error('GRANT OWNERSHIP ON TABLE d.public.t TO ROLE owner_role');
    expect(error.message).to.contain("Dependent grant of privilege 'SELECT'");
    await admin.rows('GRANT OWNERSHIP ON TABLE d.public.t TO ROLE owner_role COPY CURRENT GRANTS');
    const grants = await admin.rows('SHOW GRANTS ON TABLE d.public.t');
    expect(grants.map((grant) => `${grant.privilege} ${grant.grantee_name}`)).to.deep.equal([
      'OWNERSHIP OWNER_ROLE',
      'SELECT READER',
    ]);
  });

  it('lets a user only take roles that are granted to it', async () => {
    const client = await ann();
    expect((await client.error('USE ROLE accountadmin')).message).to.contain(
      "Requested role 'ACCOUNTADMIN' is not assigned",
    );
    const login = await snowflake
      .connect({ username: 'ann', password: 'secret of ann', role: 'ACCOUNTADMIN' })
      .catch((e: Error) => e);
    expect((login as Error).message).to.contain("Role 'ACCOUNTADMIN' specified in the connect string");
  });

  it('logs in with the key that a user was given, and with no other', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
    const good = pair();
    const publicKey = good.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await admin.rows(`ALTER USER ann SET RSA_PUBLIC_KEY = '${publicKey}'`);
    const pem = (key: typeof good) => key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const options = (privateKey: string) => ({
      username: 'ann',
      password: undefined,
      authenticator: 'SNOWFLAKE_JWT',
      privateKey,
    });
    expect((await (await snowflake.connect(options(pem(good)))).rows('SHOW ROLES')).length).to.be.greaterThan(
      5,
    );
    const refused = await snowflake.connect(options(pem(pair()))).catch((e: Error) => e);
    expect((refused as Error).message).to.contain('JWT token is invalid');
  });
});
