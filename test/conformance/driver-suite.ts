import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@local-cloud/cloud/cloud.js';
import { reportOf } from './report-of.js';

/** The Node driver's integration tests that are run, without `test`; the others stand in `driverFilesNotRun`. */
export const driverFiles = [
  'ArrayBind.js',
  'ArrayBindCustomerTable.js',
  'Bind.js',
  'Cancel.ts',
  'Concurrent.js',
  'Connection.js',
  'ConnectionNegative.ts',
  'ConnectionPoolExecute.js',
  'DataType.js',
  'Encrypt.js',
  'Execute.js',
  'ExecuteAsync.js',
  'HTAP.ts',
  'LargeResultSet.js',
  'MultiStatement.js',
  'PutGet.js',
  'PutSmallFiles.js',
  'RequestParams.js',
  'RowMode.js',
  'SerializeConnection.ts',
  'Statement.js',
  'StreamRows.js',
  'StructuredType.js',
  'UpdatedRows.js',
] as const;

/** Those that are not run, and why; the page says so beside the share of those that are. */
export const driverFilesNotRun: Readonly<Record<string, string>> = {
  'Cache.js': 'tests a file of the client',
  'ConnectionWithOCSP.js': 'wants certificates and hosts on the internet',
  'Crl.ts': 'wants certificates and hosts on the internet',
  'EasyLoggingOnConnecting.js': 'tests logging of the client',
  'HttpClient.js': 'tests the client’s HTTP, without a Snowflake',
  'InbandTelemetry.ts': 'talks to a WireMock of its own, never to Snowflake',
  'LoginRequestBody.ts': 'talks to a WireMock of its own, never to Snowflake',
  'ManualConnection.js': 'wants a person at a browser',
  'MaxLobSize.js':
    'has no test unless RUN_MANUAL_TESTS_ONLY is set; for Snowflake’s own environment, as it says',
  'Ocsp.js': 'wants certificates and hosts on the internet',
  'ProxyExecute.js': 'wants a proxy',
  'PutSmkIdStringConversion.ts': 'tests the client before a server of its own',
  'Util.js': 'tests functions of the client',
  'ocsp_mock/': 'wants certificates and hosts on the internet',
  'wiremock/': 'talks to a WireMock of its own, never to Snowflake',
};

/** The files of tests in a checkout, without `test`, with how many tests each has. */
export function driverTests(checkout: string): Record<string, number> {
  const found = testsUnder(join(checkout, 'test/integration'), /^test[A-Z].*\.[jt]s$/, /^\s*it\(/gm);
  return Object.fromEntries(Object.entries(found).map(([file, count]) => [file.replace(/^test/, ''), count]));
}

/** Files under a folder whose names fit, with how often each has what begins a test. */
export function testsUnder(folder: string, name: RegExp, begins: RegExp): Record<string, number> {
  const files = (readdirSync(folder, { recursive: true }) as string[])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => name.test(file.split('/').at(-1)!));
  return Object.fromEntries(
    files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8').match(begins)?.length ?? 0]),
  );
}

/** The tests of files that are not run; one that ends with / is a folder. */
export function notRun(
  all: Readonly<Record<string, number>>,
  reasons: Readonly<Record<string, string>>,
): { file: string; tests: number; why: string }[] {
  return Object.entries(reasons).map(([file, why]) => {
    const counts = Object.entries(all).filter(([each]) =>
      file.endsWith('/') ? each.startsWith(file) : each === file,
    );
    return { file, why, tests: counts.reduce((sum, [, count]) => sum + count, 0) };
  });
}

/** Files that are neither run nor left out with a reason, and names that stand for no file. */
export function unaccounted(
  all: Readonly<Record<string, number>>,
  run: readonly string[],
  reasons: Readonly<Record<string, string>>,
): string[] {
  const left = Object.keys(reasons);
  const stands = (file: string) =>
    run.includes(file) || left.some((name) => name === file || (name.endsWith('/') && file.startsWith(name)));
  const names = [...run, ...left].filter(
    (name) =>
      !Object.keys(all).some((file) => file === name || file.startsWith(name.endsWith('/') ? name : '\0')),
  );
  return [...Object.keys(all).filter((file) => !stands(file)), ...names];
}

