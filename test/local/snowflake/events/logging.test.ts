import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('logging from JavaScript', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE SCHEMA d.s',
      'CREATE WAREHOUSE w',
      'CREATE EVENT TABLE events',
      'ALTER ACCOUNT SET EVENT_TABLE = d.s.events',
      'ALTER ACCOUNT SET LOG_LEVEL = DEBUG',
    ])
      await client.rows(sql);
  });
  beforeEach(() => client.rows('TRUNCATE TABLE d.s.events'));
  after(() => snowflake.close());

  const procedure = (signature: string, body: string, rights = '') =>
    client.rows(`CREATE OR REPLACE PROCEDURE ${signature} LANGUAGE JAVASCRIPT ${rights} AS $$${body}$$`);
  const handler = (signature: string, body: string) =>
    client.rows(`CREATE OR REPLACE FUNCTION ${signature} LANGUAGE JAVASCRIPT AS $$${body}$$`);
  const logged = () => client.rows("SELECT * FROM events WHERE RECORD_TYPE = 'LOG'");
  const messages = async () => (await logged()).map(({ VALUE }) => VALUE);

  it('records the message, its severity and its attributes', async () => {
    await procedure(
      'do_logging_javascript() RETURNS VARCHAR',
      `snowflake.log("info", "Logging with attributes", {"custom1": "value1", "custom2": "value2"});
       snowflake.log("error", {code: 7, parts: [1, 2]});
       snowflake.log("debug", 3);
       snowflake.log("off", "never");
       snowflake.log("trace", "below the level");
       return "success";`,
    );
    await client.rows('CALL do_logging_javascript()');
    const rows = await logged();
    expect(
      rows.map(({ RECORD, RECORD_ATTRIBUTES, VALUE }) => [RECORD, RECORD_ATTRIBUTES, VALUE]),
    ).to.deep.equal([
      [{ severity_text: 'INFO' }, { custom1: 'value1', custom2: 'value2' }, 'Logging with attributes'],
      [{ severity_text: 'ERROR' }, null, { code: 7, parts: [1, 2] }],
      [{ severity_text: 'DEBUG' }, null, 3],
    ]);
    expect(rows[0]!.OBSERVED_TIMESTAMP).to.deep.equal(rows[0]!.TIMESTAMP);
    for (const column of ['START_TIMESTAMP', 'TRACE', 'RESOURCE', 'SCOPE_ATTRIBUTES', 'EXEMPLARS'])
      expect(rows[0]![column], column).to.equal(null);
  });

  it('records where a message comes from', async () => {
    await procedure(
      'where_from(a FLOAT, b VARCHAR) RETURNS FLOAT',
      `snowflake.log('info', 'here'); return A;`,
    );
    const statement = await client.statement("CALL where_from(1, 'x')");
    const [row] = await logged();
    const source = row!.RESOURCE_ATTRIBUTES as Record<string, unknown>;
    expect(source).to.include({
      'db.user': 'ADMIN',
      'snow.database.name': 'D',
      'snow.executable.name': 'WHERE_FROM(A FLOAT, B VARCHAR):FLOAT',
      'snow.executable.type': 'PROCEDURE',
      'snow.owner.name': 'ACCOUNTADMIN',
      'snow.query.id': statement.getQueryId(),
      'snow.schema.name': 'S',
      'snow.session.id': Number(await client.value('SELECT CURRENT_SESSION()')),
      'snow.session.role.primary.name': 'ACCOUNTADMIN',
      'snow.warehouse.name': 'W',
      'telemetry.sdk.language': 'javascript',
    });
    for (const key of [
      'database',
      'executable',
      'owner',
      'schema',
      'session.role.primary',
      'user',
      'warehouse',
    ])
      expect(source[`snow.${key}.id`], key).to.be.a('number');
    expect(
      await client.value(
        "SELECT COUNT(*) FROM events WHERE RESOURCE_ATTRIBUTES['snow.executable.name'] LIKE '%WHERE_FROM%' AND RECORD['severity_text'] = 'INFO'",
      ),
    ).to.equal(1);
  });

  it('takes messages of every row of a function', async () => {
    await handler(
      'each_row(x FLOAT) RETURNS FLOAT',
      `if (X % 1000 === 0) snowflake.log('info', X); return X;`,
    );
    expect(
      await client.value('SELECT SUM(each_row(SEQ4())) FROM TABLE(GENERATOR(ROWCOUNT => 5000))'),
    ).to.equal(12_497_500);
    expect(await messages()).to.deep.equal([0, 1000, 2000, 3000, 4000]);
    const [row] = await logged();
    expect(row!.RESOURCE_ATTRIBUTES).to.include({
      'snow.executable.name': 'EACH_ROW(X FLOAT):FLOAT',
      'snow.executable.type': 'FUNCTION',
    });
  });

  it('takes each message once, of constant calls too', async () => {
    await client.rows(
      `CREATE OR REPLACE FUNCTION once(x FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT IMMUTABLE AS $$ snowflake.log('info', 'called'); return X; $$`,
    );
    await client.rows('SELECT once(1)');
    expect(await messages()).to.deep.equal(['called']);
    await client.rows('SELECT once(1), once(2)');
    expect(await messages()).to.have.lengthOf(3);
  });

  it('tells the sessions that use a function at the same time apart', async () => {
    await handler('whose(x VARCHAR) RETURNS VARCHAR', `snowflake.log('info', X); return X;`);
    const users = await Promise.all([1, 2, 3].map(() => snowflake.connect({ database: 'D', schema: 'S' })));
    const ids = await Promise.all(users.map((user) => user.value('SELECT CURRENT_SESSION()')));
    await Promise.all(
      users.map((user, i) =>
        user.rows(`SELECT whose('${ids[i]}') FROM TABLE(GENERATOR(ROWCOUNT => 3000)) LIMIT 3000`),
      ),
    );
    const pairs = await client.values(
      "SELECT DISTINCT VALUE::VARCHAR, RESOURCE_ATTRIBUTES['snow.session.id']::VARCHAR FROM events ORDER BY 1",
    );
    expect(pairs).to.deep.equal(ids.map((id) => [String(id), String(id)]).sort());
    expect(await client.value('SELECT COUNT(*) FROM events')).to.equal(9000);
    for (const user of users) await user.close();
  });

  it('keeps the messages of work that is rolled back', async () => {
    await client.rows('CREATE OR REPLACE TABLE work (n INT)');
    await procedure(
      'undone() RETURNS VARCHAR',
      `snowflake.execute({sqlText: 'BEGIN'});
       snowflake.execute({sqlText: 'INSERT INTO work VALUES (1)'});
       snowflake.log('warn', 'about to give up');
       snowflake.execute({sqlText: 'ROLLBACK'});`,
    );
    await client.rows('CALL undone()');
    expect(await client.value('SELECT COUNT(*) FROM work')).to.equal(0);
    await client.rows('BEGIN');
    await client.rows('CALL undone()');
    await client.rows('ROLLBACK');
    expect(await messages()).to.deep.equal(['about to give up', 'about to give up']);
  });

  it('lets a handler see what it logged once a statement of it has ended', async () => {
    await procedure(
      'look() RETURNS FLOAT',
      `snowflake.log('info', 'first');
       snowflake.execute({sqlText: 'SELECT 1'});
       const rows = snowflake.execute({sqlText: 'SELECT COUNT(*) FROM events'});
       rows.next();
       return rows.getColumnValue(1);`,
    );
    expect(await client.value('CALL look()')).to.equal(1);
  });

  it('does not wait for a transaction that deletes from the event table', async () => {
    await procedure('tell(x VARCHAR) RETURNS VARCHAR', `snowflake.log('info', X); return X;`);
    await client.rows("CALL tell('old')");
    await client.rows('BEGIN');
    await client.rows('DELETE FROM events');
    await client.rows("CALL tell('new')");
    await client.rows("CALL tell('newer')");
    await client.rows('COMMIT');
    await client.rows("CALL tell('last')");
    expect(await messages()).to.deep.equal(['new', 'newer', 'last']);
  });

  it('refuses what the API does not take', async () => {
    for (const [body, message] of [
      [`snowflake.log('loud', 'x')`, "'loud' is no level"],
      [`snowflake.log(1, 'x')`, 'the level must be a string'],
      [`snowflake.addEvent()`, 'takes a name'],
      [`snowflake.addEvent('a', {}, 1)`, 'takes a name'],
      [`snowflake.addEvent(1)`, 'the name must be a string'],
      [`snowflake.setSpanAttribute('a')`, 'takes a key and a value'],
      [`snowflake.setSpanAttribute(1, 2)`, 'the key must be a string'],
    ]) {
      await procedure('wrong() RETURNS VARCHAR', body!);
      expect((await client.error('CALL wrong()')).message, body).to.contain(message);
      await handler('wrong() RETURNS VARCHAR', body!);
      expect((await client.error('SELECT wrong()')).message, body).to.contain(message);
    }
  });

  it('keeps only the source of a message of more than a megabyte', async () => {
    await procedure('large() RETURNS VARCHAR', `snowflake.log('info', 'x'.repeat(1100000));`);
    await client.rows('CALL large()');
    const [row] = await logged();
    expect([row!.RECORD, row!.RECORD_ATTRIBUTES, row!.VALUE]).to.deep.equal([null, null, null]);
    expect(row!.RESOURCE_ATTRIBUTES).to.include({ 'snow.executable.name': 'LARGE():VARCHAR(16777216)' });
  });

  it('feeds a stream on the event table', async () => {
    await procedure('tell(x VARCHAR) RETURNS VARCHAR', `snowflake.log('info', X); return X;`);
    await client.rows('CREATE OR REPLACE STREAM fresh ON EVENT TABLE events APPEND_ONLY = TRUE');
    await client.rows("CALL tell('streamed')");
    expect(await client.values('SELECT VALUE::VARCHAR, METADATA$ACTION FROM fresh')).to.deep.equal([
      ['streamed', 'INSERT'],
    ]);
    await client.rows('DROP STREAM fresh');
  });

  it('is not done by translators of external functions, which Snowflake does not listen to', async () => {
    // docs: developer-guide/logging-tracing/logging, "Supported languages"
    await handler(
      'quiet(event OBJECT) RETURNS OBJECT',
      `snowflake.log('info', 'translating'); return EVENT;`,
    );
    expect(await client.value("SELECT quiet(OBJECT_CONSTRUCT('a', 1)):a")).to.equal(1);
    expect(await messages()).to.deep.equal(['translating']); // called as a function it may log
  });

  describe('exceptions that no code handles', () => {
    it('are logged as FATAL with their message, type and stack', async () => {
      await procedure('broken() RETURNS VARCHAR', '\n  null.x;');
      await client.error('CALL broken()');
      await handler('broken(x FLOAT) RETURNS FLOAT', '\n  throw new RangeError("too far: " + X);');
      await client.error('SELECT broken(3)');
      const rows = await logged();
      expect(rows.map(({ RECORD, VALUE }) => [RECORD, VALUE])).to.deep.equal([
        [{ severity_text: 'FATAL' }, 'exception'],
        [{ severity_text: 'FATAL' }, 'exception'],
      ]);
      expect(rows[0]!.RECORD_ATTRIBUTES).to.deep.include({
        'exception.escaped': true,
        'exception.message': "Cannot read properties of null (reading 'x')",
        'exception.type': 'TypeError',
      });
      const thrown = rows[1]!.RECORD_ATTRIBUTES as Record<string, string>;
      expect(thrown).to.deep.include({ 'exception.message': 'too far: 3', 'exception.type': 'RangeError' });
      expect(thrown['exception.stacktrace']).to.match(/^RangeError: too far: 3\n\s+at BROKEN:2:9$/);
    });

    it('are those of statements too', async () => {
      await procedure('failing() RETURNS VARCHAR', `snowflake.execute({sqlText: 'SELECT 1/0'});`);
      await client.error('CALL failing()');
      const [row] = await logged();
      expect(row!.RECORD_ATTRIBUTES).to.include({ 'exception.message': 'Division by zero' });
    });

    it('are not logged below ERROR, nor where the session does not want them', async () => {
      await procedure('broken() RETURNS VARCHAR', 'null.x;');
      await client.rows('ALTER PROCEDURE broken() SET LOG_LEVEL = FATAL');
      await client.error('CALL broken()');
      expect(await messages()).to.deep.equal([]);
      await client.rows('ALTER PROCEDURE broken() SET LOG_LEVEL = ERROR');
      await client.rows('ALTER SESSION SET ENABLE_UNHANDLED_EXCEPTIONS_REPORTING = FALSE');
      await client.error('CALL broken()');
      expect(await messages()).to.deep.equal([]);
      await client.rows('ALTER SESSION UNSET ENABLE_UNHANDLED_EXCEPTIONS_REPORTING');
      await client.error('CALL broken()');
      expect(await messages()).to.deep.equal(['exception']);
    });
  });

  describe('SYSTEM$LOG', () => {
    it('logs from SQL, by the level in its name or argument', async () => {
      for (const sql of [
        `CALL SYSTEM$LOG('info', 'Information-level message')`,
        `SELECT SYSTEM$LOG_INFO('Information-level message')`,
        `SELECT SYSTEM$LOG('warning', 'Warning message')`,
        `SELECT SYSTEM$LOG_WARN('Warning message')`,
        `SELECT SYSTEM$LOG_FATAL(1.5)`,
        `SELECT SYSTEM$LOG_TRACE('below the level')`,
      ])
        await client.rows(sql);
      const rows = await logged();
      expect(
        rows.map(({ RECORD, VALUE }) => [(RECORD as { severity_text: string }).severity_text, VALUE]),
      ).to.deep.equal([
        ['INFO', 'Information-level message'],
        ['INFO', 'Information-level message'],
        ['WARN', 'Warning message'],
        ['WARN', 'Warning message'],
        ['FATAL', '1.5'],
      ]);
      const source = rows[0]!.RESOURCE_ATTRIBUTES as Record<string, unknown>;
      expect(source).to.include({ 'snow.executable.type': 'STATEMENT', 'telemetry.sdk.language': 'sql' });
      expect(source).not.to.have.property('snow.executable.name');
      expect((await client.error(`SELECT SYSTEM$LOG('loud', 'x')`)).message).to.contain(
        "Invalid level 'loud'",
      );
    });

    it('logs for the procedure that runs it', async () => {
      await procedure(
        'by_sql() RETURNS VARCHAR',
        `snowflake.execute({sqlText: "CALL SYSTEM$LOG_INFO('inside')"});`,
      );
      await client.rows('ALTER PROCEDURE by_sql() SET LOG_LEVEL = INFO');
      await client.rows('ALTER ACCOUNT SET LOG_LEVEL = OFF');
      await client.rows('CALL by_sql()');
      await client.rows(`CALL SYSTEM$LOG_INFO('outside')`);
      await client.rows('ALTER ACCOUNT SET LOG_LEVEL = DEBUG');
      const rows = await logged();
      expect(rows.map(({ VALUE }) => VALUE)).to.deep.equal(['inside']);
      expect(rows[0]!.RESOURCE_ATTRIBUTES).to.include({
        'snow.executable.name': 'BY_SQL():VARCHAR(16777216)',
      });
    });
  });
});
