import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: developer-guide/udf/javascript/udf-javascript-introduction, "Dates"
describe('dates in JavaScript handlers', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      `CREATE FUNCTION run(x TIMESTAMP_LTZ) RETURNS VARIANT LANGUAGE JAVASCRIPT AS 'return X.toISOString();'`,
      `CREATE FUNCTION of_date(x DATE) RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$ return [X.toISOString(), X.getDate(), X.getHours()]; $$`,
      `CREATE FUNCTION of_ntz(x TIMESTAMP_NTZ) RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$ return [X.toISOString(), X.getHours()]; $$`,
      `CREATE FUNCTION of_tz(x TIMESTAMP_TZ) RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$ return [X.toISOString(), X.getHours()]; $$`,
      ...['DATE', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'].map(
        (type) =>
          `CREATE FUNCTION as_${type}(ms FLOAT) RETURNS ${type} LANGUAGE JAVASCRIPT AS $$ return MS === undefined ? MS : new Date(MS); $$`,
      ),
    ])
      await client.rows(sql);
  });
  after(() => snowflake.close());
  const inZone = (zone: string) => client.rows(`ALTER SESSION SET TIMEZONE = '${zone}'`);

  /** What an expression gives inside a handler. */
  const js = async (expression: string) => {
    await client.rows(
      `CREATE OR REPLACE FUNCTION d.public.js() RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$ return ${expression}; $$`,
    );
    return client.value('SELECT d.public.js()');
  };

  it('DATE is midnight, and TIMESTAMP_NTZ its reading, on the clock of the session', async () => {
    for (const [zone, midnight, reading] of [
      ['America/Los_Angeles', '2024-07-01T07:00:00.000Z', '2024-07-01T17:30:00.250Z'],
      ['Europe/Vienna', '2024-06-30T22:00:00.000Z', '2024-07-01T08:30:00.250Z'],
      ['Asia/Kathmandu', '2024-06-30T18:15:00.000Z', '2024-07-01T04:45:00.250Z'],
      ['UTC', '2024-07-01T00:00:00.000Z', '2024-07-01T10:30:00.250Z'],
    ]) {
      await inZone(zone!);
      expect(
        await client.values(
          "SELECT of_date('2024-07-01'), of_ntz('2024-07-01 10:30:00.250'::TIMESTAMP_NTZ), of_tz('2024-07-01 10:30:00 +0000'::TIMESTAMP_TZ)[0]::VARCHAR",
        ),
        zone,
      ).to.deep.equal([[[midnight, 1, 0], [reading, 10], '2024-07-01T10:30:00.000Z']]);
    }
  });

  it('results are cast as from TIMESTAMP_LTZ(3)', async () => {
    const ms = Date.UTC(2024, 6, 1, 3, 0, 0, 123);
    const sql = `SELECT as_DATE(${ms})::VARCHAR, as_TIMESTAMP_NTZ(${ms})::VARCHAR, as_TIMESTAMP_LTZ(${ms})::VARCHAR, as_TIMESTAMP_TZ(${ms})::VARCHAR`;
    await inZone('America/Los_Angeles');
    expect(await client.values(sql)).to.deep.equal([
      [
        '2024-06-30',
        '2024-06-30 20:00:00.123',
        '2024-06-30 20:00:00.123 -0700',
        '2024-06-30 20:00:00.123 -0700',
      ],
    ]);
    await inZone('Europe/Vienna');
    expect(await client.values(sql)).to.deep.equal([
      [
        '2024-07-01',
        '2024-07-01 05:00:00.123',
        '2024-07-01 05:00:00.123 +0200',
        '2024-07-01 05:00:00.123 +0200',
      ],
    ]);
    expect(
      await client.values(
        'SELECT as_DATE(NULL), as_TIMESTAMP_NTZ(NULL), as_TIMESTAMP_LTZ(NULL), as_TIMESTAMP_TZ(NULL)',
      ),
    ).to.deep.equal([[null, null, null, null]]);
  });

  it('inside a VARIANT are timestamps, which read as TO_VARIANT of them', async () => {
    for (const zone of ['America/Los_Angeles', 'Asia/Kathmandu', 'America/St_Johns', 'UTC']) {
      await inZone(zone);
      const timestamp = "TO_VARIANT('2024-07-01 10:30:00.25 +0000'::TIMESTAMP_LTZ(3))";
      const date = "new Date('2024-07-01T10:30:00.250Z')";
      const text = await client.value(`SELECT ${timestamp}::VARCHAR`);
      expect(await js(date), zone).to.equal(text);
      expect(await js(`{a: [${date}, ${date}.toISOString()], b: {c: ${date}}}`), zone).to.deep.equal({
        a: [text, '2024-07-01T10:30:00.250Z'],
        b: { c: text },
      });
    }
  });

  it('times before 1970 keep their fractions', async () => {
    await inZone('UTC');
    expect(
      await client.values(
        "SELECT of_ntz('1969-12-31 23:59:58.250'::TIMESTAMP_NTZ)[0]::VARCHAR, as_TIMESTAMP_NTZ(-1750)::VARCHAR, as_TIMESTAMP_TZ(-500)::VARCHAR",
      ),
    ).to.deep.equal([
      ['1969-12-31T23:59:58.250Z', '1969-12-31 23:59:58.250', '1969-12-31 23:59:59.500 +0000'],
    ]);
  });

  it('a handler for TIMESTAMP_TZ is called once a row', async () => {
    await client.rows(
      `CREATE FUNCTION counted() RETURNS TIMESTAMP_TZ LANGUAGE JAVASCRIPT AS $$ if (typeof n === 'undefined') n = 0; return new Date(++n * 1000); $$`,
    );
    expect(
      await client.value(
        'SELECT MAX(DATE_PART(EPOCH_SECOND, counted())) FROM TABLE(GENERATOR(ROWCOUNT => 10))',
      ),
    ).to.equal(10);
  });

  it('local fields, setters, constructors and texts are those of the session’s zone', async () => {
    await inZone('America/New_York');
    for (const [expression, value] of [
      ['new Date(2024, 0, 15, 12).toISOString()', '2024-01-15T17:00:00.000Z'],
      ['new Date(2024, 6, 15).toISOString()', '2024-07-15T04:00:00.000Z'],
      ["new Date('2024-07-15').toISOString()", '2024-07-15T00:00:00.000Z'],
      ["new Date('2024-07-15T08:00').toISOString()", '2024-07-15T12:00:00.000Z'],
      ["new Date('2024-07-15T08:00Z').getHours()", 4],
      ["new Date('Jul 15, 2024 08:00:00').toISOString()", '2024-07-15T12:00:00.000Z'],
      ["new Date('Mon, 15 Jul 2024 08:00:00 GMT').toISOString()", '2024-07-15T08:00:00.000Z'],
      ["Date.parse('2024-07-15T08:00') === new Date(2024, 6, 15, 8).getTime()", true],
      [
        'String(new Date(Date.UTC(2024, 6, 15, 12)))',
        'Mon Jul 15 2024 08:00:00 GMT-0400 (Eastern Daylight Time)',
      ],
      ['new Date(Date.UTC(2024, 0, 15, 3)).toDateString()', 'Sun Jan 14 2024'],
      ['new Date(Date.UTC(2024, 0, 15)).getTimezoneOffset()', 300],
      ['new Date(Date.UTC(2024, 0, 15, 3)).getDay()', 0],
      ["new Date(Date.UTC(2024, 0, 15, 3)).toLocaleDateString('en-US')", '1/14/2024'],
      [
        '(() => { const d = new Date(2024, 2, 9, 12); d.setDate(10); return d.toISOString(); })()',
        '2024-03-10T16:00:00.000Z',
      ],
      [
        '(() => { const d = new Date(2024, 0, 31); d.setHours(23, 59, 58, 7); return d.toISOString(); })()',
        '2024-02-01T04:59:58.007Z',
      ],
      // 02:30 is skipped on that night, and 01:30 comes twice on the other.
      ['new Date(2024, 2, 10, 2, 30).toISOString()', '2024-03-10T07:30:00.000Z'],
      ['new Date(2024, 10, 3, 1, 30).toISOString()', '2024-11-03T05:30:00.000Z'],
      [
        '[new Date(NaN).getHours(), String(new Date(NaN)), new Date(undefined).getTime()].join()',
        'NaN,Invalid Date,NaN',
      ],
      ['typeof Date() + (new Date() instanceof Date) + Date.name + Date.length', 'stringtrueDate7'],
      ['new (class Day extends Date { next() { return this.getDate() + 1; } })(2024, 0, 31).next()', 32],
      ['new Date(new Date(5)).getTime() + new Date(null).getTime()', 5],
      ['JSON.stringify(new Date(0))', '"1970-01-01T00:00:00.000Z"'],
    ] as const)
      expect(await js(expression), expression).to.deep.equal(value);
  });

  it('procedures have them too', async () => {
    await inZone('Europe/Vienna');
    await client.rows(
      `CREATE PROCEDURE d.public.p(x DATE, y TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ LANGUAGE JAVASCRIPT AS $$ return new Date(X.getFullYear(), X.getMonth(), X.getDate(), Y.getHours()); $$`,
    );
    expect(
      await client
        .statement("CALL d.public.p('2024-07-01', '2024-01-01 09:00:00')")
        .then(() => client.value('SELECT P::VARCHAR FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))')),
    ).to.equal('2024-07-01 09:00:00.000');
  });
});
