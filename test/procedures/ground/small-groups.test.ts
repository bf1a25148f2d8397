import { expect } from 'chai';
import fc from 'fast-check';
import { drive } from '../../../deploy/clients/drive.js';
import type { OpenContext } from '../../../deploy/open.js';
import {
  FEWEST_PATIENTS,
  groupColumns,
  groupSelect,
  linkGroupings,
  markSmallGroups,
} from '../../../procedures/ground/small-groups.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';
import { longTests } from '../../long.js';

const { long } = longTests(import.meta.url);

describe('tables that could give a group away', () => {
  it('are those that share a column, also over a third', () => {
    expect(linkGroupings([['A'], ['B'], ['C'], ['A', 'B']])).to.deep.equal([[2], [0, 1, 3]]);
    expect(linkGroupings([['A', 'B'], ['C', 'D'], ['B', 'C'], ['E']])).to.deep.equal([[0, 1, 2], [3]]);
    expect(linkGroupings([])).to.deep.equal([]);
  });
});

describe('small groups', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  before(async () => {
    local = await embeddedCloud('mail: { to: [] }');
    ctx = await local.open();
    await ctx.snowflake.execute('CREATE DATABASE IF NOT EXISTS T');
    await ctx.snowflake.execute('CREATE SCHEMA IF NOT EXISTS T.S');
    await ctx.snowflake.execute('USE SCHEMA T.S');
  });
  after(async () => {
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  type Row = readonly [patient: number | null, a: string | null, b: string];
  const groupings = [['A'], ['B'], ['A', 'B']];

  /** The rows as they are counted: patient, and the line of each table. */
  async function marked(rows: readonly Row[]) {
    await ctx.snowflake.execute('CREATE OR REPLACE TEMPORARY TABLE ROWS_IN (P NUMBER, A VARCHAR, B VARCHAR)');
    const text = (value: string | number | null) => (value === null ? 'NULL' : `'${value}'`);
    await ctx.snowflake.execute(
      `INSERT INTO ROWS_IN VALUES ${rows.map((row) => `(${row.map(text).join(', ')})`).join(', ')}`,
    );
    await ctx.snowflake.execute(
      `CREATE OR REPLACE TEMPORARY TABLE GROUPED AS SELECT ${groupSelect(groupings, 'P').join(', ')} FROM ROWS_IN`,
    );
    await drive(ctx, markSmallGroups('GROUPED', groupings));
    const { level, isSmallSql } = groupColumns(groupings);
    return await ctx.snowflake.query<Record<string, string | boolean>>(
      `SELECT PATIENT, ${groupings.map((_, i) => `${level(i)} AS LEVEL_${i}, ${isSmallSql(i)} AS SMALL_IN_${i}`).join(', ')} FROM GROUPED`,
    );
  }
  const patients = (rows: readonly Record<string, unknown>[]) =>
    new Set(rows.map(({ PATIENT }) => PATIENT)).size;

  it('are one line, with some patients of large groups where they are too few even together', async () => {
    const of = (n: number, from: number, a: string, b: string) =>
      Array.from({ length: n }, (_, i): Row => [from + i, a, b]);
    const rows = await marked([
      ...of(40, 0, 'x', 'p'),
      ...of(12, 100, 'x', 'q'),
      ...of(30, 200, 'y', 'p'),
      ...of(3, 300, 'y', 'q'),
    ]);
    const lines = (place: number) => {
      const counts: Record<string, number> = {};
      for (const row of rows)
        counts[String(row[`LEVEL_${place}`])] = (counts[String(row[`LEVEL_${place}`])] ?? 0) + 1;
      return counts;
    };
    // The three of y × q would be y minus y × p, so seven patients of large groups join them, and no other group is given up.
    for (const place of [0, 1, 2]) expect(lines(place)['(small groups, together)']).to.equal(10);
    expect(lines(2)['x × q']).to.equal(12);
    expect(lines(2)['x × p']! + lines(2)['y × p']!).to.equal(63);
    expect(lines(0).x! + lines(0).y!).to.equal(75);
    expect(lines(1)).to.deep.equal({ p: 63, q: 12, '(small groups, together)': 10 });
  });

  it('take no large group with them: three of unknown sex hide neither men nor women, and are not what is left of the total', async () => {
    const of = (n: number, from: number, a: string) =>
      Array.from({ length: n }, (_, i): Row => [from + i, a, 'p']);
    const given = [...of(500, 0, 'F'), ...of(400, 1000, 'M'), ...of(3, 5000, 'Unknown/Invalid')];
    const rows = await marked(given);
    const line = (name: string) => rows.filter((row) => row.LEVEL_0 === name);
    expect(line('F').length + line('M').length).to.equal(893);
    expect(line('M').length).to.be.at.least(393);
    expect(patients(line('(small groups, together)'))).to.equal(10);
    // The same ones each time: who measures twice learns no more.
    expect(await marked(given)).to.have.deep.members(rows);
  });

  it('take the next smallest group where no group is large enough to lose some', async () => {
    const of = (n: number, from: number, a: string) =>
      Array.from({ length: n }, (_, i): Row => [from + i, a, 'p']);
    const rows = await marked([...of(12, 0, 'x'), ...of(11, 100, 'y'), ...of(3, 200, 'z')]);
    expect(rows.filter((row) => row.LEVEL_0 === 'x')).to.have.length(12);
    expect(rows.filter((row) => row.LEVEL_0 === '(small groups, together)')).to.have.length(14);
  });

  it('count patients, not rows, and rows without one as one', async () => {
    const rows = await marked([
      ...Array.from({ length: 30 }, (_, i): Row => [i, 'x', 'p']),
      ...Array.from({ length: 30 }, (_, i): Row => [i % 5 ? i % 5 : null, null, 'p']),
    ]);
    // Four patients and those without one: five more of the others join them.
    expect(patients(rows.filter((row) => row.LEVEL_0 === '(small groups, together)'))).to.equal(10);
    expect(patients(rows.filter((row) => row.LEVEL_0 === 'x'))).to.equal(25);
  });

  long('are never shown and never what is left of linked tables, whatever the rows', async () => {
    const row = fc.tuple(
      fc.option(fc.integer({ min: 0, max: 60 }), { freq: 20 }),
      fc.option(fc.constantFrom('x', 'x', 'x', 'y', 'y', 'z', 'rare'), { freq: 20 }),
      fc.constantFrom('p', 'p', 'p', 'q', 'q', 'r', 'other'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 400, size: 'max' }), async (given) => {
        const rows = await marked(given);
        for (const place of groupings.keys()) {
          const names = new Set(rows.map((each) => each[`LEVEL_${place}`]));
          // A single line is all rows together, which a table shows only of enough patients.
          if (names.size > 1)
            for (const name of names)
              expect(patients(rows.filter((each) => each[`LEVEL_${place}`] === name))).to.be.at.least(
                FEWEST_PATIENTS,
              );
          // The same rows are small in all of them, so the sums of any two tables differ by nothing.
          for (const each of rows) expect(each[`SMALL_IN_${place}`]).to.equal(each.SMALL_IN_0);
        }
      }),
      { numRuns: 25 },
    );
  });
});
