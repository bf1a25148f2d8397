/**
 * What a person does in the first ten minutes with each client, against a deployed and scored cloud: connect, load a
 * file, read LOS_PREDICTIONS into a frame, join both, write that back, ask for its columns. Releases are those of
 * scripts/python.mjs and client-programs.ts; `npm run test:newest` takes the newest. What is not there is skipped, in words.
 */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { type ClientProgram, jdbcDriver, jdbcProgram, pythonProgram, runProgram } from './client-programs.js';
import { DbtProject, dbtProgram } from './dbt-cli.js';
import { programOf } from './python.js';

interface Outcome {
  loaded: number;
  predictions: number;
  columns: string[];
}

/** Admissions that have been predicted, of which so many have a bed in the file. */
const ADMISSIONS = 60;
const BEDS = 40;

describe('the first ten minutes', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let beds: string;
  let expected: Record<string, unknown>[];

  before(async () => {
    local = await embeddedCloud('', {}, 'trained');
    ctx = await local.open();
    await new Journey(ctx).admit(ADMISSIONS, 2_000_000);
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
    await ctx.snowflake.query('CALL SCORE_ADMISSIONS()');
    await ctx.snowflake.execute('CREATE ROLE bed_managers');
    const predictions = await ctx.snowflake.query<{ CASE_ID: string; PREDICTED_LOS: number }>(
      'SELECT case_id, predicted_los FROM LOS_PREDICTIONS ORDER BY case_id',
    );
    expect(predictions).to.have.length(ADMISSIONS);
    expected = predictions.slice(0, BEDS).map(({ CASE_ID, PREDICTED_LOS }, i) => ({
      CASE_ID: Number(CASE_ID),
      BED: `Süd; ${i + 1}`,
      PREDICTED_LOS,
    }));
    beds = join(local.folder, 'beds.csv');
    const lines = expected.map(({ CASE_ID, BED }) => `${CASE_ID},${BED}\n`);
    writeFileSync(beds, `case_id,bed\n${lines.join('')}`);
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  /** A client's own schema, and a folder. */
  const begin = async (name: string) => {
    const { accessUrl, account, user, password, role } = local.cloud.connection.snowflake;
    const { database, warehouse } = ctx.settings.snowflake;
    const schema = `MINUTES_${name}`;
    await ctx.snowflake.execute(`CREATE SCHEMA ${database}.${schema}`);
    await ctx.snowflake.execute(`USE SCHEMA ${database}.${ctx.settings.snowflake.schema}`);
    return {
      connection: {
        ...{ account, user, password, role, database, schema, warehouse: warehouse.name },
        ...{ host: '127.0.0.1', port: Number(new URL(accessUrl).port), protocol: 'http' },
      },
      folder: mkdtempSync(join(local.folder, `${name}-`)),
      file: beds,
      table: `MINUTES_${name}`,
    };
  };
  const written = (table: string) =>
    ctx.snowflake.query(
      `SELECT case_id, bed, predicted_los FROM ${ctx.settings.snowflake.database}.${table}.${table} ORDER BY case_id`,
    );
  const holds = async (program: ClientProgram, table: string) => {
    const [outcome] = await runProgram<Outcome>(program);
    expect(outcome).to.deep.equal({
      loaded: BEDS,
      predictions: ADMISSIONS,
      columns: ['CASE_ID', 'BED', 'PREDICTED_LOS'],
    });
    expect(await written(table)).to.deep.equal(expected);
  };

  for (const [client, environment, what] of [
    ['connector', 'today', 'the Python connector and pandas'],
    ['alchemy', 'today', 'SQLAlchemy and pandas'],
    ['snowpark', 'clients', 'Snowpark'],
    ['dlt', 'today', 'dlt'],
    ['adbc', 'today', 'ADBC'],
    ['connector', 'before', 'the Python connector of a year ago'],
    ['alchemy', 'before', 'SQLAlchemy of a year ago'],
  ] as const)
    it(`go well with ${what}`, async function () {
      const python = programOf(environment, 'python3');
      if (!python) {
        console.log(`skipped: it is not there (node scripts/python.mjs ${environment})`);
        this.skip();
      }
      const given = await begin(`${client}_${environment}`.toUpperCase());
      await holds(pythonProgram(python, 'minutes/minutes.py', { client, ...given }), given.table);
    });

  for (const [when, what] of [
    ['today', 'JDBC'],
    ['before', 'JDBC of a year ago'],
  ] as const)
    it(`go well with ${what}`, async function () {
      const driver = jdbcDriver(when);
      if (typeof driver === 'string') {
        console.log(`skipped: ${driver}`);
        this.skip();
      }
      const { connection, folder, file, table } = await begin(`JDBC_${when}`.toUpperCase());
      const { host, port, protocol: _, database, ...login } = connection;
      const url = `jdbc:snowflake://${host}:${port}/?ssl=off`;
      const lines = Object.entries({ url, db: database, ...login, file, table });
      writeFileSync(
        join(folder, 'connection.properties'),
        lines.map(([name, value]) => `${name}=${value}\n`).join(''),
        { mode: 0o600 },
      );
      await holds(jdbcProgram(driver.jar, 'minutes/Minutes.java', folder), table);
    });

  it('go well with dbt, which grants, twice', async function () {
    const program = dbtProgram();
    if (program === undefined) this.skip();
    const { connection, folder, table } = await begin('DBT');
    const { user, password, role, database, schema, warehouse } = connection;
    const profile = { user, password, role, database, schema, warehouse };
    const dbt = new DbtProject(program, 'minutes/dbt', folder, local.cloud, profile);
    cpSync(beds, join(dbt.folder, 'seeds/beds.csv'));
    for (const time of ['first', 'second']) {
      expect(await dbt.run('build'), time).to.match(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
      expect(await written(table)).to.deep.equal(expected);
      const granted = await ctx.snowflake.query<{ privilege: string; grantee_name: string }>(
        `SHOW GRANTS ON TABLE ${database}.${schema}.${table}`,
      );
      const readers = granted.filter(({ privilege }) => privilege === 'SELECT');
      expect(
        readers.map(({ grantee_name }) => grantee_name),
        time,
      ).to.have.members(['LOS_READ', 'BED_MANAGERS']);
    }
  });
});
