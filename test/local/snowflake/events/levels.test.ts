import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('LOG_LEVEL, TRACE_LEVEL and EVENT_TABLE', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE SCHEMA d.s',
      'CREATE EVENT TABLE events',
      'ALTER ACCOUNT SET EVENT_TABLE = d.s.events',
      `CREATE FUNCTION f() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$
        for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'off']) snowflake.log(level, level);
        return 1; $$`,
    ])
      await client.rows(sql);
  });
  after(() => snowflake.close());

  /** The least severe message that one call of f() leaves, i.e. the level in effect. */
  const inEffect = async (user = client) => {
    await user.rows('SELECT d.s.f()');
    const levels = await client.values("SELECT RECORD['severity_text']::VARCHAR FROM d.s.events");
    await client.rows('TRUNCATE TABLE d.s.events');
    return levels.length === 0 ? 'OFF' : levels[0]![0];
  };
  const shown = async (key: string, where: string) => {
    const [row] = await client.rows(`SHOW PARAMETERS LIKE '${key}' IN ${where}`);
    return [row!.value, row!.level];
  };

  it('record messages of their level and more severe ones', async () => {
    for (const level of ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF']) {
      await client.rows(`ALTER FUNCTION f() SET LOG_LEVEL = ${level}`);
      expect(await inEffect(), level).to.equal(level);
    }
    await client.rows('ALTER FUNCTION f() UNSET LOG_LEVEL');
  });

  it('are taken from the session or the objects, whichever is more verbose', async () => {
    // docs: developer-guide/logging-tracing/telemetry-levels, "How Snowflake determines the level in effect"
    for (const [session, object, used] of [
      ['', 'WARN', 'WARN'],
      ['DEBUG', '', 'DEBUG'],
      ['WARN', 'ERROR', 'WARN'],
      ['INFO', 'DEBUG', 'DEBUG'],
      ['', '', 'OFF'],
    ])
      for (const holder of ['ACCOUNT', 'DATABASE d', 'SCHEMA d.s', 'FUNCTION f()']) {
        await client.rows(`ALTER SESSION ${session ? `SET LOG_LEVEL = ${session}` : 'UNSET LOG_LEVEL'}`);
        await client.rows(`ALTER ${holder} ${object ? `SET LOG_LEVEL = ${object}` : 'UNSET LOG_LEVEL'}`);
        expect(await inEffect(), `${session} ${object} on ${holder}`).to.equal(used);
        await client.rows(`ALTER ${holder} UNSET LOG_LEVEL`);
      }
    await client.rows('ALTER SESSION UNSET LOG_LEVEL');
  });

  it('are overridden from the account down to the function', async () => {
    await client.rows('ALTER ACCOUNT SET LOG_LEVEL = INFO');
    await client.rows('ALTER DATABASE d SET LOG_LEVEL = FATAL');
    expect(await inEffect()).to.equal('FATAL');
    expect(await shown('log_level', 'DATABASE d')).to.deep.equal(['FATAL', 'DATABASE']);
    await client.rows('ALTER SCHEMA d.s SET LOG_LEVEL = DEBUG');
    expect(await inEffect()).to.equal('DEBUG');
    expect(await shown('log_level', 'FUNCTION d.s.f()')).to.deep.equal(['DEBUG', 'SCHEMA']);
    await client.rows("ALTER FUNCTION f() SET LOG_LEVEL = 'error'");
    expect(await inEffect()).to.equal('ERROR');
    expect(await shown('log_level', 'FUNCTION d.s.f()')).to.deep.equal(['ERROR', 'FUNCTION']);
    expect(await shown('log_level', 'SESSION')).to.deep.equal(['INFO', 'ACCOUNT']);
    for (const holder of ['ACCOUNT', 'DATABASE d', 'SCHEMA d.s', 'FUNCTION f()'])
      await client.rows(`ALTER ${holder} UNSET LOG_LEVEL`);
    expect(await shown('log_level', 'ACCOUNT')).to.deep.equal(['OFF', '']);
  });

  it('are kept by CREATE OR ALTER, and over a restart', async () => {
    await client.rows('ALTER FUNCTION f() SET LOG_LEVEL = WARN');
    await client.rows(
      `CREATE OR ALTER FUNCTION f() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$ snowflake.log('fatal', 'new'); return 2; $$`,
    );
    expect(await inEffect()).to.equal('FATAL');
    await snowflake.restart();
    client = await snowflake.connect({ database: 'D', schema: 'S' });
    expect(await shown('log_level', 'FUNCTION f()')).to.deep.equal(['WARN', 'FUNCTION']);
    expect(await shown('event_table', 'ACCOUNT')).to.deep.equal(['D.S.EVENTS', 'ACCOUNT']);
    expect(await inEffect()).to.equal('FATAL');
  });

  it('take known words only', async () => {
    for (const sql of [
      'ALTER SESSION SET LOG_LEVEL = LOUD',
      'ALTER DATABASE d SET TRACE_LEVEL = SOMETIMES',
      'ALTER ACCOUNT SET LOG_LEVEL = 3',
    ])
      expect((await client.error(sql)).message, sql).to.contain('invalid value [');
    expect((await client.error('ALTER SESSION SET METRIC_LEVEL = ALL')).message).to.contain('METRIC_LEVEL');
    expect((await client.error('ALTER ACCOUNT SET SAML_IDENTITY_PROVIDER = x')).message).to.contain(
      'ALTER ACCOUNT SET SAML_IDENTITY_PROVIDER',
    );
  });

  it('send the events of one database elsewhere', async () => {
    for (const sql of [
      'CREATE DATABASE other',
      `CREATE FUNCTION other.public.g() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$ snowflake.log('info', 'g'); return 1; $$`,
      'CREATE EVENT TABLE other.public.own_events',
      'ALTER DATABASE other SET EVENT_TABLE = other.public.own_events',
      'ALTER DATABASE other SET LOG_LEVEL = INFO',
    ])
      await client.rows(sql);
    expect(await shown('event_table', 'DATABASE other')).to.deep.equal([
      'OTHER.PUBLIC.OWN_EVENTS',
      'DATABASE',
    ]);
    await client.rows('SELECT other.public.g()');
    expect(await client.values('SELECT value::VARCHAR FROM other.public.own_events')).to.deep.equal([['g']]);
    await client.rows('ALTER DATABASE other UNSET EVENT_TABLE');
    await client.rows('SELECT other.public.g()');
    expect(await client.values('SELECT value::VARCHAR FROM d.s.events')).to.deep.equal([['g']]);
    await client.rows('ALTER ACCOUNT UNSET EVENT_TABLE');
    expect(await shown('event_table', 'ACCOUNT')).to.deep.equal(['snowflake.telemetry.events', '']);
    await client.rows('SELECT other.public.g()');
    expect(await client.values('SELECT value::VARCHAR FROM snowflake.telemetry.events')).to.deep.equal([
      ['g'],
    ]);
  });

  it('name event tables in full, which the role may fill', async () => {
    expect((await client.error('ALTER ACCOUNT SET EVENT_TABLE = events')).message).to.contain('full name');
    expect((await client.error('ALTER ACCOUNT SET EVENT_TABLE = d.s.nowhere')).message).to.contain(
      "Event table 'D.S.NOWHERE' does not exist",
    );
    await client.rows('CREATE TABLE d.s.plain (n INT)');
    expect((await client.error('ALTER ACCOUNT SET EVENT_TABLE = d.s.plain')).message).to.contain(
      'EVENT_TABLE',
    );
  });

  it('lose the events, and nothing else, when their table is dropped', async () => {
    await client.rows('ALTER ACCOUNT SET EVENT_TABLE = d.s.events');
    await client.rows('DROP TABLE d.s.events');
    expect(await client.value('SELECT other.public.g()')).to.equal(1);
    expect(await shown('event_table', 'ACCOUNT')).to.deep.equal(['', 'ACCOUNT']);
    await client.rows('CREATE EVENT TABLE d.s.events');
    await client.rows('ALTER ACCOUNT SET EVENT_TABLE = d.s.events');
  });

  it('are set by those who were granted it', async () => {
    for (const sql of [
      'CREATE ROLE central_log_admin',
      'CREATE ROLE developer_debugging',
      'GRANT ROLE central_log_admin TO USER admin',
      'GRANT ROLE developer_debugging TO USER admin',
      'GRANT USAGE, MODIFY ON DATABASE d TO ROLE central_log_admin',
    ])
      await client.rows(sql);
    const admin = await snowflake.connect({ role: 'CENTRAL_LOG_ADMIN' });
    expect((await admin.error('ALTER DATABASE d SET LOG_LEVEL = ERROR')).message).to.contain(
      'Insufficient privileges',
    );
    await client.rows('GRANT MODIFY LOG LEVEL ON ACCOUNT TO ROLE central_log_admin');
    await admin.rows('ALTER DATABASE d SET LOG_LEVEL = ERROR');
    await admin.rows('ALTER ACCOUNT SET LOG_LEVEL = ERROR');
    for (const sql of [
      'ALTER DATABASE d SET TRACE_LEVEL = ALWAYS',
      'ALTER ACCOUNT SET EVENT_TABLE = d.s.events',
    ])
      expect((await admin.error(sql)).message, sql).to.contain('Insufficient privileges');
    await admin.close();
    const developer = await snowflake.connect({ role: 'DEVELOPER_DEBUGGING' });
    expect((await developer.error('ALTER SESSION SET LOG_LEVEL = DEBUG')).message).to.contain(
      'Insufficient privileges',
    );
    await client.rows('GRANT MODIFY SESSION LOG LEVEL ON ACCOUNT TO ROLE developer_debugging');
    await developer.rows('ALTER SESSION SET LOG_LEVEL = DEBUG');
    await developer.close();
  });
});

describe('ALTER ACCOUNT SET', () => {
  it('gives later sessions their defaults, which they may override', async () => {
    const snowflake = await withSnowflake();
    const client = await snowflake.connect();
    await client.rows("ALTER ACCOUNT SET TIMEZONE = 'Europe/Vienna', WEEK_START = 1");
    const later = await snowflake.connect();
    expect(await later.value("SELECT '2024-07-01 12:00:00 Z'::TIMESTAMP_LTZ::VARCHAR")).to.equal(
      '2024-07-01 14:00:00.000 +0200',
    );
    const [row] = await later.rows("SHOW PARAMETERS LIKE 'week_start'");
    expect(row).to.include({ value: '1', default: '0', level: 'ACCOUNT' });
    await later.rows("ALTER SESSION SET TIMEZONE = 'UTC'");
    expect((await later.rows("SHOW PARAMETERS LIKE 'timezone' IN SESSION"))[0]).to.include({
      value: 'UTC',
      level: 'SESSION',
    });
    const sysadmin = await snowflake.connect({ role: 'SYSADMIN' });
    expect((await sysadmin.error('ALTER ACCOUNT SET WEEK_START = 0')).message).to.contain(
      'Insufficient privileges',
    );
    await snowflake.close();
  });
});
