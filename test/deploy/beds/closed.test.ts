import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

/** Since when ward Q has had no patient, in days. */
const CLOSED = 20;

describe('beds of a ward that was closed', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let day: string;

  const ago = (days: number) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
  const forecast = async (asOf = day) =>
    await callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', [{ object: { as_of: asOf } }]);
  const ward = (unit: string, asOf = day) =>
    ctx.snowflake.query<{ MEAN: number; ADMISSIONS: number; P90: number }>(
      `SELECT MEAN, ADMISSIONS, P90 FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND LEVEL = 'ward' AND UNIT = '${unit}' AND MADE_ON = '${asOf}' ORDER BY HORIZON`,
    );

  before(async () => {
    ctx = await cloud.open();
    day = (await callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', [])).madeOn;
    // P has four patients a day for three days each, R one every ninth day for a day; the last three of Q left twenty days ago. S had four
    // patients, five times each, long ago.
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT NUMBER, NUMBER, WARD, 'surgery', DATEADD(day, -AGO, '${day}'::DATE), IFF(AGO < STAY, NULL, DATEADD(day, STAY - AGO, '${day}'::DATE)) FROM (
  SELECT 1000 + 10 * d.AGO + i.N AS NUMBER, d.AGO, CASE WHEN i.N < 4 THEN 'P' WHEN i.N < 7 THEN 'Q' ELSE 'R' END AS WARD, IFF(i.N = 7, 1, 3) AS STAY
  FROM (SELECT SEQ4() AS AGO FROM TABLE(GENERATOR(ROWCOUNT => 120))) AS d, (SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 8))) AS i)
WHERE WARD = 'P' OR (WARD = 'Q' AND AGO >= ${CLOSED} + 3) OR (WARD = 'R' AND MOD(AGO, 9) = 8)`);
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT 80000 + SEQ4(), 80000 + MOD(SEQ4(), 4), 'S', 'surgery', DATEADD(day, -80 + SEQ4(), '${day}'::DATE), DATEADD(day, -79 + SEQ4(), '${day}'::DATE)
FROM TABLE(GENERATOR(ROWCOUNT => 20))`);
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('are none, and a note names it and the last day it had patients', async () => {
    const { notes } = await forecast();
    expect(notes.join(' ')).to.contain(`taken for closed and forecast empty: Q (since ${ago(CLOSED + 1)}).`);
    const closed = await ward('Q');
    expect(closed).to.have.length(14);
    for (const { MEAN, ADMISSIONS, P90 } of closed)
      expect([MEAN, ADMISSIONS, Math.round(P90)]).to.deep.equal([0, 0, 0]);
    // A ward that is empty as often as always is not closed, and the others go on.
    for (const { MEAN } of await ward('R')) expect(MEAN).to.be.greaterThan(0.02);
    for (const { ADMISSIONS } of await ward('P')) expect(ADMISSIONS).to.be.closeTo(4, 0.5);
  });

  long(
    'are expected as long as it is empty for less than a week, and once it has patients again',
    async () => {
      const asOf = ago(CLOSED - 5);
      expect((await forecast(asOf)).notes.join(' ')).not.to.contain('closed');
      for (const { ADMISSIONS } of await ward('Q', asOf)) expect(ADMISSIONS).to.be.greaterThan(1);
      await ctx.snowflake.execute(
        `INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE) SELECT 90000, 90000, 'Q', 'surgery', '${day}'`,
      );
      await ctx.snowflake.query('CALL BUILD_FEATURES()');
      expect((await forecast()).notes.join(' ')).not.to.contain('closed');
      for (const { MEAN } of await ward('Q')) expect(MEAN).to.be.greaterThan(0.5);
    },
  );

  long('take nothing from wards that are open, though far fewer come to the hospital', async () => {
    // T had twelve patients a day, for a day each, until eight days ago.
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT 100000 + SEQ4(), 100000 + SEQ4(), 'T', 'surgery', DATEADD(day, -9 - FLOOR(SEQ4() / 12), '${day}'::DATE), DATEADD(day, -8 - FLOOR(SEQ4() / 12), '${day}'::DATE)
FROM TABLE(GENERATOR(ROWCOUNT => 1200))`);
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
    expect((await forecast()).notes.join(' ')).to.contain(`forecast empty: T (since ${ago(9)})`);
    const [all] = await ctx.snowflake.query<{ ADMISSIONS: number }>(
      `SELECT ADMISSIONS FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND LEVEL = 'all' AND MADE_ON = '${day}' AND HORIZON = 1`,
    );
    expect(all!.ADMISSIONS).to.be.within(3, 6);
    for (const { ADMISSIONS } of await ward('P')) expect(ADMISSIONS).to.be.closeTo(4, 0.3);
  });
});
