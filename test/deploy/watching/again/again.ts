import { expect } from 'chai';
import type { OpenContext } from '../../../../deploy/open.js';
import type { Contract } from '../../../../procedures/dataset/contract.js';
import { type Admission, dayNumber, dayText, readAdmissions, readTrainingRows } from './admissions.js';
import { inputsAgain } from './inputs.js';
import { performanceAgain, sundayBefore } from './performance.js';
import { pipeAgain } from './pipe.js';

type Row = Record<string, string | number | boolean | null>;

/**
 * Computes what the watch has written of a day once more, from the hospital's table, the training rows and the log, without any of
 * the product's code or SQL, and expects the same. Features must have been built since the table changed last.
 * @param day YYYY-MM-DD, the last that was watched
 * @returns how many rows were compared
 */
export async function expectWatchedRightly(
  ctx: OpenContext,
  contract: Contract,
  day: string,
  { version = 'health-v1', patience = 3 } = {},
): Promise<number> {
  const admissions = await readAdmissions(ctx, contract);
  const table = (name: string, where = '') =>
    ctx.snowflake.query<Row>(
      `SELECT * REPLACE (${(name === 'PIPELINE' ? ['WATCHED_ON'] : ['WATCHED_ON', 'FROM_DAY', 'TO_DAY'])
        .map((date) => `TO_VARCHAR(${date}, 'YYYY-MM-DD') AS ${date}`)
        .join(', ')}) FROM LOS_WATCH_${name} WHERE WATCHED_ON = '${day}'${where}`,
    );
  const today = dayNumber(day);
  const sunday = sundayBefore(today);
  let compared = 0;

  const training = await readTrainingRows(ctx, contract);
  const of = (from: number, to: number): Admission[] =>
    [...admissions.values()].filter(({ came }) => came >= from && came <= to);
  for (const [period, from, to] of [
    ['week', sunday - 6, sunday],
    ['day', today, today],
  ] as const) {
    const again = inputsAgain(contract, of(from, to), training);
    compared += expectSame(
      await table('INPUTS', ` AND PERIOD = '${period}' AND FROM_DAY = '${dayText(from)}'`),
      again,
      ['FEATURE', 'TEST'],
    );
  }

  const performance = await table('PERFORMANCE', " AND PERIOD <> 'shown'");
  const weeks = performance.some((row) => dayNumber(String(row.FROM_DAY)) < sunday - 27) ? 18 : 4;
  compared += expectSame(
    performance,
    await performanceAgain(ctx, contract, admissions, version, { day: today, sunday, weeks }),
    ['GROUPED_BY', 'LEVEL', 'FROM_DAY'],
  );
  compared += expectSame(
    await table('PIPELINE'),
    (await pipeAgain(ctx, admissions, today, patience)).map((row) => ({ ...row })),
    ['MEASURE'],
  );
  return compared;
}

/** Floating point adds up in any order. */
const NEAR = 1e-8;

function expectSame(found: readonly Row[], again: readonly Row[], keys: readonly string[]): number {
  const name = (row: Row) => keys.map((key) => row[key]).join(' | ');
  expect(found.map(name).sort()).to.deep.equal(again.map(name).sort());
  for (const row of again) {
    const other = found.find((one) => name(one) === name(row))!;
    for (const [column, value] of Object.entries(row)) {
      const what = `${name(row)}: ${column}`;
      if (typeof value === 'number')
        expect(Number(other[column]), what).to.be.closeTo(value, NEAR * Math.max(1, Math.abs(value)));
      else expect(other[column], what).to.equal(value);
    }
  }
  return again.length;
}
