import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import { command } from '../../../deploy/commands/beds.js';
import { carryOut } from '../../../deploy/commands/command.js';
import { compileEntry } from '../../../deploy/compile/compile.js';
import { createProcedureSql } from '../../../deploy/compile/sql.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { sqlFile } from '../../../deploy/sql-file.js';
import { type Closed, closuresConstants } from '../../../procedures/beds/closures/closures.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import type { BedsSettings } from '../../../procedures/beds/plan.js';
import { bedsPlan } from '../../../procedures/beds/statements.js';
import type { PlanSource } from '../../../procedures/object.js';
import { readBoard } from '../../../report/beds/board.js';
import { hostedCloud } from '../embedded-cloud.js';

const CAPACITY = { P: 30, Q: 40, '*': 70 };

describe('beds that people close', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let day: string;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const forecast = (options?: object) =>
    callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', options === undefined ? [] : [{ object: options }]);
  const close = (options: object) => callProcedure<Closed>(ctx, 'CLOSE_BEDS', [{ object: options }]);
  const ahead = (days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
  const nights = (unit: string, column = 'CAPACITY', madeOn = day) =>
    query(
      `SELECT ${column} AS X FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${madeOn}' AND UNIT = '${unit}' ORDER BY HORIZON`,
    ).then((rows) => rows.map(({ X }) => Number(X)));
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('was not refused'),
      (error: Error & { next?: string }) => `${error.message} ${error.next ?? ''}`,
    );

  before(async () => {
    ctx = await cloud.open();
    const { contract } = forDataset(ctx);
    const own = { ...contract, capacity: CAPACITY };
    const { settings, snowflake } = ctx;
    const { database, schema } = settings.snowflake;
    const beds = {
      PLAN: bedsPlan(own, settings, sqlFile),
      PLACE: { snowflake: { database, schema } },
    };
    const closures = closuresConstants({ contract: own, settings } as unknown as PlanSource<BedsSettings>);
    for (const [entry, define] of [
      ['forecast-beds', beds],
      ['forecast-beds-with', beds],
      ['closures/close-beds', closures],
      ['closures/open-beds', closures],
    ] as const)
      await snowflake.execute(
        createProcedureSql(await compileEntry(`procedures/beds/${entry}.ts`, { define })),
      );
    day = (await forecast()).madeOn;
    const patients = Array.from({ length: 60 }, (_, came) =>
      Array.from({ length: 4 }, (_, i) => [i < 3 ? 'P' : 'Q', came, came - 3 - i] as const),
    ).flat();
    await snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT $1, $1, $2, 'surgery', DATEADD(day, -$3, '${day}'::DATE), IFF($4 < 0, NULL, DATEADD(day, -$4, '${day}'::DATE))
FROM VALUES ${patients.map(([ward, came, went], i) => `(${1000 + i}, '${ward}', ${came}, ${went})`).join(', ')}`);
    await query('CALL BUILD_FEATURES()');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('are off the ward and the hospital on their nights, on the board too, until they are opened', async () => {
    await forecast();
    const means = await nights('P', 'MEAN');
    const over = await nights('P', 'OVER_CAPACITY');
    expect(await nights('P')).to.deep.equal(new Array(14).fill(30));
    const { closure } = await close({ ward: 'P', beds: 20, from: ahead(1), to: ahead(3), reason: 'repairs' });
    await close({ ward: 'P', beds: 4, from: ahead(3) });
    await forecast();
    const left = [10, 10, 6, ...new Array<number>(11).fill(26)];
    expect(await nights('P')).to.deep.equal(left);
    expect(await nights('P', 'CLOSED')).to.deep.equal(left.map((beds) => 30 - beds));
    expect(await nights('(all)')).to.deep.equal(left.map((beds) => beds + 40));
    expect(await nights('Q')).to.deep.equal(new Array(14).fill(40));
    // Closed beds move no patient: the same are expected, and likelier to find no bed.
    expect(await nights('P', 'MEAN')).to.deep.equal(means);
    expect((await nights('P', 'OVER_CAPACITY'))[0]).to.be.greaterThan(over[0]! + 0.1);
    const { contract } = forDataset(ctx);
    const board = await readBoard(ctx, contract);
    expect(board?.wards.map(({ unit, capacity, closed }) => [unit, capacity, closed])).to.deep.equal([
      ['P', 10, 20],
      ['Q', 40, 0],
    ]);
    expect(board?.hospital?.closed).to.equal(20);
    expect(await query('SELECT UNIT, CLOSED FROM LOS_BED_BOARD_FIGURES')).to.deep.include({
      UNIT: '(all)',
      CLOSED: 20,
    });
    await callProcedure(ctx, 'OPEN_BEDS', [closure]);
    await forecast();
    expect(await nights('P')).to.deep.equal([30, 30, ...new Array(12).fill(26)]);
    const [kept] = await query(
      `SELECT WARD, BEDS, REASON, CLOSED_BY IS NOT NULL AS CLOSED, OPENED_BY IS NOT NULL AS OPENED FROM LOS_BED_CLOSURES WHERE CLOSURE_ID = '${closure}'`,
    );
    expect(kept).to.deep.equal({ WARD: 'P', BEDS: 20, REASON: 'repairs', CLOSED: true, OPENED: true });
  });

  it('are not known on an evening before they were closed', async () => {
    await forecast({ as_of: ahead(-5) });
    expect(await nights('P', 'CAPACITY', ahead(-5))).to.deep.equal(new Array(14).fill(30));
  });

  it('add up with those that a what-if closes, which changes no closure', async () => {
    const { what_if: name } = await forecast({ what_if: [{ ward: 'P', close: 6, from: ahead(4) }] });
    const rows = await query(
      `SELECT CAPACITY FROM LOS_BED_WHAT_IFS WHERE WHAT_IF = '${name}' AND UNIT = 'P' ORDER BY HORIZON`,
    );
    expect(rows.map(({ CAPACITY: beds }) => beds)).to.deep.equal([30, 30, 26, ...new Array(11).fill(20)]);
    expect(await nights('P')).to.deep.equal([30, 30, ...new Array(12).fill(26)]);
  });

  it('leave a ward without beds where more are closed together than it has', async () => {
    const { closure } = await close({ ward: 'P', beds: 30, from: ahead(1) });
    await forecast();
    expect(await nights('P')).to.deep.equal(new Array(14).fill(0));
    expect(await nights('P', 'CLOSED')).to.deep.equal(new Array(14).fill(30));
    await callProcedure(ctx, 'OPEN_BEDS', [closure]);
  });

  it('are closed and opened by los beds', async () => {
    const before = (await query('SELECT CLOSURE_ID FROM LOS_BED_CLOSURES')).map(({ CLOSURE_ID: id }) => id);
    const run = (args: object) =>
      carryOut(command, 'beds', ctx, { target: 'local', json: false, verbose: false, ...args });
    const made = await run({ close: `8 Q from ${ahead(2)} to ${ahead(2)}`, reason: 'norovirus' });
    const own = made.forecast.filter(({ unit }) => unit === 'Q').map(({ capacity }) => capacity);
    expect(own).to.deep.equal([40, 32, ...new Array(12).fill(40)]);
    const [row] = await query(
      `SELECT CLOSURE_ID, REASON FROM LOS_BED_CLOSURES WHERE CLOSURE_ID NOT IN (${before.map((id) => `'${id}'`).join(', ')})`,
    );
    expect(row?.REASON).to.equal('norovirus');
    await run({ open: row?.CLOSURE_ID });
    expect(await nights('Q')).to.deep.equal(new Array(14).fill(40));
    expect(await refused(run({ close: 'half of Q' }))).to.contain('"4 ICU from');
  });

  it('are refused by name where they cannot be', async () => {
    for (const [options, words] of [
      [{ ward: 'X', beds: 1 }, 'capacity: names P, Q'],
      [{ ward: 'P', beds: 31 }, 'P has 30 beds'],
      [{ ward: 'P', beds: 0 }, 'from 1 to 30'],
      [{ beds: 1 }, 'which ward'],
      [{ ward: 'P', beds: 1, from: ahead(3), to: ahead(2) }, 'before the first'],
      [{ ward: 'P', beds: 1, from: 'tomorrow' }, 'no day'],
      [{ ward: 'P', beds: 1, why: 'x' }, 'no option "why"'],
    ] as const)
      expect(await refused(close(options))).to.contain(words);
    expect(await refused(callProcedure(ctx, 'OPEN_BEDS', ['none']))).to.contain('No beds are closed');
  });
});
