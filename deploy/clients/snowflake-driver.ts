import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, ConnectionOptions, SnowflakeError as DriverError } from 'snowflake-sdk';
import { literal } from '../../procedures/ground/names.js';
import { UTC } from '../../report/text/local-time.js';
import { Failure, messageOf, UserError } from '../errors.js';
import { accountHost, connectionsFile, explainFile, hostOf } from './connections-file.js';
import { withTypeScriptLines } from './located.js';
import { NETWORK_ADVICE, probe, usesProxy } from './network.js';
import { redactor } from './redact.js';
import { type Bind, type Row, type Snowflake, SnowflakeError } from './snowflake.js';

/** State with which the session starts, as far as it exists already. */
export interface SessionDefaults {
  readonly database: string;
  readonly schema: string;
  readonly warehouse: { readonly name: string };
}

/**
 * Logs in through snowflake-sdk.
 * @param options the driver's own options; undefined: the driver reads connections.toml
 * @param connectionName section of connections.toml, used when `options` is undefined
 * @param timeZone the hospital's: the session's days begin at its midnight, as those of the tasks do
 * @throws UserError when the login fails, without the password in it
 */
export async function connectSnowflake(
  options: ConnectionOptions | undefined,
  connectionName: string,
  defaults: SessionDefaults,
  timeZone: string = UTC,
): Promise<Snowflake> {
  const driver = await loadDriver();
  const redact = redactor([
    options?.password,
    options?.token,
    options?.privateKey,
    options?.oauthClientSecret,
  ]);
  const file = connectionsFile();
  const host = options ? hostOfOptions(options) : hostOf(file, connectionName);
  let connection: Connection;
  try {
    connection = options ? driver.createConnection(options) : fromFile(driver, connectionName);
    await Promise.race([logIn(connection), noWay(host)]);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const explained = options ? undefined : explainFile(file, connectionName, error);
    if (explained) throw explained;
    throw new UserError(`Logging in to Snowflake failed: ${redact(messageOf(error))}`, {
      next: options
        ? `Check the account, user and credentials${options.account === 'local' ? ' (los local prints them)' : ' in the SNOWFLAKE_ variables'}.`
        : `Check the section [${connectionName}] of connections.toml, or set SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and a key or token.`,
      cause: error,
    });
  }
  const session = new DriverSession(connection, redact);
  await session.execute(`ALTER SESSION SET TIMEZONE = ${literal(timeZone)}, ${SESSION}`);
  // Before the first apply neither exists.
  for (const use of [
    `USE WAREHOUSE ${defaults.warehouse.name}`,
    `USE SCHEMA ${defaults.database}.${defaults.schema}`,
  ])
    await session.execute(use).catch((error: unknown) => {
      if (!(error instanceof SnowflakeError && error.missingObject)) throw error;
    });
  return session;
}

/** An account or a user may read and write dates otherwise (`DD.MM.YYYY`); what los sends and reads has one form. */
const SESSION = `QUERY_TAG = 'predict-los', DATE_INPUT_FORMAT = 'AUTO', TIMESTAMP_INPUT_FORMAT = 'AUTO', DATE_OUTPUT_FORMAT = 'YYYY-MM-DD',
TIMESTAMP_NTZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF3', TIMESTAMP_LTZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM',
TIMESTAMP_TZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM'`;

/** connectAsync's own promise is fulfilled also when the login fails: only the callback tells. */
function logIn(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connectAsync((error) => (error ? reject(error) : resolve())).catch(reject);
  });
}

/** Seconds after which a login that has not ended is not only slow. */
const SLOW = 4;

/** Which rights new files of this process do not have. */
const UMASK = process.umask();

/**
 * Fails when there is no way to Snowflake: the driver would try for five minutes, and not say why. A proxy resolves
 * names for itself, so that a look from here would tell nothing.
 */
async function noWay(host: string | undefined): Promise<never> {
  await sleep(SLOW * 1000, undefined, { ref: false });
  const [name, port = '443'] = host?.split(':') ?? [];
  const missed = name && !usesProxy() ? await probe(name, Number(port)) : undefined;
  if (!missed) return new Promise(() => {});
  throw new Failure(`Snowflake cannot be reached at ${name}: ${missed.why}.`, {
    next: `${NETWORK_ADVICE} and the account's name, then try again.`,
  });
}

