/**
 * The Python connector's own integration tests against the local Snowflake: a client that has nothing in common with
 * the Node driver. They come from a checkout of github.com/snowflakedb/snowflake-connector-python, whose path is in
 * LOS_PYTHON_CONNECTOR_CHECKOUT, and run with Debian's Python packages; without the checkout this skips. Nothing of
 * it is part of this repository.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import {
  connectorByChance,
  connectorFiles,
  connectorFilesNotRun,
  connectorFilesShort,
  connectorModules,
  connectorProblem,
  connectorTests,
  connectorVersion,
  runConnectorFile,
} from './connector-suite.js';
import { type DriverTest, notRun, unaccounted } from './driver-suite.js';
import { pythonWith } from './python.js';

/** By `file::test`, for all its parameters. */
const reasons = JSON.parse(
  readFileSync(new URL('../../../test/conformance/connector-failures.json', import.meta.url), 'utf8'),
) as Record<string, string>;

/** The least share of the connector's tests that passes; one in six wants its compiled part. */
const floor = 0.69;
const secondsPerFile = 600;
/** Of the suite's files, those that are run: all, unless LOS_SUITES says `short`. */
const isShort = process.env.LOS_SUITES === 'short';
const files: readonly string[] = isShort ? connectorFilesShort : connectorFiles;
const names = { database: 'CONNECTOR', warehouse: 'CONNECTOR_WH' };
const withoutParameters = ({ title }: DriverTest) => title.replace(/\[.*$/s, '');

describe('The Python connector’s integration tests', function () {
  this.timeout((secondsPerFile + 10) * 1000);
  const checkout = process.env.LOS_PYTHON_CONNECTOR_CHECKOUT;
  const state = mkdtempSync(join(tmpdir(), 'connector-suite-'));
  const results = new Map<string, DriverTest[]>();
  let cloud: LocalCloud | undefined;
  let python: string | undefined;

  before(async function () {
    if (!checkout) {
      console.log('skipped: LOS_PYTHON_CONNECTOR_CHECKOUT names no checkout of snowflake-connector-python');
      this.skip();
    }
    const problem = connectorProblem(checkout);
    if (problem) throw new Error(problem);
    python = pythonWith(connectorModules);
    if (!python) {
      console.log(`skipped: no Python here has all of ${connectorModules}`);
      this.skip();
    }
    cloud = await startCloud({ stateDir: state });
    const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
    const session = await connectSnowflake(
      { accessUrl, account, username: user, password, role },
      'default',
      { database: names.database, schema: 'PUBLIC', warehouse: { name: names.warehouse } },
    );
    for (const sql of [
      `CREATE WAREHOUSE ${names.warehouse}`,
      `CREATE DATABASE ${names.database}`,
      'CREATE WAREHOUSE regress',
      'GRANT USAGE ON WAREHOUSE regress TO ROLE PUBLIC',
    ])
      await session.execute(sql);
    await session.close();
  });

  after(async () => {
    await cloud?.close();
    // For scripts/parity.mjs.
    const report = process.env.LOS_PYTHON_CONNECTOR_REPORT;
    if (report && checkout && results.size > 0 && !isShort) {
      const files = Object.fromEntries(results);
      const version = connectorVersion(checkout);
      writeFileSync(
        report,
        JSON.stringify({
          date: new Date().toISOString(),
          version,
          files,
          notRun: notRun(connectorTests(checkout), connectorFilesNotRun),
        }),
      );
    }
    rmSync(state, { recursive: true, force: true });
  });

  for (const file of files)
    it(`runs ${file} to its end`, async () => {
      const tests = await runConnectorFile(
        python as string,
        checkout as string,
        file,
        cloud!.connection.snowflake,
        names,
        secondsPerFile,
      );
      results.set(file, tests);
      const failed = tests.filter(({ outcome }) => outcome === 'failed');
      console.log(`      ${tests.length - failed.length} of ${tests.length} pass`);
      for (const { title, message } of failed) console.log(`      - ${title}: ${message}`);
    });

  it('runs every file of tests, or says why not', () => {
    expect(
      unaccounted(connectorTests(checkout as string), connectorFiles, connectorFilesNotRun),
    ).to.deep.equal([]);
  });

  it('has a reason for every test that fails, and for no other', () => {
    const failed = [...results.values()].flat().filter(({ outcome }) => outcome === 'failed');
    const run = files.map((file) => basename(file));
    const steady = (titles: readonly string[]) =>
      [...new Set(titles)].filter((title) => !connectorByChance.includes(title)).sort();
    const known = Object.keys(reasons).filter((title) => run.includes(title.split('::')[0]!));
    expect(steady(failed.map(withoutParameters))).to.deep.equal(steady(known));
  });

  it('passes as large a share of them as it should', () => {
    const tests = [...results.values()].flat().filter(({ outcome }) => outcome !== 'skipped');
    const passed = tests.filter(({ outcome }) => outcome === 'passed').length;
    console.log(`      ${passed} of ${tests.length} pass`);
    expect(tests.length).to.be.greaterThan(isShort ? 80 : 300);
    expect(passed / tests.length).to.be.at.least(floor);
  });
});
