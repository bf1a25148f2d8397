import type { AwsCredentialIdentity } from '@smithy/types';
import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import type { Integration, Routine } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import { assumeRole } from '../integrations/assumed-role.js';
import { PRIVATE_PROVIDER } from '../integrations/definition.js';
import { meterOf } from '../metering/meter.js';
import { wayToGateway } from '../privatelink/endpoints.js';
import type { ExternalUse } from '../sessions/history.js';
import type { Session } from '../sessions/session.js';
import type { PackedColumn } from '../storage/packed-texts.js';
import { typeName } from '../types/type-name.js';
import type { InFlight } from './in-flight.js';
import { gatewayRegion, newBatchId, type ServiceRequest, type ServiceResponse, send } from './request.js';
import type { TranslatedFunction } from './translation.js';
import { translation } from './translation-threads.js';

/** API Gateway's own limit is 29 s. */
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_RETRIES = 8;
const LONGEST_PAUSE_MS = 3_000;
/** docs: sql-reference/external-functions-data-format, "Data format received by Snowflake". */
const MAX_RESPONSE = 10 * 1024 * 1024;

/** How SageMaker Runtime’s paths end: behind them is an endpoint, which may have to start. */
const INVOCATIONS = /\/invocations$/;

/** Rows that are sent together. */
export interface Batch {
  /** JSON, `{"data":[[0,…],…]}`. */
  data: string;
  rows: number;
}

/** What all batches of one call share. */
export interface CallPlan {
  account: Account;
  session: Session;
  routine: Routine;
  integration: Integration;
  translated: TranslatedFunction;
  queryId: string;
  signal?: AbortSignal;
  /** What the statement has sent so far is counted here. */
  use: ExternalUse;
  inFlight: InFlight;
}

/**
 * Sends one batch and reads its answer.
 * @param batch its rows as Snowflake sends them, JSON: `{"data":[[0,…],…]}`
 * @returns a cell for each row, in order, in each column that is wanted
 */
export async function sendBatch(plan: CallPlan, { data, rows }: Batch): Promise<PackedColumn[]> {
  const translated = translation(plan.translated, rows);
  try {
    const { url, body } = await translated.request(data);
    const { headers, body: answer } = await request(plan, new URL(url), body, rows);
    const json = !plan.translated.response || /\bjson\b/.test(headers['content-type'] ?? '');
    return await translated.answer({ body: new Uint8Array(answer), json });
  } finally {
    translated.end();
  }
}

async function request(plan: CallPlan, url: URL, body: Uint8Array, rows: number): Promise<ServiceResponse> {
  const { account, routine, signal, use, translated } = plan;
  if (!gatewayRegion(url.host))
    throw new SnowflakeError(
      '100350',
      '22023',
      `Remote service cannot be reached: ${url.host} is not resolved here. The local Snowflake knows only the local API Gateway's hosts, https://<api>.execute-api.<region>.amazonaws.com.`,
    );
  if (INVOCATIONS.test(url.pathname)) meterOf(account).callEndpoint(plan.session, url.href);
  const batchId = newBatchId();
  const headers = { ...requestHeaders(plan, batchId, translated.zipped), ...wayOf(plan) };
  let method: ServiceRequest['method'] = 'POST';
  // Snowflake promises no single delivery: it may send a batch that was answered again, by the same id.
  let again = account.faults?.repeats(routine.name) ?? false;
  for (let retries = 0, polls = 0; ; ) {
    signal?.throwIfAborted();
    const credentials: AwsCredentialIdentity = await assumeRole(account, plan.integration);
    const started = performance.now();
    let response: ServiceResponse | undefined;
    let failure = '';
    let room = false;
    try {
      response = await plan.inFlight.with(async () => {
        const time = account.clock.now();
        const outgoing: ServiceRequest = {
          ...{ method, url, headers, time },
          ...(method === 'POST' && { body }),
        };
        use.invocations++;
        use.sentRows += rows;
        use.sentBytes += outgoing.body?.length ?? 0;
        const { endpoint } = account.network.aws;
        const answer = await send(endpoint, outgoing, credentials, REQUEST_TIMEOUT_MS, signal);
        if (answer.status === 429) room = plan.inFlight.isRefused();
        return answer;
      }, signal);
      use.receivedBytes += response.bytes;
    } catch (error) {
      signal?.throwIfAborted();
      failure = (error as Error).message;
    }
    if (response && again) {
      again = false;
      continue;
    }
    if (response?.status === 200) {
      if (response.body.length > MAX_RESPONSE)
        throw remoteError(plan, "200 'the response is larger than 10 MB'", batchId, rows, retries, started);
      use.receivedRows += rows;
      return response;
    }
    if (response?.status === 202) {
      // The service works on; ask for the result with the same batch id.
      method = 'GET';
      delete headers['content-encoding'];
      await pause(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** polls++), signal);
      continue;
    }
    const retryable = !response || response.status === 429 || response.status >= 500;
    if (!retryable || retries >= MAX_RETRIES) {
      const shown = response
        ? `${response.status} '${response.body.toString('utf8').slice(0, 1000)}'`
        : `'${failure}'`;
      throw response
        ? remoteError(plan, shown, batchId, rows, retries, started)
        : new SnowflakeError(
            '100350',
            '22023',
            `Remote service cannot be reached: ${failure} (${retries} retries).`,
          );
    }
    const wait = Math.min(LONGEST_PAUSE_MS, 50 * 2 ** retries++) * (0.5 + Math.random());
    // It waits for room then, not for time to pass.
    if (!room) await pause(wait, signal);
  }
}