function hostOfOptions({ accessUrl, account }: ConnectionOptions): string | undefined {
  if (!accessUrl) return account && accountHost(account);
  const { hostname, port, protocol } = new URL(accessUrl);
  return `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`;
}

/** A section of connections.toml. The driver takes its name from the environment only. */
function fromFile(driver: Awaited<ReturnType<typeof loadDriver>>, section: string): Connection {
  const before = process.env.SNOWFLAKE_DEFAULT_CONNECTION_NAME;
  process.env.SNOWFLAKE_DEFAULT_CONNECTION_NAME = section;
  try {
    return driver.createConnection();
  } finally {
    if (before === undefined) delete process.env.SNOWFLAKE_DEFAULT_CONNECTION_NAME;
    else process.env.SNOWFLAKE_DEFAULT_CONNECTION_NAME = before;
  }
}

/**
 * The driver probes cloud metadata addresses and starts native code when it is required, so it is loaded
 * late and with that turned off. It takes a third of a second the first time.
 */
export async function loadDriver() {
  process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION ??= 'true';
  process.env.SNOWFLAKE_DISABLE_MINICORE ??= 'true';
  process.env.SF_TELEMETRY_DISABLE_CONNECTION_SHAPE ??= 'true';
  const { default: driver } = await import('snowflake-sdk');
  driver.configure({ logLevel: 'OFF', logFilePath: 'STDOUT' });
  return driver;
}

class DriverSession implements Snowflake {
  constructor(
    private readonly connection: Connection,
    private readonly redact: (text: string) => string,
  ) {}

  async query<R extends Row = Row>(sql: string, binds?: readonly Bind[]): Promise<R[]> {
    return (await this.run(sql, binds)).rows as R[];
  }

  async execute(sql: string, binds?: readonly Bind[]): Promise<number> {
    return (await this.run(sql, binds)).changed;
  }

  async put(file: string, stage: string): Promise<void> {
    const compress = file.endsWith('.gz') ? 'FALSE' : 'TRUE';
    const path = file.replaceAll('\\', '/').replaceAll("'", "\\'");
    const sql = `PUT 'file://${path}' ${stage} AUTO_COMPRESS = ${compress} OVERWRITE = TRUE`;
    // The driver lets all write what this process makes from then on.
    const rows = await this.query(sql).finally(() => process.umask(UMASK));
    const failed = rows.find((row) => !/^(UPLOADED|SKIPPED)$/i.test(String(row.status ?? row.STATUS)));
    if (failed || rows.length === 0)
      throw new SnowflakeError(
        `PUT of ${file} to ${stage} failed: ${this.redact(String(failed?.message ?? 'no file was uploaded'))}`,
        {},
      );
  }

  close(): Promise<void> {
    // The session ends on the server in any case; an error here would only hide the real outcome.
    return new Promise((resolve) => this.connection.destroy(() => resolve()));
  }

  private run(
    sqlText: string,
    binds: readonly Bind[] | undefined,
  ): Promise<{ rows: Row[]; changed: number }> {
    return new Promise((resolve, reject) => {
      this.connection.execute({
        sqlText,
        ...(binds?.length ? { binds: [...binds] } : {}),
        complete: (error, statement, rows) => {
          if (error) this.wrap(error, sqlText).then(reject, reject);
          else
            resolve({
              rows: (rows ?? []) as Row[],
              changed: Math.max(0, statement.getNumUpdatedRows() ?? 0),
            });
        },
      });
    });
  }

  /** Names the statement by its first words: the rest may hold data. */
  private async wrap(error: DriverError, sql: string): Promise<SnowflakeError> {
    const message = await withTypeScriptLines(messageOf(error), (query) => this.query(query));
    const head = /^\s*(?:\S+\s*){1,6}/.exec(sql)?.[0].trim().replace(/\s+/g, ' ') ?? '';
    const details = error as DriverError & { data?: { queryId?: string } };
    return new SnowflakeError(this.redact(`${message} (in: ${head} …)`), {
      code: details.code === undefined ? undefined : String(details.code).padStart(6, '0'),
      sqlState: details.sqlState,
      queryId: details.data?.queryId,
      cause: error,
    });
  }
}
