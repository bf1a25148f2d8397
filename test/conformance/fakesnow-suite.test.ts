/**
 * The tests of fakesnow, another Snowflake for tests, against the local Snowflake: expectations that neither Snowflake's
 * clients nor this project wrote. They come from a checkout of github.com/tekumara/fakesnow, whose path is in
 * LOS_FAKESNOW_CHECKOUT, and run unchanged through the Python connector of LOS_PYTHON_CONNECTOR_CHECKOUT with Debian's
 * Python packages (python3-dirty-equals beside the connector's); without the checkouts this skips.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { connectorModules, connectorProblem } from './connector-suite.js';
import {
  type FakesnowTest,
  fakesnowFiles,
  fakesnowFilesShort,
  fakesnowProblem,
  runFakesnowFile,
} from './fakesnow-suite.js';
import { pythonWith } from './python.js';

/**
 * Why an expectation does not hold: fakesnow's is not Snowflake's (`theirs`), what it wants is not built and refused
 * by name (`refused`), or an error or what SHOW and DESCRIBE tell has other words here (`words`). Anything that is
 * accepted here and wrong would be `wrong`, of which there is none.
 */
interface Reason {
  verdict: 'theirs' | 'refused' | 'words' | 'wrong';
  /** How many of the test's expectations do not hold: one more is noticed. */
  count: number;
  why: string;
}

const reasons = JSON.parse(
  readFileSync(new URL('../../../test/conformance/fakesnow-failures.json', import.meta.url), 'utf8'),
) as Record<string, Reason>;
/** Those that are run: all, unless LOS_SUITES says `short`. */
const files: readonly string[] = process.env.LOS_SUITES === 'short' ? fakesnowFilesShort : fakesnowFiles;
const secondsPerFile = 500;
const warehouse = 'FAKE_WH';

describe('fakesnow’s tests', function () {
  this.timeout((secondsPerFile + 10) * 1000);
  const [checkout, connector] = [
    process.env.LOS_FAKESNOW_CHECKOUT,
    process.env.LOS_PYTHON_CONNECTOR_CHECKOUT,
  ];
  const state = mkdtempSync(join(tmpdir(), 'fakesnow-suite-'));
  const results: FakesnowTest[] = [];
  let cloud: LocalCloud | undefined;
  let python: string | undefined;

  before(async function () {
    if (!checkout || !connector) {
      console.log(
        'skipped: LOS_FAKESNOW_CHECKOUT and LOS_PYTHON_CONNECTOR_CHECKOUT do not name checkouts of fakesnow and snowflake-connector-python',
      );
      this.skip();
    }
    const problem = fakesnowProblem(checkout) ?? connectorProblem(connector);
    if (problem) throw new Error(problem);
    python = pythonWith(`${connectorModules}, dirty_equals`);
    if (!python) {
      console.log(`skipped: no Python here has all of ${connectorModules}, dirty_equals`);
      this.skip();
    }
    cloud = await startCloud({ stateDir: state });
    const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
    const session = await connectSnowflake(
      { accessUrl, account, username: user, password, role },
      'default',
      { database: 'SNOWFLAKE', schema: 'PUBLIC', warehouse: { name: warehouse } },
    );
    await session.execute(`CREATE WAREHOUSE ${warehouse}`);
    await session.close();
  });

  after(async () => {
    await cloud?.close();
    const report = process.env.LOS_FAKESNOW_REPORT;
    if (report && results.length > 0) writeFileSync(report, JSON.stringify(results, null, 1));
    rmSync(state, { recursive: true, force: true });
  });

  for (const file of files)
    it(`runs test_${file}.py to its end`, async () => {
      const tests = await runFakesnowFile(
        python!,
        checkout!,
        connector!,
        file,
        cloud!.connection.snowflake,
        warehouse,
        secondsPerFile,
      );
      results.push(...tests);
      const count = (wanted: string) => tests.filter(({ outcome }) => outcome === wanted).length;
      console.log(
        `      ${count('passed')} pass, ${count('failed')} do not hold, ${count('skipped')} call what is not there`,
      );
      expect(tests.length).to.be.greaterThan(0);
    });

  it('has a reason for every expectation that does not hold, and for no other', () => {
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    const seen = Object.fromEntries(failed.map(({ title, findings }) => [title, findings.length]));
    const run = Object.entries(reasons).filter(([title]) =>
      files.some((file) => title.startsWith(`test_${file}.py::`)),
    );
    const known = Object.fromEntries(run.map(([title, { count }]) => [title, count]));
    expect(seen).to.deep.equal(known);
  });

  it('finds nothing that is accepted and wrong', () => {
    const wrong = Object.entries(reasons).filter(([, { verdict }]) => verdict === 'wrong');
    expect(wrong).to.deep.equal([]);
  });
});
