import { DuckDBInstance } from '@duckdb/node-api';
import { textsOf } from '@local-cloud/snowflake/storage/texts.js';
import { expect } from 'chai';

describe('texts of a DuckDB vector', () => {
  it('are what they are one by one: short and long, of any alphabet, the same again, in another order, NULL', async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const shapes = [
      "repeat('x', (k % 30)::INT)",
      "CASE WHEN k % 3 = 0 THEN NULL ELSE concat('row ', k, ' of many rows') END",
      "concat(k, CASE WHEN k % 50 = 7 THEN ' Größe €, 日本語 🏥' ELSE ' plain and long' END)",
      "CASE k % 2 WHEN 0 THEN 'one and the same text' ELSE concat(chr(65279), 'begins with a mark') END",
      "CASE WHEN k < 5000 THEN NULL ELSE 'after many NULLs, a text' END",
      "concat('{\"a\":', k, ',\"b\":\"', repeat('long', (k % 500)::INT), '\"}')",
    ];
    const query = `SELECT ${shapes.map((sql, i) => `${sql} AS c${i}`).join(', ')} FROM range(7000) AS r(k)`;
    await connection.run(`CREATE TABLE t AS SELECT row_number() OVER () AS n, * FROM (${query})`);
    for (const from of [
      query,
      'SELECT * EXCLUDE (n) FROM t',
      'SELECT * EXCLUDE (n) FROM t ORDER BY n DESC',
    ]) {
      const read = await connection.run(from);
      const texts: (string | null)[][] = shapes.map(() => []);
      for (let c = 0; c < read.chunkCount; c++)
        for (const [i, column] of texts.entries()) column.push(...textsOf(read.getChunk(c), i));
      const hex = await connection.run(
        `SELECT ${shapes.map((_, i) => `hex(encode(c${i})) AS c${i}`).join(', ')} FROM (${from})`,
      );
      const expected = (await hex.getColumns()) as (string | null)[][];
      const shown = texts.map((column) =>
        column.map((text) => text && Buffer.from(text).toString('hex').toUpperCase()),
      );
      expect(shown).to.deep.equal(expected);
    }
    connection.closeSync();
    instance.closeSync();
  });

  it('are none where a column is of another type: only its NULLs can be read', async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const read = (await connection.run('SELECT NULL AS a, 12345678901 AS b FROM range(3)')).getChunk(0);
    expect(textsOf(read, 0)).to.deep.equal([null, null, null]);
    expect(() => textsOf(read, 1)).to.throw('Column 1 is BIGINT, not VARCHAR');
    connection.closeSync();
    instance.closeSync();
  });
});
