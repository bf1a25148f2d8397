import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@local-cloud/cloud/cloud.js';
import { projectRoot } from '../../deploy/project.js';
import { type DriverTest, testsUnder } from './driver-suite.js';
import { reportOf } from './report-of.js';

/** The Python connector's integration tests that are run; the others stand in `connectorFilesNotRun`. */
export const connectorFiles = [
  'test_arrow_result.py',
  'test_async.py',
  'test_autocommit.py',
  'test_bindings.py',
  'test_boolean.py',
  'test_client_session_keep_alive.py',
  'test_concurrent_converter.py',
  'test_concurrent_create_objects.py',
  'test_concurrent_fetch.py',
  'test_concurrent_insert.py',
  'test_connection.py',
  'test_converter.py',
  'test_converter_more_timestamp.py',
  'test_converter_null.py',
  'test_cursor.py',
  'test_cursor_binding.py',
  'test_cursor_context_manager.py',
  'test_dataintegrity.py',
  'test_daylight_savings.py',
  'test_dbapi.py',
  'test_decfloat.py',
  'test_direct_file_operation_utils.py',
  'test_easy_logging.py',
  'test_errors.py',
  'test_execute_multi_statements.py',
  'test_interval_types.py',
  'test_key_pair_authentication.py',
  'test_large_put.py',
  'test_large_result_set.py',
  'test_load_unload.py',
  'test_multi_statement.py',
  'test_network.py',
  'test_numpy_binding.py',
  'test_pickle_timestamp_tz.py',
  'test_put_get.py',
  'test_put_get_compress_enc.py',
  'test_put_get_medium.py',
  'test_put_get_snow_4525.py',
  'test_put_get_user_stage.py',
  'test_qmark.py',
  'test_query_cancelling.py',
  'test_results.py',
  'test_reuse_cursor.py',
  'test_session_parameters.py',
  'test_snowsql_timestamp_format.py',
  'test_statement_parameter_binding.py',
  'test_structured_types.py',
  'test_transaction.py',
  'aio_it/test_arrow_result_async.py',
  'aio_it/test_async_async.py',
  'aio_it/test_autocommit_async.py',
  'aio_it/test_bindings_async.py',
  'aio_it/test_boolean_async.py',
  'aio_it/test_client_session_keep_alive_async.py',
  'aio_it/test_concurrent_create_objects_async.py',
  'aio_it/test_concurrent_insert_async.py',
  'aio_it/test_connection_async.py',
  'aio_it/test_converter_async.py',
  'aio_it/test_converter_more_timestamp_async.py',
  'aio_it/test_converter_null_async.py',
  'aio_it/test_cursor_async.py',
  'aio_it/test_cursor_binding_async.py',
  'aio_it/test_cursor_context_manager_async.py',
  'aio_it/test_dataintegrity_async.py',
  'aio_it/test_daylight_savings_async.py',
  'aio_it/test_dbapi_async.py',
  'aio_it/test_decfloat_async.py',
  'aio_it/test_direct_file_operation_utils_async.py',
  'aio_it/test_errors_async.py',
  'aio_it/test_execute_multi_statements_async.py',
  'aio_it/test_interval_types_async.py',
  'aio_it/test_key_pair_authentication_async.py',
  'aio_it/test_large_put_async.py',
  'aio_it/test_large_result_set_async.py',
  'aio_it/test_load_unload_async.py',
  'aio_it/test_multi_statement_async.py',
  'aio_it/test_network_async.py',
  'aio_it/test_numpy_binding_async.py',
  'aio_it/test_pickle_timestamp_tz_async.py',
  'aio_it/test_put_get_async.py',
  'aio_it/test_put_get_compress_enc_async.py',
  'aio_it/test_put_get_medium_async.py',
  'aio_it/test_put_get_snow_4525_async.py',
  'aio_it/test_put_get_user_stage_async.py',
  'aio_it/test_qmark_async.py',
  'aio_it/test_query_cancelling_async.py',
  'aio_it/test_results_async.py',
  'aio_it/test_reuse_cursor_async.py',
  'aio_it/test_session_parameters_async.py',
  'aio_it/test_statement_parameter_binding_async.py',
  'aio_it/test_structured_types_async.py',
  'aio_it/test_transaction_async.py',
] as const;

const PANDAS = 'wants pandas and the connector’s compiled part';
const CLOUDS = 'wants keys of an account’s own storage in a cloud';
const PERSON = 'wants a person at a browser, or functions of the client alone';

/** What a short run takes of them: what most programs do with a connection. */
export const connectorFilesShort: readonly string[] = [
  ...['autocommit', 'bindings', 'boolean', 'cursor', 'cursor_binding', 'dbapi', 'errors', 'multi_statement'],
  ...['qmark', 'results', 'transaction'],
].map((name) => `test_${name}.py`);

