import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../../deploy/open.js';
import { acceptLoss, checkTables } from '../../../procedures/records/check.js';
import { forgetCounts, type TablesPlan } from '../../../procedures/records/counted.js';
import type { CountedTable } from '../../../procedures/records/counted-table.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { longTests } from '../../long.js';
import { BY_DAY, fillRecords } from './records.js';

const { few } = longTests(import.meta.url);

const WHOLE: CountedTable = {
  name: 'LOS_EVALUATION',
  key: ['VERSION', 'SIDE', 'CASE_ID'],
  rows: 'TRUE',
  expires: true,
};
const ROWS = 30;
const GONE = 12;

describe('rows that go on purpose while they are counted', () => {
  const { open } = hostedCloud('', 'applied');
  type Step = () => Promise<unknown>;
  let ctx: OpenContext;
  let other: OpenContext;
  const run = (sql: string) => ctx.snowflake.execute(sql);
  const numberOf = async (sql: string) => Number((await ctx.snowflake.query(`SELECT ${sql} AS N`))[0]!.N);

  before(async () => {
    ctx = await open();
    other = await open();
  });
  after(async () => {
    await other?.close();
    await ctx?.close();
  });

  /**
   * @param meanwhile what happens between what counts and what remembers
   * @param within what happens while that waits, and has read what it reads: a statement of Snowflake sees what was there when it began
   */
  async function look(table: CountedTable, meanwhile?: Step, within?: Step): Promise<number> {
    const plan: TablesPlan = {
      place: ctx.settings,
      dataset: 'health',
      zone: 'UTC',
      keepDays: 800,
      tables: [table],
    };
    const snowflake = {
      query: ctx.snowflake.query.bind(ctx.snowflake),
      async execute(sql: string, binds: readonly unknown[] = []) {
        await meanwhile?.();
        if (within === undefined) return await ctx.snowflake.execute(sql, binds as never);
        const source = /USING \(\n([\s\S]*)\n\) AS n ON/.exec(sql)![1]!;
        const bound = source.split('?').length - 1;
        await ctx.snowflake.execute(
          `CREATE OR REPLACE TABLE READ_BEFORE AS ${source}`,
          binds.slice(0, bound) as never,
        );
        await within();
        return await ctx.snowflake.execute(
          sql.replace(source, 'SELECT * FROM READ_BEFORE'),
          binds.slice(bound) as never,
        );
      },
    } as Partial<Snowflake> as Snowflake;
    const { losses } = await drive({ snowflake }, checkTables(plan));
    return losses.reduce((sum, { lost }) => sum + lost, 0);
  }

  const ids = (prefix: string) =>
    `('${Array.from({ length: GONE }, (_, i) => `${prefix} ${i}`).join("', '")}')`;
  type Steps = readonly [begin: Step, first: Step, second: Step, commit: Step];
  const inOther =
    (sql: string): Step =>
    () =>
      other.snowflake.execute(sql);
  const all = async (...steps: readonly Step[]) => {
    for (const step of steps) await step();
  };
  const deletion = (table: CountedTable, prefix: string) =>
    `DELETE FROM ${table.name} WHERE CASE_ID IN ${ids(prefix)}`;
  /** As FORGET_PATIENT does it. */
  const erasure = (table: CountedTable, prefix: string): Steps => {
    const sql = deletion(table, prefix);
    const counts = forgetCounts(ctx.settings, 'health', table, sql);
    return [inOther('BEGIN'), inOther(counts), inOther(sql), inOther('COMMIT')];
  };
  /** As WATCH_PREDICTIONS does it with what has had its time. */
  const expiry = (table: CountedTable, prefix: string): Steps => {
    const anew = () => drive(other, acceptLoss(ctx.settings, 'health', table.name, 'DAY IS NULL'));
    return [inOther('BEGIN'), inOther(deletion(table, prefix)), anew, inOther('COMMIT')];
  };

  for (const [what, table, stepsOf, cases] of few([
    ['rows counted by day that are erased', BY_DAY, erasure, ['counted', 'new', 'never counted']],
    ['rows counted as a whole that are erased', WHOLE, erasure, ['counted', 'new', 'never counted']],
    // They have their time long after they were counted first.
    ['rows counted as a whole that expire', WHOLE, expiry, ['counted', 'new']],
  ] as const))
    for (const which of cases)
      describe(`${what}: ${which}`, () => {
        const prefix = which === 'new' ? 'later' : 'made up';
        let steps: Steps;
        beforeEach(async () => {
          steps = stepsOf(table, prefix);
          await run(`DELETE FROM ${table.name}`);
          await run('DELETE FROM LOS_TABLE_COUNTS');
          await fillRecords(ctx, table.name, ROWS);
          if (which !== 'never counted') expect(await look(table)).to.equal(0);
          if (which === 'new') await fillRecords(ctx, table.name, GONE, 'later');
        });
        /** Nothing is missed; what is remembered is what is there, so that what is lost then is missed. */
        const settle = async () => {
          expect(await look(table)).to.equal(0);
          const left = ROWS - (which === 'new' ? 0 : GONE);
          expect(await numberOf(`(SELECT COUNT(*) FROM ${table.name})`)).to.equal(left);
          expect(await numberOf('(SELECT SUM(ROW_COUNT) FROM LOS_TABLE_COUNTS)')).to.equal(left);
          await run(`DELETE FROM ${table.name} WHERE CASE_ID >= 'made up 2'`);
          const lost = left - (await numberOf(`(SELECT COUNT(*) FROM ${table.name})`));
          expect(lost).to.be.greaterThan(9);
          expect(await look(table)).to.equal(lost);
          expect(await look(table)).to.equal(lost);
        };

        it('are no loss between what counts and what remembers', async () => {
          expect(await look(table, () => all(...steps))).to.equal(0);
          await settle();
        });

        it('are no loss while what remembers waits', async () => {
          expect(await look(table, undefined, () => all(...steps))).to.equal(0);
          await settle();
        });

        it('are no loss from before the count to before what remembers', async () => {
          const [begin, first, second, commit] = steps;
          await all(begin, first, second);
          expect(await look(table, commit)).to.equal(0);
          await settle();
        });

        it('are no loss from before the count until what remembers has waited', async () => {
          const [begin, first, second, commit] = steps;
          await all(begin, first);
          expect(await look(table, undefined, () => all(second, commit))).to.equal(0);
          await settle();
        });

        it('are no loss where two looks have counted them before', async () => {
          const both = async () => expect(await look(table, () => all(...steps))).to.equal(0);
          expect(await look(table, both)).to.equal(0);
          await settle();
        });

        it('are no loss between two looks of which the first to begin is the last to end', async () => {
          const both = async () => {
            expect(await look(table)).to.equal(0);
            await all(...steps);
          };
          expect(await look(table, undefined, both)).to.equal(0);
          await settle();
        });
      });

  it('are no loss where FORGET_ADMISSION erases them', async () => {
    await run(`DELETE FROM ${BY_DAY.name}`);
    await run('DELETE FROM LOS_TABLE_COUNTS');
    await fillRecords(ctx, BY_DAY.name, ROWS);
    const forget = () => other.snowflake.query("CALL FORGET_ADMISSION('made up 3')");
    expect(await look(BY_DAY, undefined, forget)).to.equal(0);
    expect(await look(BY_DAY)).to.equal(0);
    await run(`DELETE FROM ${BY_DAY.name} WHERE CASE_ID = 'made up 4'`);
    expect(await look(BY_DAY)).to.equal(1);
  });

  for (const table of [BY_DAY, WHOLE])
    it(`of ${table.name} are missed where they go without that, whenever it is`, async () => {
      for (const at of [0, 1]) {
        await run(`DELETE FROM ${table.name}`);
        await run('DELETE FROM LOS_TABLE_COUNTS');
        await fillRecords(ctx, table.name, ROWS);
        expect(await look(table)).to.equal(0);
        const lose = inOther(deletion(table, 'made up'));
        expect(await (at === 0 ? look(table, lose) : look(table, undefined, lose))).to.equal(0);
        expect(await look(table)).to.equal(GONE);
      }
    });
});
