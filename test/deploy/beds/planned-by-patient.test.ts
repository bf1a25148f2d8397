import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { projectRoot } from '../../../deploy/project.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { refuseProducts } from '../products.js';

const { long } = longTests(import.meta.url);

/** Days of the past. */
const DAYS = 60;

describe('beds of a hospital whose bookings have ids of their own', () => {
  refuseProducts({ runs: ['sql/beds/planned/link.sql'] });
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let day: string;

  const query = (sql: string) => ctx.snowflake.query<Record<string, number>>(sql);
  const forecast = () => callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', []);
  const kept = async () => {
    await forecast();
    return query(
      "SELECT LEVEL, UNIT, NIGHT, MEAN, SD, P10, P90, ADMISSIONS, PLANNED FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' ORDER BY LEVEL, UNIT, NIGHT",
    );
  };
  const planned = async () =>
    (await kept()).filter(({ LEVEL }) => String(LEVEL) === 'all').map((row) => row.PLANNED!);
  /** The contract with this in `planned:`. */
  const applyWith = async (more: string) => {
    const file = join(cloud.folder, 'planned.yaml');
    writeFileSync(
      file,
      `${readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8')}
admissionType: TYPE_OF_ADMISSION
planned:
  table: BOOKINGS
  id: BOOKING
  day: { column: DAY, type: DATE }
  recorded: RECORDED
  cancelled: CANCELLED
  ward: WARD
  kind: KIND
  ${more}
`,
    );
    await apply(forDataset(ctx, file).ctx);
  };
  /** A patient of the admissions on some day comes on that many days later. */
  const admit = (id: number, patient: number, ago: number) =>
    ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, TYPE_OF_ADMISSION, ADMISSION_DATE)
SELECT ${id}, ${patient}, 'P', 'surgery', 'Urgent', DATEADD(day, -${ago}, '${day}'::DATE)`);
  const book = (booking: string, patient: number, ahead: number, ago: number, cancelled = false) =>
    ctx.snowflake.execute(`INSERT INTO BOOKINGS (BOOKING, WHO, DAY, RECORDED, CANCELLED, WARD, KIND) SELECT '${booking}', '${patient}',
DATEADD(day, ${ahead}, '${day}'::DATE), DATEADD(hour, 10, DATEADD(day, -${ago}, '${day}'::DATE)::TIMESTAMP_NTZ), ${cancelled}, 'P', 'Urgent'`);

  before(async () => {
    ctx = await cloud.open();
    await ctx.snowflake.execute(
      'CREATE TABLE BOOKINGS (BOOKING VARCHAR, WHO VARCHAR, DAY DATE, RECORDED TIMESTAMP_NTZ, CANCELLED BOOLEAN, WARD VARCHAR, KIND VARCHAR)',
    );
    await applyWith('');
    day = (await forecast()).madeOn;
    // Each day five emergencies, and three planned ones of four who were booked nine days before.
    const numbers = (from: number, count: number) => `SELECT d.DAY, i.N, 1000 + d.DAY * 10 + i.N AS NUMBER
FROM (SELECT SEQ4() AS DAY FROM TABLE(GENERATOR(ROWCOUNT => ${DAYS}))) AS d, (SELECT ${from} + SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => ${count}))) AS i`;
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, TYPE_OF_ADMISSION, ADMISSION_DATE, DISCHARGE_DATE)
SELECT NUMBER, NUMBER + 500000, 'P', 'surgery', IFF(N < 5, 'Emergency', 'Urgent'), DATEADD(day, -DAY, '${day}'::DATE),
  IFF(DAY < 3, NULL, DATEADD(day, 3 - DAY, '${day}'::DATE)) FROM (${numbers(0, 8)})`);
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
    await ctx.snowflake.execute(`INSERT INTO BOOKINGS (BOOKING, WHO, DAY, RECORDED, CANCELLED, WARD, KIND)
SELECT TO_VARCHAR(NUMBER), TO_VARCHAR(NUMBER + 500000), DATEADD(day, -DAY, '${day}'::DATE), DATEADD(day, -DAY - 9, '${day}'::DATE), FALSE, 'P', 'Urgent'
FROM (${numbers(5, 4)})`);
    for (const [id, ahead] of [
      ['x', 2],
      ['y', 5],
    ] as const)
      await book(id, 700_000, ahead, 1);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  long(
    'are to the last digit what they are with the ids of admissions, where planned.patient says whose they are',
    async () => {
      const byId = await kept();
      expect(byId[1]!.PLANNED).to.be.above(0.5);
      await ctx.snowflake.execute("UPDATE BOOKINGS SET BOOKING = 'K' || BOOKING");
      const { notes } = await forecast();
      expect(notes.join(' ')).to.match(/None of \d+ bookings has become an admission/);
      await applyWith('patient: WHO');
      expect(await kept()).to.deep.equal(byId);
      expect((await forecast()).notes.join(' ')).not.to.contain('bookings');
    },
  );

  long(
    'expect a patient no more who has come, days before the day too, and one admission takes one booking',
    async () => {
      const before = await planned();
      await book('early', 700_001, 4, 3);
      await book('second', 700_001, 9, 3);
      const both = await planned();
      expect(both[3]! - before[3]!).to.be.above(0.5);
      await admit(900_001, 700_001, 0);
      await ctx.snowflake.query('CALL BUILD_FEATURES()');
      const left = await planned();
      expect(left[3]! - before[3]!).to.be.closeTo(0, 0.1);
      expect(left[8]! - before[8]!).to.be.above(0.5);
    },
  );

  long('take no booking for come that was taken back before, or is of another time', async () => {
    await book('taken back', 700_002, 1, 5);
    await book('taken back', 700_002, 1, 2, true);
    await book('later', 700_003, 12, 5);
    const before = await planned();
    await admit(900_002, 700_002, 0);
    await admit(900_003, 700_003, 0);
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
    const after = await planned();
    expect(after[11]! - before[11]!).to.be.closeTo(0, 0.05);
    expect(after[11]).to.be.above(0.5);
  });

  long('leave out the bookings of a patient who is erased', async () => {
    const of = `SELECT COUNT(*) AS N FROM HEALTH_PLANNED WHERE PATIENT = '700000'`;
    expect((await query(of))[0]!.N).to.equal(2);
    await callProcedure(ctx, 'FORGET_PATIENT', ['700000']);
    expect((await query(of))[0]!.N).to.equal(0);
  });
});
