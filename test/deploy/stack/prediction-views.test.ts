import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { crps } from '../../../udfs/fitting/scores.js';
import { hostedCloud } from '../embedded-cloud.js';
import { schemaStatements } from '../schema.js';

/** A prediction: what came in its month, and what was said. */
interface Said {
  readonly came: string;
  /** null: still in. */
  readonly stay: number | null;
  readonly days: number;
  readonly median?: number;
  readonly version?: string;
  /** More columns of the log. */
  readonly more?: Readonly<Record<string, string>>;
}

describe('views of predictions', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  const query = (sql: string) => ctx.snowflake.query(sql);
  let id = 0;
  const curve = { days: [2, 4, 8], gone: [0.2, 0.6, 1] };

  /** Admissions with their logged predictions, each month scored by one run a day. */
  async function predicted(rows: readonly Said[]): Promise<void> {
    const first = id + 1;
    id += rows.length;
    await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT $1, $1, 'P', 'surgery', $2, DATEADD(day, $3, $2) FROM VALUES ${rows
      .map(({ came, stay }, i) => `(${first + i}, '${came}'::DATE, ${stay ?? 'NULL'})`)
      .join(', ')}`);
    await query('CALL BUILD_FEATURES()');
    for (const [i, { came, days, median = days, version = 'health-v1', more = {} }] of rows.entries()) {
      const columns: Record<string, string> = {
        DATASET: "'health'",
        CASE_ID: `'${first + i}'`,
        REVISION: '1',
        MODEL_VERSION: `'${version}'`,
        RUN_ID: `'run ${came}'`,
        PREDICTED_AT: `'${came} 23:30:00 +0000'::TIMESTAMP_TZ`,
        PREDICTED_LOS: String(days),
        MEDIAN_LOS: String(median),
        LOW_LOS: String(days - 2),
        HIGH_LOS: String(days + 2),
        LOW95_LOS: String(days - 4),
        HIGH95_LOS: String(days + 4),
        CURVE: `PARSE_JSON('${JSON.stringify(curve)}')::OBJECT`,
        ...more,
      };
      await ctx.snowflake.execute(
        `INSERT INTO LOS_PREDICTION_LOG (${Object.keys(columns).join(', ')}) SELECT ${Object.values(columns).join(', ')}`,
      );
    }
  }
  /** As it is published by the next watch. */
  const month = async (first: string, version = 'health-v1') => {
    await query('CALL WATCH_PREDICTIONS()');
    return (
      await query(
        `SELECT * EXCLUDE (MONTH) FROM LOS_ACCURACY WHERE MONTH = '${first}' AND VERSION = '${version}'`,
      )
    )[0];
  };

  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('say when and where a patient came in, and when they are expected to leave, without a join', async () => {
    await predicted([{ came: '2026-01-10', stay: null, days: 4.123456, median: 5 }]);
    const look = async () =>
      (
        await query(`SELECT DEPARTMENT, WARD, TO_VARCHAR(ADMITTED, 'YYYY-MM-DD') AS ADMITTED, TO_VARCHAR(EXPECTED_ON, 'YYYY-MM-DD') AS EXPECTED_ON,
  PREDICTED_LOS, LOW_LOS, TO_VARCHAR(PREDICTED_AT, 'YYYY-MM-DD HH24:MI TZHTZM') AS PREDICTED_AT FROM LOS_PREDICTIONS`)
      )[0];
    const known = {
      ...{ DEPARTMENT: 'surgery', WARD: 'P', ADMITTED: '2026-01-10', EXPECTED_ON: '2026-01-15' },
      ...{ PREDICTED_LOS: 4.12, LOW_LOS: 2.12 },
    };
    expect(await look()).to.deep.equal({ ...known, PREDICTED_AT: '2026-01-10 23:30 +0000' });
    // Of a hospital elsewhere times are by its own clock, whatever the account's is.
    const elsewhere = await schemaStatements({
      ...ctx,
      settings: { ...ctx.settings, timeZone: 'Europe/Berlin' },
    });
    const view = elsewhere.find((create) => /VIEW \S+\.LOS_PREDICTIONS /.test(create));
    await ctx.snowflake.execute(view ?? 'there is none');
    expect(await look()).to.deep.equal({ ...known, PREDICTED_AT: '2026-01-11 00:30 +0100' });
    // Of another dataset's admissions the deployed one's table knows nothing.
    await ctx.snowflake.execute(
      "INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT) SELECT 'other', '1', 'other-v1', 'r', CURRENT_TIMESTAMP()",
    );
    expect(await query("SELECT ADMITTED, WARD FROM LOS_PREDICTIONS WHERE DATASET = 'other'")).to.deep.equal([
      { ADMITTED: null, WARD: null },
    ]);
  });

  it('say how good a month was once it is over and everybody has left', async () => {
    const stays = [1, 2, 3, 4, 5, 6, 7, 8, 3, 4, 5, 9];
    await predicted(stays.map((stay) => ({ came: '2026-02-10', stay, days: 5, median: 4 })));
    // Of 12 stays means in tenths of a day and shares in hundredths.
    const mean = (of: (stay: number) => number) =>
      Math.round((10 * stays.reduce((sum, stay) => sum + of(stay), 0)) / stays.length) / 10;
    const { CRPS, ...others } = (await month('2026-02-01'))!;
    expect(CRPS).to.be.closeTo(
      mean((stay) => crps(curve, stay)),
      0.1001,
    );
    expect(others).to.deep.equal({
      ...{ DATASET: 'health', VERSION: 'health-v1', ADMISSIONS: 12 },
      ...{ MEAN_STAY: mean((stay) => stay), PREDICTED: 5, BIAS: mean((stay) => 5 - stay) },
      ...{ MAE: mean((stay) => Math.abs(4 - stay)), MAE_OF_MEAN: mean((stay) => Math.abs(5 - stay)) },
      ...{ COVERAGE_80: 0.67, COVERAGE_95: 1 },
    });
  });

  it('say nothing of a month while a person of it is still in: those who have left are the short stays', async () => {
    const stays = [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2];
    await predicted([...stays, null].map((stay) => ({ came: '2026-03-30', stay, days: 5 })));
    expect(await month('2026-03-01')).to.equal(undefined);
    // Once they have left the month is there, and as bad as it was.
    const leave = async (some: number, days: number) => {
      await ctx.snowflake.execute(
        `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, ${days}, ADMISSION_DATE) WHERE CASE_ID > ${id - some}`,
      );
      await query('CALL BUILD_FEATURES()');
    };
    await leave(1, 60);
    const published = await month('2026-03-01');
    expect(published).to.include({ ADMISSIONS: 12, MEAN_STAY: 6.6, BIAS: -1.6 });
    // What comes late or is corrected waits until it is of ten patients: nine corrections do not show, ten do.
    await leave(9, 3);
    expect(await month('2026-03-01')).to.deep.equal(published);
    await predicted([{ came: '2026-03-31', stay: 4, days: 5 }]);
    expect(await month('2026-03-01')).to.deep.equal(published);
    for (const some of [6, 11]) await leave(some, 4);
    expect(await month('2026-03-01')).to.include({ ADMISSIONS: 13, MEAN_STAY: 3.5, BIAS: 1.5 });
  });

  it('count first predictions that were made in time, each version by itself, and no fewer than ten patients', async () => {
    const of = (n: number, more: Partial<Said> = {}) =>
      Array.from({ length: n }, (): Said => ({ came: '2026-05-02', stay: 3, days: 3, ...more }));
    await predicted([
      ...of(10),
      ...of(9, { version: 'health-v2' }),
      ...of(1, { days: 90, more: { REVISION: '2' } }),
      ...of(1, { days: 90, more: { AFTER_DISCHARGE: 'TRUE' } }),
      ...of(1, { days: 90, more: { WITHDRAWN_AT: 'CURRENT_TIMESTAMP()' } }),
      // Scored with those of three days later: those discharged by then are not among them.
      ...of(1, { days: 90, came: '2026-05-05' }),
      ...of(1, { days: 90, came: '2026-05-02', more: { RUN_ID: "'run 2026-05-05'" } }),
    ]);
    expect(await month('2026-05-01')).to.include({ ADMISSIONS: 11, BIAS: 7.9 });
    expect(await month('2026-05-01', 'health-v2')).to.equal(undefined);
  });

  it('say nothing of a month that is not over', async () => {
    const [{ FIRST, DAY }] = (await query(
      "SELECT TO_VARCHAR(DATE_TRUNC(month, CURRENT_DATE()), 'YYYY-MM-DD') AS FIRST, TO_VARCHAR(CURRENT_DATE(), 'YYYY-MM-DD') AS DAY",
    )) as [{ FIRST: string; DAY: string }];
    await predicted(Array.from({ length: 11 }, () => ({ came: DAY, stay: 0, days: 3 })));
    expect(await month(FIRST)).to.equal(undefined);
  });
});
