import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@local-cloud/cloud/cloud.js';
import { projectRoot } from '../../deploy/project.js';
import { reportOf } from './report-of.js';

/** fakesnow's tests that are run, without `test_`; the others stand in `fakesnowFilesNotRun`. */
export const fakesnowFiles = [
  'connect',
  'cursor',
  'describe',
  'fakes',
  'flatten',
  'info_schema',
  'merge',
  'semis',
  'sequence',
  'server',
  'show',
  'stage',
  'timestamp',
  'transactions',
  'users',
] as const;

/** What a short run takes of them. */
export const fakesnowFilesShort: readonly string[] = [
  'fakes',
  'info_schema',
  'merge',
  'semis',
  'transactions',
];

const INSIDE = 'calls functions of fakesnow, no server';

/** Those that are not run, and why. */
export const fakesnowFilesNotRun: Readonly<Record<string, string>> = {
  arrow: INSIDE,
  checks: INSIDE,
  cli: INSIDE,
  converter: INSIDE,
  copy_into: 'reads S3 by a secret that it makes in DuckDB; the rest calls functions of fakesnow',
  ddl: INSIDE,
  expr: INSIDE,
  matchers: INSIDE,
  params: INSIDE,
  patch: INSIDE,
  sqlalchemy: 'wants SQLAlchemy',
  statement_type: INSIDE,
  transforms: INSIDE,
  write_pandas: 'wants pandas and the Arrow format',
};

/** What became of one test of fakesnow; an assertion that does not hold does not end it. */
export interface FakesnowTest {
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly findings: readonly { line: number; kind: 'value' | 'error'; words: string }[];
}

/** Says what is wrong with a checkout of fakesnow, or nothing. */
export function fakesnowProblem(checkout: string): string | undefined {
  return existsSync(join(checkout, 'tests/test_fakes.py'))
    ? undefined
    : `${checkout} is no checkout of github.com/tekumara/fakesnow`;
}

/**
 * Runs one file of fakesnow's tests, unchanged, through the Python connector against a Snowflake server.
 * @param connector a checkout of snowflake-connector-python
 * @throws Error when pytest ends without a report (a crash, or longer than `seconds`)
 */
export async function runFakesnowFile(
  python: string,
  checkout: string,
  connector: string,
  file: string,
  connection: Connection['snowflake'],
  warehouse: string,
  seconds: number,
): Promise<FakesnowTest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fakesnow-suite-'));
  const report = join(folder, 'report.json');
  const { hostname, port } = new URL(connection.accessUrl);
  const { account, user, password } = connection;
  const given = { account, user, password, protocol: 'http', host: hostname, port: Number(port), warehouse };
  const options = ['-q', '--tb=line', '--noconftest', '-p', 'fakesnow_plugin', '-p', 'no:cacheprovider'];
  const child = spawn(python, ['-m', 'pytest', ...options, `tests/test_${file}.py`], {
    cwd: checkout,
    detached: true, // A group of its own, so that what it starts ends with it.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NO_PROXY: '127.0.0.1',
      SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: undefined,
      PYTHONPATH: `${join(connector, 'src')}:${join(projectRoot, 'test/conformance')}`,
      PYTHONDONTWRITEBYTECODE: '1',
      TZ: 'UTC',
      SNOWFLAKE_HOME: folder,
      LOS_FAKESNOW: JSON.stringify(given),
      LOS_FAKESNOW_REPORT: report,
    },
  });
  return await reportOf<FakesnowTest[]>(child, { file: `test_${file}.py`, folder, report }, seconds);
}
