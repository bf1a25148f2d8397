import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { callProcedure } from '../../../deploy/clients/call.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { projectRoot } from '../../../deploy/project.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { refuseProducts } from '../products.js';

const { long, few } = longTests(import.meta.url);

/** Days of the past. */
const DAYS = 100;

describe('beds of a hospital with a list of planned admissions', () => {
  refuseProducts({ runs: ['sql/beds/what-if/answer.sql', 'sql/beds/what-if/extras.sql'] });
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let day: string;

  const query = (sql: string) => ctx.snowflake.query<Record<string, number>>(sql);
  const forecast = async (options?: object) =>
    await callProcedure<BedForecast>(
      ctx,
      'FORECAST_BEDS',
      options === undefined ? [] : [{ object: options }],
    );
  /** What is forecast, ward by ward and night by night, to the last digit. */
  const kept = async (asOf = day) =>
    JSON.stringify(
      await query(`SELECT LEVEL, UNIT, NIGHT, MEAN, SD, P10, P90, ADMISSIONS, DISCHARGES, PLANNED, QUANTILES FROM LOS_BED_FORECASTS
WHERE KIND = 'forecast' AND MADE_ON = '${asOf}' ORDER BY LEVEL, UNIT, NIGHT`),
    );
  const nights = (where: string) =>
    query(
      `SELECT HORIZON, MEAN, PLANNED, ADMISSIONS, SD FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${day}' AND ${where} ORDER BY HORIZON`,
    );
  /** Rows of the list: booking, days ahead of today, days ago that it was recorded. */
  const book = (
    rows: readonly (readonly [id: string, ahead: number, ago: number, cancelled?: boolean, ward?: string])[],
  ) =>
    ctx.snowflake.execute(`INSERT INTO BOOKINGS (BOOKING, DAY, RECORDED, CANCELLED, WARD, KIND, AGE)
SELECT $1, DATEADD(day, $2, '${day}'::DATE), DATEADD(hour, 10, DATEADD(day, -$3, '${day}'::DATE)::TIMESTAMP_NTZ), $4, $5, 'Urgent', 60
FROM VALUES ${rows.map(([id, ahead, ago, cancelled = false, ward = 'P']) => `('${id}', ${ahead}, ${ago}, ${cancelled}, '${ward}')`).join(', ')}`);

  before(async () => {
    ctx = await cloud.open();
    await ctx.snowflake.execute(
      `CREATE TABLE BOOKINGS (BOOKING VARCHAR, DAY DATE, RECORDED TIMESTAMP_NTZ, CANCELLED BOOLEAN, WARD VARCHAR, KIND VARCHAR, AGE NUMBER)`,
    );
    const contract = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
    const file = join(cloud.folder, 'planned.yaml');
    writeFileSync(
      file,
      `${contract}
admissionType: TYPE_OF_ADMISSION
capacity: { P: 40 }
planned:
  table: BOOKINGS
  id: BOOKING
  day: { column: DAY, type: DATE }
  recorded: RECORDED
  cancelled: CANCELLED
  ward: WARD
  kind: KIND
  features: { AGE: AGE }
`,
    );
    await apply(forDataset(ctx, file).ctx);
    day = (await forecast()).madeOn;
    // Each day five emergencies who stay four days, and three planned ones who stay two; all on the list for nine days, one more never came.
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, TYPE_OF_ADMISSION, ADMISSION_DATE, DISCHARGE_DATE)
SELECT NUMBER, NUMBER, 'P', 'surgery', TYPE, CAME, IFF(DATEADD(day, STAY, CAME) > '${day}', NULL, DATEADD(day, STAY, CAME)) FROM (
  SELECT 1000 + d.DAY * 10 + i.N AS NUMBER, DATEADD(day, -d.DAY, '${day}'::DATE) AS CAME, IFF(i.N < 5, 'Emergency', 'Urgent') AS TYPE, IFF(i.N < 5, 4, 2) AS STAY
  FROM (SELECT SEQ4() AS DAY FROM TABLE(GENERATOR(ROWCOUNT => ${DAYS}))) AS d, (SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 8))) AS i)`);
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
    await ctx.snowflake.execute(`INSERT INTO BOOKINGS (BOOKING, DAY, RECORDED, CANCELLED, WARD, KIND, AGE)
SELECT TO_VARCHAR(1000 + d.DAY * 10 + i.N), DATEADD(day, -d.DAY, '${day}'::DATE), DATEADD(day, -d.DAY - 9, '${day}'::DATE), FALSE, 'P', 'Urgent', 60
FROM (SELECT SEQ4() AS DAY FROM TABLE(GENERATOR(ROWCOUNT => ${DAYS}))) AS d, (SELECT 5 + SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 4))) AS i`);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('expect nobody of the kind as far as the list reaches where nobody is on it, and as always behind it', async () => {
    await forecast();
    const rows = await nights("LEVEL = 'all'");
    expect(rows).to.have.length(14);
    // Five emergencies; of three planned ones those that a list of nine days would not have.
    for (const row of rows.slice(0, 9)) expect(row.ADMISSIONS, `${row.HORIZON}`).to.be.within(5, 5.6);
    for (const row of rows.slice(9)) expect(row.ADMISSIONS, `${row.HORIZON}`).to.be.within(7.4, 8.1);
  });

  it('expect those who are on it with the chance that such had to come', async () => {
    const before = await nights("LEVEL = 'all'");
    await book(Array.from({ length: 8 }, (_, i) => [`b${i}`, 3, 1] as const));
    await forecast();
    const rows = await nights("LEVEL = 'all'");
    // Three of four came.
    expect(rows[2]!.ADMISSIONS! - before[2]!.ADMISSIONS!).to.be.within(5.6, 6.4);
    expect(rows[1]!.PLANNED).to.be.lessThan(0.2);
    expect(rows[2]!.PLANNED).to.be.within(5.6, 6.4);
    expect(rows[3]!.PLANNED).to.be.within(5.4, 6.6);
    expect(rows[4]!.PLANNED).to.be.lessThan(1);
    // Each of them is there or not: less uncertain than as many who are only expected.
    expect(rows[2]!.SD! ** 2 - before[2]!.SD! ** 2).to.be.within(1, 2.5);
    const wards = await nights("LEVEL = 'ward' AND UNIT = 'P'");
    expect(wards[2]!.PLANNED).to.be.closeTo(rows[2]!.PLANNED!, 1e-9);
  });

  it('expect nobody who has been taken off it, or has come', async () => {
    await book(Array.from({ length: 8 }, (_, i) => [`b${i}`, 3, 0, true] as const));
    const { notes } = await forecast();
    expect((await nights("LEVEL = 'all'"))[2]!.PLANNED).to.be.lessThan(0.01);
    expect(notes.join(' ')).not.to.contain('list of planned');
  });

  long('know nothing that was recorded after the evening, whatever it says', async () => {
    const asOf = String(
      Object.values(
        (await query(`SELECT TO_VARCHAR(DATEADD(day, -12, '${day}'::DATE), 'YYYY-MM-DD') AS D`))[0]!,
      )[0],
    );
    await book([
      ['past', -10, 13],
      ['later', -9, 14],
    ]);
    await forecast({ as_of: asOf });
    const known = await kept(asOf);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom('past', 'later', 'new', '1010', '1015'),
            fc.integer({ min: -14, max: 12 }),
            fc.integer({ min: 0, max: 11 }),
            fc.boolean(),
            fc.constantFrom('P', 'Q'),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        async (rows) => {
          await book(rows);
          await forecast({ as_of: asOf });
          expect(await kept(asOf)).to.equal(known);
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });

  for (const [what, breaks, mends] of [
    ['is gone', 'RENAME TO BOOKINGS_AWAY', 'ALTER TABLE BOOKINGS_AWAY RENAME TO BOOKINGS'],
    [
      'has a column of another name',
      'RENAME COLUMN CANCELLED TO STATE',
      'ALTER TABLE BOOKINGS RENAME COLUMN STATE TO CANCELLED',
    ],
  ] as const)
    it(`go on without a list that ${what}, and say so; it is an alarm until the list is back`, async () => {
      await forecast();
      const before = await kept();
      const alarms = () =>
        query(
          "SELECT SEVERITY, MESSAGE FROM LOS_ALARMS WHERE SUBJECT = 'reading planned admissions' AND ENDED_ON IS NULL",
        );
      await query('CALL WATCH_SCORING()');
      expect(await alarms()).to.deep.equal([]);
      await query(`ALTER TABLE BOOKINGS ${breaks}`);
      const { notes } = await forecast();
      expect(notes.join(' ')).to.match(
        /Planned admissions cannot be read, .*(does not exist|invalid identifier)/,
      );
      for (const { MEAN, ADMISSIONS, PLANNED } of await nights("UNIT = '(all)'")) {
        expect(MEAN).to.be.above(1);
        expect(ADMISSIONS).to.be.above(1);
        expect(Number(PLANNED)).to.equal(0);
      }
      await query('CALL WATCH_SCORING()');
      expect(await alarms()).to.have.length(1);
      await query(mends);
      await query('CALL WATCH_SCORING()');
      expect(await alarms()).to.deep.equal([]);
      const again = await forecast();
      expect(again.notes.join(' ')).not.to.contain('cannot be read');
      expect(await kept()).to.equal(before);
    });

  /** The answer to a what_if, and the forecast that it was asked beside. */
  const askWhatIf = async (changes: readonly object[]) => {
    const { what_if: name } = await forecast({ what_if: changes });
    return await query(
      `SELECT LEVEL, UNIT, HORIZON, BASE, MEAN, P10, P90, CAPACITY, OVER_CAPACITY FROM LOS_BED_WHAT_IFS WHERE WHAT_IF = '${name}' ORDER BY LEVEL, UNIT, HORIZON`,
    );
  };
  const means = async () =>
    (
      await query(
        `SELECT MEAN FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${day}' ORDER BY LEVEL, UNIT, HORIZON`,
      )
    ).map(({ MEAN }) => MEAN);
  const ahead = async (days: number) =>
    String(
      Object.values(
        (await query(`SELECT TO_VARCHAR(DATEADD(day, ${days}, '${day}'::DATE), 'YYYY-MM-DD') AS D`))[0]!,
      )[0],
    );

  long(
    'are the same to the last digit where nothing is otherwise, and nothing of a what-if is kept',
    async () => {
      await forecast();
      const before = await kept();
      const answer = await askWhatIf([]);
      expect(answer.length).to.be.greaterThan(14);
      for (const row of answer) expect(row.MEAN).to.equal(row.BASE);
      expect(answer.map(({ MEAN }) => MEAN)).to.deep.equal(await means());
      await askWhatIf([{ ward: 'P', day: await ahead(2), admissions: 10 }]);
      expect(await kept()).to.equal(before);
    },
  );

  long('are of one planned patient more what they are with that patient on the list', async () => {
    const answer = await askWhatIf([
      { planned: { id: 'one', day: await ahead(5), ward: 'P', kind: 'Urgent', features: { AGE: 60 } } },
    ]);
    const without = await means();
    await book([['one', 5, 0]]);
    await forecast();
    const listed = await means();
    expect(answer.map(({ MEAN }) => MEAN)).to.deep.equal(listed);
    expect(listed).not.to.deep.equal(without);
    const back = await askWhatIf([{ cancel_planned: 'one' }]);
    expect(back.map(({ MEAN }) => MEAN)).to.deep.equal(without);
  });

  long(
    'have those who come for certain, in the ward and in all, and fewer beds where some are closed',
    async () => {
      const answer = await askWhatIf([{ ward: 'P', day: await ahead(2), admissions: 10 }]);
      const more = (unit: string, horizon: number) => {
        const row = answer.find(({ UNIT, HORIZON }) => String(UNIT) === unit && HORIZON === horizon)!;
        return row.MEAN! - row.BASE!;
      };
      for (const unit of ['P', '(all)', 'surgery']) {
        expect(more(unit, 1), unit).to.equal(0);
        expect(more(unit, 2), unit).to.be.closeTo(10, 0.3);
        expect(more(unit, 14), unit).to.be.within(0, 0.5);
      }
      const closed = await askWhatIf([{ close: 4, ward: 'P', from: await ahead(3) }]);
      const beds = closed.filter(({ UNIT }) => String(UNIT) === 'P').map(({ CAPACITY }) => CAPACITY);
      expect(beds).to.deep.equal([40, 40, ...new Array(12).fill(36)]);
    },
  );

  for (const [what, changes] of few(
    [
      ['a change that is none', [{ ward: 'P' }]],
      ['two in one', [{ admissions: 1, close: 2, day: '2026-12-08' }]],
      ['a text in SQL', [{ admissions: 1, day: "2026-12-08' OR TRUE" }]],
      ['a ward that there is not', [{ close: 1, ward: 'nowhere' }]],
      ['a booking that there is not', [{ cancel_planned: "x' OR TRUE --" }]],
      ['a day that is not forecast', [{ admissions: 1, day: '2001-01-01' }]],
    ] as const,
    3,
  ))
    it(`refuse ${what}`, async () => {
      const error = await forecast({ what_if: changes }).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.message).to.match(/what_if|ward/);
    });
});
