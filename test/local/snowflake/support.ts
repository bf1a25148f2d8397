import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@local-cloud/kit/clock.js';
import type { Faults } from '@local-cloud/kit/faults/faults.js';
import type { AccountKind, Network } from '@local-cloud/snowflake/account.js';
import { type SnowflakeServer, startSnowflake } from '@local-cloud/snowflake/server.js';

// The driver probes cloud metadata addresses when it is loaded, unless told not to.
process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION = 'true';
process.env.SNOWFLAKE_DISABLE_MINICORE = 'true';
process.env.SF_TELEMETRY_DISABLE_CONNECTION_SHAPE = 'true';
process.env.NO_PROXY = '127.0.0.1';
const { default: sdk } = await import('snowflake-sdk');
sdk.configure({ logLevel: 'OFF', logFilePath: 'STDOUT', additionalLogToConsole: false });

type ConnectionOptions = Parameters<typeof sdk.createConnection>[0];
type Connection = ReturnType<typeof sdk.createConnection>;
export type Statement = ReturnType<Connection['execute']>;

/** What the tests saw refused by name; scripts/parity.mjs asks for it. */
const refusals = new Set<string>();
const refusalsFile = process.env.LOS_REFUSALS;
if (refusalsFile) process.on('exit', () => writeFileSync(refusalsFile, JSON.stringify([...refusals])));

/** One connection of the official driver, with promises. */
export interface Client {
  connection: Connection;
  /** All rows, as objects by column name. */
  rows(sql: string, binds?: unknown[]): Promise<Record<string, unknown>[]>;
  /** All rows, as arrays. */
  values(sql: string, binds?: unknown[]): Promise<unknown[][]>;
  /** The first value of the first row. */
  value(sql: string, binds?: unknown[]): Promise<unknown>;
  /** The finished statement with its metadata. */
  statement(sql: string, options?: Record<string, unknown>): Promise<Statement>;
  /** The error that this statement must fail with. */
  error(sql: string, binds?: unknown[]): Promise<Error & { code?: string; sqlState?: string }>;
  close(): Promise<void>;
}

export interface TestSnowflake {
  server: SnowflakeServer;
  stateDir: string;
  /** Logs in, as the admin unless the options say otherwise. */
  connect(options?: Partial<ConnectionOptions>): Promise<Client>;
  /** Ends the server as a crash would not: cleanly; the state folder stays, for `meanwhile` to look at. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** A network in which nothing answers, for tests that need none. */
const NOWHERE: Network = {
  aws: {
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    user: { arn: 'arn:aws:iam::999999999999:user/snowflake', accessKeyId: 'none', secretAccessKey: 'none' },
  },
  smtpUrl: 'smtp://127.0.0.1:9',
};

/** Starts a local Snowflake in a temporary folder. */
export async function withSnowflake({
  clock = systemClock,
  network = NOWHERE,
  faults,
  kind = {},
}: {
  clock?: Clock;
  network?: Network;
  faults?: Faults;
  kind?: AccountKind;
} = {}): Promise<TestSnowflake> {
  const stateDir = mkdtempSync(join(tmpdir(), 'snowflake-'));
  const clients = new Set<Client>();
  const closeClients = async () => {
    for (const client of clients) await client.close();
  };
  const test: TestSnowflake = {
    server: await startSnowflake({ stateDir, clock, network, faults, kind }),
    stateDir,
    async connect(options = {}) {
      const client = await connectTo(test.server, options, () => clients.delete(client));
      clients.add(client);
      return client;
    },
    async restart(meanwhile) {
      await closeClients();
      await test.server.close();
      await meanwhile?.();
      test.server = await startSnowflake({ stateDir, clock, network, faults, kind });
    },
    async close() {
      await closeClients();
      await test.server.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
  return test;
}

/** A server with two sessions in its schema D.PUBLIC, for what one does while the other is in a transaction. */
export async function withTwoSessions(): Promise<{
  snowflake: TestSnowflake;
  client: Client;
  other: Client;
}> {
  const snowflake = await withSnowflake();
  const client = await snowflake.connect();
  await client.rows('CREATE DATABASE d');
  const other = await snowflake.connect();
  await other.rows('USE SCHEMA d.public');
  return { snowflake, client, other };
}

/** Logs in to any server with the official driver. */
export async function connectTo(
  server: Pick<SnowflakeServer, 'accessUrl' | 'account' | 'user' | 'password'>,
  options: Partial<ConnectionOptions> = {},
  closed: () => void = () => undefined,
): Promise<Client> {
  const connection = sdk.createConnection({
    account: server.account,
    accessUrl: server.accessUrl,
    username: server.user,
    password: server.password,
    ...options,
  } as ConnectionOptions);
  await new Promise<void>((resolve, reject) =>
    connection.connect((error) => (error ? reject(error) : resolve())),
  );
  const run = (sql: string, extra: Record<string, unknown>) =>
    new Promise<{ statement: Statement; rows: unknown[] }>((resolve, reject) => {
      connection.execute({
        sqlText: sql,
        ...extra,
        complete: (error, statement, rows) =>
          error ? reject(error) : resolve({ statement: statement as Statement, rows: rows ?? [] }),
      } as Parameters<Connection['execute']>[0]);
    });
  const withBinds = (binds?: unknown[]) => (binds ? { binds } : {});
  const client: Client = {
    connection,
    rows: async (sql, binds) => (await run(sql, withBinds(binds))).rows as Record<string, unknown>[],
    values: async (sql, binds) =>
      (await run(sql, { ...withBinds(binds), rowMode: 'array' })).rows as unknown[][],
    value: async (sql, binds) =>
      ((await run(sql, { ...withBinds(binds), rowMode: 'array' })).rows as unknown[][])[0]?.[0],
    statement: async (sql, extra = {}) => (await run(sql, extra)).statement,
    error: (sql, binds) =>
      run(sql, withBinds(binds)).then(
        () => {
          throw new Error(`this should have failed: ${sql}`);
        },
        (error: Error) => {
          if (error.message.startsWith('Unsupported feature')) refusals.add(error.message);
          return error;
        },
      ),
    close: async () => {
      closed();
      if (connection.isUp()) await new Promise<void>((resolve) => connection.destroy(() => resolve()));
    },
  };
  return client;
}
