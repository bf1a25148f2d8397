import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('stages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stage-files-'));
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE SCHEMA d.s');
  });
  beforeEach(async () => {
    await client.rows(
      `CREATE OR REPLACE FILE FORMAT csv TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"'`,
    );
    await client.rows(`CREATE OR REPLACE STAGE st FILE_FORMAT = (FORMAT_NAME = 'csv')`);
    await client.rows('CREATE OR REPLACE TABLE t (a INT, b VARCHAR, c DATE)');
  });
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true });
  });

  /** Writes a file and PUTs it. */
  const put = async (name: string, text: string, options = '') => {
    writeFileSync(join(folder, name), text);
    const [row] = await client.rows(`PUT 'file://${join(folder, name)}' @st ${options}`);
    return row;
  };
  const copy = (options = '') => client.rows(`COPY INTO t FROM @st ${options}`);

  it('take files by PUT, compressed unless told otherwise, and list them', async () => {
    expect(await put('one.csv', 'a,b,c\n1,x,2024-01-01\n')).to.include({
      target: 'one.csv.gz',
      status: 'UPLOADED',
    });
    await put('two.csv', 'a,b,c\n', 'AUTO_COMPRESS = FALSE');
    const list = await client.rows('LIST @st');
    expect(list.map((row) => row.name)).to.deep.equal(['st/one.csv.gz', 'st/two.csv']);
    expect(await client.rows(`LIST @st PATTERN = '.*two.*'`)).to.have.length(1);
    await client.rows('REMOVE @st/one');
    expect(await client.rows('LIST @st')).to.have.length(1);
  });

  it('load CSV with enclosed fields, NULLs and empty texts', async () => {
    await put('one.csv', 'a,b,c\n1,"x, ""y""\nz",2024-01-01\n2,,\n3,"",\n4,\\N,2024-12-31\n');
    const [result] = await copy();
    expect(result).to.include({
      file: 'st/one.csv.gz',
      status: 'LOADED',
      rows_parsed: 4,
      rows_loaded: 4,
      errors_seen: 0,
    });
    expect(await client.values('SELECT a, b, c::VARCHAR FROM t ORDER BY a')).to.deep.equal([
      [1, 'x, "y"\nz', '2024-01-01'],
      [2, null, null],
      [3, '', null],
      [4, null, '2024-12-31'],
    ]);
  });

  it('load a file once, and again when it changed or with FORCE', async () => {
    await put('one.csv', 'a,b,c\n1,x,\n');
    await copy();
    expect(await copy()).to.deep.equal([{ status: 'Copy executed with 0 files processed.' }]);
    expect(await copy('FORCE = TRUE')).to.have.length(1);
    await put('one.csv', 'a,b,c\n2,y,\n', 'OVERWRITE = TRUE');
    expect((await copy())[0]).to.include({ status: 'LOADED' });
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(3);
  });

  it('are not taken for others of the same name', async () => {
    await put('one.csv', 'a,b,c\n1,x,\n');
    await copy();
    const format = 'FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)';
    await client.rows(`CREATE TEMPORARY STAGE passing ${format}`);
    await client.rows('CREATE SCHEMA IF NOT EXISTS other');
    await client.rows(`CREATE OR REPLACE STAGE other.passing ${format}`);
    await client.rows('USE SCHEMA s');
    for (const stage of ['passing', 'other.passing']) {
      await client.rows(`PUT 'file://${join(folder, 'one.csv')}' @${stage}`);
      expect((await client.rows(`COPY INTO t FROM @${stage}`))[0]).to.include({ status: 'LOADED' });
      expect((await client.rows(`COPY INTO t FROM @${stage}`))[0]!.status).to.contain('0 files processed');
    }
    await client.rows(`CREATE OR REPLACE TEMPORARY STAGE passing ${format}`);
    await client.rows(`PUT 'file://${join(folder, 'one.csv')}' @passing`);
    expect((await client.rows('COPY INTO t FROM @passing'))[0]).to.include({ status: 'LOADED' });
    await client.rows('DROP STAGE passing');
  });

  it('do not remember a load that was rolled back', async () => {
    await put('one.csv', 'a,b,c\n1,x,\n');
    await client.rows('BEGIN');
    await copy();
    await client.rows('ROLLBACK');
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
    expect((await copy())[0]).to.include({ status: 'LOADED', rows_loaded: 1 });
  });

  it('stop at an error, naming file, line and column, and load nothing', async () => {
    await put('one.csv', 'a,b,c\n1,x,2024-01-01\n2,y,tomorrow\n');
    const error = await client.error('COPY INTO t FROM @st');
    expect(error.message).to.contain("Date 'tomorrow' is not recognized");
    expect(error.message).to.contain("File 'one.csv.gz', line 3, character 5");
    expect(error.message).to.contain('Row 2, column "T"["C":3]');
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
    await put('one.csv', 'a,b,c\n1,x\n', 'OVERWRITE = TRUE');
    expect((await client.error('COPY INTO t FROM @st')).message).to.contain(
      'Number of columns in file (2) does not match that of the corresponding table (3)',
    );
  });

  it('go on with ON_ERROR = CONTINUE, and leave out the file with SKIP_FILE', async () => {
    await put('bad.csv', 'a,b,c\n1,x,\nno,y,\n3,z,\n');
    await put('good.csv', 'a,b,c\n4,x,\n');
    const rows = await copy('ON_ERROR = CONTINUE');
    expect(rows.find((row) => row.file === 'st/bad.csv.gz')).to.include({
      status: 'PARTIALLY_LOADED',
      rows_parsed: 3,
      rows_loaded: 2,
      errors_seen: 1,
      first_error: "Numeric value 'no' is not recognized",
      first_error_line: 3,
    });
    await client.rows('TRUNCATE TABLE t');
    const skipped = await copy('ON_ERROR = SKIP_FILE FORCE = TRUE');
    expect(skipped.map((row) => row.status)).to.have.members(['LOAD_FAILED', 'LOADED']);
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(1);
  });

  it('leave out rows that are no CSV', async () => {
    await put('one.csv', 'a,b,c\n1,"x"y,\n2,z,\n3,"open,\n');
    const [row] = await copy('ON_ERROR = CONTINUE');
    expect(row).to.include({
      rows_loaded: 1,
      errors_seen: 2,
      first_error: "Found character 'y' instead of field delimiter ','",
    });
  });

  it('refuse bytes that are no UTF-8', async () => {
    writeFileSync(join(folder, 'latin.csv'), Buffer.from('a,b,c\n1,caf\xe9,\n', 'latin1'));
    await client.rows(`PUT 'file://${join(folder, 'latin.csv')}' @st`);
    expect((await client.error('COPY INTO t FROM @st')).message).to.contain('Invalid UTF8');
  });

  it('keep NOT NULL columns free of NULL', async () => {
    await client.rows('CREATE OR REPLACE TABLE t (a INT NOT NULL, b VARCHAR, c DATE)');
    await put('one.csv', 'a,b,c\n,x,\n');
    expect((await client.error('COPY INTO t FROM @st')).message).to.contain(
      'NULL result in a non-nullable column',
    );
  });

  it('pick files by FILES and PATTERN, and purge them', async () => {
    for (const name of ['x1.csv', 'x2.csv', 'y1.csv']) await put(name, 'a,b,c\n1,x,\n');
    expect(await copy(`FILES = ('x1.csv.gz')`)).to.have.length(1);
    expect(await copy(`PATTERN = '.*x.*' PURGE = TRUE`)).to.have.length(1);
    expect((await client.rows('LIST @st')).map((row) => row.name)).to.deep.equal([
      'st/x1.csv.gz',
      'st/y1.csv.gz',
    ]);
    expect((await client.error(`COPY INTO t FROM @st FILES = ('missing.csv')`)).message).to.contain(
      "'@st/missing.csv' was not found",
    );
  });

  it('load some columns, by name from the header, and through a SELECT', async () => {
    await put('one.csv', 'c,a,extra\n2024-05-06,7,e\n');
    await client.rows(
      'COPY INTO t (b, a) FROM (SELECT UPPER($3) || METADATA$FILE_ROW_NUMBER, $2::INT FROM @st)',
    );
    expect(await client.values('SELECT a, b FROM t')).to.deep.equal([[7, 'E1']]);
    await client.rows('TRUNCATE TABLE t');
    await copy(
      `FILE_FORMAT = (TYPE = CSV PARSE_HEADER = TRUE) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE FORCE = TRUE`,
    );
    expect(await client.values('SELECT a, b, c::VARCHAR FROM t')).to.deep.equal([[7, null, '2024-05-06']]);
  });

  it('follow DATE_FORMAT, other delimiters, escapes and blank lines', async () => {
    await put('one.csv', '1|a\\|b|31.12.2024\n\n2| c |01.01.2025\n');
    await copy(
      `FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '|' DATE_FORMAT = 'DD.MM.YYYY' SKIP_BLANK_LINES = TRUE TRIM_SPACE = TRUE)`,
    );
    expect(await client.values('SELECT a, b, c::VARCHAR FROM t ORDER BY a')).to.deep.equal([
      [1, 'a|b', '2024-12-31'],
      [2, 'c', '2025-01-01'],
    ]);
  });

  it('load JSON into a VARIANT and by member names', async () => {
    await put('one.json', '[{"a":1,"b":"x"},{"a":2,"B":"y"}]');
    await client.rows('CREATE OR REPLACE TABLE j (v VARIANT)');
    await client.rows('COPY INTO j FROM @st FILE_FORMAT = (TYPE = JSON STRIP_OUTER_ARRAY = TRUE)');
    expect(await client.values('SELECT v:a::INT FROM j ORDER BY 1')).to.deep.equal([[1], [2]]);
    await copy(
      'FILE_FORMAT = (TYPE = JSON STRIP_OUTER_ARRAY = TRUE) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE',
    );
    expect(await client.values('SELECT a, b FROM t ORDER BY a')).to.deep.equal([
      [1, 'x'],
      [2, 'y'],
    ]);
    expect(
      await client.values(`SELECT $1[0]:a::INT FROM @st (FILE_FORMAT => 'js')`).catch((e) => e.message),
    ).to.contain('JS');
  });

  it('can be queried', async () => {
    await put('one.csv', 'a,b,c\n1,x,\n2,y,\n');
    expect(await client.values('SELECT $1::INT, $2, METADATA$FILENAME FROM @st ORDER BY 1')).to.deep.equal([
      [1, 'x', 'st/one.csv.gz'],
      [2, 'y', 'st/one.csv.gz'],
    ]);
  });

  it('are unloaded to with header, enclosure and NULLs, and read back by GET and COPY', async () => {
    await client.rows(`INSERT INTO t VALUES (1, 'a,"b"', '2024-01-01'), (2, NULL, NULL)`);
    const [unloaded] = await client.rows(
      `COPY INTO @st/out/ FROM (SELECT * FROM t ORDER BY a) HEADER = TRUE FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"' NULL_IF = ('NULL'))`,
    );
    expect(unloaded).to.include({ rows_unloaded: 2 });
    await client.rows(`GET @st/out/ 'file://${folder}'`);
    expect(gunzipSync(readFileSync(join(folder, 'data_0_0_0.csv.gz'))).toString()).to.equal(
      '"A","B","C"\n1,"a,""b""","2024-01-01"\n2,NULL,NULL\n',
    );
    await client.rows('CREATE OR REPLACE TABLE back LIKE t');
    await client.rows(
      `COPY INTO back FROM @st/out/ FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"' NULL_IF = ('NULL'))`,
    );
    expect(await client.value('SELECT COUNT(*) FROM (SELECT * FROM t MINUS SELECT * FROM back)')).to.equal(0);
    expect((await client.error('COPY INTO @st/out/ FROM t')).message).to.contain('Use overwrite option');
  });

  it('are unloaded to as whole lines, in one file or in several', async () => {
    await client.rows(
      `COPY INTO @st/lines.csv FROM (SELECT seq4() || ',x' FROM TABLE(GENERATOR(ROWCOUNT => 3))) SINGLE = TRUE FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE)`,
    );
    await client.rows(`GET @st/lines.csv 'file://${folder}'`);
    expect(readFileSync(join(folder, 'lines.csv'), 'utf8')).to.equal('0,x\n1,x\n2,x\n');
    await client.rows(
      `COPY INTO @st/many/ FROM (SELECT REPEAT('x', 99) FROM TABLE(GENERATOR(ROWCOUNT => 30))) MAX_FILE_SIZE = 1000 FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE)`,
    );
    expect((await client.rows('LIST @st/many/')).map((row) => row.name)).to.deep.equal(
      [0, 1, 2].map((n) => `st/many/data_0_${n}_0.csv`),
    );
    await client.rows(
      `COPY INTO @st/j FROM (SELECT OBJECT_CONSTRUCT('k', 1)) FILE_FORMAT = (TYPE = JSON COMPRESSION = NONE)`,
    );
    await client.rows(`GET @st/j 'file://${folder}'`);
    expect(readFileSync(join(folder, 'j_0_0_0.json'), 'utf8')).to.equal('{"k":1}\n');
  });

  it('exist for every user and table', async () => {
    writeFileSync(join(folder, 'mine.csv'), '1,x,\n');
    await client.rows(`PUT 'file://${join(folder, 'mine.csv')}' @~/inbox`);
    await client.rows(`PUT 'file://${join(folder, 'mine.csv')}' @%t`);
    expect((await client.rows('LIST @~')).map((row) => row.name)).to.deep.equal(['inbox/mine.csv.gz']);
    await client.rows('COPY INTO t FROM @%t');
    await client.rows('COPY INTO t FROM @~/inbox');
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(2);
  });

  it('are shown, described, and refused for what is not built', async () => {
    expect((await client.rows('SHOW STAGES'))[0]).to.include({ name: 'ST', type: 'INTERNAL' });
    expect((await client.rows('DESC FILE FORMAT csv')).map((row) => row.property)).to.include('SKIP_HEADER');
    expect((await client.error('CREATE FILE FORMAT p TYPE = AVRO')).message).to.contain(
      'only CSV, JSON, XML and Parquet',
    );
    expect(
      (await client.error(`PUT 'file://${join(folder, 'one.csv')}' @st/../../../out`)).message,
    ).to.contain('leads out of the stage');
    await client.rows('DROP STAGE st');
    expect((await client.error('LIST @st')).message).to.contain(
      "Stage 'D.S.ST' does not exist or not authorized",
    );
  });
});
