import { expect } from 'chai';
import fc from 'fast-check';
import { type JoinMade, PRODUCTS, watchJoins } from '../joins.js';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** A condition, as it stands in ON. */
const PARTS = [
  'l.A = r.A',
  'l.B = r.B',
  'EQUAL_NULL(l.A, r.A)',
  'l.B IS NOT DISTINCT FROM r.B',
  'l.A = 1',
  'r.A = 1',
  'l.B IS NULL',
  'r.B IS NULL',
  'NOT r.A = 2',
  "l.A IN (1, 2) AND r.T <> 'x'",
  'l.A < r.A',
  'l.B BETWEEN r.A AND r.B',
  'l.A NOT BETWEEN r.A AND r.B',
  'l.A + r.A > 2',
  'COALESCE(l.B, r.B) = 1',
  '(l.A = 1 OR r.B = 2)',
  '(l.A = r.A OR l.B = r.B)',
  'l.V:k = r.V:k',
  'l.V:k < r.V:k',
  'l.T = r.T',
  "l.T || r.T = 'xy'",
  'TRUE',
  'NULL',
  "'a' = 'b'",
  'l.D = DATEADD(day, 1, r.D)',
  'DATEDIFF(day, l.D, r.D) > 0',
  'l.A IN (SELECT A FROM S)',
  'r.A IN (SELECT B FROM S)',
  'l.A >= (SELECT A FROM S ORDER BY A LIMIT 1)',
];

/** These too DuckDB looks at pair by pair in a FULL JOIN; nothing can be joined by them. */
const CONSTANT = ['NULL', "'a' = 'b'"];

const cell = fc.option(fc.integer({ min: 0, max: 2 }), { freq: 3 });
const text = fc.constantFrom('NULL', "'x'", "'y'");
const rows = fc.array(fc.tuple(cell, cell, text), { maxLength: 6 });

describe('outer joins, whatever stands in ON', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  const made: JoinMade[] = [];
  let stop: () => void;

  before(async () => {
    stop = watchJoins((join) => made.push(join));
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE D',
      'USE SCHEMA D.PUBLIC',
      'CREATE TABLE S (A INT, B INT)',
      'INSERT INTO S VALUES (1, 2), (0, NULL)',
    ])
      await client.rows(sql);
    // DAY is a column of both, and a part of a date.
    for (const name of ['L', 'R'])
      await client.rows(`CREATE TABLE ${name} (N INT, A INT, B INT, T VARCHAR, V VARIANT, D DATE, DAY INT)`);
  });
  after(async () => {
    stop();
    await snowflake.close();
  });

  async function fill(name: string, values: [number | null, number | null, string][]): Promise<void> {
    await client.rows(`TRUNCATE TABLE ${name}`);
    if (values.length === 0) return;
    const list = values.map(([a, b, t], i) => `(${i}, ${a}, ${b}, ${t})`).join(', ');
    await client.rows(
      `INSERT INTO ${name} SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, OBJECT_CONSTRUCT('k', COLUMN2), DATEADD(day, COLUMN3, '2026-01-01'::DATE), 1 FROM VALUES ${list}`,
    );
  }

  it('find the partners that a look at each pair of rows finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        rows,
        fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 4 }),
        async (left, right, parts) => {
          await fill('L', left);
          await fill('R', right);
          const on = parts.join(' AND ');
          const pairs = (await client.values(
            `SELECT l.N, r.N FROM L AS l CROSS JOIN R AS r WHERE ${on}`,
          )) as number[][];
          const alone = (side: number, count: number) =>
            Array.from({ length: count }, (_, i) => i).filter((i) => !pairs.some((pair) => pair[side] === i));
          const lefts = alone(0, left.length).map((i) => [i, null]);
          const rights = alone(1, right.length).map((i) => [null, i]);
          const texts = (found: unknown[][]) => found.map((row) => JSON.stringify(row)).sort();
          const expected = {
            LEFT: [...pairs, ...lefts],
            RIGHT: [...pairs, ...rights],
            FULL: [...pairs, ...lefts, ...rights],
          };
          for (const [type, all] of Object.entries(expected)) {
            // DuckDB asks no subquery of a FULL JOIN.
            if (type === 'FULL' && on.includes('SELECT')) continue;
            const sql = `SELECT l.N, r.N FROM L AS l ${type} JOIN R AS r ON ${on}`;
            expect(texts(await client.values(sql)), sql).to.deep.equal(texts(all));
          }
        },
      ),
      { numRuns: Number(process.env.LOS_JOINS ?? 60) },
    );
  });

  it('are hashed where values of both sides are compared for being equal, not looked at pair by pair', async () => {
    for (const name of ['L', 'R'])
      await client.rows(
        `INSERT OVERWRITE INTO ${name} SELECT SEQ4(), SEQ4(), MOD(SEQ4(), 3), SEQ4()::VARCHAR, OBJECT_CONSTRUCT('k', SEQ4()), DATEADD(day, SEQ4(), '2026-01-01'::DATE), 1 FROM TABLE(GENERATOR(ROWCOUNT => 500))`,
      );
    const mixed = (part: string) => /COALESCE|\+|\|\|| OR |NOT BETWEEN|V:k <|DATEDIFF|SELECT/.test(part);
    for (const type of ['LEFT', 'RIGHT', 'FULL'])
      for (const equal of [
        'l.A = r.A',
        'EQUAL_NULL(l.A, r.A)',
        'l.T = r.T',
        'l.V:k = r.V:k',
        'l.D = DATEADD(day, 1, r.D)',
      ])
        for (const part of PARTS) {
          if (type === 'FULL' && (mixed(part) || CONSTANT.includes(part))) continue;
          made.length = 0;
          const sql = `SELECT COUNT(*) FROM L AS l ${type} JOIN R AS r ON ${part} AND ${equal}`;
          await client.value(sql);
          const products = made.filter(
            ({ operator, left, right }) => PRODUCTS.includes(operator) && Math.min(left, right) > 1,
          );
          expect(products, sql).to.deep.equal([]);
        }
    made.length = 0;
    await client.rows(`MERGE INTO L USING R AS r ON L.A = r.A AND r.B = 1 AND L.A + r.A > 7
      WHEN MATCHED THEN UPDATE SET T = r.T WHEN NOT MATCHED THEN INSERT (A) VALUES (r.A)`);
    expect(made.map(({ operator }) => operator))
      .to.include('HASH_JOIN')
      .and.not.include('BLOCKWISE_NL_JOIN');
  });
});
