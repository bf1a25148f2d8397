import { ranged } from '@local-cloud/snowflake/streams/ranges.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** Views of every shape that change tracking follows, over T (id, v) and U (id, w). */
const VIEWS = [
  'SELECT v, id * 2 AS twice FROM t WHERE id <> 2',
  'SELECT t.id, v, w FROM t JOIN u ON t.id = u.id',
  'SELECT * FROM t NATURAL JOIN u',
  'SELECT a.id, a.v, b.v AS other FROM t a JOIN t b ON a.id <= b.id',
  'SELECT t.id, v, w FROM t, u WHERE v = w',
  'SELECT id, v FROM t UNION ALL SELECT id, w FROM u UNION ALL SELECT id, v FROM t WHERE id > 1',
  'SELECT x.id, x.v, w FROM (SELECT id, v FROM t UNION ALL SELECT id, w FROM u) AS x JOIN u ON x.id = u.id',
  'WITH q AS (SELECT id, v FROM t WHERE id > 1) SELECT a.id, b.v, w FROM q a JOIN q b USING (id) JOIN u USING (id)',
];

type Change = {
  table: 'T' | 'U';
  kind: 'insert' | 'update' | 'delete' | 'move' | 'bulk';
  id: number;
  value: number;
};
const change = fc.record<Change>({
  table: fc.constantFrom('T', 'U'),
  kind: fc.constantFrom('insert', 'insert', 'update', 'delete', 'move', 'bulk'),
  id: fc.integer({ min: 1, max: 4 }),
  value: fc.integer({ min: 1, max: 3 }),
});

function sqlOf({ table, kind, id, value }: Change): string {
  const column = table === 'T' ? 'v' : 'w';
  if (kind === 'insert') return `INSERT INTO ${table} VALUES (${id}, ${value})`;
  if (kind === 'bulk')
    return `INSERT INTO ${table} SELECT SEQ4() % 4 + 1, ${value} FROM TABLE(GENERATOR(ROWCOUNT => 3))`;
  if (kind === 'update') return `UPDATE ${table} SET ${column} = ${value} WHERE id = ${id}`;
  if (kind === 'move') return `UPDATE ${table} SET id = id % 4 + 1 WHERE id = ${id}`;
  return `DELETE FROM ${table} WHERE id = ${id}`;
}

describe('streams on views, against the views themselves', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  const { from } = ranged;
  before(async () => {
    // Rows of an INSERT that are not copied into the change log count as any others.
    ranged.from = 3;
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(async () => {
    ranged.from = from;
    await snowflake.close();
  });

  it('carry a copy of the view along, whatever is written and whenever it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...VIEWS),
        fc.array(change, { maxLength: 5 }),
        fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
        async (query, first, rounds) => {
          for (const sql of [
            'CREATE OR REPLACE TABLE t (id INT, v INT)',
            'CREATE OR REPLACE TABLE u (id INT, w INT)',
            ...first.map(sqlOf),
            `CREATE OR REPLACE VIEW seen AS ${query}`,
            'CREATE OR REPLACE STREAM changes ON VIEW seen SHOW_INITIAL_ROWS = TRUE',
            // Row by row, as MERGE would: what is deleted goes by its identity.
            'CREATE OR REPLACE TABLE copy AS SELECT * FROM changes',
          ])
            await client.rows(sql);
          for (const round of rounds) {
            for (const each of round) await client.rows(sqlOf(each));
            const records = await client.rows('SELECT * FROM changes');
            const keys = records.map((row) => `${row.METADATA$ROW_ID} ${row.METADATA$ACTION}`);
            expect(new Set(keys).size, query).to.equal(keys.length);
            for (const row of records)
              expect(row.METADATA$ISUPDATE, query).to.equal(
                keys.includes(
                  `${row.METADATA$ROW_ID} ${row.METADATA$ACTION === 'INSERT' ? 'DELETE' : 'INSERT'}`,
                ),
              );
            await client.rows('CREATE OR REPLACE TEMPORARY TABLE taken AS SELECT * FROM changes WHERE FALSE');
            await apply(records);
            const rest = (await client.rows('SELECT * FROM copy')).map(valuesOf).sort();
            expect(rest, query).to.deep.equal((await client.rows('SELECT * FROM seen')).map(valuesOf).sort());
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  /** A row without its metadata. */
  const valuesOf = (row: Record<string, unknown>): string =>
    Object.entries(row)
      .filter(([name]) => !name.startsWith('METADATA$'))
      .map(([, value]) => String(value))
      .join();

  async function apply(records: Record<string, unknown>[]): Promise<void> {
    for (const row of records.filter((each) => each.METADATA$ACTION === 'DELETE')) {
      const [gone] = (await client.values(
        `DELETE FROM copy WHERE METADATA$ROW_ID = '${row.METADATA$ROW_ID}'`,
      )) as [number][];
      expect(gone![0]).to.equal(1);
    }
    for (const row of records.filter((each) => each.METADATA$ACTION === 'INSERT'))
      await client.rows(
        'INSERT INTO copy VALUES ('.concat(
          Object.values(row)
            .map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
            .join(),
          ')',
        ),
      );
  }
});
