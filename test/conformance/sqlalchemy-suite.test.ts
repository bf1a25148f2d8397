/**
 * The tests of Snowflake's dialect of SQLAlchemy against the local Snowflake: tables, ORM, reflection, pandas. They come from
 * a checkout of github.com/snowflakedb/snowflake-sqlalchemy, whose path is in LOS_SQLALCHEMY_CHECKOUT, and run over the
 * newest Python connector that it works with; without either this skips. Nothing of it is part of this repository.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { projectRoot } from '../../deploy/project.js';
import type { DriverTest } from './driver-suite.js';
import { programOf } from './python.js';
import { reportOf } from './report-of.js';

/** By `file::test`, for all its parameters. */
const reasons = JSON.parse(
  readFileSync(join(projectRoot, 'test/conformance/sqlalchemy-failures.json'), 'utf8'),
) as Record<string, string>;

/** The least share of the tests that passes. */
const floor = 0.95;
const seconds = 900;
/** What is not run: files that talk to no server, and suites of SQLAlchemy and Alembic themselves. */
const LEFT = /^(test_(unit_|compiler|imports|dialect_connect)|sqlalchemy_test_suite|alembic_integration)/;
const names = { database: 'ALCHEMY', schema: 'PUBLIC', warehouse: 'ALCHEMY_WH' };

describe('The tests of Snowflake’s SQLAlchemy', function () {
  this.timeout((seconds + 10) * 1000);
  const checkout = process.env.LOS_SQLALCHEMY_CHECKOUT;
  const state = mkdtempSync(join(tmpdir(), 'sqlalchemy-suite-'));
  const python = programOf('clients', 'python3');
  let cloud: LocalCloud | undefined;
  let tests: DriverTest[] = [];

  before(async function () {
    if (!checkout || !python) {
      console.log(
        'skipped: LOS_SQLALCHEMY_CHECKOUT names no checkout of snowflake-sqlalchemy, or it has no Python (node scripts/python.mjs clients)',
      );
      this.skip();
    }
    if (!existsSync(join(checkout, 'tests/test_core.py')))
      throw new Error(`${checkout} is no checkout of snowflake-sqlalchemy`);
    cloud = await startCloud({ stateDir: state });
    const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
    const session = await connectSnowflake(
      { accessUrl, account, username: user, password, role },
      'default',
      { database: names.database, schema: names.schema, warehouse: { name: names.warehouse } },
    );
    await session.execute(`CREATE WAREHOUSE ${names.warehouse}`);
    await session.execute(`CREATE DATABASE ${names.database}`);
    await session.close();
  });

  after(async () => {
    await cloud?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('run to their end', async () => {
    const { accessUrl, account, user, password, role } = cloud!.connection.snowflake;
    const { hostname, port } = new URL(accessUrl);
    const given = { account, user, password, role, host: hostname, port, protocol: 'http', ...names };
    const login = Object.entries(given).map(([name, value]) => [`SNOWFLAKE_${name.toUpperCase()}`, value]);
    const folder = mkdtempSync(join(tmpdir(), 'sqlalchemy-suite-'));
    const report = join(folder, 'report.json');
    const files = readdirSync(join(checkout!, 'tests'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => /(^|\/)test_[^/]*\.py$/.test(name) && !LEFT.test(name),
    );
    const options = ['-q', '--tb=line', '-p', 'no:cacheprovider'];
    for (const plugin of ['connector_plugin', 'sqlalchemy_plugin']) options.push('-p', plugin);
    const child = spawn(python!, ['-m', 'pytest', ...options, ...files.map((name) => `tests/${name}`)], {
      cwd: checkout,
      detached: true, // A group of its own, so that what it starts ends with it.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...Object.fromEntries(login),
        NO_PROXY: '127.0.0.1',
        PYTHONPATH: `${join(checkout!, 'src')}:${join(projectRoot, 'test/conformance')}`,
        PYTHONDONTWRITEBYTECODE: '1',
        SNOWFLAKE_HOME: folder,
        LOS_CONNECTOR_REPORT: report,
      },
    });
    tests = await reportOf<DriverTest[]>(child, { file: 'the suite', folder, report }, seconds);
    const failed = tests.filter(({ outcome }) => outcome === 'failed');
    for (const { title, message } of failed) console.log(`      - ${title}: ${message}`);
  });

  it('have a reason wherever they fail, and nowhere else', () => {
    const failed = tests.filter(({ outcome }) => outcome === 'failed');
    const titles = new Set(failed.map(({ title }) => title.replace(/\[.*$/s, '')));
    expect([...titles].sort()).to.deep.equal(Object.keys(reasons).sort());
  });

  it('pass in as large a share as they should', () => {
    const run = tests.filter(({ outcome }) => outcome !== 'skipped');
    const passed = run.filter(({ outcome }) => outcome === 'passed').length;
    console.log(`      ${passed} of ${run.length} pass`);
    expect(run.length).to.be.greaterThan(300);
    expect(passed / run.length).to.be.at.least(floor);
  });
});
