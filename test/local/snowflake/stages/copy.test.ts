import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync } from 'node:zlib';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

const DAY_MS = 86_400_000;

describe('COPY INTO table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copy-files-'));
  const clock = new MovableClock();
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE SCHEMA d.s');
  });
  beforeEach(async () => {
    await client.rows(
      `CREATE OR REPLACE STAGE st FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"')`,
    );
    await client.rows('CREATE OR REPLACE TABLE t (a INT, b VARCHAR(5), c DATE)');
  });
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true });
  });

  const put = async (name: string, contents: string | Buffer) => {
    writeFileSync(join(folder, name), contents);
    await client.rows(`PUT 'file://${join(folder, name)}' @st AUTO_COMPRESS = FALSE OVERWRITE = TRUE`);
  };
  const copy = (options = '') => client.rows(`COPY INTO t FROM @st ${options}`);
  /** Ten rows, two of them bad. */
  const TEN = `a,b,c\n1,x,\nbad,y,\n${[3, 4, 5, 6, 7, 8, 9].map((n) => `${n},x,\n`).join('')}10,z,soon\n`;

  describe('with bad rows', () => {
    it('leaves a file out from a number or a percentage of bad rows on', async () => {
      await put('ten.csv', TEN);
      const outcomes = [];
      for (const limit of [
        'SKIP_FILE',
        'SKIP_FILE_2',
        'SKIP_FILE_3',
        "'SKIP_FILE_19%'",
        "'SKIP_FILE_20%'",
        'CONTINUE',
      ]) {
        await client.rows('TRUNCATE TABLE t');
        const [row] = await copy(`ON_ERROR = ${limit}`);
        outcomes.push([limit, row!.status, row!.rows_loaded, row!.error_limit, row!.errors_seen]);
      }
      expect(outcomes).to.deep.equal([
        ['SKIP_FILE', 'LOAD_FAILED', 0, 1, 2],
        ['SKIP_FILE_2', 'LOAD_FAILED', 0, 2, 2],
        ['SKIP_FILE_3', 'PARTIALLY_LOADED', 8, 3, 2],
        ["'SKIP_FILE_19%'", 'LOAD_FAILED', 0, 2, 2],
        ["'SKIP_FILE_20%'", 'PARTIALLY_LOADED', 8, 3, 2],
        ['CONTINUE', 'PARTIALLY_LOADED', 8, 10, 2],
      ]);
    });

    it('does the same in a COPY with a SELECT', async () => {
      await put('ten.csv', TEN);
      const through = (options: string) =>
        client.rows(`COPY INTO t (c, a) FROM (SELECT $3, $1 FROM @st) ${options}`);
      expect((await through('ON_ERROR = SKIP_FILE_2'))[0]).to.include({
        status: 'LOAD_FAILED',
        rows_loaded: 0,
      });
      const [row] = await through('ON_ERROR = CONTINUE');
      expect(row).to.include({
        status: 'PARTIALLY_LOADED',
        rows_parsed: 10,
        rows_loaded: 8,
        errors_seen: 2,
        first_error: "Numeric value 'bad' is not recognized",
        first_error_column_name: '"T"["A":2]',
      });
      expect(await client.value('SELECT SUM(a) FROM t')).to.equal(43);
      const error = await client.error('COPY INTO t (a) FROM (SELECT $1 FROM @st) FORCE = TRUE');
      expect(error.message).to.contain("Numeric value 'bad' is not recognized\n  File 'ten.csv'");
      expect(error.message).to.contain('Row 2');
    });

    it('tells where a row has too many fields as Snowflake does: behind it', async () => {
      await put('wide.csv', 'a,b,c\n1,x,,more\n');
      expect((await copy('ON_ERROR = SKIP_FILE'))[0]).to.include({
        first_error_line: 3,
        first_error_character: 1,
        first_error_column_name: '"T"[4]',
      });
      expect((await client.error('COPY INTO t FROM @st')).message).to.contain(
        `File 'wide.csv', line 3, character 1\n  Row 1 starts at line 2, column "T"[4]`,
      );
    });

    it('goes on behind a document that is no JSON', async () => {
      await put('rows.json', '{"a":1}\n{"a":}\n{"a":3}\n');
      await client.rows('CREATE OR REPLACE TABLE j (v VARIANT)');
      const from = 'COPY INTO j FROM @st FILE_FORMAT = (TYPE = JSON)';
      expect((await client.error(from)).message).to.contain('Error parsing JSON');
      expect((await client.rows(`${from} ON_ERROR = CONTINUE`))[0]).to.include({
        rows_parsed: 3,
        rows_loaded: 2,
        first_error_line: 2,
      });
    });

    it('skips a file that is no XML', async () => {
      await put('bad.xml', '<a><b></a>');
      await put('good.xml', '<a><b>1</b><b>2</b></a>');
      await client.rows('CREATE OR REPLACE TABLE j (v VARIANT)');
      const rows = await client.rows(
        'COPY INTO j FROM @st FILE_FORMAT = (TYPE = XML STRIP_OUTER_ELEMENT = TRUE) ON_ERROR = SKIP_FILE',
      );
      expect(rows.map((row) => [row.status, row.rows_loaded])).to.deep.equal([
        ['LOAD_FAILED', 0],
        ['LOADED', 2],
      ]);
      expect(rows[0]!.first_error).to.contain('Error parsing XML');
      expect(await client.values('SELECT v:"$"::INT FROM j ORDER BY 1')).to.deep.equal([[1], [2]]);
    });

    it('refuses an ON_ERROR that there is not', async () => {
      for (const value of ['SKIP', 'SKIP_FILE_x', "'SKIP_FILE_101%'"])
        expect((await client.error(`COPY INTO t FROM @st ON_ERROR = ${value}`)).message).to.contain(
          "for parameter 'ON_ERROR'",
        );
    });
  });

  describe('with VALIDATION_MODE', () => {
    it('returns all errors and loads nothing', async () => {
      await put('ten.csv', TEN);
      const errors = await copy('VALIDATION_MODE = RETURN_ERRORS');
      expect(errors).to.deep.equal([
        {
          ERROR: "Numeric value 'bad' is not recognized",
          FILE: 'ten.csv',
          LINE: 3,
          CHARACTER: 1,
          BYTE_OFFSET: 11,
          CATEGORY: 'conversion',
          CODE: 100038,
          SQL_STATE: '22018',
          COLUMN_NAME: '"T"["A":1]',
          ROW_NUMBER: 2,
          ROW_START_LINE: 3,
          REJECTED_RECORD: 'bad,y,',
        },
        {
          ERROR: "Date 'soon' is not recognized",
          FILE: 'ten.csv',
          LINE: 11,
          CHARACTER: 6,
          BYTE_OFFSET: 58,
          CATEGORY: 'conversion',
          CODE: 100040,
          SQL_STATE: '22007',
          COLUMN_NAME: '"T"["C":3]',
          ROW_NUMBER: 10,
          ROW_START_LINE: 11,
          REJECTED_RECORD: '10,z,soon',
        },
      ]);
      expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
    });

    it('returns the first rows, or the error among them', async () => {
      await put('ten.csv', TEN);
      expect(await client.values('COPY INTO t FROM @st VALIDATION_MODE = RETURN_1_ROWS')).to.deep.equal([
        [1, 'x', null],
      ]);
      expect((await client.error('COPY INTO t FROM @st VALIDATION_MODE = RETURN_2_ROWS')).message).to.contain(
        "Numeric value 'bad'",
      );
    });

    it('looks at partly loaded files again only for RETURN_ALL_ERRORS, and at no SELECT', async () => {
      await put('ten.csv', TEN);
      await copy('ON_ERROR = CONTINUE');
      expect(await copy('VALIDATION_MODE = RETURN_ERRORS')).to.have.length(0);
      expect(await copy('VALIDATION_MODE = RETURN_ALL_ERRORS')).to.have.length(2);
      expect(
        (await client.error('COPY INTO t (a) FROM (SELECT $1 FROM @st) VALIDATION_MODE = RETURN_ERRORS'))
          .message,
      ).to.contain('does not support COPY statements that transform data');
    });
  });

  it('remembers its errors for VALIDATE()', async () => {
    await put('ten.csv', TEN);
    const statement = await client.statement('COPY INTO t FROM @st ON_ERROR = CONTINUE');
    const errors = await client.values("SELECT ERROR, ROW_NUMBER FROM TABLE(VALIDATE(t, JOB_ID => '_last'))");
    expect(errors).to.deep.equal([
      ["Numeric value 'bad' is not recognized", 2],
      ["Date 'soon' is not recognized", 10],
    ]);
    const id = statement.getQueryId();
    expect(await client.value(`SELECT COUNT(*) FROM TABLE(VALIDATE(d.s.t, JOB_ID => '${id}'))`)).to.equal(2);
    expect((await client.error("SELECT * FROM TABLE(VALIDATE(t, JOB_ID => 'none'))")).message).to.contain(
      'was not found',
    );
  });

  it('is told by COPY_HISTORY and LOAD_HISTORY', async () => {
    await put('ten.csv', TEN);
    await put('one.csv', 'a,b,c\n1,x,\n');
    await copy('ON_ERROR = CONTINUE');
    const history = await client.values(
      `SELECT FILE_NAME, STATUS, ROW_COUNT, ROW_PARSED, ERROR_COUNT, FIRST_ERROR_LINE_NUMBER, TABLE_NAME
       FROM TABLE(INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => 't', START_TIME => DATEADD(hour, -1, CURRENT_TIMESTAMP()))) ORDER BY 1`,
    );
    expect(history).to.deep.equal([
      ['st/one.csv', 'Loaded', 1, 1, 0, null, 'T'],
      ['st/ten.csv', 'Partially loaded', 8, 10, 2, 3, 'T'],
    ]);
    expect(
      await client.values(
        "SELECT FILE_NAME, STATUS FROM INFORMATION_SCHEMA.LOAD_HISTORY WHERE TABLE_NAME = 'T' AND ERROR_COUNT > 0",
      ),
    ).to.deep.equal([['st/ten.csv', 'PARTIALLY LOADED']]);
  });

  it('loads no further file behind SIZE_LIMIT, but always one', async () => {
    for (const name of ['1.csv', '2.csv', '3.csv']) await put(name, 'a,b,c\n1,x,\n');
    expect(await copy('SIZE_LIMIT = 1')).to.have.length(1);
    expect(await copy('SIZE_LIMIT = 12')).to.have.length(2);
  });

  it('shows files with errors only, and purges what it loaded', async () => {
    await put('bad.csv', 'a,b,c\nno,x,\n');
    await put('good.csv', 'a,b,c\n1,x,\n');
    const rows = await copy('ON_ERROR = SKIP_FILE RETURN_FAILED_ONLY = TRUE PURGE = TRUE');
    expect(rows.map((row) => row.file)).to.deep.equal(['st/bad.csv']);
    expect((await client.rows('LIST @st')).map((row) => row.name)).to.deep.equal(['st/bad.csv']);
  });

  it('cuts texts with ENFORCE_LENGTH = FALSE or TRUNCATECOLUMNS, and refuses them otherwise', async () => {
    await put('long.csv', 'a,b,c\n1,longer text,\n');
    expect((await client.error('COPY INTO t FROM @st')).message).to.contain(
      "User character length limit (5) exceeded by string 'longer text'",
    );
    await copy('ENFORCE_LENGTH = FALSE');
    await copy('TRUNCATECOLUMNS = TRUE FORCE = TRUE');
    expect(await client.values('SELECT b FROM t')).to.deep.equal([['longe'], ['longe']]);
  });

  it('puts the metadata of the files into columns', async () => {
    await put('one.csv', 'b,A\nx,1\ny,2\n');
    await client.rows(
      'CREATE OR REPLACE TABLE m (a INT, b VARCHAR, file VARCHAR, n INT, at TIMESTAMP_NTZ, "key" VARCHAR)',
    );
    await client.rows(
      `COPY INTO m FROM @st FILE_FORMAT = (TYPE = CSV PARSE_HEADER = TRUE) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE
       INCLUDE_METADATA = (file = METADATA$FILENAME, n = METADATA$FILE_ROW_NUMBER, at = METADATA$FILE_LAST_MODIFIED)`,
    );
    expect(await client.values('SELECT a, b, file, n, at IS NOT NULL FROM m ORDER BY n')).to.deep.equal([
      [1, 'x', 'st/one.csv', 1, true],
      [2, 'y', 'st/one.csv', 2, true],
    ]);
    const [row] = await client.rows(
      `SELECT METADATA$FILE_CONTENT_KEY AS k, METADATA$FILE_LAST_MODIFIED AS m, METADATA$START_SCAN_TIME AS s FROM @st LIMIT 1`,
    );
    expect(row!.K).to.equal((await client.rows('LIST @st'))[0]!.md5);
    expect(row!.M).to.be.instanceOf(Date);
    expect(row!.S).to.be.instanceOf(Date);
  });

  it('reads other encodings and compressions, and bytes that are no UTF-8 where it may', async () => {
    await put('latin.csv', Buffer.from('a,b,c\n1,caf\xe9,\n', 'latin1'));
    await copy(`FILES = ('latin.csv') FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 ENCODING = 'ISO-8859-1')`);
    await copy(
      `FILES = ('latin.csv') FORCE = TRUE FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 REPLACE_INVALID_CHARACTERS = TRUE)`,
    );
    expect(await client.values('SELECT b FROM t ORDER BY 1')).to.deep.equal([['caf\u00e9'], ['caf\ufffd']]);
    await put('packed.br', brotliCompressSync('5,x,\n'));
    await put('packed.deflate', deflateSync('6,x,\n'));
    await copy(`FILES = ('packed.br') FILE_FORMAT = (TYPE = CSV COMPRESSION = BROTLI)`);
    await copy(`FILES = ('packed.deflate') FILE_FORMAT = (TYPE = CSV COMPRESSION = DEFLATE)`);
    expect(await client.value('SELECT SUM(a) FROM t WHERE a > 4')).to.equal(11);
    expect((await client.error('CREATE FILE FORMAT z TYPE = CSV COMPRESSION = ZSTD')).message).to.contain(
      "'COMPRESSION = ZSTD'",
    );
  });

  it('reads binaries in the format they are in', async () => {
    await client.rows('CREATE OR REPLACE TABLE bin (x BINARY)');
    await put('b.csv', 'aGk=\n');
    await client.rows('COPY INTO bin FROM @st FILE_FORMAT = (TYPE = CSV BINARY_FORMAT = BASE64)');
    await client.rows('COPY INTO bin FROM @st FORCE = TRUE FILE_FORMAT = (TYPE = CSV BINARY_FORMAT = UTF8)');
    expect(await client.values('SELECT HEX_ENCODE(x) FROM bin ORDER BY 1')).to.deep.equal([
      ['61476B3D'],
      ['6869'],
    ]);
  });

  it('takes members of JSON in the given formats, and refuses a name that comes twice', async () => {
    await put('j.json', '{"a":"-","b":" x ","C":"31.12.2024"}');
    await copy(
      `FILE_FORMAT = (TYPE = JSON DATE_FORMAT = 'DD.MM.YYYY' TRIM_SPACE = TRUE NULL_IF = ('-')) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE`,
    );
    expect(await client.values('SELECT a, b, c::VARCHAR FROM t')).to.deep.equal([[null, 'x', '2024-12-31']]);
    await put('twice.json', '{"a":1,"a":2}');
    await client.rows('CREATE OR REPLACE TABLE j (v VARIANT)');
    const from = (more: string) =>
      `COPY INTO j FROM @st FILES = ('twice.json') FILE_FORMAT = (TYPE = JSON ${more})`;
    expect((await client.error(from(''))).message).to.contain('duplicate object attribute "a"');
    await client.rows(from('ALLOW_DUPLICATE = TRUE'));
    expect(await client.value('SELECT v:a FROM j')).to.equal(2);
  });

  it('forgets after 64 days what it loaded, and loads what it cannot know only if told', async () => {
    await put('old.csv', 'a,b,c\n1,x,\n');
    await put('new.csv', 'a,b,c\n2,x,\n');
    await copy(`FILES = ('new.csv')`);
    expect((await copy(`FILES = ('new.csv')`))[0]).to.include({
      status: 'LOAD_SKIPPED',
      first_error: 'File was loaded before.',
    });
    clock.advance(65 * DAY_MS);
    client = await snowflake.connect({ database: 'D', schema: 'S' });
    // Long unchanged, in a table whose first load is as long ago: nobody knows.
    expect(await copy()).to.deep.equal([{ status: 'Copy executed with 0 files processed.' }]);
    expect(await copy('LOAD_UNCERTAIN_FILES = TRUE')).to.have.length(2);
  });

  it('loads all files or, if one has an error, none; a stream and the history tell the same', async () => {
    await client.rows('CREATE OR REPLACE STREAM watching ON TABLE t');
    await put('1.csv', 'a,b,c\n1,x,\n');
    await put('2.csv', 'a,b,c\n2,y,\nbad,y,\n');
    expect((await client.error('COPY INTO t FROM @st')).message).to.contain("File '2.csv', line 3");
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
    expect(await client.value('SELECT COUNT(*) FROM watching')).to.equal(0);
    // A backslash is for the exact reader, which takes it away.
    await put('2.csv', 'a,b,c\n2,\\y,\n3,z,\n');
    expect((await copy()).map((row) => [row.status, row.rows_parsed, row.rows_loaded])).to.deep.equal([
      ['LOADED', 1, 1],
      ['LOADED', 2, 2],
    ]);
    expect(await client.values('SELECT a, b FROM watching ORDER BY a')).to.deep.equal([
      [1, 'x'],
      [2, 'y'],
      [3, 'z'],
    ]);
  });

  it('leaves a transaction as it was if a file has an error, and stays in one that goes on', async () => {
    await put('1.csv', 'a,b,c\n1,x,\n');
    await put('2.csv', 'a,b,c\nbad,y,\n');
    await client.rows('BEGIN');
    await client.rows("INSERT INTO t VALUES (0, 'mine', NULL)");
    await client.error('COPY INTO t FROM @st');
    await copy("FILES = ('1.csv')");
    await client.error('COPY INTO t FROM @st');
    await client.rows('COMMIT');
    expect(await client.values('SELECT a FROM t ORDER BY a')).to.deep.equal([[0], [1]]);
  });

  it('reads numbers and dates with spaces around them, and of many digits', async () => {
    await client.rows('CREATE OR REPLACE TABLE forms (n NUMBER, m NUMBER(30, 2), d DATE)');
    const wide = '12345678901234567890';
    await put(
      'forms.csv',
      `n,m,d\n 1 , 2.345,  2024-01-05 \n\u00a03\u00a0,-4,01/05/2024\n${wide},${wide},\n`,
    );
    await client.rows('COPY INTO forms FROM @st');
    const rows = [
      ['1', '2.35', '2024-01-05'],
      ['3', '-4.00', '2024-01-05'],
      [wide, `${wide}.00`, null],
    ];
    const texts = 'SELECT n::VARCHAR, m::VARCHAR, d::VARCHAR FROM forms ORDER BY n';
    expect(await client.values(texts)).to.deep.equal(rows);
  });

  it('loads again after TRUNCATE', async () => {
    await put('one.csv', 'a,b,c\n1,x,\n');
    await copy();
    await client.rows('TRUNCATE TABLE t');
    expect((await copy())[0]).to.include({ status: 'LOADED' });
  });

  it('refuses options that there are not, and those that are not built by name', async () => {
    expect((await client.error('COPY INTO t FROM @st ON_EROR = CONTINUE')).message).to.contain("'ON_EROR'");
    expect((await client.error("COPY INTO t FROM @st ENCRYPTION = (TYPE = 'NONE')")).message).to.contain(
      "Unsupported feature 'COPY … ENCRYPTION'",
    );
    expect((await client.error('COPY INTO t FROM @st PURGE = 1')).message).to.contain(
      "for parameter 'PURGE'",
    );
  });
});