/** What the network tells API Gateway: through which VPC endpoint it comes. The local AWS has it from this header. */
function wayOf({ account, integration }: CallPlan): Record<string, string> {
  if (String(integration.properties.API_PROVIDER).toLowerCase() !== PRIVATE_PROVIDER) return {};
  const { endpoint, vpc } = wayToGateway(account);
  return { 'x-local-vpc-endpoint': `${endpoint} ${vpc}` };
}

/** docs: sql-reference/external-functions-data-format, "Header information". */
function requestHeaders(plan: CallPlan, batchId: string, zipped: boolean): Record<string, string> {
  const { routine } = plan;
  const signature = `(${routine.arguments.map((a) => `${identifier(a.name)} ${typeName(a.type).replace(/\(.*/, '')}`).join(', ')})`;
  const returns = typeName(routine.returns);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: '*/*',
    'user-agent': 'snowflake/1.0',
    'sf-external-function-format': 'json',
    'sf-external-function-format-version': '1.0',
    'sf-external-function-current-query-id': plan.queryId,
    'sf-external-function-query-batch-id': batchId,
    'sf-external-function-name': plainAscii(routine.name),
    'sf-external-function-name-base64': base64(routine.name),
    'sf-external-function-signature': plainAscii(signature),
    'sf-external-function-signature-base64': base64(signature),
    'sf-external-function-return-type': returns,
    'sf-external-function-return-type-base64': base64(returns),
  };
  if (zipped) {
    headers['content-encoding'] = 'gzip';
    headers['accept-encoding'] = 'gzip, deflate';
  }
  const key = plan.integration.properties.API_KEY;
  if (key) headers['x-api-key'] = String(key);
  for (const [name, value] of Object.entries(routine.external!.headers))
    headers[`sf-custom-${name.toLowerCase()}`] = value;
  for (const [name, value] of Object.entries(plan.translated.context)) {
    headers[name] = plainAscii(value);
    headers[`${name}-base64`] = base64(value);
  }
  return headers;
}

function plainAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

function remoteError(
  plan: CallPlan,
  shown: string,
  batchId: string,
  rows: number,
  retries: number,
  started: number,
): SnowflakeError {
  const ms = (performance.now() - started).toFixed(2);
  return new SnowflakeError(
    '100335',
    '22023',
    `Request failed for external function ${plan.routine.name} with remote service error: ${shown}; requests batch-id: ${batchId}; request batch size: ${rows} rows; request retries: ${retries}; response time (last retry): ${ms}ms`,
  );
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
