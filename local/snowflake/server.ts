import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '@local-cloud/kit/clock.js';
import { SLOW_MS } from '@local-cloud/kit/faults/fault.js';
import type { AccountKind, Network } from './account.js';
import { SnowflakeError } from './errors.js';
import { everyFeature } from './features/every.js';
import { asSnowflakeError } from './internal-error.js';
import { ADMIN, type OpenAccount, openAccount } from './open-account.js';
import { type FaultSource, misbehave, operationOf } from './protocol/faulty.js';
import { BadRequest, fail, readJson, sendJson, sendText, succeed } from './protocol/http.js';
import { type Login, Logins } from './protocol/logins.js';
import { Queries } from './protocol/queries.js';
import { queryBody } from './protocol/query-body.js';
import { type StageDoors, stageDoors } from './stages/files/stage-doors.js';

export interface SnowflakeServer {
  accessUrl: string;
  account: string;
  user: string;
  password: string;
  role: string;
  /** The account behind the server, for tests and the local cloud. */
  internals: OpenAccount;
  /** Cancels what is running, closes every session, writes the database. */
  close(): Promise<void>;
}

/**
 * Starts the local Snowflake on 127.0.0.1.
 * @param options.stateDir its folder: database, internal stages, the first user's password
 * @param options.port 0 (default) takes a free one
 * @param options.faults requests that shall go wrong
 * @param options.kind edition and region of the account
 */
export async function startSnowflake(options: {
  stateDir: string;
  clock: Clock;
  network: Network;
  port?: number;
  faults?: FaultSource;
  kind?: AccountKind;
}): Promise<SnowflakeServer> {
  const account = await openAccount({
    folder: join(options.stateDir, 'snowflake'),
    clock: options.clock,
    network: options.network,
    features: everyFeature,
    ...(options.faults && { faults: options.faults }),
    ...(options.kind && { kind: options.kind }),
  });
  let accessUrl = '';
  const logins = new Logins(account);
  const queries = new Queries(account, () => accessUrl);
  const stages = stageDoors(account);
  const server = createServer((request, response) => {
    answer(request, response, {
      logins,
      queries,
      stages,
      faults: options.faults,
      clock: options.clock,
    }).catch((error: unknown) => {
      if (error instanceof SnowflakeError) {
        const message = error.message.replace(/^SQL [a-z ]+ error:\n/, '');
        // A token that never was is the one error that Snowflake answers with HTTP 401.
        return fail(
          response,
          error.code,
          message,
          { sqlState: error.sqlState },
          error.code === '390104' ? 401 : 200,
        );
      }
      if (error instanceof BadRequest) return fail(response, '400', error.message, null, 400);
      const { code, sqlState, message } = asSnowflakeError(error, {
        queryId: '(none)',
        text: `${request.method} ${targetOf(request.url ?? '/').path}`,
      });
      fail(response, code, message, { sqlState }, 500);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  accessUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stages.url = accessUrl;
  return {
    accessUrl,
    account: account.name.toLowerCase(),
    user: ADMIN,
    password: account.adminPassword,
    role: 'ACCOUNTADMIN',
    internals: account,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await account.close();
    },
  };
}

/** What answers requests. */
interface Parts {
  logins: Logins;
  queries: Queries;
  stages: StageDoors;
  faults: FaultSource | undefined;
  clock: Clock;
}

/** What a request names: `/path?query`. */
interface Target {
  path: string;
  query: URLSearchParams;
}

/** Slashes count once, as with Snowflake: the drivers' core asks for `/monitoring/queries//ID`. */
function targetOf(url: string): Target {
  const [path, query = ''] = url.split(/\?(.*)/s) as [string, string?];
  return { path: path.replaceAll(/\/{2,}/g, '/'), query: new URLSearchParams(query) };
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { logins, queries, stages, faults, clock } = parts;
  const url = targetOf(request.url ?? '/');
  if (await stages.answer(request, response, url.path)) return;
  const authorization = request.headers.authorization;
  const address = request.socket.remoteAddress ?? '';
  const querying = url.path === '/queries/v1/query-request';
  const fault = querying ? undefined : faults?.take(operationOf(request.method ?? '', url.path));
  if (fault === 'slow') await clock.sleep(SLOW_MS);
  else if (fault) return misbehave(fault, request, response, async () => undefined);
  const route = `${request.method} ${url.path}`;
  switch (route) {
    case 'POST /session/v1/login-request': {
      const body = await readJson(request);
      const data = body.data ?? {};
      if (typeof data !== 'object') throw new BadRequest('data is no JSON object.');
      return succeed(response, await logins.login(url.query, data as Record<string, unknown>, address));
    }
    case 'POST /session/token-request':
      await readJson(request);
      return succeed(response, logins.renew(authorization));
    case 'POST /telemetry/send':
    case 'POST /telemetry/send/sessionless':
      await readJson(request);
      return succeed(response, 'Log Received');
  }
  const chunk = /^\/results\/([\w-]+)\/(\d+)\/(\d+)$/.exec(url.path);
  if (chunk) {
    const body = queries.chunk(chunk[1]!, Number(chunk[2]), Number(chunk[3]));
    if (body === undefined) return sendJson(response, '{"message":"this result is no longer kept"}', 403);
    // Not announced as JSON, which it is not without brackets: clients would try to parse it.
    return sendText(response, body, 'binary/octet-stream');
  }
  return answerLoggedIn(request, response, url, parts, logins.require(authorization, address));
}

async function answerLoggedIn(
  request: IncomingMessage,
  response: ServerResponse,
  url: Target,
  { logins, queries, faults, clock }: Parts,
  login: Login,
): Promise<void> {
  const { session } = login;
  const body = request.method === 'POST' ? await readJson(request) : {};
  const requestId = url.query.get('requestId') ?? '';
  switch (`${request.method} ${url.path}`) {
    case 'POST /queries/v1/query-request': {
      const query = queryBody(body);
      const run = () => queries.submit(session, requestId, query);
      const fault = faults?.take(operationOf('POST', url.path, String(body.sqlText ?? '')));
      if (fault === 'slow') await clock.sleep(SLOW_MS);
      else if (fault) return misbehave(fault, request, response, run);
      return sendJson(response, await run());
    }
    case 'POST /queries/v1/abort-request':
      return onAbort(response, queries.abort(session, { requestId: String(body.requestId) }));
    case 'POST /session/heartbeat':
      logins.extend(login);
      return succeed(response, null);
    case 'POST /session':
      if (url.query.get('delete') === 'true') await logins.logout(login);
      return succeed(response, null);
  }
  const query = /^\/(monitoring\/)?queries\/([0-9a-f-]{36})(\/result|\/abort-request)?$/i.exec(url.path);
  if (query?.[1]) return succeed(response, queries.monitoring(session, query[2]!));
  if (query?.[3] === '/result') return sendJson(response, await queries.result(session, query[2]!));
  if (query?.[3] === '/abort-request')
    return onAbort(response, queries.abort(session, { queryId: query[2]! }));
  sendJson(
    response,
    JSON.stringify({
      success: false,
      message: `The local Snowflake does not answer ${request.method} ${url.path}.`,
    }),
    404,
  );
}

function onAbort(response: ServerResponse, found: boolean): void {
  if (found) succeed(response, null);
  else fail(response, '000605', 'Identified SQL statement is not currently executing.', null);
}
