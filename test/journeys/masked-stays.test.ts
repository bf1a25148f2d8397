import { readFileSync, writeFileSync } from 'node:fs';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { callProcedure } from '../../deploy/clients/call.js';
import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { promote } from '../../deploy/model/promote.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { plan } from '../../deploy/operate/plan.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { buildStack } from '../../deploy/stack/index.js';
import type { BedForecast } from '../../procedures/beds/forecast.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { MaskingDefinition } from '../../procedures/records/masking.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { tasksAtRest } from '../deploy/tasks-at-rest.js';
import { loadWard } from './ward-stays.js';

type Rows = Record<string, unknown>[];

const PASSWORD = 'Correct-Horse-7';
/** The morning behind the last day that ward-stays.ts makes. */
const NOW = '2025-10-28T10:00:00Z';
/** Ids as no figure can be. */
const ID = /STAY-\d+|PAT-\d+/;
/** What this journey is about: each has rows. */
const OBJECTS = [
  'WARD_EVENTS',
  'WARD_PLANNED',
  'LOS_DAILY_PREDICTIONS',
  'LOS_PLANNED_PREDICTIONS',
  'LOS_STAY_HISTORY',
  'LOS_LATEST_CURVES',
  'LOS_EXPECTED_DISCHARGES',
];

