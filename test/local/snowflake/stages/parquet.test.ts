import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('Parquet files and INFER_SCHEMA', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-files-'));
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const duckdb = await instance.connect();
    await duckdb.run(
      `COPY (SELECT * FROM (VALUES
        (1::BIGINT, 'x', DATE '2024-01-02', 12345678901234567890.12::DECIMAL(38,2), TIMESTAMP '2024-01-02 03:04:05', {'k': [1, 2]}, 1.5::DOUBLE),
        (2, NULL, NULL, 0.5, NULL, NULL, NULL)) AS v(id, "Name", d, amount, "at", o, r))
       TO '${join(folder, 'two.parquet')}' (FORMAT parquet)`,
    );
    await duckdb.run(
      `COPY (SELECT '\\xFF\\xFE'::BLOB AS name) TO '${join(folder, 'invalid.parquet')}' (FORMAT parquet)`,
    );
    duckdb.closeSync();
    instance.closeSync();
    writeFileSync(join(folder, 'one.csv'), 'a,B c,d,e\n1,x,2024-01-02,1.25\n20,,2024-01-03,100\n');
    writeFileSync(join(folder, 'two.json'), '{"a":1,"b":{"c":1}}\n{"a":2.5,"t":true}\n');
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE STAGE st');
    for (const name of ['two.parquet', 'one.csv', 'two.json'])
      await client.rows(`PUT 'file://${join(folder, name)}' @st/${name.split('.')[1]} AUTO_COMPRESS = FALSE`);
    await client.rows('CREATE FILE FORMAT parquet TYPE = PARQUET');
    await client.rows('CREATE FILE FORMAT csv TYPE = CSV PARSE_HEADER = TRUE');
    await client.rows('CREATE FILE FORMAT js TYPE = JSON');
  });
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true });
  });

  it('are loaded by the names of their columns, with all digits', async () => {
    await client.rows(
      'CREATE TABLE t (id INT, name VARCHAR, d DATE, amount NUMBER(38,2), at TIMESTAMP_NTZ, o OBJECT, r FLOAT, missing INT)',
    );
    const [row] = await client.rows(
      "COPY INTO t FROM @st/parquet FILE_FORMAT = (FORMAT_NAME = 'parquet') MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE",
    );
    expect(row).to.include({ status: 'LOADED', rows_loaded: 2 });
    expect(
      await client.values(
        'SELECT id, name, d::VARCHAR, amount::VARCHAR, at::VARCHAR, o:k[1]::INT, r FROM t ORDER BY id',
      ),
    ).to.deep.equal([
      [1, 'x', '2024-01-02', '12345678901234567890.12', '2024-01-02 03:04:05.000', 2, 1.5],
      [2, null, null, '0.50', null, null, null],
    ]);
  });

  // As ADBC's ingest writes its stage's format.
  it('are loaded with REPLACE_INVALID_CHARACTERS, which is refused where a text is invalid', async () => {
    const format = `(TYPE = PARQUET USE_LOGICAL_TYPE = TRUE USE_VECTORIZED_SCANNER = TRUE REPLACE_INVALID_CHARACTERS = TRUE)`;
    await client.rows(`CREATE OR REPLACE TEMPORARY STAGE replacing FILE_FORMAT = ${format}`);
    for (const name of ['two', 'invalid'])
      await client.rows(
        `PUT 'file://${join(folder, name)}.parquet' @replacing/${name} AUTO_COMPRESS = FALSE`,
      );
    await client.rows('CREATE OR REPLACE TABLE r (id INT, name VARCHAR)');
    const copy = (name: string) =>
      `COPY INTO IDENTIFIER('R') FROM @replacing/${name} MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE`;
    expect((await client.rows(copy('two')))[0]).to.include({ status: 'LOADED', rows_loaded: 2 });
    expect((await client.error(copy('invalid'))).message).to.contain(
      'REPLACE_INVALID_CHARACTERS = TRUE for a Parquet file that has invalid texts',
    );
    expect(await client.value('SELECT COUNT(*) FROM r')).to.equal(2);
  });

  it('are loaded into a VARIANT, queried, and transformed', async () => {
    await client.rows('CREATE TABLE v (v VARIANT)');
    await client.rows("COPY INTO v FROM @st/parquet FILE_FORMAT = 'parquet'");
    expect(await client.value('SELECT SUM(v:id::INT) FROM v')).to.equal(3);
    expect(
      await client.values(
        "SELECT $1:id::INT, $1:Name::VARCHAR FROM @st/parquet (FILE_FORMAT => 'parquet') ORDER BY 1",
      ),
    ).to.deep.equal([
      [1, 'x'],
      [2, null],
    ]);
    await client.rows('CREATE TABLE n (n INT)');
    await client.rows("COPY INTO n FROM (SELECT $1:id::INT FROM @st/parquet) FILE_FORMAT = 'parquet'");
    expect(await client.value('SELECT SUM(n) FROM n')).to.equal(3);
  });

  it('must be Parquet', async () => {
    expect((await client.error("SELECT $1 FROM @st/csv (FILE_FORMAT => 'parquet')")).message).to.contain(
      'no Parquet file',
    );
  });

  const infer = (path: string, format: string) =>
    client.values(
      `SELECT COLUMN_NAME, TYPE, NULLABLE, EXPRESSION FROM TABLE(INFER_SCHEMA(LOCATION => '@st/${path}', FILE_FORMAT => '${format}')) ORDER BY ORDER_ID`,
    );

  it('tell their columns', async () => {
    expect(await infer('parquet', 'parquet')).to.deep.equal([
      ['id', 'NUMBER(38, 0)', true, '$1:id::NUMBER(38, 0)'],
      ['Name', 'TEXT', true, '$1:Name::TEXT'],
      ['d', 'DATE', true, '$1:d::DATE'],
      ['amount', 'NUMBER(38, 2)', true, '$1:amount::NUMBER(38, 2)'],
      ['at', 'TIMESTAMP_NTZ', true, '$1:at::TIMESTAMP_NTZ'],
      ['o', 'OBJECT', true, '$1:o::OBJECT'],
      ['r', 'REAL', true, '$1:r::REAL'],
    ]);
    expect(await infer('csv', 'csv')).to.deep.equal([
      ['a', 'NUMBER(2, 0)', false, '$1::NUMBER(2, 0)'],
      ['B c', 'TEXT', true, '$2::TEXT'],
      ['d', 'DATE', false, '$3::DATE'],
      ['e', 'NUMBER(5, 2)', false, '$4::NUMBER(5, 2)'],
    ]);
    expect(await infer('json', 'js')).to.deep.equal([
      ['a', 'NUMBER(2, 1)', true, '$1:a::NUMBER(2, 1)'],
      ['b', 'OBJECT', true, '$1:b::OBJECT'],
      ['t', 'BOOLEAN', true, '$1:t::BOOLEAN'],
    ]);
  });

  it('make a table with USING TEMPLATE, and fill it', async () => {
    await client.rows(
      "CREATE TABLE made USING TEMPLATE (SELECT ARRAY_AGG(OBJECT_CONSTRUCT(*)) WITHIN GROUP (ORDER BY ORDER_ID) FROM TABLE(INFER_SCHEMA(LOCATION => '@st/csv', FILE_FORMAT => 'csv', IGNORE_CASE => TRUE)))",
    );
    expect(
      (await client.rows('DESCRIBE TABLE made')).map((row) => [row.name, row.type, row['null?']]),
    ).to.deep.equal([
      ['A', 'NUMBER(2,0)', 'N'],
      ['B C', 'VARCHAR(16777216)', 'Y'],
      ['D', 'DATE', 'N'],
      ['E', 'NUMBER(5,2)', 'N'],
    ]);
    await client.rows(
      "COPY INTO made FROM @st/csv FILE_FORMAT = 'csv' MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE",
    );
    expect(await client.value('SELECT SUM(e) FROM made')).to.equal(101.25);
    expect(
      (await client.error('CREATE TABLE none USING TEMPLATE (SELECT ARRAY_CONSTRUCT())')).message,
    ).to.contain('USING TEMPLATE needs a query');
  });
});
