import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

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
});
