import { DuckDBInstance } from '@duckdb/node-api';
import { appendPacked } from '@local-cloud/snowflake/storage/append-packed.js';
import { joinParts } from '@local-cloud/snowflake/storage/packed-texts.js';
import { textsOf } from '@local-cloud/snowflake/storage/texts.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { packed } from '../packed.js';

describe('packed texts', () => {
  let instance: DuckDBInstance;
  before(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  });
  after(() => instance.closeSync());

  /** What a table of two columns, the second JSON, has of packed texts, and its numbers. */
  const appended = async (
    texts: readonly (string | null)[],
    json: readonly (string | null)[],
    first: number,
  ) => {
    const connection = await instance.connect();
    await connection.run('CREATE TEMP TABLE t (n BIGINT, a VARCHAR, b JSON)');
    const appender = await connection.createAppender('t', 'main', 'temp');
    const half = texts.length >> 1;
    const parts = joinParts([packed(texts.slice(0, half)), packed([]), packed(texts.slice(half))]);
    appendPacked(appender, [parts, packed(json)], first);
    appender.closeSync();
    const result = await connection.run('SELECT CAST(n AS VARCHAR), a, CAST(b AS VARCHAR) FROM t ORDER BY n');
    const columns: (string | null)[][] = [[], [], []];
    for (let c = 0; c < result.chunkCount; c++)
      for (const [i, column] of columns.entries()) column.push(...textsOf(result.getChunk(c), i));
    connection.closeSync();
    return columns;
  };

  it('are in DuckDB what they were, of any length and alphabet', async () => {
    const text = fc.option(
      fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 40 }),
        fc.nat(1000),
        async (texts, first) => {
          const json = texts.map((each) => each && JSON.stringify(each));
          const [numbers, a, b] = await appended(texts, json, first);
          expect(numbers).to.deep.equal(texts.map((_, i) => String(first + i)));
          expect(a).to.deep.equal(texts);
          expect(b).to.deep.equal(json);
        },
      ),
    );
  });

  it('are numbers where numbers are packed, and NULL', async () => {
    const value = fc.option(fc.double());
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5000, size: 'max' }), async (values) => {
        const connection = await instance.connect();
        await connection.run('CREATE TEMP TABLE t (n BIGINT, a DOUBLE)');
        const appender = await connection.createAppender('t', 'main', 'temp');
        const numbers = Float64Array.from(values, (each) => each ?? 0);
        const nulls = Uint8Array.from(values, (each) => (each === null ? 1 : 0));
        appendPacked(appender, [{ numbers, nulls }], 0);
        appender.closeSync();
        const rows = await (await connection.run('SELECT a FROM t ORDER BY n')).getRows();
        connection.closeSync();
        expect(rows.map(([a]) => a)).to.deep.equal(values);
      }),
      { numRuns: 20 },
    );
  });

  it('fill more rows than a chunk of DuckDB’s has, and more than are brought over together', async () => {
    const texts = Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? null : `${i}`.repeat(1 + (i % 300))));
    const [, a] = await appended(
      texts,
      texts.map(() => '{}'),
      1,
    );
    expect(a).to.deep.equal(texts);
  });
});
