import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import { compileEntry } from '../../../deploy/compile/compile.js';
import { createProcedureSql } from '../../../deploy/compile/sql.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { sqlFile } from '../../../deploy/sql-file.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { bedsPlan } from '../../../procedures/beds/statements.js';
import { boardOf, withoutSmallUnits } from '../../../report/beds/figures-board.js';
import { forecastOf } from '../../../report/beds/nights.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

/** What a board can be sorted by, compared with the forecast. */
type Row = Record<string, string | number | boolean | null>;

const CAPACITY = { P: 27, Q: 40, '*': 70 };

describe('LOS_BED_BOARD', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let day: string;

  const query = (sql: string) => ctx.snowflake.query<Row>(sql);
  const forecast = (asOf?: string) =>
    callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', asOf === undefined ? [] : [{ object: { as_of: asOf } }]);
  const board = (view = 'LOS_BED_BOARD') => query(`SELECT * FROM ${view}`);
  const ago = (days: number) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
  const admit = (values: readonly string[]) =>
    ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT $1, $1, $2, 'surgery', DATEADD(day, -$3, '${day}'::DATE), IFF($4 < 0, NULL, DATEADD(day, -$4, '${day}'::DATE)) FROM VALUES ${values.join(', ')}`);
  /** FORECAST_BEDS as of a contract with wards (or without), and with capacities. */
  const compile = async (wards: boolean, capacity: Readonly<Record<string, number>> = CAPACITY) => {
    const { contract } = forDataset(ctx);
    const { settings, snowflake } = ctx;
    const { database, schema } = settings.snowflake;
    const { ward: _, ...without } = contract;
    for (const entry of ['forecast-beds', 'forecast-beds-with'])
      await snowflake.execute(
        createProcedureSql(
          await compileEntry(`procedures/beds/${entry}.ts`, {
            define: {
              PLAN: bedsPlan({ ...(wards ? contract : without), capacity }, settings, sqlFile),
              PLACE: { snowflake: { database, schema } },
            },
          }),
        ),
      );
  };

  /** That what a mail has of the forecast is what LOS_BED_BOARD_FIGURES has. */
  const expectMailed = async () => {
    const of = (madeOn: string) => forecastOf(ctx, forDataset(ctx).contract, madeOn);
    const nights = withoutSmallUnits(await of(day));
    const zone = ctx.settings.timeZone;
    const own = {
      forecast: nights,
      eve: await of(ago(1)),
      madeOn: day,
      late: 0,
      groups: [],
      at: new Date(),
      zone,
    };
    const { wards, hospital, night, ageHours } = boardOf(nights, own);
    const mailed = [...wards, hospital!].map(({ tonight, lastNight, ...line }) => ({
      UNIT: line.unit,
      CAPACITY: line.capacity,
      OCCUPIED: line.occupied,
      LEAVING: line.leaving,
      COMING: line.coming,
      OVER_CAPACITY: line.overCapacity,
      TONIGHT: tonight.mean,
      P10: tonight.p10,
      P90: tonight.p90,
      LAST_NIGHT: lastNight?.mean ?? null,
      LAST_NIGHT_P10: lastNight?.p10 ?? null,
      LAST_NIGHT_P90: lastNight?.p90 ?? null,
      NIGHT: night,
    }));
    const shown = await query(
      `SELECT ${Object.keys(mailed[0]!)
        .join(', ')
        .replace(
          /NIGHT$/,
          "TO_VARCHAR(NIGHT, 'YYYY-MM-DD') AS NIGHT",
        )}, AGE_HOURS FROM LOS_BED_BOARD_FIGURES`,
    );
    for (const { AGE_HOURS } of shown) expect(ageHours - Number(AGE_HOURS)).to.be.within(0, 1);
    expect(mailed).to.have.deep.members(shown.map(({ AGE_HOURS: _, ...row }) => row));
  };

  before(async () => {
    ctx = await cloud.open();
    await compile(true);
    day = (await forecast()).madeOn;
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('is empty before there is a forecast', async () => {
    expect(await board()).to.deep.equal([]);
    expect(await board('LOS_BED_BOARD_FIGURES')).to.deep.equal([]);
  });

  it('has a row a ward, by risk, and the hospital last, as LOS_BED_FORECASTS has tonight', async () => {
    // Each day six patients for P, who stay 2 to 7 days, and two for Q, who stay ten.
    const patients = Array.from({ length: 130 }, (_, came) => [
      ...Array.from({ length: 6 }, (_, i) => ['P', came, came - 2 - i] as const),
      ...Array.from({ length: 2 }, () => ['Q', came, came - 10] as const),
    ]).flat();
    await admit(patients.map(([ward, came, went], i) => `(${1000 + i}, '${ward}', ${came}, ${went})`));
    await query('CALL BUILD_FEATURES()');
    await forecast(ago(1));
    await forecast();
    const rows = await board();
    expect(rows.map(({ LEVEL, UNIT }) => [LEVEL, UNIT])).to.deep.equal([
      ['ward', 'P'],
      ['ward', 'Q'],
      ['all', '(all)'],
    ]);
    expect(rows.map(({ CAPACITY, OCCUPIED, FREE }) => [CAPACITY, OCCUPIED, FREE])).to.deep.equal([
      [27, 27, 0],
      [40, 20, 20],
      [70, 47, 23],
    ]);
    const nights = await query(
      `SELECT UNIT, MEAN, P10, P90, ADMISSIONS, DISCHARGES, OVER_CAPACITY, TO_VARCHAR(NIGHT, 'YYYY-MM-DD') AS NIGHT FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${day}' AND HORIZON = 1`,
    );
    for (const row of rows) {
      const night = nights.find(({ UNIT }) => UNIT === row.UNIT)!;
      for (const [shown, of] of [
        ['TONIGHT', 'MEAN'],
        ['P10', 'P10'],
        ['P90', 'P90'],
        ['COMING', 'ADMISSIONS'],
        ['LEAVING', 'DISCHARGES'],
        ['OVER_CAPACITY', 'OVER_CAPACITY'],
      ] as const)
        expect(row[shown], `${row.UNIT} ${shown}`).to.be.closeTo(Number(night[of]), 0.051);
      expect(row.FREE_TONIGHT).to.be.closeTo(Number(row.CAPACITY) - Number(row.TONIGHT), 0.051);
      expect(row.DAYS_AGO).to.equal(0);
      const over = Number(row.OVER_CAPACITY);
      expect(row.WORD).to.equal(over >= 0.5 ? 'over' : over >= 0.1 ? 'tight' : 'easy');
    }
    expect(rows.map(({ WORD }) => WORD)).to.include.members(['easy']);
    expect(['tight', 'over']).to.include(rows[0]!.WORD);
    const [dated] = await query(
      "SELECT TO_VARCHAR(MIN(NIGHT), 'YYYY-MM-DD') AS NIGHT, MIN(AGE_HOURS) AS AGE FROM LOS_BED_BOARD",
    );
    expect(dated!.NIGHT).to.equal(ago(-1));
    expect(Number(dated!.AGE)).to.be.within(0, 36);
  });

  it('has what was expected the day before beside what came', async () => {
    const eve = await query(
      `SELECT UNIT, MEAN, P10, P90 FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${ago(1)}' AND HORIZON = 1`,
    );
    for (const row of await board()) {
      const { MEAN, P10, P90 } = eve.find(({ UNIT }) => UNIT === row.UNIT)!;
      expect(row.LAST_NIGHT).to.be.closeTo(Number(MEAN), 0.051);
      expect(row.LAST_NIGHT_INSIDE).to.equal(
        Number(row.OCCUPIED) >= Number(P10) && Number(row.OCCUPIED) <= Number(P90),
      );
    }
  });

  long(
    'shows readers of figures whole beds, wards of fewer than ten as one line, and of these no forecast of the day before',
    async () => {
      const figures = () => board('LOS_BED_BOARD_FIGURES');
      for (const row of await figures()) {
        for (const name of ['OCCUPIED', 'TONIGHT', 'P10', 'P90', 'COMING', 'LEAVING', 'LAST_NIGHT'])
          expect(Number.isInteger(row[name]), `${row.UNIT} ${name}: ${row[name]}`).to.equal(true);
        expect(row.WORD).not.to.equal(null);
      }
      // A ward of three, with which Q, the next larger, is one line: today, and not yet yesterday.
      await admit([`(900, 'ISO', 0, -1)`, `(901, 'ISO', 0, -1)`, `(902, 'ISO', 0, -1)`]);
      await query('CALL BUILD_FEATURES()');
      await forecast();
      const units = async () =>
        (await figures()).map(({ UNIT, OCCUPIED, LAST_NIGHT }) => [UNIT, OCCUPIED, LAST_NIGHT !== null]);
      expect(await units()).to.have.deep.members([
        ['P', 27, true],
        ['(small wards)', 23, false],
        ['(all)', 50, true],
      ]);
      expect((await board()).map(({ UNIT }) => UNIT)).to.have.members(['P', 'Q', 'ISO', '(all)']);
      await expectMailed();
      // And the day after they have left P and Q have lines again, but had one together the day before.
      await ctx.snowflake.execute(
        `UPDATE LOS_BED_FORECASTS SET LINE = '(small wards)' WHERE KIND = 'forecast' AND LEVEL = 'ward' AND MADE_ON = '${ago(1)}'`,
      );
      await query('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID BETWEEN 900 AND 902');
      await query('CALL BUILD_FEATURES()');
      await forecast();
      await expectMailed();
      expect(await units()).to.have.deep.members([
        ['P', 27, false],
        ['Q', 20, false],
        ['(all)', 47, true],
      ]);
    },
  );

  it('is about tonight where the data are late, and says by how much', async () => {
    await ctx.snowflake.execute(`DELETE FROM LOS_BED_FORECASTS WHERE MADE_ON > '${ago(3)}'`);
    await forecast(ago(3));
    for (const view of ['LOS_BED_BOARD', 'LOS_BED_BOARD_FIGURES']) {
      const [row] = await query(
        `SELECT DISTINCT TO_VARCHAR(NIGHT, 'YYYY-MM-DD') AS NIGHT, TO_VARCHAR(MADE_ON, 'YYYY-MM-DD') AS MADE_ON, DAYS_AGO, AGE_HOURS >= 48 AS OLD,
          (SELECT MAX(HORIZON) FROM LOS_BED_FORECASTS AS f WHERE f.NIGHT = b.NIGHT AND f.MADE_ON = b.MADE_ON) AS HORIZON FROM ${view} AS b`,
      );
      const { DAYS_AGO, ...rest } = row!;
      // From noon on the day that goes on counts as known, and yesterday is the last complete one.
      expect(Number(DAYS_AGO)).to.be.within(2, 3);
      expect(rest).to.deep.equal({
        NIGHT: ago(2 - Number(DAYS_AGO)),
        MADE_ON: ago(3),
        OLD: true,
        HORIZON: 1 + Number(DAYS_AGO),
      });
    }
  });

  long(
    'has departments where there are no wards, with their beds, and no word without a capacity',
    async () => {
      const words = async (capacity: Readonly<Record<string, number>>) => {
        await compile(false, capacity);
        await ctx.snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
        await forecast();
        return (await board()).map(({ LEVEL, UNIT, FREE, WORD }) => [LEVEL, UNIT, FREE, WORD]);
      };
      expect(await words({ '*': 70 })).to.deep.equal([
        ['department', 'surgery', null, null],
        ['all', '(all)', 23, 'easy'],
      ]);
      expect(await words({ surgery: 45 })).to.deep.equal([
        ['department', 'surgery', -2, 'over'],
        ['all', '(all)', null, null],
      ]);
    },
  );
});
