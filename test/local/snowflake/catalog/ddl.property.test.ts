import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** Texts with what a literal must escape. */
const words = fc.string({
  unit: fc.constantFrom('a', 'B', ' ', "'", '"', '\\', 'é', ';', '\n', '%'),
  maxLength: 8,
});
const quoted = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
const name = fc
  .string({ unit: fc.constantFrom('a', 'b', 'C', '_', '"', ' ', 'é'), minLength: 1, maxLength: 6 })
  .map((value) => `"n${value.replaceAll('"', '""')}"`);
const comment = fc
  .option(words.filter((value) => value !== ''))
  .map((value) => (value === null ? '' : ` COMMENT = ${quoted(value)}`));
const number = fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0);

const type = fc.constantFrom(
  'NUMBER(10,2)',
  'INT',
  'FLOAT',
  'VARCHAR(20)',
  'VARCHAR',
  'BOOLEAN',
  'DATE',
  'TIME(3)',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ(3)',
  'TIMESTAMP_TZ',
  'VARIANT',
  'OBJECT',
  'ARRAY',
  'BINARY(8)',
);
const column = fc.oneof(
  fc.tuple(type, fc.constantFrom('', ' NOT NULL'), comment).map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom("VARCHAR DEFAULT 'it''s'", 'INT DEFAULT 1 + 1', 'DATE DEFAULT CURRENT_DATE()'),
      comment,
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(number, number, fc.constantFrom('ORDER', 'NOORDER'))
    .map(([start, step, order]) => `INT AUTOINCREMENT START ${start} INCREMENT ${step} ${order}`),
);
const table = fc
  .tuple(
    fc.uniqueArray(name, { minLength: 1, maxLength: 4, selector: (each) => each.toLowerCase() }),
    fc.array(column, { minLength: 4, maxLength: 4 }),
    fc.constantFrom('', 'PRIMARY KEY', 'UNIQUE', 'CONSTRAINT "k" PRIMARY KEY', 'CONSTRAINT u UNIQUE'),
    fc.constantFrom('', 'CLUSTER BY', 'DATA_RETENTION_TIME_IN_DAYS = 0', 'CHANGE_TRACKING = TRUE'),
    fc.constantFrom('', 'TRANSIENT '),
    comment,
  )
  .map(([names, columns, key, option, kind, about]) => {
    const list = names.map((each, i) => `${each} ${columns[i]!.replace('COMMENT =', 'COMMENT')}`);
    if (key) list.push(`${key} (${names[0]})${key.includes('u') ? '' : ' RELY'}`);
    const cluster = option === 'CLUSTER BY' ? ` CLUSTER BY (${names[0]})` : '';
    const more = option === 'CLUSTER BY' ? '' : ` ${option}`;
    return (of: string) => `CREATE ${kind}TABLE ${of}${cluster} (${list.join(', ')})${more}${about}`;
  });
const sequence = fc.tuple(number, number, fc.constantFrom('ORDER', 'NOORDER'), comment).map(
  ([start, step, order, about]) =>
    (of: string) =>
      `CREATE SEQUENCE ${of} START = ${start} INCREMENT = ${step} ${order}${about}`,
);
const format = fc
  .tuple(
    fc.constantFrom(
      "TYPE = CSV FIELD_DELIMITER = '\\t' NULL_IF = ('a''b', '\\\\N')",
      "TYPE = CSV ESCAPE = '\\\\' SKIP_HEADER = 2 FIELD_OPTIONALLY_ENCLOSED_BY = '\"'",
      'TYPE = JSON STRIP_OUTER_ARRAY = TRUE',
      'TYPE = PARQUET',
    ),
    comment,
  )
  .map(
    ([options, about]) =>
      (of: string) =>
        `CREATE FILE FORMAT ${of} ${options}${about}`,
  );
const routine = fc
  .tuple(words, fc.constantFrom('', ' STRICT'), fc.constantFrom('', ' IMMUTABLE'), comment)
  .map(
    ([body, strict, volatility, about]) =>
      (of: string) =>
        `CREATE FUNCTION ${of}(x FLOAT, "y" VARCHAR) RETURNS VARCHAR LANGUAGE JAVASCRIPT${strict}${volatility}${about} AS ${quoted(`return ${JSON.stringify(body)};`)}`,
  );
