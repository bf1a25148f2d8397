/**
 * What docs/dbt.md says: dbt builds the encounter model from raw tables each night, by its own role, as a table that is replaced; the
 * tasks take the rows each morning.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { command as losDbt } from '../../contracts/commands/dbt.js';
import { ChangingHospital, type Patient, USUAL } from '../../demo/simulate/hospital.js';
import { carryOut } from '../../deploy/commands/command.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { dataset } from '../deploy/dataset-commands.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { tasksAtRest } from '../deploy/tasks-at-rest.js';
import { DbtProject, dbtProgram } from './dbt-cli.js';

/** LOS_NIGHTS=30 for a month. */
const NIGHTS = Number(process.env.LOS_NIGHTS ?? 3);
const HISTORY = 60;
const A_DAY = 30;
const HOUR = 3_600_000;
const FIRST = Date.parse('2026-01-05T00:00:00Z');

describe(`an encounter model that dbt replaces every night, ${NIGHTS} nights`, () => {
  const state = mkdtempSync(join(tmpdir(), 'dbt-nightly-'));
  const clock = new MovableClock({ at: FIRST - 22 * HOUR });
  const hospital = new ChangingHospital(5, () => USUAL);
  const patients = new Map<number, Patient>();
  /** What the log must have: how many predictions of each admission that came while a version answered. */
  const revisions = new Map<number, number>();
  let messages = 0;
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let dbt: DbtProject;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const count = async (sql: string) => Number((await query(sql))[0]!.N);

  before(async function () {
    const program = dbtProgram();
    if (program === undefined) this.skip();
    local = await embeddedCloud(
      `timeZone: UTC
mail: { to: [] }
tasks: { schedule: 'USING CRON 0 6 * * *' }
training: { candidates: [squared-error], featureSelection: { enabled: false } }
dataset: encounter.yaml`,
      { clock },
    );
    // The contract is drafted from the table, before which there is none.
    const config = readFileSync(local.config, 'utf8');
    writeFileSync(local.config, config.replace('dataset: encounter.yaml', ''));
    ctx = await local.open();
    for (const sql of [
      'CREATE ROLE TRANSFORMER',
      "CREATE USER DBT PASSWORD = 'the password of dbt' DEFAULT_ROLE = TRANSFORMER",
      'GRANT ROLE TRANSFORMER TO USER DBT',
      'CREATE WAREHOUSE TRANSFORMING',
      'GRANT USAGE ON WAREHOUSE TRANSFORMING TO ROLE TRANSFORMER',
      'CREATE DATABASE ANALYTICS',
      'GRANT USAGE, CREATE SCHEMA ON DATABASE ANALYTICS TO ROLE TRANSFORMER',
      'CREATE DATABASE RAW',
      'CREATE SCHEMA RAW.ADT',
      'GRANT USAGE ON DATABASE RAW TO ROLE TRANSFORMER',
      'GRANT USAGE ON SCHEMA RAW.ADT TO ROLE TRANSFORMER',
      'GRANT SELECT ON FUTURE TABLES IN SCHEMA RAW.ADT TO ROLE TRANSFORMER',
      `CREATE TABLE RAW.ADT.VISITS (MESSAGE_NO NUMBER, VISIT_ID NUMBER, PATIENT_NO NUMBER, WARD VARCHAR, DEPARTMENT VARCHAR,
        SEVERITY VARCHAR, ADMITTED_AT TIMESTAMP_NTZ, DISCHARGED_AT TIMESTAMP_NTZ, CANCELLED BOOLEAN)`,
      'CREATE TABLE RAW.ADT.PATIENTS (PATIENT_NO NUMBER, AGE_BAND VARCHAR)',
      'CREATE TABLE RAW.ADT.DIAGNOSES (VISIT_ID NUMBER, RANK NUMBER, CODE VARCHAR)',
    ])
      await query(sql);
    const profile = { user: 'DBT', password: 'the password of dbt', role: 'TRANSFORMER' };
    dbt = new DbtProject(program, 'dbt-nightly', state, local.cloud, {
      ...profile,
      ...{ database: 'ANALYTICS', schema: 'MARTS', warehouse: 'TRANSFORMING' },
    });
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
    rmSync(state, { recursive: true, force: true });
  });

  const at = (day: number) => `'${new Date(FIRST + day * 24 * HOUR).toISOString().slice(0, 10)}'`;

  /** Messages of the admissions office: all that is known of these visits by the end of a day. */
  async function report(visits: readonly Patient[], day: number, cancelled = false): Promise<void> {
    if (visits.length === 0) return;
    const rows = visits.map(({ id, came, stay, WARD_TYPE, DEPARTMENT, SEVERITY_OF_ILLNESS }) => {
      const left = came + stay <= day ? at(came + stay) : 'NULL';
      return `(${++messages}, ${id}, ${id % 5000}, '${WARD_TYPE}', '${DEPARTMENT}', '${SEVERITY_OF_ILLNESS}', ${at(came)}, ${left})`;
    });
    await query(
      `INSERT INTO RAW.ADT.VISITS SELECT $1, $2, $3, $4, $5, $6, $7::TIMESTAMP_NTZ, $8::TIMESTAMP_NTZ, ${cancelled} FROM VALUES ${rows}`,
    );
  }

  async function admit(day: number): Promise<Patient[]> {
    const come = hospital.admissions(day, A_DAY);
    for (const each of come) patients.set(each.id, each);
    await query(`MERGE INTO RAW.ADT.PATIENTS AS p USING (SELECT $1 AS NO, $2 AS BAND FROM VALUES
      ${come.map(({ id, AGE }) => `(${id % 5000}, '${AGE}')`)}) AS n ON p.PATIENT_NO = n.NO
      WHEN NOT MATCHED THEN INSERT VALUES (n.NO, n.BAND)`);
    await query(
      `INSERT INTO RAW.ADT.DIAGNOSES SELECT $1, $2, $3 FROM VALUES ${come.flatMap(({ id }) => [`(${id}, 2, 'Z00')`, `(${id}, 1, 'I${10 + (id % 9)}')`])}`,
    );
    await report(come, day);
    return come;
  }

  async function build(...selected: readonly string[]): Promise<void> {
    expect(await dbt.run('build', ...selected, '--vars', '{los_role: ACCOUNTADMIN}')).to.match(
      /PASS=[1-9]\d* WARN=0 ERROR=0 SKIP=0/,
    );
  }

  /** Lets time pass; a session that no one uses for four hours ends. */
  async function until(day: number, hour: number): Promise<void> {
    for (const due = FIRST + day * 24 * HOUR + hour * HOUR; clock.now() < due; ) {
      clock.advance(Math.min(3 * HOUR, due - clock.now()));
      await query('SELECT 1');
      await tasksAtRest(local.cloud);
    }
  }

  it('is looked at for a contract, and trained on', async () => {
    for (let day = -HISTORY; day < 0; day++) await admit(day);
    await report([...patients.values()], -1);
    await build();
    for (const sql of [
      'GRANT USAGE ON DATABASE ANALYTICS TO ROLE ACCOUNTADMIN',
      'GRANT USAGE ON SCHEMA ANALYTICS.MARTS TO ROLE ACCOUNTADMIN',
    ])
      await query(sql);
    const out = join(local.folder, 'encounter.yaml');
    const { lines } = await dataset.init(ctx, {
      source: 'ANALYTICS.MARTS.ENCOUNTER',
      id: 'ENCOUNTER_ID',
      patient: 'PATIENT_NO',
      out,
    });
    expect(lines.join('\n')).to.contain('was written. Read it');
    await ctx.close();
    writeFileSync(local.config, `${readFileSync(local.config, 'utf8')}\ndataset: ${out}\n`);
    ctx = await local.open();
    await apply(ctx);
    await query('CALL BUILD_FEATURES()');
    await new Journey(ctx).train();
  });

  it('is taken each morning: each admission once, each correction once, what is cancelled withdrawn', async function () {
    this.timeout(NIGHTS * 120_000 + 300_000);
    const cancelled = new Set<number>();
    for (let night = 0; night < NIGHTS; night++) {
      await until(night, 2);
      const known = [...patients.values()].filter(({ id }) => !cancelled.has(id));
      const open = known.filter(({ came, stay }) => came + stay > night);
      const come = await admit(night);
      for (const { id } of come) revisions.set(id, 1);
      // Of those of last night some turn out more ill than was thought, as many less, and one never came.
      const lastNight = open.filter(({ came }) => came >= 0 && came === night - 1);
      const [minor, extreme] = ['Minor', 'Extreme'].map((severity) =>
        lastNight.filter(({ SEVERITY_OF_ILLNESS }) => SEVERITY_OF_ILLNESS === severity).slice(0, 3),
      ) as [Patient[], Patient[]];
      const pairs = Math.min(minor.length, extreme.length);
      const corrected = [...minor.slice(0, pairs), ...extreme.slice(0, pairs)];
      for (const each of corrected) {
        const changed = {
          ...each,
          SEVERITY_OF_ILLNESS: each.SEVERITY_OF_ILLNESS === 'Minor' ? 'Extreme' : 'Minor',
        };
        patients.set(each.id, changed);
        await report([changed], night);
        revisions.set(each.id, revisions.get(each.id)! + 1);
      }
      const gone = lastNight.filter((each) => !corrected.includes(each)).slice(0, 1);
      await report(gone, night, true);
      for (const { id } of gone) cancelled.add(id);
      await report(
        known.filter(({ came, stay }) => came + stay === night),
        night,
      );
      await build();
      await until(night, 23);
    }
    const logged = await query(
      `SELECT CASE_ID AS ID, COUNT(*) AS N FROM LOS_PREDICTION_LOG WHERE CASE_ID > ${1_000_000 + HISTORY * A_DAY} GROUP BY 1`,
    );
    expect(Object.fromEntries(logged.map(({ ID, N }) => [ID, N]))).to.deep.equal(
      Object.fromEntries(revisions),
    );
    const withdrawn = await query(
      'SELECT ENCOUNTER_ID AS ID FROM ENCOUNTER_FEATURES WHERE WITHDRAWN_AT IS NOT NULL',
    );
    expect(withdrawn.map(({ ID }) => Number(ID)).sort()).to.deep.equal([...cancelled].sort());
  });

  it('fails no run, raises no alarm and loses no grant', async () => {
    expect(await query("SELECT KIND, MESSAGE FROM LOS_RUN_LOG WHERE STATUS <> 'SUCCEEDED'")).to.deep.equal(
      [],
    );
    expect(await query('SELECT KIND, SUBJECT, MESSAGE FROM LOS_ALARMS')).to.deep.equal([]);
    const failed = await query(
      "SELECT NAME, ERROR_MESSAGE FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => 10000)) WHERE STATE LIKE 'FAILED%'",
    );
    expect(failed).to.deep.equal([]);
    const runs = await count(
      "SELECT COUNT(*) AS N FROM LOS_RUN_LOG WHERE KIND = 'features' AND STARTED_AT > '2026-01-05'",
    );
    expect(runs).to.equal(NIGHTS);
    expect((await query("SHOW TABLES LIKE 'ENCOUNTER' IN SCHEMA ANALYTICS.MARTS"))[0]).to.include({
      owner: 'TRANSFORMER',
    });
    expect(await count('SELECT COUNT(*) AS N FROM ANALYTICS.MARTS.ENCOUNTER')).to.equal(
      patients.size -
        (await count('SELECT COUNT(*) AS N FROM ENCOUNTER_FEATURES WHERE WITHDRAWN_AT IS NOT NULL')),
    );
  });

  it('is an exposure of that model in dbt, which reads predictions as a source', async () => {
    await dbt.run('parse');
    const { dependsOn, unknown } = await carryOut(losDbt, 'dbt', ctx, {
      ...{ target: 'local', json: false, verbose: false },
      manifest: join(dbt.folder, 'target/manifest.json'),
      out: join(dbt.folder, 'models/predict_los.yml'),
    });
    expect({ dependsOn, unknown }).to.deep.equal({
      dependsOn: ["ref('hospital_marts', 'encounter')"],
      unknown: [],
    });
    const upstream = await dbt.run('ls', '--quiet', '--select', '+exposure:predict_los_encounter');
    expect(upstream)
      .to.match(/^hospital_marts\.encounter$/m)
      .and.match(/^source:hospital_marts\.adt\.visits$/m);
    await query('GRANT ROLE LOS_READ TO ROLE TRANSFORMER');
    writeFileSync(
      join(dbt.folder, 'models/waiting.sql'),
      "select dataset, waiting from {{ source('predict_los', 'LOS_BACKLOG') }}",
    );
    await build('--select', 'waiting');
    expect(await query('SELECT DATASET, WAITING FROM ANALYTICS.MARTS.WAITING')).to.deep.equal([
      { DATASET: 'encounter', WAITING: 0 },
    ]);
  });
});
