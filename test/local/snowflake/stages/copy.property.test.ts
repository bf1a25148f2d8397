import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { DIGITS, expectedNumber, writtenNumber } from '../types/written-number.js';

/** A field as it stands in the file: enclosed or not, empty, NULL, with what could be taken for something else. */
const field = fc.oneof(
  fc.constantFrom(
    '',
    '""',
    '\\N',
    'NULL',
    ' ',
    ' a ',
    'a b',
    '\u00a0b',
    '\tc',
    '1',
    '-0.50',
    '2024-02-29',
    'é',
    "it's",
  ),
  fc
    .string({ unit: fc.constantFrom('a', ',', '"', '\n', '|', ' ', '\t', 'é', "'", ';'), maxLength: 6 })
    .map((text) => `"${text.replaceAll('"', '""')}"`),
);
/** A number as it stands in the file, or what DuckDB's reader could take for one. */
const number = fc.oneof(
  fc.constantFrom(
    '',
    '""',
    ' ',
    ' 12 ',
    '+7',
    '-0.50',
    '.5',
    '5.',
    '1.005',
    '2.5',
    '-2.5',
    '1e3',
    '1E-2',
    '1_000',
    '0x1F',
    '1,5',
    'NaN',
    'inf',
    'NA',
    'true',
    '"3"',
    '999999999999999999',
    '1234567890123456789',
    '-12345678901234567890123456789012345678',
    '123456789012345678901234567890123456789',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const file = fc.tuple(
  fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 6 }),
  fc.constantFrom('\n', '\r\n'),
  fc.boolean(),
);

describe('COPY INTO table, read by both readers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'both-'));
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE STAGE st');
    await client.rows(`CREATE FILE FORMAT f TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"'`);
  });
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true });
  });

  it('gives the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(file, async ([rows, end, last]) => {
        const text = rows.map((row) => row.join(',')).join(end) + (last ? end : '');
        writeFileSync(join(folder, 'a.csv'), text);
        await client.rows(`PUT 'file://${join(folder, 'a.csv')}' @st AUTO_COMPRESS = FALSE OVERWRITE = TRUE`);
        const load = async (more: string) => {
          await client.rows(
            'CREATE OR REPLACE TABLE t (a VARCHAR, b VARCHAR, c VARCHAR) DATA_RETENTION_TIME_IN_DAYS = 0',
          );
          const [result] = await client.rows(
            `COPY INTO t FROM @st FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"' ${more})`,
          );
          expect(result).to.include({ status: 'LOADED', rows_parsed: rows.length });
          return client.values('SELECT a, b, c FROM t');
        };
        // Without the check of their number only the exact reader takes the fields.
        const exact = await load('ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE');
        expect(await load('')).to.deep.equal(exact);
        expect(await client.values("SELECT $1, $2, $3 FROM @st (FILE_FORMAT => 'f')")).to.deep.equal(exact);
        const trimmed = await load('TRIM_SPACE = TRUE ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE');
        expect(await load('TRIM_SPACE = TRUE')).to.deep.equal(trimmed);
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same numbers, or the same error', async () => {
    const nulls = fc.constantFrom('', "NULL_IF = ('')", "NULL_IF = ('NA')", "NULL_IF = ('7', '')");
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 3 }), nulls, async (numbers, nullIf) => {
        const lines = numbers.map((text) => [text, text, text, text].join(';'));
        writeFileSync(join(folder, 'n.csv'), `A;B;C;D\n${lines.join('\n')}\n`);
        await client.rows(`PUT 'file://${join(folder, 'n.csv')}' @st AUTO_COMPRESS = FALSE OVERWRITE = TRUE`);
        const load = async (more: string) => {
          await client.rows(
            'CREATE OR REPLACE TABLE t (a NUMBER, b NUMBER(38, 2), c FLOAT, d VARCHAR) DATA_RETENTION_TIME_IN_DAYS = 0',
          );
          const format = `TYPE = CSV SKIP_HEADER = 1 FIELD_DELIMITER = ';' FIELD_OPTIONALLY_ENCLOSED_BY = '"'`;
          try {
            await client.rows(`COPY INTO t FROM @st/n.csv FILE_FORMAT = (${format} ${nullIf} ${more})`);
          } catch (error) {
            return (error as Error).message;
          }
          return client.values('SELECT a, b, c, d FROM t');
        };
        expect(await load('')).to.deep.equal(await load('ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE'));
      }),
      { numRuns: 60 },
    );
  });

  it('reads numbers as casts of the same texts do, to the digit, and refuses what these refuse', async () => {
    const good = fc.record({
      numbers: fc.array(writtenNumber, { minLength: 1, maxLength: 25 }),
      refused: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(good, fc.constantFrom(...DIGITS), async ({ numbers, refused }, digits) => {
        const type = `NUMBER(${digits.join(', ')})`;
        const rows = numbers
          .map((number, n) => ({ n, text: number.text, expected: expectedNumber(number, digits) }))
          .filter(({ expected }) => refused || expected !== null);
        // Nothing is lost where a file has no exponent, either.
        const files = [rows, rows.filter(({ text }) => !/e/i.test(text))].filter(({ length }) => length > 0);
        for (const file of files) {
          writeFileSync(join(folder, 'w.csv'), file.map(({ n, text }) => `${n},${text}\n`).join(''));
          await client.rows(
            `PUT 'file://${join(folder, 'w.csv')}' @st AUTO_COMPRESS = FALSE OVERWRITE = TRUE`,
          );
          for (const more of ['', 'ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE']) {
            await client.rows(
              `CREATE OR REPLACE TABLE w (n NUMBER(9), v ${type}) DATA_RETENTION_TIME_IN_DAYS = 0`,
            );
            await client.rows(
              `COPY INTO w FROM @st/w.csv FILE_FORMAT = (TYPE = CSV ${more}) ON_ERROR = ${refused ? 'CONTINUE' : 'ABORT_STATEMENT'}`,
            );
            const loaded = await client.values('SELECT n, v::VARCHAR FROM w ORDER BY n');
            const expected = file.flatMap(({ n, expected }) => (expected === null ? [] : [[n, expected]]));
            expect(loaded, type).to.deep.equal(expected);
          }
          const cast = await client.values(
            `SELECT $1::NUMBER(9), TRY_CAST($2 AS ${type})::VARCHAR FROM @st/w.csv ORDER BY 1`,
          );
          expect(cast, type).to.deep.equal(file.map(({ n, expected }) => [n, expected]));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives one field of the file to columns of several types', async () => {
    writeFileSync(join(folder, 'm.csv'), 'X\n01\n');
    await client.rows(`PUT 'file://${join(folder, 'm.csv')}' @st AUTO_COMPRESS = FALSE`);
    await client.rows('CREATE OR REPLACE TABLE several (x NUMBER, "x" VARCHAR)');
    await client.rows(
      'COPY INTO several FROM @st/m.csv FILE_FORMAT = (TYPE = CSV PARSE_HEADER = TRUE) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE',
    );
    expect(await client.values('SELECT * FROM several')).to.deep.equal([[1, '01']]);
  });
});
