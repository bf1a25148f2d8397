import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PlainFile } from '@local-cloud/snowflake/stages/files/plain-file.js';
import { secondHalf } from '@local-cloud/snowflake/stages/load/halves.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** Enough for two halves: five million bytes. */
const ROWS = 150_000;

describe('COPY INTO table from a file that is read in two halves', () => {
  const folder = mkdtempSync(join(tmpdir(), 'halves-'));
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE STAGE st');
  });
  beforeEach(() =>
    client.rows('CREATE OR REPLACE TABLE t (a NUMBER, b VARCHAR, c DATE, n NUMBER AUTOINCREMENT)'),
  );
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true });
  });

  const line = (i: number, b = `text of ${i} and some more`) => `${i},${b},2024-02-${10 + (i % 10)}`;
  /** @param change other lines in place of some */
  const put = async (end: string, change: Readonly<Record<number, string>> = {}, header = 'a,b,c') => {
    const lines = [header, ...Array.from({ length: ROWS }, (_, i) => change[i] ?? line(i))];
    writeFileSync(join(folder, 'a.csv.gz'), gzipSync(lines.join(end) + end, { level: 1 }));
    await client.rows(`PUT 'file://${join(folder, 'a.csv.gz')}' @st OVERWRITE = TRUE`);
  };
  const copy = (format = '', more = '') =>
    client.rows(
      `COPY INTO t (a, b, c) FROM @st/a.csv.gz FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 ${format}) ${more}`,
    );
  const left = () => readdirSync(join(snowflake.stateDir, 'snowflake', 'tmp'));
  const whole = async () => {
    const [found] = await client.values(
      `SELECT COUNT(*), SUM(a), COUNT_IF(b = 'text of ' || a || ' and some more'), COUNT_IF(DAY(c) = 10 + a % 10), MIN(n), MAX(n), COUNT_IF(n = a + 1) FROM t`,
    );
    const sum = (ROWS * (ROWS - 1)) / 2;
    expect(found).to.deep.equal([ROWS, sum, ROWS, ROWS, 1, ROWS, ROWS]);
  };

  for (const end of ['\n', '\r\n'])
    it(`gives every row once, in the file’s order, where lines end with ${JSON.stringify(end)}`, async () => {
      await put(end);
      const [result] = await copy();
      expect(result).to.include({ status: 'LOADED', rows_parsed: ROWS, rows_loaded: ROWS });
      await whole();
      const rows = await client.values('SELECT a FROM t');
      expect(rows.findIndex(([a], i) => a !== i)).to.equal(-1);
      expect(left()).to.deep.equal([]);
    });

  it('tells a stream of every row, once', async () => {
    await put('\n');
    await client.rows('CREATE OR REPLACE STREAM changes ON TABLE t');
    await copy();
    expect(
      await client.values('SELECT METADATA$ACTION, COUNT(*), COUNT(DISTINCT a) FROM changes GROUP BY 1'),
    ).to.deep.equal([['INSERT', ROWS, ROWS]]);
  });

  it('is read whole beside others', async () => {
    await put('\n');
    const more = Array.from({ length: ROWS }, (_, i) => line(ROWS + i)).join('\n');
    writeFileSync(join(folder, 'b.csv'), `a,b,c\n${more}\n`);
    await client.rows(`PUT 'file://${join(folder, 'b.csv')}' @st`);
    const loaded = await client.rows(
      'COPY INTO t (a, b, c) FROM @st FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)',
    );
    await client.rows('REMOVE @st/b.csv.gz');
    expect(loaded.map(({ rows_loaded }) => rows_loaded)).to.deep.equal([ROWS, ROWS]);
    const rows = await client.values('SELECT a FROM t');
    expect(rows.findIndex(([a], i) => a !== i)).to.equal(-1);
    expect(rows).to.have.length(2 * ROWS);
  });

  it('is undone whole with the statement, and tells where the error is', async () => {
    for (const at of [1, ROWS - 2]) {
      await put('\n', { [at]: `${at},b,no date` });
      const error = await client.error(
        `COPY INTO t (a, b, c) FROM @st/a.csv.gz FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)`,
      );
      expect(error.message)
        .to.include("'no date' is not recognized")
        .and.include(`line ${at + 2},`);
      expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
      expect(left()).to.deep.equal([]);
    }
  });

  it('reads numbers that only one half has as numbers of more than 18 digits', async () => {
    const long = '12345678901234567890123456789';
    await put('\n', { [ROWS - 1]: `${long},b,2024-02-10` });
    await copy();
    expect(await client.value('SELECT MAX(a)::VARCHAR FROM t')).to.equal(long);
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(ROWS);
  });

  it('is not cut where a field is enclosed, as its line breaks end no record', async () => {
    const lines = 'x\n'.repeat(2_500_000);
    writeFileSync(join(folder, 'a.csv'), `a,b,c\n1,"${lines}",2024-02-10\n`);
    await client.rows(`PUT 'file://${join(folder, 'a.csv')}' @st OVERWRITE = TRUE`);
    await copy(`FIELD_OPTIONALLY_ENCLOSED_BY = '"'`);
    expect(await client.values('SELECT a, LENGTH(b) FROM t')).to.deep.equal([[1, lines.length]]);
  });

  it('is cut behind a line near its middle, or not at all', async () => {
    const path = join(folder, 'lines');
    const cut = async (text: string, enclosed = false) => {
      writeFileSync(path, text);
      const second = await secondHalf({ path, enclosed } as PlainFile);
      return second === undefined ? [] : [path, second].map((half) => readFileSync(half, 'utf8'));
    };
    const lines = Array.from({ length: ROWS }, (_, i) => line(i)).join('\n');
    for (const text of [lines, `${lines}\n`]) {
      const [first, second] = await cut(text);
      expect(first! + second! === text).to.equal(true);
      expect(first!.endsWith('\n')).to.equal(true);
      expect(first!.length / text.length).to.be.within(0.5, 0.51);
    }
    expect(await cut(lines, true)).to.deep.equal([]);
    expect(await cut(lines.slice(0, 3_000_000))).to.deep.equal([]);
    expect(await cut('x'.repeat(5_000_000))).to.deep.equal([]);
  });
});
