import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('procedures', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of ['CREATE DATABASE d', 'CREATE SCHEMA d.s', 'CREATE TABLE t (n INT)'])
      await client.rows(sql);
  });
  beforeEach(() => client.rows('TRUNCATE TABLE d.s.t'));
  after(() => snowflake.close());

  const create = (signature: string, body: string, rights = '') =>
    client.rows(`CREATE OR REPLACE PROCEDURE d.s.${signature} LANGUAGE JAVASCRIPT ${rights} AS $$${body}$$`);

  it('take arguments by position and by name, with defaults', async () => {
    await create("p(a FLOAT, b VARCHAR DEFAULT 'none') RETURNS VARCHAR", 'return A + B;');
    expect(await client.values(`CALL p(1 + 1, 'x')`)).to.deep.equal([['2x']]);
    expect(await client.value('CALL p(2)')).to.equal('2none');
    expect(await client.value(`CALL p(b => 'y', a => 3)`)).to.equal('3y');
    expect(await client.value('CALL p(?, ?)', [4, 'z'])).to.equal('4z');
    expect((await client.error('CALL p()')).message).to.contain('P(FLOAT, VARCHAR)');
    expect((await client.error('CALL missing()')).message).to.contain('Unknown user-defined procedure');
  });

  it('pick the overload that takes the arguments', async () => {
    await create('over(a FLOAT) RETURNS VARCHAR', 'return "one";');
    await create('over(a FLOAT, b FLOAT) RETURNS VARCHAR', 'return "two";');
    expect(await client.value('CALL over(1, 2)')).to.equal('two');
    await client.rows('DROP PROCEDURE over(FLOAT)');
    expect((await client.rows(`SHOW PROCEDURES LIKE 'over'`)).map((row) => row.arguments)).to.deep.equal([
      'OVER(FLOAT, FLOAT) RETURN VARCHAR',
    ]);
  });

  it('read the types of a result as JavaScript values', async () => {
    await create(
      'types() RETURNS VARIANT',
      `var r = snowflake.execute({sqlText: "SELECT 1.5 AS n, TRUE AS b, 'x' AS t, '2024-02-29'::DATE AS d, OBJECT_CONSTRUCT('k', 1) AS o, NULL AS z"});
       r.next();
       var out = {};
       for (var i = 1; i <= r.getColumnCount(); i++) out[r.getColumnName(i)] = r.getColumnValue(i);
       out.asText = r.getColumnValueAsString('D');
       return out;`,
    );
    expect(await client.value('CALL types()')).to.deep.equal({
      N: 1.5,
      B: true,
      T: 'x',
      D: '2024-02-29 00:00:00.000 -0800', // a TIMESTAMP_LTZ(3), midnight in Los Angeles
      O: { k: 1 },
      Z: null,
      asText: '2024-02-29',
    });
  });

  it('count the rows that their DML changed', async () => {
    await create(
      'dml() RETURNS ARRAY',
      `var s = snowflake.createStatement({sqlText: 'INSERT INTO t VALUES (:1), (:2)', binds: [1, 2]});
       s.execute();
       var u = snowflake.createStatement({sqlText: 'UPDATE t SET n = n + 1 WHERE n > 1'});
       u.execute();
       return [s.getNumRowsInserted(), u.getNumRowsUpdated(), u.getNumRowsAffected(), s.getQueryId() !== u.getQueryId()];`,
    );
    expect(await client.value('CALL dml()')).to.deep.equal([2, 1, 1, true]);
  });

  it('fail with the words, the line and the number of what failed inside', async () => {
    await create('bad() RETURNS VARCHAR', `\n  snowflake.execute({sqlText: 'SELECT * FROM nowhere'});`);
    const error = await client.error('CALL bad()');
    expect(error.code).to.equal('100183');
    expect(error.sqlState).to.equal('P0000');
    expect(error.message).to.match(
      /^Execution error in store procedure BAD:\nSQL compilation error:\nObject '.*NOWHERE' does not exist or not authorized.\nAt Snowflake.execute, line 2 position 12$/,
    );
  });

  it('go on after a caught error', async () => {
    await create(
      'caught() RETURNS VARCHAR',
      `try { snowflake.execute({sqlText: 'SELECT 1/0'}); } catch (e) { return e.code + ' ' + e.message; }`,
    );
    expect(await client.value('CALL caught()')).to.equal('100051 Division by zero');
  });

  it('begin and end transactions', async () => {
    await create(
      'tx(n FLOAT, commit BOOLEAN) RETURNS VARCHAR',
      `snowflake.execute({sqlText: 'BEGIN'});
       snowflake.execute({sqlText: 'INSERT INTO t VALUES (?)', binds: [N]});
       snowflake.execute({sqlText: COMMIT ? 'COMMIT' : 'ROLLBACK'});`,
    );
    await client.rows('CALL tx(1, TRUE)');
    await client.rows('CALL tx(2, FALSE)');
    expect(await client.values('SELECT n FROM t')).to.deep.equal([[1]]);
  });

  it('must not leave a transaction open', async () => {
    await create(
      'left() RETURNS VARCHAR',
      `snowflake.execute({sqlText: 'BEGIN'}); snowflake.execute({sqlText: 'INSERT INTO t VALUES (9)'});`,
    );
    expect((await client.error('CALL left()')).message).to.contain(
      'Scoped transaction started in stored procedure is incomplete',
    );
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
  });

  it('join the caller’s transaction', async () => {
    await create('ins() RETURNS VARCHAR', `snowflake.execute({sqlText: 'INSERT INTO t VALUES (5)'});`);
    await client.rows('BEGIN');
    await client.rows('CALL ins()');
    await client.rows('ROLLBACK');
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
  });

  it('run with their owner’s rights and schema, or with the caller’s', async () => {
    for (const sql of [
      'CREATE ROLE guest',
      'GRANT ROLE guest TO USER admin',
      'GRANT USAGE ON DATABASE d TO ROLE guest',
      'GRANT USAGE ON SCHEMA d.s TO ROLE guest',
    ])
      await client.rows(sql);
    const body = `var r = snowflake.execute({sqlText: 'SELECT COUNT(*), CURRENT_ROLE() FROM t'}); r.next(); return r.getColumnValue(2);`;
    await create('owners() RETURNS VARCHAR', body);
    await create('callers() RETURNS VARCHAR', body, 'EXECUTE AS CALLER');
    await client.rows('GRANT USAGE ON PROCEDURE owners() TO ROLE guest');
    await client.rows('GRANT USAGE ON PROCEDURE callers() TO ROLE guest');
    const guest = await snowflake.connect({ role: 'GUEST' });
    expect(await guest.value('CALL d.s.owners()')).to.equal('ACCOUNTADMIN');
    await guest.rows('USE SCHEMA d.s');
    expect((await guest.error('CALL callers()')).message).to.contain("T' does not exist or not authorized");
    await guest.close();
  });

  describe('with their owner’s rights', () => {
    const outcome = async (sql: string, rights = '') => {
      await create(
        'probe() RETURNS VARCHAR',
        `try { snowflake.execute({sqlText: ${JSON.stringify(sql)}}); return 'taken'; }
         catch (error) { return error.code + ' ' + error.message; }`,
        rights,
      );
      return client.value('CALL probe()');
    };
    before(async () => {
      await client.rows('CREATE STAGE d.s.files');
      await client.rows("CREATE TASK d.s.task SCHEDULE = '60 MINUTE' AS SELECT 1");
    });

    it('run no statement beyond queries, DML, DDL, grants, SHOW and DESCRIBE', async () => {
      for (const [sql, type] of [
        ['REMOVE @d.s.files/x', 'REMOVE_FILES'],
        ['rm @d.s.files/x', 'REMOVE_FILES'],
        ['LIST @d.s.files', 'LIST_FILES'],
        ['ls @d.s.files', 'LIST_FILES'],
        ['PUT file:///tmp/none.csv @d.s.files', 'PUT_FILES'],
        ['GET @d.s.files file:///tmp/', 'GET_FILES'],
        ['USE SCHEMA d.s', 'USE'],
        ['USE ROLE public', 'USE'],
        ['USE SECONDARY ROLES NONE', 'USE'],
        ["ALTER SESSION SET TIMEZONE = 'UTC'", 'ALTER_SESSION'],
        ['SET x = 1', 'SET'],
        ['UNSET x', 'UNSET'],
        ['EXECUTE TASK d.s.task', 'EXECUTE_TASK'],
      ] as const)
        expect(await outcome(sql), sql).to.match(
          new RegExp(`^90236 .*Stored procedure execution error: Unsupported statement type '${type}'\\.`),
        );
      expect(await outcome("EXECUTE IMMEDIATE 'REMOVE @d.s.files/x'")).to.contain("'REMOVE_FILES'");
      expect(await outcome('SELECT * FROM TABLE(d.INFORMATION_SCHEMA.QUERY_HISTORY())')).to.contain(
        'Requested information on the current user is not accessible in stored procedure',
      );
      for (const sql of [
        'CREATE OR REPLACE TEMPORARY TABLE d.s.passing AS SELECT 1 AS n',
        'COPY INTO @d.s.files/x FROM (SELECT 1) FILE_FORMAT = (TYPE = CSV)',
        'SHOW STREAMS IN SCHEMA d.s',
        'DESCRIBE TABLE d.s.t',
        'ALTER TASK d.s.task SUSPEND',
        'GRANT SELECT ON TABLE d.s.t TO ROLE public',
      ])
        expect(await outcome(sql), sql).to.equal('taken');
    });

    it('stay so in what they call with its caller’s rights, which may do more when it is called alone', async () => {
      const rights = 'EXECUTE AS CALLER';
      expect(await outcome('REMOVE @d.s.files/x', rights)).to.equal('taken');
      expect(await outcome('LIST @d.s.files', rights)).to.equal('taken');
      expect(await outcome('EXECUTE TASK d.s.task', rights)).to.equal('taken');
      expect(await outcome("ALTER SESSION SET QUERY_TAG = 'x'", rights)).to.equal('taken');
      expect(await outcome('SELECT * FROM TABLE(d.INFORMATION_SCHEMA.QUERY_HISTORY())', rights)).to.equal(
        'taken',
      );
      expect(await outcome('PUT file:///tmp/none.csv @d.s.files', rights)).to.contain('Unsupported feature');
      await create(
        'callers() RETURNS VARCHAR',
        "snowflake.execute({sqlText: 'REMOVE @d.s.files/x'}); return 'taken';",
        rights,
      );
      expect(await client.value('CALL callers()')).to.equal('taken');
      expect(await outcome('CALL d.s.callers()')).to.contain("'REMOVE_FILES'");
    });
  });

  it('call each other', async () => {
    await create('inner_one(n FLOAT) RETURNS FLOAT', 'return N * 2;');
    await create(
      'outer_one(n FLOAT) RETURNS FLOAT',
      `var r = snowflake.execute({sqlText: 'CALL inner_one(?)', binds: [N]}); r.next(); return r.getColumnValue(1) + 1;`,
    );
    expect(await client.value('CALL outer_one(20)')).to.equal(41);
  });

  it('keep their place and grants under CREATE OR ALTER', async () => {
    await create('kept() RETURNS VARCHAR', 'return "1";');
    await client.rows('GRANT USAGE ON PROCEDURE kept() TO ROLE guest');
    await client.rows(
      `CREATE OR ALTER PROCEDURE kept() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'return "2";'`,
    );
    const guest = await snowflake.connect({ role: 'GUEST' });
    expect(await guest.value('CALL d.s.kept()')).to.equal('2');
    await guest.close();
  });

  it('refuse NUMBER in a signature, and languages that do not run here', async () => {
    expect(
      (await client.error(`CREATE PROCEDURE x(n INT) RETURNS VARCHAR LANGUAGE JAVASCRIPT AS ''`)).message,
    ).to.contain("Language JAVASCRIPT does not support type 'NUMBER(38,0)' for argument or return type.");
    expect(
      (await client.error(`CREATE PROCEDURE x() RETURNS VARCHAR LANGUAGE PYTHON AS ''`)).message,
    ).to.contain('PYTHON');
  });
});

