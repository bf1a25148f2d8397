import { expect } from 'chai';
import { beds } from '../../../deploy/beds/beds.js';
import { callProcedure } from '../../../deploy/clients/call.js';
import { command } from '../../../deploy/commands/beds.js';
import { carryOut } from '../../../deploy/commands/command.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { health } from '../../../deploy/operate/health.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { mailBeds } from '../../../report/beds/mail.js';
import { latestNotes } from '../../../report/beds/nights.js';
import type { MailEvents } from '../../../report/mail/events.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

/** A patient: ward, department, days ago of admission and of discharge (null: still in). */
type Patient = readonly [ward: string, department: string, came: number, went: number | null];

/** 130 days of two wards: each day six patients for P, who stay 2 to 7 days, and two for Q, who stay 10. */
const history: Patient[] = Array.from({ length: 130 }, (_, came) => [
  ...Array.from({ length: 6 }, (_, i): Patient => ['P', 'surgery', came, came - 2 - i]),
  ...Array.from({ length: 2 }, (): Patient => ['Q', 'gynecology', came, came - 10]),
])
  .flat()
  .map(([ward, department, came, went]) => [ward, department, came, went !== null && went < 0 ? null : went]);

/** The latest forecast of every ward. */
const LATEST =
  "(SELECT * FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' QUALIFY MADE_ON = MAX(MADE_ON) OVER (PARTITION BY DATASET))";

