import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

const DAYS = 240;
/** Of a Wednesday that is forecast from the Sunday before it. */
const AHEAD = 3;

describe('beds over holidays', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let day: string;
  /** Days ago: a Wednesday that is a holiday, and three before it. */
  let holidays: number[];
  let asOf: string;

  const query = <T = number>(sql: string) => ctx.snowflake.query<Record<string, T>>(sql);
  const ago = (days: number) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
  const forecast = async () =>
    await callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', [{ object: { as_of: asOf } }]);
  /** What is forecast of the hospital, night by night. */
  const nights = async () => {
    const rows =
      await query(`SELECT HORIZON, MEAN, ADMISSIONS, DISCHARGES, WEEKDAY_FACTOR, COMING FROM LOS_BED_FORECASTS
WHERE KIND = 'forecast' AND LEVEL = 'all' AND MADE_ON = '${asOf}' ORDER BY HORIZON`);
    // In which order numbers are added up is the engine's affair.
    return JSON.parse(
      JSON.stringify(rows, (_, value) => (typeof value === 'number' ? Math.round(value * 1e9) / 1e9 : value)),
    ) as typeof rows;
  };
  const fill = (days: readonly string[]) =>
    ctx.snowflake.execute(
      `INSERT INTO LOS_HOLIDAYS (DAY, NAME) VALUES ${days.map((each) => `('${each}', 'Foundation Day')`).join(', ')}`,
    );
  const fresh = async () => {
    await query('DELETE FROM LOS_HOLIDAYS');
    await query('DELETE FROM LOS_BED_FORECASTS');
  };

  before(async () => {
    ctx = await cloud.open();
    day = (await callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', [])).madeOn;
    const wednesday = (new Date(day).getUTCDay() - 3 + 7) % 7;
    holidays = [1, 3, 5, 8].map((weeks) => wednesday + 7 * weeks);
    asOf = ago(holidays[0]! + AHEAD);
    // Twelve come on a day and stay two to five days. On Sundays and holidays four come, and no one leaves.
    const isQuiet = (days: number) => new Date(ago(days)).getUTCDay() === 0 || holidays.includes(days);
    const stays = Array.from({ length: DAYS }, (_, came) =>
      Array.from({ length: isQuiet(came) ? 4 : 12 }, (_, i) => {
        let went = came - 2 - (i % 4);
        while (isQuiet(went)) went--;
        return [came, went];
      }),
    ).flat();
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, TYPE_OF_ADMISSION, ADMISSION_DATE, DISCHARGE_DATE)
SELECT $1, $1, 'P', 'surgery', 'Urgent', DATEADD(day, -$2, '${day}'::DATE), IFF($3 < 0, NULL, DATEADD(day, -$3, '${day}'::DATE))
FROM VALUES ${stays.map(([came, went], i) => `(${1000 + i}, ${came}, ${went})`).join(', ')}`);
    await query('CALL BUILD_FEATURES()');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('are nearer to what came where people have said so, on the holiday, after it, and on the same day of other weeks', async () => {
    const { notes } = await forecast();
    expect(notes.join(' ')).not.to.contain('LOS_HOLIDAYS');
    const without = await nights();
    await callProcedure(ctx, 'FORECAST_BEDS', []);
    const came = await query(
      `SELECT ADMISSIONS, DISCHARGES, TAKEN AS MEAN FROM LOS_BED_NIGHTS WHERE LEVEL = 'all' AND NIGHT > '${asOf}' ORDER BY NIGHT`,
    );
    await fresh();
    await fill(holidays.map(ago));
    const said = await forecast();
    expect(said.notes.join(' ')).to.contain(
      `Forecast as Sundays, because LOS_HOLIDAYS has them: ${ago(holidays[0]!)} (Foundation Day).`,
    );
    const known = await nights();
    const error = (of: typeof known, horizon: number, what: string) =>
      Math.abs(of[horizon - 1]![what]! - came[horizon - 1]![what]!);
    for (const what of ['ADMISSIONS', 'DISCHARGES']) {
      expect(error(without, AHEAD, what), `${what}, not known`).to.be.greaterThan(5);
      expect(error(known, AHEAD, what), what).to.be.lessThan(2);
    }
    const mean = (of: typeof known) =>
      [AHEAD, AHEAD + 1, AHEAD + 2].reduce((sum, horizon) => sum + error(of, horizon, 'MEAN'), 0);
    expect(mean(known)).to.be.lessThan(0.75 * mean(without));
    // The holidays of the past were Wednesdays: the next one is none.
    expect(error(known, AHEAD + 7, 'ADMISSIONS')).to.be.lessThan(
      0.5 * error(without, AHEAD + 7, 'ADMISSIONS'),
    );
    // A Sunday's factor, for the list of expected discharges too.
    expect(known[AHEAD - 1]!.WEEKDAY_FACTOR).to.equal(known[6]!.WEEKDAY_FACTOR);
    expect(known[AHEAD + 7 - 1]!.WEEKDAY_FACTOR).to.be.greaterThan(without[AHEAD + 7 - 1]!.WEEKDAY_FACTOR!);
  });

  long('are to the last digit what they were where none is near', async () => {
    await fresh();
    await forecast();
    const empty = await nights();
    await fresh();
    await fill(['1999-12-31', '2999-01-01', ago(1200)]);
    await forecast();
    expect(await nights()).to.deep.equal(empty);
  });

  long('count a holiday once that was filled in twice', async () => {
    await fresh();
    await fill([ago(holidays[0]!)]);
    await forecast();
    const once = await nights();
    await query('DELETE FROM LOS_BED_FORECASTS');
    await fill([ago(holidays[0]!)]);
    await forecast();
    expect(await nights()).to.deep.equal(once);
  });

  long(
    'keep patients in of whom the list says when they leave, on the holiday and on no other day',
    async () => {
      await fresh();
      // Of those who are in, one in twenty leaves on a day.
      const days = Array.from({ length: 200 }, (_, i) => i + 1);
      const curve = { days, gone: days.map((n) => (n === 200 ? 1 : 1 - 0.95 ** n)) };
      await query(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, MEDIAN_LOS, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v0', 'r', CURRENT_TIMESTAMP(), 10, PARSE_JSON('${JSON.stringify(curve)}')::OBJECT
FROM HEALTH_FEATURES WHERE LOS IS NULL`);
      /** Of those who are in after three days and after a week, how many still are after a week and after two. */
      const kept = async () => {
        await query('DELETE FROM LOS_BED_FORECASTS');
        await callProcedure(ctx, 'FORECAST_BEDS', []);
        await query("UPDATE LOS_BED_FORECASTS SET PACE = 1 WHERE KIND = 'forecast'");
        const [row] =
          await query(`SELECT AVG((1 - GONE_IN_7_DAYS) / (1 - GONE_IN_3_DAYS)) AS WEEK, AVG((1 - GONE_IN_14_DAYS) / (1 - GONE_IN_7_DAYS)) AS NEXT
FROM LOS_EXPECTED_DISCHARGES WHERE GONE_TODAY IS NOT NULL`);
        return row!;
      };
      const [known] = await query<string>(
        "SELECT TO_VARCHAR(MIN(AS_OF), 'YYYY-MM-DD') AS AS_OF FROM LOS_EXPECTED_DISCHARGES",
      );
      const asOfDay = Date.parse(known!.AS_OF!);
      const dayAhead = (days: number) => new Date(asOfDay + days * 86_400_000).toISOString().slice(0, 10);
      // Not a Sunday, in the first of the two weeks.
      const ahead = [4, 5].find((days) => new Date(dayAhead(days)).getUTCDay() !== 0)!;
      const ordinary = await kept();
      await fill([dayAhead(ahead)]);
      const near = await kept();
      expect(near.WEEK).to.be.greaterThan(ordinary.WEEK! + 0.03);
      expect(near.NEXT).to.be.closeTo(ordinary.NEXT!, 0.005);
      await query('DELETE FROM LOS_HOLIDAYS');
      await fill([dayAhead(ahead + 7)]);
      const far = await kept();
      expect(far.WEEK).to.be.closeTo(ordinary.WEEK!, 1e-9);
      expect(far.NEXT).to.be.greaterThan(ordinary.NEXT! + 0.03);
      await query('DELETE FROM LOS_PREDICTION_LOG');
    },
  );

  it('have each day of the list keep its own factor, where one is in both weeks ahead and where one is far ahead', async () => {
    await fresh();
    const days = Array.from({ length: 400 }, (_, i) => i + 1);
    const curve = { days, gone: days.map((n) => 1 - 0.95 ** n) };
    await query(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, MEDIAN_LOS, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v0', 'r', CURRENT_TIMESTAMP(), 10, PARSE_JSON('${JSON.stringify(curve)}')::OBJECT
FROM HEALTH_FEATURES WHERE LOS IS NULL ORDER BY CASE_ID LIMIT 1`);
    /** The first day, the middle one and the last by which the patient is expected to leave, in days from AS_OF. */
    const expected = async () => {
      const [row] =
        await query(`SELECT DATEDIFF(day, AS_OF, EARLIEST) AS EARLIEST, DATEDIFF(day, AS_OF, EXPECTED_ON) AS MIDDLE,
  DATEDIFF(day, AS_OF, LATEST) AS LATEST FROM LOS_EXPECTED_DISCHARGES WHERE EXPECTED_ON IS NOT NULL`);
      return [row!.EARLIEST!, row!.MIDDLE!, row!.LATEST!];
    };
    const [known] = await query<string>(
      "SELECT TO_VARCHAR(MIN(AS_OF), 'YYYY-MM-DD') AS AS_OF FROM LOS_EXPECTED_DISCHARGES",
    );
    const dayAhead = (ahead: number) =>
      new Date(Date.parse(known!.AS_OF!) + ahead * 86_400_000).toISOString().slice(0, 10);
    const ahead = [3, 4].find((each) => new Date(dayAhead(each)).getUTCDay() !== 0)!;
    /** A forecast made so many days before the last one, in which people leave on one day of the week alone, by 40 % of those who are in. */
    const made = (before: number, quiet: readonly number[]) =>
      query(`INSERT INTO LOS_BED_FORECASTS (DATASET, MADE_ON, MADE_AT, KIND, LEVEL, UNIT, NIGHT, HORIZON, PACE, WEEKDAY_FACTOR)
SELECT 'health', '${dayAhead(-1 - before)}', CURRENT_TIMESTAMP(), 'forecast', 'all', '(all)', $2, $1, 1, $3
FROM VALUES ${Array.from({ length: 14 }, (_, i) => `(${i + 1}, '${dayAhead(i - before)}'::DATE, ${(i - before - ahead) % 7 === 0 && !quiet.includes(i - before) ? 8 : 0})`).join(', ')}`);
    await made(0, []);
    await made(14, []);
    const ordinary = await expected();
    expect(ordinary).to.deep.equal([0, 7, 28].map((days) => ahead + days));
    // Far ahead: the fifth time of the day on which people leave, and one after all of them have left.
    await fill([dayAhead(ahead + 28), dayAhead(ahead + 70)]);
    expect(await expected()).to.deep.equal([0, 7, 35].map((days) => ahead + days));
    // As on Christmas and on New Year. The last forecast knows these two as Sundays alone.
    await fresh();
    await fill([dayAhead(ahead), dayAhead(ahead + 7)]);
    await made(0, [ahead, ahead + 7]);
    await made(14, []);
    expect(await expected()).to.deep.equal([14, 21, 42].map((days) => ahead + days));
    await fill([dayAhead(ahead + 35)]);
    expect(await expected()).to.deep.equal([14, 21, 49].map((days) => ahead + days));
    await query('DELETE FROM LOS_PREDICTION_LOG');
  });

  it('are held against Sundays by the watch, and no other day against them', async () => {
    const admissions = async (days: number) => {
      await callProcedure(ctx, 'WATCH_PREDICTIONS', [ago(days)]);
      const [row] = await query(
        `SELECT VALUE, USUAL FROM LOS_WATCH_PIPELINE WHERE MEASURE = 'admissions' AND WATCHED_ON = '${ago(days)}'`,
      );
      return row;
    };
    await fresh();
    // Of the eight Wednesdays before either day three were holidays. Filled in twice, each is one.
    const known = [...holidays, ...holidays].map(ago);
    const [holiday, ordinary] = [holidays[0]!, holidays[0]! + 7];
    expect(await admissions(ordinary)).to.deep.equal({ VALUE: 12, USUAL: 9 });
    await fill(known);
    expect(await admissions(ordinary)).to.deep.equal({ VALUE: 12, USUAL: 12 });
    expect(await admissions(holiday)).to.deep.equal({ VALUE: 4, USUAL: 4 });
    await query('DELETE FROM LOS_HOLIDAYS');
    expect(await admissions(holiday)).to.deep.equal({ VALUE: 4, USUAL: 9 });
  });
});