/** What became of one test of the driver. */
export interface DriverTest {
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
}

/** Says what is wrong with a checkout of the driver, or nothing. */
export function checkoutProblem(checkout: string): string | undefined {
  if (!existsSync(join(checkout, 'test/integration/testBind.js')))
    return `${checkout} is no checkout of snowflake-connector-nodejs`;
  if (!existsSync(join(checkout, 'node_modules/mocha/bin/mocha.js')))
    return `${checkout} has no packages: run npm install --ignore-scripts there`;
  return undefined;
}

/** The mocha report of one file. Titles are full titles; the failures include those of hooks. */
interface Report {
  readonly tests: readonly { fullTitle: string }[];
  readonly passes: readonly { fullTitle: string }[];
  readonly pending: readonly { fullTitle: string }[];
  readonly failures: readonly { fullTitle: string; err: { message?: string } }[];
}

/**
 * Runs one file of the driver's integration tests, unchanged, against a Snowflake server.
 * A test that was never reached, because a hook before it failed, counts as failed.
 * @throws Error when mocha ends without a report (a crash, or longer than `seconds`)
 */
export async function runDriverFile(
  checkout: string,
  file: string,
  environment: Readonly<Record<string, string>>,
  seconds: number,
): Promise<DriverTest[]> {
  const all = await mocha(checkout, file, environment, seconds, ['--dry-run']);
  const { passes, pending, failures } = await mocha(checkout, file, environment, seconds, []);
  const titles = (list: readonly { fullTitle: string }[]) => new Set(list.map(({ fullTitle }) => fullTitle));
  const [passed, skipped] = [titles(passes), titles(pending)];
  const hook = failures.find(({ fullTitle }) => fullTitle.includes('" hook'));
  return all.tests.map(({ fullTitle: title }) => {
    if (passed.has(title)) return { title, outcome: 'passed' };
    if (skipped.has(title)) return { title, outcome: 'skipped' };
    const failure = failures.find(({ fullTitle }) => fullTitle === title) ?? hook;
    const message = failure?.err.message?.split('\n')[0];
    return { title, outcome: 'failed', ...(message === undefined ? {} : { message }) };
  });
}

/** The environment in which the driver's tests look for their server. */
export function driverEnvironment(
  connection: Connection['snowflake'],
  names: { database: string; schema: string; warehouse: string },
): Record<string, string> {
  const { hostname, port } = new URL(connection.accessUrl);
  return {
    NO_PROXY: '127.0.0.1',
    TS_NODE_TRANSPILE_ONLY: 'true',
    CLOUD_PROVIDER: 'AWS', // Otherwise the tests of hybrid tables skip themselves.
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    SNOWFLAKE_DISABLE_MINICORE: 'true',
    SNOWFLAKE_TEST_PROTOCOL: 'http',
    SNOWFLAKE_TEST_HOST: hostname,
    SNOWFLAKE_TEST_PORT: port,
    SNOWFLAKE_TEST_ACCOUNT: connection.account,
    SNOWFLAKE_TEST_USER: connection.user,
    SNOWFLAKE_TEST_PASSWORD: connection.password,
    SNOWFLAKE_TEST_ROLE: connection.role,
    SNOWFLAKE_TEST_DATABASE: names.database,
    SNOWFLAKE_TEST_SCHEMA: names.schema,
    SNOWFLAKE_TEST_WAREHOUSE: names.warehouse,
  };
}

async function mocha(
  checkout: string,
  file: string,
  environment: Readonly<Record<string, string>>,
  seconds: number,
  options: readonly string[],
): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'driver-suite-'));
  const report = join(folder, 'report.json');
  const child = spawn(
    process.execPath,
    [
      join(checkout, 'node_modules/mocha/bin/mocha.js'),
      '--retries=0',
      '--timeout=60000',
      '--exit',
      '--reporter=json',
      `--reporter-option=output=${report}`,
      ...options,
      `test/integration/test${file}`,
    ],
    {
      cwd: checkout,
      detached: true, // A group of its own, so that what it starts ends with it.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    },
  );
  return await reportOf<Report>(child, { file: `test${file}`, folder, report }, seconds);
}
