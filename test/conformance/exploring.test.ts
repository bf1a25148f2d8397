import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import type { Exploration } from '../../procedures/exploring/answer.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { pythonWith, runPython } from './python.js';

type Cell = string | number | null;

/** Python answers the same questions row by row. */
describe('EXPLORE_ADMISSIONS and a recomputation in Python', () => {
  const python = pythonWith('json, math, datetime');
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'loaded');
    ctx = await local.open();
  });
  after(async () => {
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  it('agree on every figure of every question', async function () {
    if (!python) {
      console.log('      skipped: there is no python3 on this machine');
      return this.skip();
    }
    const { contract } = forDataset(ctx);
    // What the generated data has none of: missing numbers, a level that is in no list, stays that end before they begin.
    await ctx.snowflake.execute(
      'UPDATE HEALTH_ADMISSIONS SET VISITORS_WITH_PATIENT = NULL WHERE MOD(CASE_ID, 50) = 0',
    );
    await ctx.snowflake.execute("UPDATE HEALTH_ADMISSIONS SET AGE = 'unknown' WHERE MOD(CASE_ID, 90) = 1");
    await ctx.snowflake.execute(
      'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, -1, ADMISSION_DATE) WHERE MOD(CASE_ID, 600) = 2',
    );
    const made = await callProcedure<Exploration>(ctx, 'EXPLORE_ADMISSIONS', [{ object: { current: true } }]);
    const rows = await ctx.snowflake.query<Record<string, Cell>>(
      `SELECT * REPLACE (TO_VARCHAR(ADMISSION_DATE, 'YYYY-MM-DD') AS ADMISSION_DATE, TO_VARCHAR(DISCHARGE_DATE, 'YYYY-MM-DD') AS DISCHARGE_DATE)
FROM HEALTH_ADMISSIONS`,
    );
    const parts = await ctx.snowflake.query<Record<string, string>>(
      'SELECT DISTINCT TO_VARCHAR(PATIENTID) AS PATIENT, RIGHT(TO_VARCHAR(HASH(PATIENTID)), 2) AS PART FROM HEALTH_ADMISSIONS',
    );
    const [answers] = await runPython<Record<string, Cell[][][]>>(python, 'exploring.py', {
      contract,
      rows,
      parts: Object.fromEntries(parts.map(({ PATIENT, PART }) => [PATIENT, PART])),
      longStayDays: made.longStayDays,
    });
    let figures = 0;
    for (const [id, tables] of Object.entries(answers!)) {
      const own = made.questions.find((each) => each.id === id)!;
      expect(own.tables.length, id).to.be.at.least(tables.length);
      for (const [i, lines] of tables.entries()) {
        const { title, rows: all } = own.tables[i]!;
        const found =
          id === 'associations'
            ? lines.map(([name]) => all.find(([other]) => other === name)!.slice(0, 4))
            : all;
        expect(
          found.map((row) => row[0]),
          title,
        ).to.deep.equal(lines.map((row) => row[0]));
        for (const [line, row] of lines.entries())
          for (const [column, value] of row.entries()) {
            const ours = found[line]![column];
            const what = `${id}, ${title}, ${row[0]}, column ${column}`;
            if (typeof value !== 'number') expect(ours, what).to.equal(value);
            // As it is shown: three digits or more, percentages with one after the point.
            else expect(ours, what).to.be.closeTo(value, Math.max(0.0501, 0.0006 * Math.abs(value)));
            figures++;
          }
      }
    }
    expect(figures).to.be.above(1500);
    expect(Object.keys(answers!)).to.have.length(22);
  });
});
