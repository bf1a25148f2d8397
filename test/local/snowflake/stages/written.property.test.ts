import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** What may stand between two words, and at least one of which does. */
const gap = fc
  .array(fc.constantFrom(' ', '    ', '\n', '\r\n', '\t', '/* FROM @no */', '-- (SELECT 1 FROM @no)\n'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => ` ${parts.join('')}`);
/** A word in any case. */
const word = (text: string) => fc.constantFrom(text, text.toLowerCase());

describe('stages in statements, however they are written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'written-'));
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE STAGE st FILE_FORMAT = (TYPE = CSV)');
    await client.rows('CREATE TABLE t (a INT, b VARCHAR)');
    await client.rows('CREATE TABLE "%odd t" (a INT, b VARCHAR)');
    writeFileSync(join(folder, 'a.csv'), '1,x\n2,y\n');
    await client.rows(`PUT 'file://${folder}/a.csv' @st/in/`);
  });
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true });
  });

  it('load by a query, whatever its indentation, case, comments and quotes', async () => {
    const parts = fc.tuple(
      fc.constantFrom('(', '( '),
      gap,
      word('SELECT'),
      gap,
      fc.constantFrom("$1, 'from @no (' || $2", '$1, $2'),
      gap,
      word('FROM'),
      gap,
      fc.constantFrom('@st/in', "'@st/in/'", '@"ST"/in', '@d.public.st/in', '@D."PUBLIC".ST/in/'),
      fc.constantFrom('', ' s', ' AS s'),
      gap,
    );
    await fc.assert(
      fc.asyncProperty(parts, async (query) => {
        await client.rows('TRUNCATE TABLE t');
        const [loaded] = await client.rows(`COPY INTO t FROM ${query.join('')}) FORCE = TRUE`);
        expect(loaded).to.include({ status: 'LOADED', rows_loaded: 2 });
      }),
      { numRuns: 40 },
    );
  });

  it('name a table’s own stage with and without quotes, and a path with as many slashes as one likes', async () => {
    const name = fc.tuple(
      fc.constantFrom('', 'PUBLIC.', '"PUBLIC".', 'd.public.', 'D."PUBLIC".'),
      fc.constantFrom('%t', '"%T"', '%"T"'),
    );
    const path = fc.constantFrom('', '/', '/in', '/"id"', '//in', '/in//b');
    await fc.assert(
      fc.asyncProperty(name, path, fc.boolean(), async (parts, where, quoted) => {
        const bare = `@${parts.join('')}${where}`;
        const stage = quoted ? `'${bare}'` : bare;
        await client.rows('REMOVE @%t');
        await client.rows('TRUNCATE TABLE t');
        await client.rows(`PUT 'file://${folder}/a.csv' ${stage} OVERWRITE = TRUE, AUTO_COMPRESS = FALSE`);
        expect(await client.rows('LIST @%t')).to.have.length(1);
        const [loaded] = await client.rows(`COPY INTO t FROM @%t FORCE = TRUE`);
        expect(loaded).to.include({ status: 'LOADED', rows_loaded: 2 });
        expect(await client.rows(`LIST ${stage}`)).to.have.length(1);
      }),
      { numRuns: 40 },
    );
    await client.rows(`PUT 'file://${folder}/a.csv' '@"PUBLIC"."%%odd t"'`);
    expect(await client.rows('LIST @"%%odd t"')).to.have.length(1);
  });
});