/** Tests that pass or fail by chance, for a reason of the client’s. */
export const connectorByChance: readonly string[] = [
  'test_put_get.py::test_get_multiple_files_with_same_name',
];

/** Those that are not run, and why; the page tells them with their tests beside the share of those that are. */
export const connectorFilesNotRun: Readonly<Record<string, string>> = {
  'aio_it/lambda_it/': 'wants a function in AWS Lambda',
  'aio_it/pandas_it/': PANDAS,
  'aio_it/sso_it/': PERSON,
  'aio_it/test_pandas_tools_async.py': PANDAS,
  'aio_it/test_put_get_with_aws_token_async.py': CLOUDS,
  'aio_it/test_put_get_with_azure_token_async.py': CLOUDS,
  'aio_it/test_put_get_with_gcp_account_async.py': CLOUDS,
  'aio_it/test_put_windows_path_async.py': 'wants Windows',
  'lambda_it/': 'wants a function in AWS Lambda',
  'pandas_it/': PANDAS,
  'sso_it/': PERSON,
  'test_crl.py': 'wants certificates and hosts on the internet',
  'test_proxies.py': 'wants a proxy',
  'test_put_get_with_aws_token.py': CLOUDS,
  'test_put_get_with_azure_token.py': CLOUDS,
  'test_put_get_with_gcp_account.py': CLOUDS,
  'test_put_windows_path.py': 'wants Windows',
  'test_vendored_urllib.py': 'tests a library inside the client',
};

/** The files of tests in a checkout, under test/integ, with how many tests each has. */
export function connectorTests(checkout: string): Record<string, number> {
  return testsUnder(join(checkout, 'test/integ'), /^test_.*\.py$/, /^\s*(?:async )?def test_/gm);
}

/** What the connector and its tests import; Debian has each as python3-…. */
export const connectorModules =
  'pytest, requests, cryptography, jwt, OpenSSL, asn1crypto, sortedcontainers, platformdirs, tomlkit, filelock, packaging, pytz, certifi, idna, charset_normalizer, pendulum, numpy';

/** Says what is wrong with a checkout of the connector, or nothing. */
export function connectorProblem(checkout: string): string | undefined {
  return existsSync(join(checkout, 'test/integ/test_cursor.py'))
    ? undefined
    : `${checkout} is no checkout of snowflake-connector-python`;
}

/** The version of a checkout. */
export function connectorVersion(checkout: string): string {
  const text = readFileSync(join(checkout, 'src/snowflake/connector/version.py'), 'utf8');
  return /VERSION = \((\d+), (\d+), (\d+)/.exec(text)!.slice(1).join('.');
}

/**
 * Runs one file of the connector's integration tests, unchanged, against a Snowflake server.
 * @throws Error when pytest ends without a report (a crash, or longer than `seconds`)
 */
export async function runConnectorFile(
  python: string,
  checkout: string,
  file: string,
  connection: Connection['snowflake'],
  names: { database: string; warehouse: string },
  seconds: number,
): Promise<DriverTest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'connector-suite-'));
  const report = join(folder, 'report.json');
  const { hostname, port } = new URL(connection.accessUrl);
  const parameters = {
    account: connection.account,
    user: connection.user,
    password: connection.password,
    role: connection.role,
    protocol: 'http',
    host: hostname,
    port,
    authenticator: 'SNOWFLAKE', // The asynchronous tests look into it.
    ...names,
  };
  // The suite’s archive is without its configuration. Of what is logged at DEBUG pytest would keep connections that a test
  // wants to be collected.
  const options = ['-q', '--tb=line', '-p', 'connector_plugin'];
  for (const setting of ['asyncio_mode=auto', 'log_level=info']) options.push('-o', setting);
  for (const plugin of ['cacheprovider', 'rerunfailures', 'timeout']) options.push('-p', `no:${plugin}`);
  const child = spawn(python, ['-m', 'pytest', ...options, `test/integ/${file}`], {
    cwd: checkout,
    detached: true, // A group of its own, so that what it starts ends with it.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NO_PROXY: '127.0.0.1',
      // Set by this project for the Node driver; the connector's tests count what it turns off.
      SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: undefined,
      PYTHONPATH: `${join(checkout, 'src')}:${join(projectRoot, 'test/conformance')}`,
      PYTHONDONTWRITEBYTECODE: '1',
      TZ: 'UTC',
      // As its own CI runs them outside Snowflake: without tests of internal features.
      GITHUB_ACTIONS: 'true',
      cloud_provider: 'dev',
      USE_PASSWORD: 'true',
      SNOWFLAKE_HOME: folder,
      CLIENT_LOG_DIR_PATH_DOCKER: join(folder, 'log'),
      LOS_CONNECTOR: JSON.stringify(parameters),
      LOS_CONNECTOR_REPORT: report,
    },
  });
  return await reportOf<DriverTest[]>(child, { file, folder, report }, seconds);
}
