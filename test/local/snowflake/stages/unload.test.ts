import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('COPY INTO a location', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unloaded-'));
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t (g VARCHAR, n INT, at TIMESTAMP_NTZ, d DATE, b BINARY)');
    await client.rows(
      "INSERT INTO t SELECT $1, $2, $3, $4, TO_BINARY($5) FROM VALUES ('x', 1, '2024-01-02 03:04:05', '2024-01-02', '6869'), ('y', 2, '2024-02-03 04:05:06', '2024-02-03', '6869'), (NULL, 3, NULL, NULL, NULL)",
    );
  });
  beforeEach(() => client.rows('CREATE OR REPLACE STAGE st'));
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true });
  });

  const names = async () => (await client.rows('LIST @st')).map((row) => String(row.name));
  const contents = async (name: string) => {
    await client.rows(`GET @st/${name} 'file://${folder}'`);
    return readFileSync(join(folder, name.slice(name.lastIndexOf('/') + 1)));
  };
  const PLAIN = 'FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE)';

  it('puts each value of PARTITION BY into a folder of its own, with the query id in the names', async () => {
    const statement = await client.statement(
      `COPY INTO @st/out/ FROM t PARTITION BY ('g=' || g) ${PLAIN} HEADER = TRUE`,
    );
    const id = statement.getQueryId();
    expect(await names()).to.have.members(
      ['__NULL__', 'g=x', 'g=y'].map((part) => `st/out/${part}/data_${id}_0_0_0.csv`),
    );
    const text = String(await contents(`out/g=x/data_${id}_0_0_0.csv`));
    expect(text.split('\n')[0]).to.equal('G,N,AT,D,B');
    for (const wrong of ['SINGLE = TRUE', 'OVERWRITE = TRUE', 'INCLUDE_QUERY_ID = FALSE'])
      expect((await client.error(`COPY INTO @st/out/ FROM t PARTITION BY (g) ${wrong}`)).message).to.contain(
        'invalid combination of options',
      );
  });

  it('tells of each file with DETAILED_OUTPUT, and writes beside older files with INCLUDE_QUERY_ID', async () => {
    const unload = `COPY INTO @st/x FROM (SELECT n FROM t) ${PLAIN} INCLUDE_QUERY_ID = TRUE DETAILED_OUTPUT = TRUE`;
    const [row] = await client.rows(unload);
    expect(row).to.include({ FILE_SIZE: 6, ROW_COUNT: 3 });
    expect(row!.FILE_NAME).to.match(/^x_01[0-9a-f-]+_0_0_0\.csv$/);
    await client.rows(unload);
    expect(await names()).to.have.length(2);
  });

  it('counts bytes, not characters, whichever way a file is written', async () => {
    // Values as they are and one file: written by DuckDB; otherwise row by row.
    for (const [i, single] of ['TRUE', 'FALSE'].entries())
      expect(
        await client.values(
          `COPY INTO @st/bytes${i}/x.csv FROM (SELECT 'ä€' AS c) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE) SINGLE = ${single}`,
        ),
      ).to.deep.equal([[1, 6, 6]]);
  });

  it('writes more than a few rows into several files in no order, and with SINGLE = TRUE one as the query says', async () => {
    const query =
      'FROM (SELECT n FROM (SELECT ROW_NUMBER() OVER (ORDER BY 1) AS n FROM TABLE(GENERATOR(ROWCOUNT => 50000))) ORDER BY n)';
    const numbers = async (name: string) =>
      String(await contents(name))
        .trim()
        .split('\n')
        .map(Number);
    const [row] = await client.rows(`COPY INTO @st/many/ ${query} ${PLAIN}`);
    expect(row).to.include({ rows_unloaded: 50000 });
    const files = await names();
    expect(files.length).to.be.greaterThan(1);
    const all = (await Promise.all(files.map((name) => numbers(name.replace('st/', ''))))).flat();
    expect(all).to.not.deep.equal(all.toSorted((a, b) => a - b));
    expect(new Set(all).size).to.equal(50000);
    await client.rows(`COPY INTO @st/one/rows.csv ${query} ${PLAIN} SINGLE = TRUE`);
    expect(await names()).to.include('st/one/rows.csv');
    const one = await numbers('one/rows.csv');
    expect(one).to.have.length(50000);
    expect(one).to.deep.equal(one.toSorted((a, b) => a - b));
    await client.rows(`COPY INTO @st/none/rows.csv FROM (SELECT 1 AS n WHERE FALSE) ${PLAIN} SINGLE = TRUE`);
    expect((await names()).filter((name) => name.includes('none'))).to.have.length(0);
  });

  it('writes values as they are, whatever is in them, where nothing delimits, encloses or escapes them', async () => {
    const values = [
      'a,b',
      'x\ny',
      'q"u\'o',
      'r\rr',
      '\\n',
      'd\u0001e',
      'é😀',
      ' blanks ',
      '#',
      'NULL',
      'k'.repeat(300_000),
    ];
    await client.rows('CREATE OR REPLACE TABLE texts (i INT, c VARCHAR)');
    for (const [i, value] of values.entries())
      await client.rows('INSERT INTO texts VALUES (?, ?)', [i, value]);
    await client.rows('INSERT INTO texts VALUES (99, NULL)');
    const written = async (name: string, more: string) => {
      await client.rows(
        `COPY INTO @st/${name} FROM (SELECT c FROM texts ORDER BY i) SINGLE = TRUE FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = NONE ESCAPE_UNENCLOSED_FIELD = NONE ${more})`,
      );
      return String(await contents(name));
    };
    const lines = [...values, '\\N'];
    expect(await written('n.csv', '')).to.equal(lines.map((line) => `${line}\n`).join(''));
    expect(await written('semicolon.csv', "RECORD_DELIMITER = ';'")).to.equal(
      lines.map((line) => `${line};`).join(''),
    );
  });

  it('overwrites only if told', async () => {
    await client.rows(`COPY INTO @st/x FROM t ${PLAIN}`);
    expect((await client.error(`COPY INTO @st/x FROM t ${PLAIN}`)).message).to.contain(
      'Use overwrite option',
    );
    await client.rows(`COPY INTO @st/x FROM t ${PLAIN} OVERWRITE = TRUE`);
    expect(await names()).to.have.length(1);
  });

  it('packs as the format says', async () => {
    const packed = async (compression: string) => {
      await client.rows(
        `COPY INTO @st/${compression}/ FROM (SELECT n FROM t) FILE_FORMAT = (TYPE = CSV COMPRESSION = ${compression})`,
      );
      const [name] = (await names()).filter((each) => each.includes(compression));
      return { name, bytes: await contents(name!.replace('st/', '')) };
    };
    const brotli = await packed('BROTLI');
    expect(brotli.name).to.match(/\.csv\.br$/);
    expect(String(brotliDecompressSync(brotli.bytes))).to.equal('1\n2\n3\n');
    const deflate = await packed('DEFLATE');
    expect(deflate.name).to.match(/\.csv\.deflate$/);
    expect(String(inflateSync(deflate.bytes))).to.equal('1\n2\n3\n');
  });

  it('writes dates, times and binaries in the formats given, else in those of the session', async () => {
    const line = async (options: string) => {
      await client.rows(
        `COPY INTO @st/one.csv FROM (SELECT at, d, b FROM t WHERE n = 1) SINGLE = TRUE OVERWRITE = TRUE FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE ${options})`,
      );
      return String(await contents('one.csv'));
    };
    expect(await line('')).to.equal('2024-01-02 03:04:05.000,2024-01-02,6869\n');
    expect(
      await line("TIMESTAMP_FORMAT = 'YYYY/MM/DD HH24:MI' DATE_FORMAT = 'DD.MM.YY' BINARY_FORMAT = BASE64"),
    ).to.equal('2024/01/02 03:04,02.01.24,aGk=\n');
    await client.rows("ALTER SESSION SET DATE_OUTPUT_FORMAT = 'DD-MM-YYYY'");
    expect(await line('')).to.contain(',02-01-2024,');
    await client.rows('ALTER SESSION UNSET DATE_OUTPUT_FORMAT');
  });

  it('refuses empty texts that would come back as NULL', async () => {
    const unload = (format: string) =>
      `COPY INTO @st/e/ FROM (SELECT '' AS x) OVERWRITE = TRUE FILE_FORMAT = (TYPE = CSV ${format})`;
    expect((await client.error(unload(''))).message).to.contain('Cannot unload empty string');
    await client.rows(unload(`FIELD_OPTIONALLY_ENCLOSED_BY = '"'`));
    await client.rows(unload('EMPTY_FIELD_AS_NULL = FALSE'));
  });

  it('shows the rows instead with VALIDATION_MODE = RETURN_ROWS', async () => {
    expect(
      await client.values('COPY INTO @st FROM (SELECT n FROM t ORDER BY n) VALIDATION_MODE = RETURN_ROWS'),
    ).to.deep.equal([[1], [2], [3]]);
    expect(await names()).to.have.length(0);
  });

  it('writes Parquet, which comes back as it was', async () => {
    await client.rows(
      "CREATE TABLE p AS SELECT g, n, at, d, b, 12345678901234567890.12 AS amount, OBJECT_CONSTRUCT('k', n) AS o FROM t",
    );
    const [row] = await client.rows('COPY INTO @st/p/ FROM p FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE');
    expect(row).to.include({ rows_unloaded: 3 });
    expect(await names()).to.deep.equal(['st/p/data_0_0_0.snappy.parquet']);
    await client.rows('CREATE TABLE q LIKE p');
    await client.rows(
      'COPY INTO q (g, n, at, d, amount) FROM @st/p/ FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE',
    );
    expect(
      await client.value(
        'SELECT COUNT(*) FROM (SELECT g, n, at, d, amount FROM p MINUS SELECT g, n, at, d, amount FROM q)',
      ),
    ).to.equal(0);
    await client.rows(
      'COPY INTO @st/n/ FROM (SELECT n FROM p) FILE_FORMAT = (TYPE = PARQUET COMPRESSION = NONE)',
    );
    await client.rows('CREATE FILE FORMAT parquet TYPE = PARQUET');
    expect(
      await client.value(
        "SELECT SUM($1:_COL_0::INT) FROM @st/n/data_0_0_0.parquet (FILE_FORMAT => 'parquet')",
      ),
    ).to.equal(6);
  });

  it('splits Parquet by partition and size', async () => {
    const unload = (more: string) =>
      client.rows(
        `COPY INTO @st/s/ FROM (SELECT MOD(SEQ4(), 2) AS k, UUID_STRING() AS u FROM TABLE(GENERATOR(ROWCOUNT => 2000))) ${more} FILE_FORMAT = (TYPE = PARQUET) DETAILED_OUTPUT = TRUE`,
      );
    const files = await unload("PARTITION BY ('k=' || k) MAX_FILE_SIZE = 20000");
    expect(files.length).to.be.greaterThan(3);
    expect(files.reduce((sum, file) => sum + Number(file.ROW_COUNT), 0)).to.equal(2000);
    expect(new Set(files.map((file) => String(file.FILE_NAME).split('/')[1]))).to.deep.equal(
      new Set(['k=0', 'k=1']),
    );
    expect(
      (
        await client.error(
          'COPY INTO @st/z FROM (SELECT CURRENT_TIMESTAMP() AS x) FILE_FORMAT = (TYPE = PARQUET)',
        )
      ).message,
    ).to.contain('cannot be unloaded as Parquet');
  });

  it('refuses what it cannot write by name', async () => {
    expect(
      (await client.error('COPY INTO @st FROM t FILE_FORMAT = (TYPE = PARQUET COMPRESSION = LZO)')).message,
    ).to.contain("Unsupported feature 'COMPRESSION = LZO'");
    expect((await client.error('COPY INTO @st FROM t FILE_FORMAT = (TYPE = XML)')).message).to.contain(
      "Unsupported feature 'COPY INTO a location as XML'",
    );
    expect((await client.error('COPY INTO @st FROM t MAX_FILE_SIZE = 6000000000')).message).to.contain(
      "for parameter 'MAX_FILE_SIZE'",
    );
  });
});