/** Masking of what happens during stays, and of planned admissions. */
describe('masking of events and of a list', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  /** A user with LOS_DEPLOY alone. */
  let ctx: OpenContext;
  let contract: Contract;
  const sessions: Partial<Record<string, Snowflake>> = {};
  let masked: Rows[];

  const as = (role: string): Snowflake => sessions[role]!;
  const rows = (session: Snowflake, sql: string) => session.query<Record<string, unknown>>(sql);

  before(async () => {
    const clock = new MovableClock({ at: Date.parse(NOW) });
    cloud = await embeddedCloud(
      'mail: { to: [] }\ntasks: { resumed: false }\ntraining: { candidates: [hazard] }\nsnowflake: { masking: true }',
      { clock },
    );
    const root = await cloud.open();
    const ward = await loadWard(root, cloud.folder);
    replaceIn(ward.admissions, /^S(\d+),P(\d+)/gm, 'STAY-$1,PAT-$2');
    replaceIn(ward.contract, 'AGE: NUMBER', 'AGE: { type: NUMBER, sensitive: true }');
    replaceIn(
      ward.contract,
      /$/,
      `planned:
  source: HOSPITAL.RAW.BOOKINGS
  id: BOOKING
  patient: PATIENT
  day: { column: DAY, type: DATE }
  recorded: RECORDED
  features: [AGE]
`,
    );
    for (const sql of [
      "UPDATE HOSPITAL.RAW.EVENTS SET STAY = 'STAY-' || LTRIM(STAY, 'S')",
      'CREATE TABLE HOSPITAL.RAW.BOOKINGS (BOOKING VARCHAR, PATIENT VARCHAR, DAY DATE, RECORDED TIMESTAMP_NTZ, AGE NUMBER)',
      `CREATE USER ONLY_LOS_DEPLOY PASSWORD = '${PASSWORD}' DEFAULT_ROLE = LOS_DEPLOY DEFAULT_WAREHOUSE = LOS_WH`,
    ])
      await root.snowflake.execute(sql);
    const found = forDataset(root, ward.contract);
    admin = found.ctx as OpenContext;
    contract = found.contract;
    await bootstrap(admin, { user: 'ONLY_LOS_DEPLOY', run: true });
    await login('LOS_DEPLOY');
    ctx = { ...admin, snowflake: as('LOS_DEPLOY') };
    for (const sql of [
      'GRANT USAGE ON DATABASE HOSPITAL TO ROLE LOS_DEPLOY',
      'GRANT USAGE ON SCHEMA HOSPITAL.RAW TO ROLE LOS_DEPLOY',
      'GRANT SELECT ON ALL TABLES IN SCHEMA HOSPITAL.RAW TO ROLE LOS_DEPLOY',
    ])
      await admin.snowflake.execute(sql);
    await apply(ctx);
    for (const role of ['LOS_READ', 'LOS_PATIENTS', 'LOS_RUN', 'LOS_OPERATE']) {
      await admin.snowflake.execute(
        `CREATE USER ONLY_${role} PASSWORD = '${PASSWORD}' DEFAULT_ROLE = ${role} DEFAULT_WAREHOUSE = LOS_WH`,
      );
      await ctx.snowflake.execute(`GRANT ROLE ${role} TO USER ONLY_${role}`);
      await login(role);
    }
    await loadCsv(ctx, contract, ward.admissions, contract.table);
    // Half of the admissions were on the list five days before, and some are still to come.
    await admin.snowflake.execute(`INSERT INTO HOSPITAL.RAW.BOOKINGS
SELECT STAY_ID, PATIENT, TO_DATE(ADMITTED), DATEADD(day, -5, ADMITTED), AGE FROM PREDICT_LOS.LOS.STAYS WHERE URGENT = 0
UNION ALL SELECT 'STAY-500' || $1, 'PAT-500' || $1, DATEADD(day, 2 + $1, '${NOW.slice(0, 10)}'::DATE), DATEADD(day, -4, '${NOW.slice(0, 10)}'::DATE), 50 + $1 FROM VALUES (0), (1), (2), (3)`);
  });
  after(async () => {
    for (const session of Object.values(sessions)) await session!.close();
    await admin.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  async function login(role: string): Promise<void> {
    const { accessUrl, account } = cloud.cloud.connection.snowflake;
    sessions[role] = await connectSnowflake(
      { accessUrl, account, username: `ONLY_${role}`, password: PASSWORD },
      'unused',
      admin.settings.snowflake,
    );
  }

  const call = <T>(role: string, name: string, args: Parameters<typeof callProcedure>[2] = []) =>
    callProcedure<T>({ ...ctx, snowflake: as(role) }, name, args);

  /** Has everything made that is made of events and of the list. @returns what those see who may */
  async function live(): Promise<Rows[]> {
    await runGraph(ctx, contract);
    await as('LOS_RUN').query("CALL RENEW_PREDICTIONS('2025-10-27')");
    const before = await runsOfTask();
    await as('LOS_DEPLOY').execute('EXECUTE TASK LOS_RENEW');
    await tasksAtRest(cloud.cloud);
    expect(await runsOfTask()).to.equal(before + 1);
    expect(await call('LOS_RUN', 'RENEW_PREDICTIONS')).to.include({ rows: 0 });
    await call('LOS_PATIENTS', 'FORECAST_BEDS');
    const whatIf = [{ cancel_planned: 'STAY-5001' }, { admissions: 3, day: '2025-10-31' }];
    const { what_if: name, notes } = await call<BedForecast>('LOS_PATIENTS', 'FORECAST_BEDS', [
      { object: { what_if: whatIf } },
    ]);
    return [
      [{ notes }],
      await rows(
        as('LOS_PATIENTS'),
        `SELECT CASE_ID, AS_OF, DAY, SOURCE, DAYS, MEDIAN, LOW, HIGH, TODAY, WITHIN_7, EXPECTED_DISCHARGE, CHANGE, MOVED, CURVE, REASON, EVENTS FROM LOS_DAILY_PREDICTIONS ORDER BY CASE_ID, AS_OF`,
      ),
      await rows(
        as('LOS_PATIENTS'),
        'SELECT CASE_ID, PREDICTED_LOS, MEDIAN_LOS, FEATURES, REASON FROM LOS_PREDICTION_LOG ORDER BY CASE_ID',
      ),
      await rows(
        as('LOS_PATIENTS'),
        'SELECT STAY_ID, INPUTS_HASH, CURVE, REASON FROM LOS_PLANNED_PREDICTIONS ORDER BY STAY_ID, INPUTS_HASH',
      ),
      await rows(as('LOS_PATIENTS'), 'SELECT * FROM WARD_PLANNED ORDER BY STAY_ID'),
      await rows(as('LOS_PATIENTS'), 'SELECT * FROM LOS_EXPECTED_DISCHARGES ORDER BY CASE_ID'),
      await rows(
        as('LOS_PATIENTS'),
        'SELECT * FROM LOS_STAY_HISTORY WHERE DAY IS NOT NULL ORDER BY CASE_ID, DAY',
      ),
      await rows(
        as('LOS_PATIENTS'),
        `SELECT * EXCLUDE (WHAT_IF, ASKED_AT) FROM LOS_BED_WHAT_IFS WHERE WHAT_IF = '${name}' ORDER BY LEVEL, NIGHT`,
      ),
      await rows(
        as('LOS_DEPLOY'),
        "SELECT LEVEL, NIGHT, MEAN, SD, P10, P90, ADMISSIONS, DISCHARGES, PLANNED, QUANTILES FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' ORDER BY LEVEL, NIGHT, MADE_ON",
      ),
      await rows(as('LOS_READ'), 'SELECT * EXCLUDE MADE_AT FROM LOS_BEDS ORDER BY ALL'),
    ];
  }

  async function runsOfTask(): Promise<number> {
    const found = await rows(
      as('LOS_DEPLOY'),
      "SELECT 1 FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'LOS_RENEW')) WHERE STATE = 'SUCCEEDED'",
    );
    return found.length;
  }

  it('has a model of stays learned from true values, through working tables that show none', async () => {
    await runGraph(ctx, contract);
    const { version } = await trainVersion(ctx, contract);
    const [row] = await rows(
      ctx.snowflake,
      'SELECT METRICS:stay:confidence[0]::FLOAT AS GAIN, LINEAGE:stay:events AS EVENTS FROM LOS_MODEL_REGISTRY',
    );
    expect(row!.EVENTS).to.include('lactate');
    expect(row!.GAIN).to.be.above(0.5);
    expect(await shown()).to.deep.equal([]);
    await promote(ctx, contract, version, { force: true });
  });

  it('shows ids and sensitive columns to LOS_PATIENTS, and NULL to administrators and readers', async () => {
    masked = await live();
    for (const found of masked) expect(found.length).to.be.greaterThan(0);
    expect(JSON.stringify(masked)).to.match(ID);
    const [, mornings, , bookings] = masked;
    expect(mornings!.filter(({ SOURCE, EVENTS }) => SOURCE === 'stay' && EVENTS !== null)).not.to.be.empty;
    expect(mornings!.filter(({ MOVED }) => MOVED !== null)).not.to.be.empty;
    expect(bookings!.filter(({ CURVE }) => CURVE !== null)).not.to.be.empty;
    const { resources } = await buildStack(ctx);
    const { objects } = resources.find(({ kind }) => kind === 'snowflake.masking')!
      .definition as MaskingDefinition;
    for (const name of OBJECTS) {
      const { type, columns } = objects.find((one) => one.name === name)!;
      const sql = `SELECT ${Object.keys(columns).join(', ')} FROM PREDICT_LOS.LOS.${name} ORDER BY 1 LIMIT 50`;
      const seen = await rows(as('LOS_PATIENTS'), sql);
      expect(valuesOf(seen).length, name).to.be.greaterThan(0);
      expect(await rows(as('LOS_DEPLOY'), sql), name).to.deep.equal(seen);
      await ctx.snowflake.execute(`GRANT SELECT ON ${type} PREDICT_LOS.LOS.${name} TO ROLE LOS_READ`);
      expect(valuesOf(await rows(as('LOS_READ'), sql)), name).to.deep.equal([]);
      await ctx.snowflake.execute(`REVOKE SELECT ON ${type} PREDICT_LOS.LOS.${name} FROM ROLE LOS_READ`);
      for (const role of ['SYSADMIN', 'ACCOUNTADMIN']) {
        await admin.snowflake.execute(`USE ROLE ${role}`);
        expect(valuesOf(await rows(admin.snowflake, sql)), `${name} to ${role}`).to.deep.equal([]);
      }
    }
  });

  it('leaves no id in any other column of the schema', async () => {
    expect(await shown()).to.deep.equal([]);
  });

  it('erases a booking, and what was predicted of it', async () => {
    const one = "STAY_ID = 'STAY-5000'";
    await call('LOS_OPERATE', 'FORGET_ADMISSION', ['STAY-5000']);
    for (const from of [`WARD_PLANNED WHERE ${one}`, `LOS_PLANNED_PREDICTIONS WHERE ${one}`])
      expect(await rows(as('LOS_PATIENTS'), `SELECT 1 FROM ${from}`), from).to.deep.equal([]);
  });

  it('changes no figure: without it all of them are the same, to the digit', async () => {
    const { snowflake } = ctx.settings;
    const off = { ...ctx, settings: { ...ctx.settings, snowflake: { ...snowflake, masking: false } } };
    await apply(off);
    expect((await plan(off)).changes).to.deep.equal([]);
    for (const table of [
      'LOS_DAILY_PREDICTIONS',
      'LOS_PREDICTION_LOG',
      'LOS_PLANNED_PREDICTIONS',
      'LOS_BED_FORECASTS',
      'LOS_FORGOTTEN',
    ])
      await ctx.snowflake.execute(`DELETE FROM ${table}`);
    await as('LOS_OPERATE').query('CALL RECONCILE(FALSE)');
    const plain = await live();
    for (const [i, found] of plain.entries()) expect(found, `answer ${i}`).to.deep.equal(masked[i]);
    await admin.snowflake.execute('USE ROLE ACCOUNTADMIN');
    expect(await shown()).to.include('LOS_DAILY_PREDICTIONS.CASE_ID');
  });

  it('erases a patient whose stay has events, wherever they are, once ids are masked again', async () => {
    await apply(ctx);
    const [found] = await rows(
      as('LOS_PATIENTS'),
      "SELECT s.STAY_ID, s.PATIENT FROM STAYS AS s JOIN LOS_DAILY_PREDICTIONS AS d ON d.CASE_ID = s.STAY_ID WHERE d.SOURCE = 'stay' AND d.EVENTS IS NOT NULL ORDER BY 1 LIMIT 1",
    );
    const { STAY_ID: id, PATIENT: patient } = found as { STAY_ID: string; PATIENT: string };
    const tables = {
      STAYS: 'STAY_ID',
      WARD_EVENTS: 'STAY',
      WARD_FEATURES: 'STAY_ID',
      LOS_PREDICTION_LOG: 'CASE_ID',
      LOS_DAILY_PREDICTIONS: 'CASE_ID',
      WARD_STAY_DAYS: 'CASE_ID',
    };
    const withRows = async () => {
      const counts = Object.entries(tables).map(
        ([table, column]) =>
          `SELECT '${table}' AS NAME FROM ${table} WHERE ${column} = '${id}' HAVING COUNT(*) > 0`,
      );
      return (await rows(as('LOS_DEPLOY'), counts.join(' UNION ALL '))).map(({ NAME }) => NAME);
    };
    expect(await withRows()).to.have.members(Object.keys(tables));
    const { erased, admissions } = await call<{ erased: Record<string, number>; admissions: number }>(
      'LOS_OPERATE',
      'FORGET_PATIENT',
      [patient],
    );
    expect(admissions).to.be.greaterThan(0);
    expect(erased).to.include.keys('STAYS', 'WARD_FEATURES', 'LOS_PREDICTION_LOG', 'LOS_DAILY_PREDICTIONS');
    await runGraph(ctx, contract);
    expect(await withRows()).to.deep.equal([]);
  });

  /** Columns of the schema in which an administrator sees an id. */
  async function shown(): Promise<string[]> {
    await admin.snowflake.execute('USE ROLE ACCOUNTADMIN');
    const tables = await rows(
      admin.snowflake,
      "SELECT TABLE_NAME FROM PREDICT_LOS.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'LOS' ORDER BY TABLE_NAME",
    );
    expect(tables.length).to.be.greaterThan(30);
    const columns = new Set<string>();
    for (const { TABLE_NAME: name } of tables)
      for (const row of await rows(admin.snowflake, `SELECT * FROM PREDICT_LOS.LOS."${name}" LIMIT 200`))
        for (const [column, value] of Object.entries(row))
          if (ID.test(JSON.stringify(value))) columns.add(`${name}.${column}`);
    return [...columns];
  }
});

function replaceIn(file: string, pattern: string | RegExp, by: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(pattern, by));
}

const valuesOf = (found: Rows) =>
  found.flatMap((row) => Object.values(row)).filter((value) => value !== null);