const procedure = fc.tuple(words, fc.constantFrom('OWNER', 'CALLER'), comment).map(
  ([body, rights, about]) =>
    (of: string) =>
      `CREATE PROCEDURE ${of}() RETURNS VARCHAR NOT NULL LANGUAGE JAVASCRIPT${about} EXECUTE AS ${rights} AS ${quoted(`return ${JSON.stringify(body)};`)}`,
);
const task = fc
  .tuple(
    fc.constantFrom(
      "SCHEDULE = '5 MINUTES'",
      "SCHEDULE = 'USING CRON 0 3 * * * UTC' TIMEZONE = 'UTC'",
      "SCHEDULE = '1 HOUR' USER_TASK_TIMEOUT_MS = 5000 TASK_AUTO_RETRY_ATTEMPTS = 2",
    ),
    comment,
  )
  .map(
    ([options, about]) =>
      (of: string) =>
        `CREATE TASK ${of} ${options}${about} AS SELECT 'it''s' || 1`,
  );
const view = fc.tuple(fc.constantFrom('', 'SECURE '), comment, fc.constantFrom("'it''s'", "'\\\\'", '1')).map(
  ([secure, about, value]) =>
    (of: string) =>
      `CREATE ${secure}VIEW ${of} ("a" COMMENT 'first', B)${about} AS SELECT ${value}, 2`,
);

describe('GET_DDL', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());

  const ddl = async (kind: string, of: string, more = '') =>
    String(await client.value(`SELECT GET_DDL('${kind}', '${of}'${more})`));
  const run = (text: string) =>
    client.statement(text, {
      parameters: { MULTI_STATEMENT_COUNT: text.split(/;\s*$/m).filter((each) => each.trim()).length },
    });
  const described = async () =>
    JSON.stringify([
      await client.rows('DESCRIBE TABLE t'),
      await client.rows('DESCRIBE VIEW v'),
      await client.rows('DESCRIBE FILE FORMAT f'),
      (await client.rows('SHOW SEQUENCES')).map(({ created_on: _, ...row }) => row),
      (await client.rows('SHOW TASKS')).map((row) => [
        row.name,
        row.schedule,
        row.comment,
        row.config,
        row.definition,
      ]),
      (await client.rows('SHOW PRIMARY KEYS')).map((row) => [row.column_name, row.rely]),
      (await client.rows('SHOW STREAMS')).map((row) => [row.name, row.table_name, row.mode, row.comment]),
      (await client.rows('SHOW TABLES')).map((row) => [
        row.kind,
        row.comment,
        row.cluster_by,
        row.retention_time,
        row.change_tracking,
      ]),
    ]);

  it('makes the same schema again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ t: table, q: sequence, f: format, g: routine, p: procedure, k: task, v: view }),
        async (made) => {
          await client.rows('CREATE OR REPLACE SCHEMA s');
          for (const [of, statement] of Object.entries(made))
            await client.rows(statement(of)).catch((error) => {
              throw new Error(`${statement(of)}: ${error.message}`);
            });
          await client.rows("CREATE STREAM r ON TABLE t APPEND_ONLY = TRUE COMMENT = 'new rows'");
          await client.rows('CREATE TASK k2 AFTER k AS SELECT 2');
          const [text, before] = [await ddl('SCHEMA', 's'), await described()];
          await client.rows('DROP SCHEMA s');
          await client.rows('USE DATABASE d');
          await client.statement(text, { parameters: { MULTI_STATEMENT_COUNT: 0 } }).catch((error) => {
            throw new Error(`${text}: ${error.message}`);
          });
          expect(await ddl('SCHEMA', 's')).to.equal(text);
          expect(await described()).to.equal(before);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('gives each kind of its own, also with full names', async () => {
    await client.rows('CREATE OR REPLACE SCHEMA s');
    await client.rows('CREATE TABLE t (x INT)');
    await client.rows('CREATE FUNCTION f(x FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$return X * 2;$$');
    await client.rows(
      "CREATE OR REPLACE WAREHOUSE w WAREHOUSE_SIZE = LARGE AUTO_SUSPEND = 60 COMMENT = 'big'",
    );
    expect(await ddl('TABLE', 't', ', TRUE')).to.equal(
      'create or replace TABLE D.S.T (\n\tX NUMBER(38,0)\n);',
    );
    expect(await ddl('FUNCTION', 'f(FLOAT)')).to.equal(
      'CREATE OR REPLACE FUNCTION "F"("X" FLOAT)\nRETURNS FLOAT\nLANGUAGE JAVASCRIPT\nAS \'return X * 2;\';',
    );
    const warehouse = await ddl('WAREHOUSE', 'w');
    await client.rows('DROP WAREHOUSE w');
    await run(warehouse);
    expect(await ddl('WAREHOUSE', 'w')).to.equal(warehouse);
    const database = await ddl('DATABASE', 'd');
    expect(database).to.match(/^create or replace database D;\n\ncreate or replace schema PUBLIC;/);
    expect((await client.error("SELECT GET_DDL('STAGE', 'x')")).message).to.contain(
      "Unsupported feature 'GET_DDL('STAGE', …)'",
    );
  });
});