describe('beds occupied over the next nights', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
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
FROM ${LATEST} WHERE ${where} ORDER BY HORIZON`);

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
    expect(notes[0]).to.match(/^No patient is currently admitted/);
  });

  it('are those that are taken now, and go on as they have gone', async () => {
    await admit(history, 1000);
    const { occupied, units, notes } = await forecast();
    // P: of each day's six those who stay longer than it is ago; Q: ten days of two.
    expect(occupied).to.equal(6 * 2 + 5 + 4 + 3 + 2 + 1 + 20);
    expect(units).to.equal(5);
    expect(notes.join(' ')).to.match(/47 patients are currently admitted without a predicted curve/);
    // Later readers of the report see it too.
    expect(await latestNotes(ctx, forDataset(ctx).contract)).to.deep.equal(notes);
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
    // Without a curve a patient leaves as others of the ward did: of Q on the tenth day, and not after a week as of P.
    const [firstOfQ] = await nights("LEVEL = 'ward' AND UNIT = 'Q'");
    expect(Number(firstOfQ!.MEAN)).to.be.closeTo(20, 0.7);
    for (const level of ['ward', 'department']) {
      const parts = await query(
        `SELECT SUM(MEAN) AS MEAN, SUM(TAKEN_NOW) AS NOW FROM ${LATEST} WHERE LEVEL = '${level}' AND HORIZON = 1`,
      );
      expect(Number(parts[0]!.NOW)).to.equal(47);
      expect(Number(parts[0]!.MEAN)).to.be.closeTo(Number(all[0]!.MEAN), 1.5);
    }
  });

  it('are shown to readers of figures in whole beds, and of ten patients and more', async () => {
    const shown = await query(
      'SELECT LEVEL, UNIT, TAKEN_NOW, MEAN, P10, P90, ADMISSIONS, DISCHARGES FROM LOS_BEDS WHERE HORIZON = 1 ORDER BY LEVEL, UNIT',
    );
    expect(shown.map(({ LEVEL, UNIT, TAKEN_NOW }) => [LEVEL, UNIT, Number(TAKEN_NOW)])).to.deep.equal([
      ['all', '(all)', 47],
      ['department', 'gynecology', 20],
      ['department', 'surgery', 27],
      ['ward', 'P', 27],
      ['ward', 'Q', 20],
    ]);
    for (const row of shown)
      for (const name of ['MEAN', 'P10', 'P90', 'ADMISSIONS', 'DISCHARGES'])
        expect(Number.isInteger(Number(row[name])), `${row.UNIT} ${name}`).to.equal(true);
    await admit([['ISO', 'surgery', 1, null]], 900);
    await forecast();
    const wards = () =>
      query("SELECT UNIT, TAKEN_NOW FROM LOS_BEDS WHERE LEVEL = 'ward' AND HORIZON = 1 ORDER BY UNIT");
    // One patient alone: the other ward of surgery joins, or surgery less that ward would be that patient (finding 7).
    expect(await wards()).to.deep.equal([
      { UNIT: '(small wards)', TAKEN_NOW: 28 },
      { UNIT: 'Q', TAKEN_NOW: 20 },
    ]);
    expect((await nights("LEVEL = 'ward' AND UNIT = 'ISO'")).length).to.equal(14);
    await query('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 900');
    await forecast();
    expect((await wards()).map(({ UNIT }) => UNIT)).to.deep.equal(['P', 'Q']);
  });

  it('follow the curves that were predicted', async () => {
    await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v0', 'r', CURRENT_TIMESTAMP(), PARSE_JSON('{"days": [60], "gone": [1]}')::OBJECT
FROM HEALTH_FEATURES WHERE LOS IS NULL`);
    const { notes, hazardMultiplier: pace } = await forecast();
    expect(notes.join(' ')).not.to.match(/without a predicted curve/);
    expect(pace).to.be.closeTo(1, 1e-6);
    const [first] = await nights("LEVEL = 'ward' AND UNIT = 'Q'");
    // No one leaves before day 60, and two come.
    expect(Number(first!.MEAN)).to.be.closeTo(22, 0.01);
    await ctx.snowflake.execute("DELETE FROM LOS_PREDICTION_LOG WHERE MODEL_VERSION = 'health-v0'");
  });

  it('are the same when they are forecast once more, and replace what was there', async () => {
    const before = await nights("LEVEL = 'all'");
    const again = await forecast();
    await forecast();
    expect(await number(`SELECT COUNT(*) FROM ${LATEST}`)).to.equal(again.units * 14);
    expect((await nights("LEVEL = 'all'")).map((row) => row.TAKEN_NOW)).to.deep.equal(
      before.map((row) => row.TAKEN_NOW),
    );
  });

  long('know of corrected, withdrawn and impossible discharges, and of no later ones', async () => {
    await ctx.snowflake.execute('UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL WHERE CASE_ID = 1900');
    expect((await forecast()).occupied, 'a discharge that is taken back').to.equal(48);
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 1900');
    expect((await forecast()).occupied, 'a withdrawn admission').to.equal(47);
    await admit([['P', 'surgery', 3, 5]], 90_001);
    const negative = await forecast();
    expect(negative.occupied, 'a stay that ends before it begins').to.equal(47);
    expect(negative.notes.join(' ')).to.match(/1 stay ends before it begins/);
    await admit(
      [
        ['P', 'surgery', 2, -3],
        ['P', 'surgery', -1, null],
      ],
      90_002,
    );
    expect((await forecast()).occupied, 'who leaves later is in, who comes later is not').to.equal(48);
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID > 90000');
  });

  long('are forecast as on a day that has passed from nothing that came later', async () => {
    const asOf = String((await query(`SELECT TO_VARCHAR(${ago(20)}, 'YYYY-MM-DD') AS D`))[0]!.D);
    const log = (when: string, curve: string, more = 'NULL, 1') =>
      ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT, CURVE, AFTER_DISCHARGE, REVISION)
SELECT 'health', TO_VARCHAR(CASE_ID), 'health-v0', 'r', ${when}, PARSE_JSON('${curve}')::OBJECT, ${more}
FROM HEALTH_FEATURES WHERE ADMISSION_DATE <= ${ago(20)} AND WARD_TYPE = 'Q'`);
    const rebuilt = async () => {
      await query('CALL BUILD_FEATURES()');
      const { occupied, madeOn } = await beds(ctx, forDataset(ctx).contract, asOf);
      const rows = await query(`SELECT * EXCLUDE (MADE_AT) FROM LOS_BED_FORECASTS
WHERE MADE_ON = '${asOf}' AND KIND = 'forecast' ORDER BY LEVEL, UNIT, NIGHT`);
      // In which order numbers are added up is DuckDB's affair.
      const rounded = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1e6) : value);
      return { occupied, madeOn, rows: JSON.parse(JSON.stringify(rows, (_, value) => rounded(value))) };
    };
    await log(`DATEADD(hour, 12, '${asOf}'::TIMESTAMP)`, '{"days": [12], "gone": [1]}');
    const known = await rebuilt();
    expect(known.madeOn).to.equal(asOf);
    expect(known.occupied).to.equal(47);
    expect(known.rows).to.have.length(5 * 14);
    const nightsKnown = await number('SELECT COUNT(*) FROM LOS_BED_NIGHTS');

    // What has been learned since: predictions, discharges, admissions, forecasts.
    await log(`DATEADD(hour, 30, '${asOf}'::TIMESTAMP)`, '{"days": [90], "gone": [1]}', 'NULL, 2');
    await log(`DATEADD(hour, 30, '${asOf}'::TIMESTAMP)`, '{"days": [90], "gone": [1]}', 'TRUE, 3');
    await forecast();
    expect((await rebuilt()).rows, 'with a later revision').to.deep.equal(known.rows);
    expect(await number('SELECT COUNT(*) FROM LOS_BED_NIGHTS'), 'nights since stay').to.equal(nightsKnown);
    await ctx.snowflake.execute(
      `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL WHERE DISCHARGE_DATE > ${ago(20)}`,
    );
    await ctx.snowflake.execute(`DELETE FROM HEALTH_ADMISSIONS WHERE ADMISSION_DATE > ${ago(20)}`);
    expect((await rebuilt()).rows, 'without anything that came later').to.deep.equal(known.rows);

    // Both, for an emptied table alone is held as an accident.
    await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES');
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS');
    await ctx.snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
    await ctx.snowflake.execute("DELETE FROM LOS_PREDICTION_LOG WHERE MODEL_VERSION = 'health-v0'");
    await admit(history, 1000);
  });

  long('take a later prediction where the log has none before, but none of a known stay', async () => {
    await query('CALL BUILD_FEATURES()');
    const asOf = String((await query(`SELECT TO_VARCHAR(${ago(3)}, 'YYYY-MM-DD') AS D`))[0]!.D);
    const log = (revision: number, after: boolean, days: number) =>
      ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT, CURVE, AFTER_DISCHARGE, REVISION)
SELECT 'health', TO_VARCHAR(CASE_ID), 'health-v0', 'r', CURRENT_TIMESTAMP(), PARSE_JSON('{"days": [${days}], "gone": [1]}')::OBJECT, ${after}, ${revision}
FROM HEALTH_FEATURES WHERE WARD_TYPE = 'Q'`);
    const firstNight = async () => {
      await beds(ctx, forDataset(ctx).contract, asOf);
      return await number(`SELECT MEAN FROM LOS_BED_FORECASTS
WHERE MADE_ON = '${asOf}' AND KIND = 'forecast' AND LEVEL = 'ward' AND UNIT = 'Q' AND HORIZON = 1`);
    };
    await log(1, true, 60);
    expect(await firstNight(), 'by past stays').to.be.closeTo(20, 1.5);
    await log(2, false, 60);
    await log(3, false, 11);
    expect(await firstNight(), 'no one leaves before day 60').to.be.closeTo(22, 0.01);
    await ctx.snowflake.execute("DELETE FROM LOS_PREDICTION_LOG WHERE MODEL_VERSION = 'health-v0'");
    await ctx.snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
  });

  long('are refused of a day that has not ended or is none, and with an unknown option', async () => {
    const refused = async (options: object) => {
      const error = await callProcedure(ctx, 'FORECAST_BEDS', [{ object: options }]).then(
        () => undefined,
        (thrown: unknown) => thrown as UserError,
      );
      expect(error).to.be.instanceOf(UserError);
      return error!;
    };
    expect((await refused({ as_of: '2999-01-01' })).message).to.equal(
      `The day 2999-01-01 has not ended yet: the last that has is ${day}.`,
    );
    for (const as_of of ['0001-01-01', '1999-12-31'])
      expect((await refused({ as_of })).message).to.equal(
        `The day ${as_of} is more than 366 days before the last admission.`,
      );
    expect(await number("SELECT COUNT(*) FROM LOS_BED_FORECASTS WHERE MADE_ON < '2000-01-01'")).to.equal(0);
    for (const as_of of ['2026-02-30', 'yesterday', 5])
      expect((await refused({ as_of })).message).to.contain('is no day');
    expect((await refused({ day })).next).to.contain('as_of');
    // Nothing is broken where a person asked for what cannot be: status has no problem of it, and no alarm counts it.
    const { problems } = await health(ctx, forDataset(ctx).contract);
    expect(problems.join(' ')).not.to.contain('beds');
    expect(
      await number(
        "SELECT COUNT(*) FROM LOS_RUN_LOG WHERE KIND = 'beds' AND STATUS = 'FAILED' AND NOT COALESCE(DETAILS:refused::BOOLEAN, FALSE)",
      ),
    ).to.equal(0);
    await query('CALL WATCH_SCORING()');
    expect(await number("SELECT COUNT(*) FROM LOS_ALARMS WHERE MESSAGE LIKE '%failed within%'")).to.equal(0);
  });

  long('have a patient who never leaves, and a ward without history, and say so', async () => {
    await admit(
      [
        ['P', 'surgery', 200, null],
        ['Z', 'radiotherapy', 1, null],
        ['Z', 'radiotherapy', 0, null],
      ],
      91_000,
    );
    const { notes } = await forecast();
    expect(notes.join(' ')).to.match(/1 patient is currently admitted for longer than any stay/);
    expect(notes.join(' ')).to.match(/whole hospital: Z, radiotherapy|whole hospital: radiotherapy, Z/);
    const fresh = await nights("LEVEL = 'ward' AND UNIT = 'Z'");
    expect(fresh).to.have.length(14);
    for (const row of fresh) expect(Number(row.MEAN)).to.be.within(0.5, 14);
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID >= 91000');
  });

  long('have no bands of a part of the rows where all are loaded later', async () => {
    const { CAME: newest } = (await query('SELECT MAX(CASE_ID) AS CAME FROM HEALTH_ADMISSIONS'))[0]!;
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT CASE_ID + 100000 * K, PATIENTID + 100000 * K, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE
FROM HEALTH_ADMISSIONS CROSS JOIN (SELECT SEQ4() + 1 AS K FROM TABLE(GENERATOR(ROWCOUNT => 20)))`);
    const { occupied } = await forecast();
    expect(occupied).to.be.above(900);
    for (const { P10, P90, MEAN } of await nights("LEVEL = 'all'"))
      expect(Number(P90) - Number(P10)).to.be.below(0.5 * Number(MEAN));
    await ctx.snowflake.execute(`DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID > ${newest}`);
    expect((await forecast()).occupied, 'it looks like an accident').to.equal(occupied);
    await ctx.snowflake.execute("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')");
    await forecast();
    for (const { P10, P90, MEAN } of await nights("LEVEL = 'all'"))
      expect(Number(P90) - Number(P10)).to.be.below(0.8 * Number(MEAN));
  });

  long('are judged by what came, beside three simple rules', async () => {
    await forecast();
    // As if it had been made a day ago: the first night is known by now.
    await ctx.snowflake.execute(
      `UPDATE LOS_BED_FORECASTS SET MADE_ON = DATEADD(day, -1, MADE_ON), NIGHT = DATEADD(day, -1, NIGHT) WHERE KIND = 'forecast'`,
    );
    await forecast();
    // A discharge of long ago is corrected: nights that were known are others now, and it is said.
    await ctx.snowflake.execute(
      `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, -1, DISCHARGE_DATE) WHERE CASE_ID = 1400`,
    );
    expect((await forecast()).notes.join(' ')).to.match(
      /changed the beds occupied on 1 night of the past, by 1 at most/,
    );
    expect((await forecast()).notes.join(' ')).not.to.match(/changed the beds/);
    const [row] =
      await query(`SELECT COUNT(*) AS NIGHTS, AVG(ABS(ERROR)) AS MAE, AVG(ABS(ERROR_AS_TODAY)) AS MAE_AS_TODAY, AVG(ABS(ERROR_SAME_WEEKDAY)) AS MAE_SAME_WEEKDAY,
  AVG(ABS(ERROR_KAPLAN_MEIER)) AS MAE_KAPLAN_MEIER, AVG(IFF(INSIDE, 1, 0)) AS COVERAGE FROM LOS_BED_ERRORS WHERE LEVEL = 'all' AND HORIZON = 1`);
    expect(Number(row!.NIGHTS)).to.equal(1);
    for (const name of ['MAE', 'MAE_AS_TODAY', 'MAE_SAME_WEEKDAY', 'MAE_KAPLAN_MEIER'])
      expect(Number(row![name]), name).to.be.lessThan(3);
    expect(Number(row!.COVERAGE)).to.equal(1);
    // One night would tell its forecast, and that the curves of single patients.
    for (const view of ['LOS_BED_ACCURACY', 'LOS_BED_CALIBRATION'])
      expect(await number(`SELECT COUNT(*) FROM ${view}`), view).to.equal(0);
    // Twenty nights more: a bed off each; as many as today two off, the same weekday one, past stays right on every other.
    await ctx.snowflake.execute(`INSERT INTO LOS_BED_FORECASTS (DATASET, MADE_ON, MADE_AT, KIND, LEVEL, UNIT, NIGHT, HORIZON, TAKEN_NOW, MEAN, P10, P90,
  SAME_WEEKDAY, KAPLAN_MEIER, QUANTILES)
SELECT DATASET, DATEADD(day, -3, NIGHT), CURRENT_TIMESTAMP(), 'forecast', LEVEL, UNIT, NIGHT, 3, TAKEN + 2, TAKEN + 1, TAKEN, TAKEN + 2, TAKEN - 1,
  TAKEN + IFF(MOD(DATEDIFF(day, NIGHT, CURRENT_DATE()), 2) = 0, 0, 3), ARRAY_CONSTRUCT(0, 0)
FROM LOS_BED_NIGHTS WHERE LEVEL = 'all' AND NIGHT BETWEEN DATEADD(day, -21, '${day}') AND DATEADD(day, -2, '${day}')`);
    const [judged] = await query(
      `SELECT * EXCLUDE (DATASET, LEVEL, UNIT) FROM LOS_BED_ACCURACY WHERE LEVEL = 'all' AND HORIZON = 3`,
    );
    expect(judged).to.deep.include({ NIGHTS: 20, MAE: 1, MAE_AS_TODAY: 2, MAE_SAME_WEEKDAY: 1, COVERAGE: 1 });
    expect(judged).to.deep.include({ NEARER_AS_TODAY: 0, NEARER_SAME_WEEKDAY: 0, NEARER_KAPLAN_MEIER: 0.5 });
    await ctx.snowflake.execute(
      'DELETE FROM LOS_BED_FORECASTS WHERE HORIZON = 3 AND ARRAY_SIZE(QUANTILES) = 2',
    );
  });

  long('tell who is expected to leave when, patients without a curve too', async () => {
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
    expect(await number('SELECT MIN(GONE_IN_14_DAYS) FROM LOS_EXPECTED_DISCHARGES')).to.be.closeTo(1, 0.01);
    // The forecast's factors hold for the list too: where no one leaves on any day of the week, no one does.
    await ctx.snowflake.execute("UPDATE LOS_BED_FORECASTS SET WEEKDAY_FACTOR = 0 WHERE KIND = 'forecast'");
    expect(await number('SELECT MAX(GONE_IN_14_DAYS) FROM LOS_EXPECTED_DISCHARGES')).to.equal(0);
    await forecast();
  });

  long('count from the last day that the data know, in the list of patients too, and say so', async () => {
    const later = (days: number, patients = history) =>
      patients.map(
        ([ward, department, came, went]): Patient => [
          ward,
          department,
          came + days,
          went === null ? null : went + days,
        ],
      );
    const whole = async () => (await nights("LEVEL = 'all'")).map(({ HORIZON: _, ...row }) => row);
    const expected = () =>
      query(`SELECT CASE_ID, DAYS_SO_FAR, DATEDIFF(day, AS_OF, EXPECTED_ON) AS EXPECTED, GONE_BY_TOMORROW, TO_VARCHAR(AS_OF, 'YYYY-MM-DD') AS AS_OF,
  DAYS_AGO, DATEDIFF(day, AS_OF, CURRENT_DATE()) AS REALLY FROM LOS_EXPECTED_DISCHARGES ORDER BY CASE_ID`);
    await ctx.snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
    const inTime = await forecast();
    expect(inTime).to.include({ daysAgo: 0, madeOn: day });
    const [nightsInTime, listInTime] = [await whole(), await expected()];
    // Both, for an emptied table alone is held as an accident.
    await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES');
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS');
    await ctx.snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
    // The same, five days earlier: nothing has been loaded since.
    await admit(later(5), 1000);
    const late = await forecast();
    const [ended] = await query(`SELECT TO_VARCHAR(${ago(5)}, 'YYYY-MM-DD') AS DAY`);
    expect(late).to.include({ madeOn: ended!.DAY, daysAgo: 5, occupied: inTime.occupied });
    expect(late.notes[0]).to.match(
      /^The admissions end on \d{4}-\d\d-\d\d, 5 days before the last day that is over/,
    );
    expect((await whole()).map(({ TAKEN_NOW }) => TAKEN_NOW)).to.deep.equal(
      nightsInTime.map(({ TAKEN_NOW }) => TAKEN_NOW),
    );
    expect(await number('SELECT MIN(DAYS_AGO) FROM LOS_BEDS')).to.be.within(4, 5);
    const listed = await expected();
    expect(listed.length).to.equal(listInTime.length);
    for (const { AS_OF, DAYS_AGO, REALLY, DAYS_SO_FAR } of listed) {
      expect(Date.parse(String(AS_OF)) - Date.parse(String(ended!.DAY))).to.equal(86_400_000);
      expect(Number(DAYS_AGO)).to.equal(Number(REALLY)).and.to.be.above(3);
      expect(Number(DAYS_SO_FAR)).to.be.below(11);
    }
    // Asked for, a day counts whatever was loaded: no patient came or left since.
    const asked = await callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', [{ object: { as_of: day } }]);
    expect(asked).to.include({ madeOn: day, daysAgo: 0 });

    // Where no one ever comes or goes on two days of the week, two such days are no late load.
    // Both, for an emptied table alone is held as an accident.
    await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES');
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS');
    await ctx.snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
    const closed = (went: number) => went % 7 < 2;
    const weekdays = history
      .filter(([, , came]) => !closed(came))
      .map(
        ([ward, department, came, went]): Patient => [
          ward,
          department,
          came,
          went !== null && closed(went) ? null : went,
        ],
      );
    await admit(weekdays, 1000);
    expect(await forecast()).to.include({ madeOn: day, daysAgo: 0 });
    // Both, for an emptied table alone is held as an accident.
    await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES');
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS');
    await ctx.snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
    await admit(history, 1000);
    await forecast();
  });

  long('are mailed with the numbers on top, and not where there is no forecast', async () => {
    const sent: unknown[] = [];
    const send: typeof ctx.mail.send = async (event, data) => sent.push([event, data]) > 0;
    const mail = { ...ctx.mail, send };
    const { contract } = forDataset(ctx);
    const made = await beds(ctx, contract);
    expect(await mailBeds({ ...ctx, mail }, contract, made)).to.equal(true);
    expect(sent).to.have.length(1);
    const first = made.forecast.find(({ horizon }) => horizon === 1)!;
    const [, whole] = sent[0] as [string, MailEvents['beds']];
    expect(whole.key![0]!.value).to.equal(Math.round(first.mean).toLocaleString('en-US'));
    expect(await mailBeds({ ...ctx, mail }, contract, made, { ward: 'P' })).to.equal(true);
    const [, ward] = sent.pop() as [string, MailEvents['beds']];
    expect(ward.tables!.at(-1)!.title).to.equal('Ward P');
    expect(await mailBeds({ ...ctx, mail }, contract, { ...made, forecast: [] })).to.equal(false);
    expect(sent).to.have.length(1);
  });

  long('are asked for a ward that there is, of the dataset that is deployed', async () => {
    const asked = async (args: { ward?: string; dataset?: string }) => {
      const global = { target: 'local', json: true, verbose: false };
      const error = await carryOut(command, 'beds', ctx, { ...args, ...global }).then(
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
      'The dataset health is deployed, not',
    );
  });

  long('go by the level of late and by the week of long', async () => {
    // Both, for an emptied table alone is held as an accident.
    await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES');
    await ctx.snowflake.execute('DELETE FROM HEALTH_ADMISSIONS');
    // Twelve a day, four on Sundays; for the last two weeks half as many: 0 is today.
    const today = new Date(day).getUTCDay();
    const waves = Array.from({ length: 200 }, (_, came) =>
      Array.from(
        { length: ((((today - came) % 7) + 7) % 7 === 0 ? 4 : 12) / (came < 14 ? 2 : 1) },
        (): Patient => ['P', 'surgery', came, came > 0 ? came - 1 : null],
      ),
    ).flat();
    await admit(waves, 1000);
    await forecast();
    const said = (await nights("LEVEL = 'all'")).map((row) => Number(row.ADMISSIONS));
    const sunday = (7 - today - 1 + 7) % 7;
    // Half of the level's weight is on the last two weeks, so three quarters of twelve; six weeks' mean would be ten.
    said.forEach((admissions, night) => {
      if (night % 7 === sunday) expect(admissions).to.be.within(2.9, 4);
      else expect(admissions).to.be.within(8.2, 9.5);
    });
  });
});
