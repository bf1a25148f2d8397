import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('TIMESTAMP_TZ', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      "ALTER SESSION SET TIMEZONE = 'America/Los_Angeles'",
      'CREATE TABLE t (a TIMESTAMP_TZ, b TIMESTAMP_LTZ)',
      "INSERT INTO t VALUES ('2024-01-01 10:00:00 +05:30', '2024-01-01 10:00:00 +05:30'), ('2024-06-01 10:00:00', '2024-06-01 10:00:00')",
    ])
      await client.rows(sql);
  });
  after(async () => {
    await client.close();
    await snowflake.close();
  });

  it('keeps the offset that it was given, or takes the session’s', async () => {
    expect(await client.values('SELECT a::VARCHAR FROM t')).to.deep.equal([
      ['2024-01-01 10:00:00.000 +0530'],
      ['2024-06-01 10:00:00.000 -0700'],
    ]);
    const [value] = (await client.values('SELECT a FROM t'))[0] as [Date];
    expect(value.valueOf()).to.equal(Date.parse('2024-01-01T04:30:00Z'));
    expect(value.toJSON()).to.equal('2024-01-01 10:00:00.000 +0530');
  });

  it('becomes what its own clock shows without the offset, and the same instant with the session’s', async () => {
    expect(
      await client.values(
        'SELECT a::TIMESTAMP_NTZ::VARCHAR, a::DATE::VARCHAR, a::TIME::VARCHAR, a::TIMESTAMP_LTZ::VARCHAR FROM t LIMIT 1',
      ),
    ).to.deep.equal([['2024-01-01 10:00:00.000', '2024-01-01', '10:00:00', '2023-12-31 20:30:00.000 -0800']]);
  });

  it('is compared by the instant, whatever the offset', async () => {
    expect(
      await client.values(
        "SELECT a = b, a = '2024-01-01 04:30:00 Z'::TIMESTAMP_TZ, a IN ('2024-01-01 04:30:00Z'::TIMESTAMP_TZ), a BETWEEN '2024-01-01 04:29:00Z'::TIMESTAMP_TZ AND '2024-01-01 04:30:00Z'::TIMESTAMP_TZ FROM t ORDER BY a",
      ),
    ).to.deep.equal([
      [true, true, true, true],
      [true, false, false, false],
    ]);
  });

  it('keeps the offset in date arithmetic', async () => {
    expect(
      await client.values(
        'SELECT DATEADD(month, 1, a)::VARCHAR, DATE_TRUNC(day, a)::VARCHAR, HOUR(a), DATE_PART(epoch_second, a) FROM t LIMIT 1',
      ),
    ).to.deep.equal([['2024-02-01 10:00:00.000 +0530', '2024-01-01 00:00:00.000 +0530', 10, 1704083400]]);
  });

  it('is read from RFC texts and by formats', async () => {
    expect(
      await client.values(
        "SELECT TO_TIMESTAMP_TZ('Thu, 21 Jan 2016 06:32:44 -0800')::VARCHAR, TO_TIMESTAMP_TZ('04/05/2013 01:02:03 +0300', 'mm/dd/yyyy hh24:mi:ss tzhtzm')::VARCHAR, TRY_TO_TIMESTAMP_TZ('nonsense')",
      ),
    ).to.deep.equal([['2016-01-21 06:32:44.000 -0800', '2013-04-05 01:02:03.000 +0300', null]]);
  });

  it('comes from a bind with its offset', async () => {
    await client.statement('INSERT INTO t (a) SELECT ?', { binds: ['2020-02-29 23:59:59.123 -03:00'] });
    expect(await client.value('SELECT MIN(a)::VARCHAR FROM t')).to.equal('2020-02-29 23:59:59.123 -0300');
  });

  it('is a Date in JavaScript, and comes back on the clock of the session', async () => {
    await client.rows(
      `CREATE FUNCTION later(x TIMESTAMP_TZ) RETURNS TIMESTAMP_TZ LANGUAGE JAVASCRIPT AS 'return new Date(X.getTime() + 1000)'`,
    );
    expect(await client.value("SELECT later('2024-01-01 10:00:00 +0200'::TIMESTAMP_TZ)::VARCHAR")).to.equal(
      '2024-01-01 00:00:01.000 -0800',
    );
  });

  it('goes through functions of functions, however deep and whether a column, a literal or a text', async () => {
    const deep = (value: string) =>
      Array.from({ length: 6 }).reduce((inner) => `DATEADD(day, 1, ${inner})`, value);
    for (const value of [
      'a',
      "'2024-01-01 10:00:00 +05:30'::TIMESTAMP_TZ",
      "TO_TIMESTAMP_TZ('2024-01-01 10:00 +05:30')",
    ])
      expect(
        await client.values(
          `SELECT ${deep(value)}::VARCHAR, CONVERT_TIMEZONE('UTC', ${deep(value)})::VARCHAR FROM t WHERE a = '2024-01-01 10:00:00 +05:30'::TIMESTAMP_TZ LIMIT 1`,
        ),
        value,
      ).to.deep.equal([['2024-01-07 10:00:00.000 +0530', '2024-01-07 04:30:00.000 +0000']]);
    expect(
      await client.values(
        "SELECT DATEADD(day, (SELECT 1), DATEADD(day, 1, a))::VARCHAR FROM t WHERE b = '2024-01-01 10:00:00 +05:30' LIMIT 1",
      ),
    ).to.deep.equal([['2024-01-03 10:00:00.000 +0530']]);
  });
});
