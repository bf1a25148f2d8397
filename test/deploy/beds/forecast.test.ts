import { expect } from 'chai';
import { beds } from '../../../deploy/beds/beds.js';
import { mailBeds } from '../../../deploy/beds/mail.js';
import { callProcedure } from '../../../deploy/clients/call.js';
import { command } from '../../../deploy/commands/beds.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { localCloud } from '../local-context.js';

/** A patient: ward, department, days ago of admission and of discharge (null: still in). */
type Patient = readonly [ward: string, department: string, came: number, went: number | null];

/** 130 days of two wards: each day six patients for P, who stay 2 to 7 days, and two for Q, who stay 10. */
const history: Patient[] = Array.from({ length: 130 }, (_, came) => [
  ...Array.from({ length: 6 }, (_, i): Patient => ['P', 'surgery', came, came - 2 - i]),
  ...Array.from({ length: 2 }, (): Patient => ['Q', 'gynecology', came, came - 10]),
])
  .flat()
  .map(([ward, department, came, went]) => [ward, department, came, went !== null && went < 0 ? null : went]);

describe('beds taken over the next nights', () => {
  const cloud = localCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  /** The days ago of `history` are counted from it: the day after which nothing is known. */
  let day: string;

  const query = (sql: string) => ctx.snowflake.query(sql);
  const number = async (sql: string) => Number(Object.values((await query(sql))[0]!)[0]);
  const forecast = async () => {
    await query('CALL BUILD_FEATURES()');
    return await callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', []);
  };
  const ago = (days: number | null) => (days === null ? 'NULL' : `DATEADD(day, ${-days}, '${day}'::DATE)`);
  const admit = (patients: readonly Patient[], first: number) =>
    ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT $1, $1, $2, $3, $4, $5 FROM VALUES ${patients
      .map(
        ([ward, department, came, went], i) =>
          `(${first + i}, '${ward}', '${department}', ${ago(came)}, ${ago(went)})`,
      )
      .join(', ')}`);
  const nights = (where: string) =>
    query(`SELECT HORIZON, UNIT, TAKEN_NOW, MEAN, P10, P90, AT_LEAST_90, AT_LEAST_70, ADMISSIONS, DISCHARGES, OVER_CAPACITY
FROM LOS_BEDS WHERE ${where} ORDER BY HORIZON`);

  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('of an empty table are none, and it says so', async () => {
    const { notes, units, madeOn } = await forecast();
    day = madeOn;
    expect(units).to.equal(0);
    expect(notes[0]).to.match(/^Nobody is in/);
  });

  it('are those that are taken now, and go on as they have gone', async () => {
    await admit(history, 1000);
    const { taken, units, notes } = await forecast();
    // P: of each day's six those who stay longer than it is ago; Q: ten days of two.
    expect(taken).to.equal(6 * 2 + 5 + 4 + 3 + 2 + 1 + 20);
    expect(units).to.equal(5);
    expect(notes.join(' ')).to.match(/47 patients are in without a predicted curve/);
    const all = await nights("LEVEL = 'all'");
    expect(all).to.have.length(14);
    // The same comes and goes every day, so nothing changes.
    for (const row of all) {
      expect(Number(row.MEAN)).to.be.closeTo(47, 2.5);
      expect(Number(row.ADMISSIONS)).to.be.closeTo(8, 1e-6);
      expect(Number(row.DISCHARGES)).to.be.closeTo(8, 1.5);
      expect(Number(row.P10)).to.be.lessThan(Number(row.MEAN));
      expect(Number(row.P90)).to.be.greaterThan(Number(row.MEAN));
      expect(Number(row.AT_LEAST_90)).to.be.at.most(Number(row.AT_LEAST_70));
    }
    for (const level of ['ward', 'department']) {
      const parts = await query(
        `SELECT SUM(MEAN) AS MEAN, SUM(TAKEN_NOW) AS NOW FROM LOS_BEDS WHERE LEVEL = '${level}' AND HORIZON = 1`,
      );
      expect(Number(parts[0]!.NOW)).to.equal(47);
      expect(Number(parts[0]!.MEAN)).to.be.closeTo(Number(all[0]!.MEAN), 1.5);
    }
  });

  it('follow the curves that were predicted', async () => {
    await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v0', 'r', CURRENT_TIMESTAMP(), PARSE_JSON('{"days": [60], "gone": [1]}')::OBJECT
FROM HEALTH_FEATURES WHERE LOS IS NULL`);
    const { notes, pace } = await forecast();
    expect(notes.join(' ')).not.to.match(/without a predicted curve/);
    expect(pace).to.be.closeTo(1, 1e-6);
    const [first] = await nights("LEVEL = 'ward' AND UNIT = 'Q'");
    // Nobody leaves before day 60, and two come.
    expect(Number(first!.MEAN)).to.be.closeTo(22, 1e-3);
    await ctx.snowflake.execute("DELETE FROM LOS_PREDICTION_LOG WHERE MODEL_VERSION = 'health-v0'");
  });

  it('are the same when they are forecast once more, and replace what was there', async () => {
    const before = await nights("LEVEL = 'all'");
    const again = await forecast();
    await forecast();
    expect(await number('SELECT COUNT(*) FROM LOS_BEDS')).to.equal(again.units * 14);
    expect((await nights("LEVEL = 'all'")).map((row) => row.TAKEN_NOW)).to.deep.equal(
      before.map((row) => row.TAKEN_NOW),
    );
  });

  it('know of corrected, withdrawn and impossible discharges, and of no later ones', async () => {
    await ctx.snowflake.execute('UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL WHERE CASE_ID = 1900');
    expect((await forecast()).taken, 'a discharge that is taken back').to.equal(48);
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 1900');
    expect((await forecast()).taken, 'a withdrawn admission').to.equal(47);
    await admit([['P', 'surgery', 3, 5]], 90_001);
    const negative = await forecast();
    expect(negative.taken, 'a stay that ends before it begins').to.equal(47);
    expect(negative.notes.join(' ')).to.match(/1 stay ends before it begins/);
    await admit(
      [
        ['P', 'surgery', 2, -3],
        ['P', 'surgery', -1, null],
      ],
      90_002,
    );
    expect((await forecast()).taken, 'who leaves later is in, who comes later is not').to.equal(48);
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID > 90000');
  });

  it('have a patient who never leaves, and a ward without history, and say so', async () => {
    await admit(
      [
        ['P', 'surgery', 200, null],
        ['Z', 'radiotherapy', 1, null],
        ['Z', 'radiotherapy', 0, null],
      ],
      91_000,
    );
    const { notes } = await forecast();
    expect(notes.join(' ')).to.match(/1 patient is in for longer than any stay/);
    expect(notes.join(' ')).to.match(/whole hospital: Z, radiotherapy|whole hospital: radiotherapy, Z/);
    const fresh = await nights("LEVEL = 'ward' AND UNIT = 'Z'");
    expect(fresh).to.have.length(14);
    for (const row of fresh) expect(Number(row.MEAN)).to.be.within(0.5, 14);
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID >= 91000');
  });

  it('are judged by what came, beside three simple rules', async () => {
    await forecast();
    // As if it had been made a day ago: the first night is known by now.
    await ctx.snowflake.execute(
      `UPDATE LOS_BED_FORECASTS SET MADE_ON = DATEADD(day, -1, MADE_ON), NIGHT = DATEADD(day, -1, NIGHT) WHERE KIND = 'forecast'`,
    );
    await forecast();
    const [row] = await query(`SELECT * FROM LOS_BED_QUALITY WHERE LEVEL = 'all' AND HORIZON = 1`);
    expect(Number(row!.NIGHTS)).to.equal(1);
    for (const name of ['MAE', 'MAE_AS_TODAY', 'MAE_SAME_WEEKDAY', 'MAE_KAPLAN_MEIER'])
      expect(Number(row![name]), name).to.be.lessThan(3);
    expect(Number(row!.COVERAGE)).to.equal(1);
    expect(
      await number(`SELECT SUM(SHARE) FROM LOS_BED_PIT WHERE LEVEL = 'all' AND HORIZON = 1`),
    ).to.be.closeTo(1, 1e-6);
  });

  it('tell who is expected to leave when, whoever has no curve too', async () => {
    await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, MEDIAN_LOS, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v0', 'r', CURRENT_TIMESTAMP(), 10, PARSE_JSON('{"days": [10], "gone": [1]}')::OBJECT
FROM HEALTH_FEATURES WHERE LOS IS NULL AND WARD_TYPE = 'Q'`);
    const rows = await query('SELECT * FROM LOS_EXPECTED_DISCHARGES');
    expect(rows).to.have.length(47);
    const known = rows.filter((row) => row.EXPECTED_ON !== null);
    expect(known).to.have.length(20);
    // Everybody of the ward leaves on the tenth day, which may be today where it is past noon or not.
    const [wrong] = await query(`SELECT COUNT(*) AS N FROM LOS_EXPECTED_DISCHARGES
WHERE EXPECTED_ON <> DATEADD(day, 10, ADMITTED) AND DAYS_SO_FAR < 10`);
    expect(Number(wrong!.N)).to.equal(0);
    expect(await number('SELECT COUNT(*) FROM LOS_EXPECTED_DISCHARGES WHERE GONE_IN_14_DAYS < 1')).to.equal(
      0,
    );
  });

  it('are mailed with the numbers on top, and not where there is no forecast', async () => {
    const sent: unknown[] = [];
    const send: typeof ctx.mail.send = async (event, data) => sent.push([event, data]) > 0;
    const mail = { ...ctx.mail, send };
    const made = await beds(ctx, forDataset(ctx).contract);
    expect(await mailBeds({ mail }, made)).to.equal(true);
    expect(sent).to.have.length(1);
    const first = made.forecast.find(({ horizon }) => horizon === 1)!;
    expect((sent[0] as [string, object])[1]).to.include({ expected: Math.round(first.mean) });
    expect(await mailBeds({ mail }, { ...made, forecast: [] })).to.equal(false);
    expect(sent).to.have.length(1);
  });

  it('are asked for a ward that there is, of the dataset that is deployed', async () => {
    const asked = async (args: { ward?: string; dataset?: string }) => {
      const global = { target: 'local', json: true, verbose: false };
      const error = await command.run!(ctx, { ...args, ...global }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(UserError);
      return error as UserError;
    };
    const { message, next } = await asked({ ward: 'nowhere' });
    expect(message).to.equal('No ward or department is called nowhere.');
    expect(next).to.contain('P').and.to.contain('Q');
    expect((await asked({ dataset: 'sql/datasets/sparcs_hf.yaml' })).message).to.contain(
      'of the dataset health, which is deployed',
    );
  });
});
