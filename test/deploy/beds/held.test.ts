import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { hostedCloud } from '../embedded-cloud.js';

/** Days of the past; of the last three weeks only the long stays came. */
const DAYS = 120;
const NIGHTS = 14;

type Row = Record<string, number>;

describe('beds of which past weeks tell what to go by', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let day: string;

  const query = (sql: string) => ctx.snowflake.query<Row>(sql);
  const forecast = async () => await callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', []);
  const nights = () =>
    query(`SELECT HORIZON, ADMISSIONS, MEAN - TAKEN_NOW + LEAVING AS COMING_NOW, TAKEN_NOW - LEAVING AS STILL, PACE, COMING, BY_CURVES, BY_PAST
FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND LEVEL = 'all' AND MADE_ON = '${day}' ORDER BY HORIZON`);
  /** Forecasts of the last four weeks that would have been right with this much of the difference. */
  const past = (columns: string, values: string, horizons: string) =>
    ctx.snowflake.execute(`INSERT INTO LOS_BED_FORECASTS (DATASET, MADE_ON, MADE_AT, KIND, LEVEL, UNIT, NIGHT, HORIZON, TAKEN_NOW, LEAVING, MEAN, SD, PACE, ${columns})
SELECT n.DATASET, DATEADD(day, -h.VALUE, n.NIGHT), CURRENT_TIMESTAMP(), 'forecast', n.LEVEL, n.UNIT, n.NIGHT, h.VALUE, n.TAKEN, 0, n.TAKEN, 5, 1, ${values}
FROM LOS_BED_NIGHTS AS n, TABLE(FLATTEN(INPUT => PARSE_JSON('${horizons}'))) AS h
WHERE n.LEVEL = 'all' AND n.NIGHT BETWEEN DATEADD(day, -20, '${day}'::DATE) AND '${day}'`);

  before(async () => {
    ctx = await cloud.open();
    const { snowflake } = ctx;
    day = (await forecast()).madeOn;
    // Each day five who stay ten days, and five who stay one.
    await snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, TYPE_OF_ADMISSION, ADMISSION_DATE, DISCHARGE_DATE)
SELECT NUMBER, NUMBER, 'P', 'surgery', TYPE, CAME, IFF(DATEADD(day, STAY, CAME) > '${day}', NULL, DATEADD(day, STAY, CAME)) FROM (
  SELECT d.DAY * 10 + i.N AS NUMBER, DATEADD(day, -d.DAY, '${day}'::DATE) AS CAME, IFF(i.N < 5, 'Emergency', 'Urgent') AS TYPE, IFF(i.N < 5, 10, 1) AS STAY
  FROM (SELECT SEQ4() AS DAY FROM TABLE(GENERATOR(ROWCOUNT => ${DAYS}))) AS d, (SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 10))) AS i
  WHERE i.N < 5 OR d.DAY >= 21)`);
    await snowflake.query('CALL BUILD_FEATURES()');
    await snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v0', 'r', CURRENT_TIMESTAMP(), PARSE_JSON('{"days": [60], "gone": [1]}')::OBJECT
FROM HEALTH_FEATURES WHERE LOS IS NULL`);
    await forecast();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('go by curves as long as nothing tells', async () => {
    const rows = await nights();
    expect(rows).to.have.length(NIGHTS);
    for (const row of rows) {
      expect(row.STILL).to.be.closeTo(Number(row.BY_CURVES), 1e-6);
      expect(row.COMING_NOW).to.be.closeTo(Number(row.COMING), 1e-6);
      expect(Number(row.PACE)).to.equal(1);
    }
    // No one leaves by the curves; by past stays half leave in five days.
    expect(Number(rows[4]!.BY_CURVES)).to.be.closeTo(50, 1e-6);
    expect(Number(rows[4]!.BY_PAST)).to.be.within(20, 35);
  });

  it('go by past stays at the horizons at which these were right', async () => {
    // What came beside those who were in: zero; past stays were right, and so many beds fewer than the curves.
    await past('COMING, BY_CURVES, BY_PAST', '0, n.TAKEN + 10, n.TAKEN', '[1, 2]');
    await past('COMING, BY_CURVES, BY_PAST', '0, n.TAKEN + 10, n.TAKEN - 10', '[4]');
    await forecast();
    const rows = await nights();
    for (const row of rows) {
      const horizon = Number(row.HORIZON);
      const part = horizon <= 2 ? 1 : horizon === 4 ? 0.5 : 0;
      const byCurves = Number(row.BY_CURVES);
      expect(row.STILL, `${horizon}`).to.be.closeTo(byCurves + part * (Number(row.BY_PAST) - byCurves), 0.01);
      expect(row.COMING_NOW, `${horizon}`).to.be.closeTo(Number(row.COMING), 0.01);
    }
  });
});
