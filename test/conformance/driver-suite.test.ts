/**
 * The Node driver's own integration tests against the local Snowflake. They come from a checkout of
 * github.com/snowflakedb/snowflake-connector-nodejs (with `npm install --ignore-scripts` done in it), whose
 * path is in LOS_DRIVER_CHECKOUT; without it this skips. Nothing of it is part of this repository.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import {
  checkoutProblem,
  type DriverTest,
  driverEnvironment,
  driverFiles,
  driverFilesNotRun,
  driverTests,
  notRun,
  runDriverFile,
  unaccounted,
} from './driver-suite.js';

const reasons = JSON.parse(
  readFileSync(new URL('../../../test/conformance/driver-failures.json', import.meta.url), 'utf8'),
) as Record<string, string>;

/** The least share of the driver's tests that passes. */
const floor = 0.92;
const secondsPerFile = 300;
const names = { database: 'DRIVER', schema: 'SUITE', warehouse: 'DRIVER_WH' };

describe('The Node driver’s integration tests', function () {
  this.timeout((2 * secondsPerFile + 10) * 1000);
  const checkout = process.env.LOS_DRIVER_CHECKOUT;
  const state = mkdtempSync(join(tmpdir(), 'driver-suite-'));
  const results = new Map<string, DriverTest[]>();
  let cloud: LocalCloud | undefined;

  before(async function () {
    if (!checkout) {
      console.log('skipped: LOS_DRIVER_CHECKOUT names no checkout of snowflake-connector-nodejs');
      this.skip();
    }
    const problem = checkoutProblem(checkout);
    if (problem) throw new Error(problem);
    cloud = await startCloud({ stateDir: state });
    const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
    const session = await connectSnowflake(
      { accessUrl, account, username: user, password, role },
      'default',
      { database: names.database, schema: names.schema, warehouse: { name: names.warehouse } },
    );
    for (const sql of [
      `CREATE WAREHOUSE IF NOT EXISTS ${names.warehouse}`,
      `CREATE DATABASE IF NOT EXISTS ${names.database}`,
      `CREATE SCHEMA IF NOT EXISTS ${names.database}.${names.schema}`,
    ])
      await session.execute(sql);
    await session.close();
  });

  after(async () => {
    await cloud?.close();
    // For scripts/parity.mjs.
    const report = process.env.LOS_DRIVER_REPORT;
    if (report && checkout && results.size > 0) {
      const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
      const files = Object.fromEntries(results);
      writeFileSync(
        report,
        JSON.stringify({
          date: new Date().toISOString(),
          version,
          files,
          notRun: notRun(driverTests(checkout), driverFilesNotRun),
        }),
      );
    }
    rmSync(state, { recursive: true, force: true });
  });

  for (const file of driverFiles)
    it(`runs test${file} to its end`, async () => {
      const tests = await runDriverFile(
        checkout as string,
        file,
        driverEnvironment(cloud!.connection.snowflake, names),
        secondsPerFile,
      );
      results.set(file, tests);
      const failed = tests.filter(({ outcome }) => outcome === 'failed');
      console.log(`      ${tests.length - failed.length} of ${tests.length} pass`);
      for (const { title, message } of failed) console.log(`      - ${title}: ${message}`);
    });

  it('runs every file of tests, or says why not', () => {
    expect(unaccounted(driverTests(checkout as string), driverFiles, driverFilesNotRun)).to.deep.equal([]);
  });

  it('has a reason for every test that fails, and for no other', () => {
    const failed = [...results.values()]
      .flat()
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ title }) => title);
    expect([...new Set(failed)].sort()).to.deep.equal(Object.keys(reasons).sort());
  });

  it('passes as large a share of them as it should', () => {
    const tests = [...results.values()].flat().filter(({ outcome }) => outcome !== 'skipped');
    const passed = tests.filter(({ outcome }) => outcome === 'passed').length;
    console.log(`      ${passed} of ${tests.length} pass`);
    expect(tests.length).to.be.greaterThan(100);
    expect(passed / tests.length).to.be.at.least(floor);
  });
});
