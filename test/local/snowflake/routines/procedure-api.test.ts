import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: developer-guide/stored-procedure/stored-procedures-api
describe('the API of JavaScript procedures', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      `CREATE TABLE every_type (n10 NUMBER(10,0) NOT NULL, n4 NUMBER(12,4), f FLOAT, t VARCHAR, b BOOLEAN, d DATE, ti TIME,
        ntz TIMESTAMP_NTZ(3), ltz TIMESTAMP_LTZ, tz TIMESTAMP_TZ, bin BINARY, v VARIANT, o OBJECT, a ARRAY, "lower" INT)`,
      `INSERT INTO every_type SELECT 1, 2.5, 0.5, 'x', TRUE, '2024-02-29', '12:34:56.5', '2024-02-29 12:34:56.789',
        '2024-02-29 12:34:56 +0000', '2024-02-29 12:34:56 +0530', TO_BINARY('ab01'), PARSE_JSON('[1]'),
        OBJECT_CONSTRUCT('k', 1), ARRAY_CONSTRUCT(1), 7`,
      'CREATE TABLE target (k INT, v INT)',
      'CREATE TABLE source (k INT, v INT)',
      'INSERT INTO target VALUES (1, 0), (2, 0), (3, 0)',
      'INSERT INTO source VALUES (1, 10), (1, 11), (2, 20)',
    ])
      await client.rows(sql);
  });
  after(() => snowflake.close());

  /** What a handler returns. */
  const run = async (body: string, user = client) => {
    await client.rows(
      `CREATE OR REPLACE PROCEDURE d.public.p() RETURNS VARIANT LANGUAGE JAVASCRIPT EXECUTE AS CALLER AS $$
       const executed = (sqlText, binds = []) => { const s = snowflake.createStatement({sqlText, binds}); s.execute(); return s; };
       const message = (work) => { try { work(); return 'nothing'; } catch (e) { return e.message; } };
       ${body}$$`,
    );
    return user.value('CALL d.public.p()');
  };

  it('binds numbers as FLOAT, because no page says that whole ones are anything else', async () => {
    const asked = (sql: string) =>
      `const r = snowflake.execute({sqlText: ${JSON.stringify(sql)}, binds: [1732500000000]}); r.next(); return r.getColumnValue(1);`;
    expect(await run(asked('SELECT SYSTEM$TYPEOF(?)'))).to.match(/^FLOAT/);
    const refused = asked('SELECT TO_TIMESTAMP_LTZ(?, 3)::VARCHAR');
    expect(await run(`return message(() => { ${refused} });`)).to.contain('invalid type');
    expect(await run(asked('SELECT DATE_PART(EPOCH_SECOND, TO_TIMESTAMP_LTZ(?::NUMBER(38,0), 3))'))).to.equal(
      1_732_500_000,
    );
  });

  it('tells of columns: names, types, scales, whether NULL may stand there', async () => {
    const columns = (await run(
      `const s = executed('SELECT * FROM every_type'), out = [];
       for (let i = 1; i <= s.getColumnCount(); i++)
         out.push([s.getColumnName(i), s.getColumnType(i), s.getColumnSqlType(i), s.getColumnScale(i), s.isColumnNullable(i)].join(' '));
       return out;`,
    )) as string[];
    expect(columns).to.deep.equal([
      'N10 number FIXED 0 false',
      'N4 number FIXED 4 true',
      'F number REAL 0 true',
      'T string TEXT 0 true',
      'B boolean BOOLEAN 0 true',
      'D date DATE 0 true',
      'TI string TIME 0 true',
      'NTZ date TIMESTAMP_NTZ 0 true',
      'LTZ date TIMESTAMP_LTZ 0 true',
      'TZ date TIMESTAMP_TZ 0 true',
      'BIN binary BINARY 0 true',
      'V variant VARIANT 0 true',
      'O object OBJECT 0 true',
      'A array ARRAY 0 true',
      'lower number FIXED 0 true',
    ]);
  });

  it('asks of a column whether it is of a type', async () => {
    expect(
      await run(
        `const s = executed('SELECT * FROM every_type'), out = {};
         for (const type of ['Text', 'Number', 'Boolean', 'Date', 'Time', 'Timestamp', 'Binary', 'Variant', 'Object', 'Array']) {
           out[type] = [];
           for (let i = 1; i <= s.getColumnCount(); i++) if (s['isColumn' + type](i)) out[type].push(s.getColumnName(i));
         }
         return out;`,
      ),
    ).to.deep.equal({
      Text: ['T'],
      Number: ['N10', 'N4', 'F', 'lower'],
      Boolean: ['B'],
      Date: ['D'],
      Time: ['TI'],
      Timestamp: ['NTZ', 'LTZ', 'TZ'],
      Binary: ['BIN'],
      Variant: ['V'],
      Object: ['O'],
      Array: ['A'],
    });
  });

  it('reads columns by number, by name and as properties', async () => {
    expect(
      await run(
        `const r = snowflake.execute({sqlText: 'SELECT * FROM every_type'});
         const before = message(() => r.getColumnValue(1)), type = message(() => r.getColumnSqlType(1));
         r.next();
         return [before, type, r.getColumnValue(1), r.getColumnValue('N4'), r.N4, r.lower, r.getColumnSqlType('N4'), r.getRowCount(),
           message(() => r.getColumnValue('n4')), message(() => r.getColumnValue(99)), r.next(), r.next()];`,
      ),
    ).to.deep.equal([
      'ResultSet is empty or not prepared. Call next() first',
      'ResultSet is empty or not prepared. Call next() first',
      1,
      2.5,
      2.5,
      7,
      'FIXED',
      1,
      'Given column name/index does not exist: n4',
      'Given column name/index does not exist: 99',
      false,
      false,
    ]);
  });

  it('gives every value as a text, dates and times in the formats of the session', async () => {
    const texts = `const r = snowflake.execute({sqlText: 'SELECT * FROM every_type'}), out = [];
      r.next();
      for (let i = 1; i <= r.getColumnCount(); i++) out.push(r.getColumnValueAsString(i));
      return out;`;
    expect(await run(texts)).to.deep.equal([
      '1',
      '2.5000',
      '0.5',
      'x',
      'true',
      '2024-02-29',
      '12:34:56',
      '2024-02-29 12:34:56.789',
      '2024-02-29 04:34:56.000 -0800',
      '2024-02-29 12:34:56.000 +0530',
      'AB01',
      '[1]',
      '{"k":1}',
      '[1]',
      '7',
    ]);
    const own = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    await own.rows("ALTER SESSION SET TIMEZONE = 'UTC', DATE_OUTPUT_FORMAT = 'DD.MM.YYYY'");
    const other = (await run(texts, own)) as string[];
    expect([other[5], other[8]]).to.deep.equal(['29.02.2024', '2024-02-29 12:34:56.000 +0000']);
    await own.close();
  });

  it('counts the rows that statements change, those that several rows matched too', async () => {
    expect(
      await run(
        `const s = executed('UPDATE target SET v = s.v FROM source s WHERE s.k = target.k');
         const r = snowflake.execute({sqlText: 'DELETE FROM target WHERE k = 3'});
         const m = executed('MERGE INTO target t USING (SELECT 2 AS k UNION ALL SELECT 9) s ON t.k = s.k WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (k) VALUES (s.k)');
         const q = executed('SELECT 1');
         return [[s.getNumRowsUpdated(), s.getNumDuplicateRowsUpdated(), s.getNumRowsAffected()], r.getNumRowsAffected(),
           [m.getNumRowsInserted(), m.getNumRowsDeleted(), m.getNumRowsAffected()], q.getNumRowsAffected()];`,
      ),
    ).to.deep.equal([[2, 1, 2], 1, [1, 1, 2], 0]);
  });

  it('tells of a statement only when it has been executed', async () => {
    expect(
      await run(
        `const s = snowflake.createStatement({sqlText: 'SELECT 1'});
         return [s.getSqlText(), ...['getQueryId', 'getRowCount', 'getColumnCount', 'getNumRowsAffected', 'getNumDuplicateRowsUpdated']
           .map((method) => message(() => s[method]())), message(() => s.isColumnText(1))];`,
      ),
    ).to.deep.equal(['SELECT 1', ...new Array(6).fill('Statement is not executed yet.')]);
  });

  it('binds numbers, texts, NULL and dates, and refuses the rest when the statement is made', async () => {
    expect(
      await run(
        `const r = snowflake.execute({sqlText: 'SELECT :1 + 1, :2, :3 IS NULL, :4::TIMESTAMP_NTZ::VARCHAR', binds: [41, "it's", null, new Date(2024, 1, 29, 12)]});
         r.next();
         const refused = (binds) => message(() => snowflake.createStatement({sqlText: 'SELECT ?, ?', binds}));
         return [r.getColumnValue(1), r.getColumnValue(2), r.getColumnValue(3), r.getColumnValue(4),
           refused([1, undefined]), refused([{}]), message(() => snowflake.createStatement({sqlText: ' '})), message(() => snowflake.execute())];`,
      ),
    ).to.deep.equal([
      42,
      "it's",
      true,
      '2024-02-29 12:00:00.000',
      'Unsupported type for binding argument 2undefined',
      'Unsupported type for binding argument 1[object Object]',
      'Empty SQL text: pass {sqlText: "…"}',
      'Empty SQL text: pass {sqlText: "…"}',
    ]);
  });

  it('binds a timestamp of a result with all its digits', async () => {
    expect(
      await run(
        `const r = snowflake.execute({sqlText: "SELECT '2024-02-29 12:34:56.123456 +0000'::TIMESTAMP_LTZ"});
         r.next();
         const back = snowflake.execute({sqlText: "SELECT TO_CHAR(?::TIMESTAMP_LTZ, 'FF9')", binds: [r.getColumnValue(1)]});
         back.next();
         return back.getColumnValue(1);`,
      ),
    ).to.equal('123456000');
  });

  it('gives timestamps as SfDate, which knows seconds, nanoseconds, scale and time zone', async () => {
    const utc = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    await utc.rows("ALTER SESSION SET TIMEZONE = 'UTC'");
    // The values are the documentation's, whose examples assume UTC.
    expect(
      await run(
        `const read = (text, type) => { const r = snowflake.execute({sqlText: "SELECT '" + text + "'::" + type}); r.next(); return r.getColumnValue(1); };
         return [
           ...['1970-01-01 00:00:00.000000000', '1970-01-01 00:00:01.987654321', '1971-01-01 00:00:00'].map((t) => read(t, 'TIMESTAMP_NTZ').getEpochSeconds()),
           read('1970-01-02 03:04:05', 'TIMESTAMP_TZ').toString(),
           read('1969-12-31 23:59:59.25', 'TIMESTAMP_NTZ').getNanoSeconds(),
           read('2024-01-01', 'TIMESTAMP_NTZ(3)').getScale(),
           read('2024-01-01', 'TIMESTAMP_LTZ') instanceof SfDate, read('2024-01-01', 'TIMESTAMP_LTZ') instanceof Date, read('2024-01-01', 'DATE') instanceof SfDate];`,
        utc,
      ),
    ).to.deep.equal([
      0,
      1,
      31_536_000,
      'Fri Jan 02 1970 03:04:05 GMT+0000 (Coordinated Universal Time)',
      250_000_000,
      3,
      true,
      true,
      false,
    ]);
    await utc.close();
  });

  it('throws errors with Snowflake’s number, state and the handler’s line', async () => {
    expect(
      await run(
        `try {
           snowflake.execute({sqlText: 'SELECT * FROM nowhere'});
         } catch (e) { return [e instanceof Error, e.code, e.state, /line (\\d+)/.exec(e.stackTraceTxt)[1], e.message.includes('NOWHERE')]; }`,
      ),
    ).to.deep.equal([true, 2003, '42S02', '5', true]);
  });

  it('carries TIME in signatures as text', async () => {
    await client.rows(
      `CREATE OR REPLACE FUNCTION d.public.later(t TIME) RETURNS TIME LANGUAGE JAVASCRIPT AS $$ return T && T.replace('12:', '13:'); $$`,
    );
    expect(
      await client.value("SELECT TO_CHAR(d.public.later('12:34:56.789'::TIME), 'HH24:MI:SS.FF3')"),
    ).to.equal('13:34:56.789');
    expect(await client.value('SELECT d.public.later(NULL) IS NULL')).to.equal(true);
    await client.rows(
      `CREATE OR REPLACE FUNCTION d.public.odd() RETURNS TIME LANGUAGE JAVASCRIPT AS $$ return '25:00'; $$`,
    );
    expect((await client.error('SELECT d.public.odd()')).message).to.contain('to TIME');
  });

  it('turns results into text as JavaScript does', async () => {
    await client.rows(
      `CREATE OR REPLACE FUNCTION d.public.as_text(v VARIANT) RETURNS VARCHAR LANGUAGE JAVASCRIPT AS $$ return V; $$`,
    );
    expect(
      await client.values(
        "SELECT d.public.as_text(PARSE_JSON('{\"a\":1}')), d.public.as_text(PARSE_JSON('[1,[2]]')), d.public.as_text(PARSE_JSON('1.50'))",
      ),
    ).to.deep.equal([['[object Object]', '1,2', '1.5']]);
  });
});