describe('functions in JavaScript', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of ['CREATE DATABASE d', 'CREATE SCHEMA d.s']) await client.rows(sql);
  });
  after(() => snowflake.close());

  const create = (signature: string, body: string) =>
    client.rows(`CREATE OR REPLACE FUNCTION ${signature} LANGUAGE JAVASCRIPT AS $$${body}$$`);

  it('carry every type there and back', async () => {
    await create('same_d(x DATE) RETURNS DATE', 'return X;');
    await create('same_n(x TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ', 'return X;');
    await create('same_l(x TIMESTAMP_LTZ) RETURNS TIMESTAMP_LTZ', 'return X;');
    await create('same_b(x BINARY) RETURNS BINARY', 'return X;');
    await create('same_v(x VARIANT) RETURNS VARIANT', 'return X;');
    await create('same_f(x FLOAT) RETURNS FLOAT', 'return X;');
    await create('same_t(x BOOLEAN) RETURNS BOOLEAN', 'return X;');
    expect(
      await client.values(`SELECT same_d('2024-02-29'::DATE)::VARCHAR, same_n('2024-02-29 12:34:56.789'::TIMESTAMP_NTZ) = '2024-02-29 12:34:56.789'::TIMESTAMP_NTZ,
        same_l('2024-02-29 12:34:56 +0200'::TIMESTAMP_LTZ) = '2024-02-29 12:34:56 +0200'::TIMESTAMP_LTZ, same_b('ab01'::BINARY)::VARCHAR,
        same_v(PARSE_JSON('{"a":[1,null]}')), same_f(1.25), same_f(7::NUMBER), same_t(FALSE), same_v(NULL) IS NULL, same_d(NULL)`),
    ).to.deep.equal([['2024-02-29', true, true, 'AB01', { a: [1, null] }, 1.25, 7, false, true, null]]);
  });

  it('fail with the handler’s words', async () => {
    await create('bad(x FLOAT) RETURNS FLOAT', 'throw new Error("no " + X);');
    const error = await client.error('SELECT bad(3)');
    expect(error.code).to.equal('100132');
    expect(error.message).to.contain(
      `JavaScript execution error: Uncaught Error: no 3 in BAD at 'throw new Error("no " + X);' position`,
    );
    expect(await client.value('SELECT 1')).to.equal(1);
  });

  it('are called once a row, also when volatile and constant', async () => {
    await create('rnd() RETURNS FLOAT', 'return Math.random();');
    expect(
      await client.value('SELECT COUNT(DISTINCT rnd()) FROM TABLE(GENERATOR(ROWCOUNT => 100))'),
    ).to.equal(100);
  });

  it('follow CREATE OR REPLACE at once', async () => {
    for (const n of [1, 2, 3]) {
      await create('version() RETURNS FLOAT', `return ${n};`);
      expect(await client.value('SELECT version()')).to.equal(n);
    }
  });
});
