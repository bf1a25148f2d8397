import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { forDataset } from '../../../deploy/dataset/context.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { projectRoot } from '../../../deploy/project.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';
import { refuseProducts } from '../../deploy/products.js';

const HEALTH = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
const WITH_HISTORY = `${HEALTH}\nhistory: { days: 100 }\n`;

describe('the history of a patient', () => {
  refuseProducts({ runs: ['sql/features/choose.sql', 'sql/features/history.sql'] });
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let contract: Contract;

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'applied');
    const file = join(local.folder, 'with-history.yaml');
    writeFileSync(file, WITH_HISTORY);
    const open = await local.open();
    const chosen = forDataset(open, file);
    ctx = { ...chosen.ctx, close: () => open.close() };
    contract = chosen.contract;
    await apply(ctx);
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  /** Admissions as [id, patient, admitted, discharged] come into the hospital's table. */
  async function arrive(
    ...rows: [id: number, patient: number | null, from: string, to: string | null][]
  ): Promise<void> {
    const values = rows.map(
      ([id, patient, from, to]) => `(${id}, ${patient}, '${from}', ${to ? `'${to}'` : 'NULL'})`,
    );
    await ctx.snowflake.execute(
      `INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, ADMISSION_DATE, DISCHARGE_DATE)
SELECT COLUMN1, COLUMN2, COLUMN3::DATE, COLUMN4::DATE FROM VALUES ${values.join(', ')}`,
    );
    await runGraph(ctx, contract);
  }
  const correct = async (id: number, set: string) => {
    await ctx.snowflake.execute(`UPDATE HEALTH_ADMISSIONS SET ${set} WHERE CASE_ID = ${id}`);
    await runGraph(ctx, contract);
  };
  const told = async (...ids: number[]) => {
    const rows = await ctx.snowflake.query<{ ID: number; A: number | null; D: number | null }>(
      `SELECT CASE_ID AS ID, EARLIER_ADMISSIONS AS A, EARLIER_BED_DAYS AS D FROM HEALTH_FEATURES WHERE CASE_ID IN (${ids.join(', ')})`,
    );
    return ids.map((id) => {
      const row = rows.find(({ ID }) => Number(ID) === id)!;
      return [row.A, row.D].map((value) => (value === null ? null : Number(value)));
    });
  };

  it('counts admissions that began in the window, and the days of it that were spent in hospital', async () => {
    await arrive(
      [1, 7, '2022-01-01', '2022-01-05'],
      [2, 7, '2022-03-01', '2022-03-11'],
      // 100 days before: the first of March still, and of February four.
      [3, 7, '2022-06-09', '2022-06-12'],
      [4, 8, '2022-03-05', '2022-03-09'],
      // A stay that began before the window reaches into it.
      [5, 9, '2022-01-01', '2022-03-10'],
      [6, 9, '2022-06-09', null],
      [7, null, '2022-06-09', null],
      [8, null, '2022-06-10', null],
    );
    expect(await told(1, 2, 3, 4, 5, 6, 7, 8)).to.deep.equal([
      ...[
        [0, 0],
        [1, 4],
        [1, 10],
        [0, 0],
        [0, 0],
        [0, 9],
      ],
      // Who is not known has no history, rather than none.
      ...[
        [null, null],
        [null, null],
      ],
    ]);
  });

  it('sees of a stay that has not ended yet the days so far, whenever it ends', async () => {
    await arrive([11, 20, '2022-05-01', null], [12, 20, '2022-05-08', null]);
    expect(await told(11, 12)).to.deep.equal([
      [0, 0],
      [1, 7],
    ]);
    // It ends after the other has come in: that is more than could be seen then.
    await correct(11, `DISCHARGE_DATE = '2022-05-30'`);
    await correct(12, `DISCHARGE_DATE = '2022-06-02'`);
    expect(await told(11, 12)).to.deep.equal([
      [0, 0],
      [1, 7],
    ]);
    // The same where all is known before features are built.
    await arrive([13, 21, '2022-05-01', '2022-05-30'], [14, 21, '2022-05-08', '2022-06-02']);
    expect(await told(13, 14)).to.deep.equal([
      [0, 0],
      [1, 7],
    ]);
  });

  it('is not changed by what is corrected or written down later', async () => {
    await arrive([31, 30, '2022-04-01', '2022-04-11'], [32, 30, '2022-05-01', null]);
    expect(await told(32)).to.deep.equal([[1, 10]]);
    // The earlier stay turns out to have been shorter, and another one comes to light; then the later one ends.
    await correct(31, `DISCHARGE_DATE = '2022-04-03'`);
    await arrive([33, 30, '2022-04-20', '2022-04-25']);
    await correct(32, `DISCHARGE_DATE = '2022-05-20'`);
    expect(await told(32)).to.deep.equal([[1, 10]]);
    // What comes in from then on sees them as they are now.
    await arrive([34, 30, '2022-06-01', null]);
    expect(await told(34)).to.deep.equal([[3, 2 + 5 + 19]]);
    // Its own patient and day were wrong: then so was its history.
    await correct(32, `PATIENTID = 7`);
    expect(await told(32)).to.deep.equal([[1, 10]]);
    await correct(32, `ADMISSION_DATE = '2022-02-01'`);
    expect(await told(32)).to.deep.equal([[1, 4]]);
  });

  it('has nothing of admissions of the same day, whichever row is first, nor of one’s own', async () => {
    await arrive([41, 40, '2022-05-01', '2022-05-01'], [42, 40, '2022-05-01', '2022-05-04']);
    await arrive([40, 40, '2022-05-01', null]);
    expect(await told(40, 41, 42)).to.deep.equal([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    // Of two rows of one admission the one that features are built from.
    await ctx.snowflake.execute(
      `INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, ADMISSION_DATE, DISCHARGE_DATE) SELECT 42, 40, '2022-04-28', '2022-04-29'`,
    );
    await arrive([43, 40, '2022-05-05', null]);
    expect(await told(43)).to.deep.equal([[3, 0 + 3 + 4]]);
  });

  it('is asked of whatever scores and trains, by the names that the contract gives', async () => {
    const names = Object.keys(contract.features).slice(-2);
    expect(names).to.deep.equal(['EARLIER_ADMISSIONS', 'EARLIER_BED_DAYS']);
    const called = parseContract(`${HEALTH}\nhistory: { days: 30, admissions: CAME_BEFORE }\n`, 'x.yaml');
    expect(called.features.CAME_BEFORE).to.deep.equal({ type: 'numeric', history: 'admissions' });
    expect(called.history).to.deep.equal({ days: 30 });
  });

  it('is refused by name where it cannot be known', () => {
    const wrong = (text: string) => {
      try {
        parseContract(text, 'x.yaml');
      } catch (error) {
        return (error as Error).message;
      }
      return expect.fail('it should have been refused');
    };
    expect(wrong(WITH_HISTORY.replace('patient: PATIENTID\n', ''))).to.contain('history: it needs patient');
    const sparcs = readFileSync(join(projectRoot, 'sql/datasets/sparcs_hf.yaml'), 'utf8');
    expect(wrong(`${sparcs}\nhistory: { days: 100 }\n`)).to.contain(
      'history: it needs admission and discharge',
    );
    expect(wrong(`${HEALTH}\nhistory: { days: 100, bedDays: AGE }\n`)).to.contain(
      'history: AGE is a column or a feature already',
    );
    const expression = WITH_HISTORY.replace(
      'features:\n',
      'features:\n  OFTEN: { type: numeric, sql: EARLIER_ADMISSIONS > 3 }\n',
    );
    expect(wrong(expression)).to.contain('EARLIER_ADMISSIONS is of the history');
  });
});
