// The local cloud's own switchboard, apart from the services that it plays: JSON over HTTP on loopback. Every request
// carries `Authorization: Bearer TOKEN`; address and token are in local.json, so that no web page can reach it.
//
//   GET    /faults   the faults that are set: [{fault, hits, left}]
//   POST   /faults   sets one or more: {"faults": ["s3:PutObject=throttle,next=3"]}; the syntax is in local/kit/faults/fault.ts
//   DELETE /faults   clears all
//   GET    /costs    what the same use would have cost in AWS: see aws/costs/summary.ts
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CostSummary } from '@local-cloud/aws/costs/summary.js';
import { FAULT_SYNTAX, FaultSyntaxError, parseFault } from '@local-cloud/kit/faults/fault.js';
import type { Faults } from '@local-cloud/kit/faults/faults.js';

export interface Control {
  /** http://127.0.0.1:PORT */
  url: string;
  token: string;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body?: unknown;
}

/** Starts the switchboard on a free port. */
export async function startControl({
  faults,
  costs,
}: {
  faults: Faults;
  costs: () => CostSummary;
}): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const routes: Record<string, (body: unknown) => Answer> = {
    'GET /faults': () => ({ status: 200, body: faults.list() }),
    'POST /faults': (body) => setFaults(faults, body),
    'DELETE /faults': () => {
      faults.clear();
      return { status: 204 };
    },
    'GET /costs': () => ({ status: 200, body: costs() }),
  };
  const respond = async (request: IncomingMessage): Promise<Answer> => {
    if (!isAuthorized(request, token))
      return refusal(401, 'The token is missing or wrong; it is in local.json.');
    const route = routes[`${request.method} ${request.url}`];
    if (!route) return refusal(404, `There are ${Object.keys(routes).join(', ')}.`);
    const body = await readJson(request);
    return body === undefined ? refusal(400, 'The body is not JSON of at most 64 kB.') : route(body);
  };
  const server = createServer((request, response) => {
    respond(request)
      .catch((error: Error) => refusal(500, error.message))
      .then(({ status, body }) => {
        const text = body === undefined ? '' : JSON.stringify(body);
        response.writeHead(status, { ...(text && { 'content-type': 'application/json' }) }).end(text);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const refusal = (status: number, error: string): Answer => ({ status, body: { error } });

/** All or none: a list with one mistake sets nothing. */
function setFaults(faults: Faults, body: unknown): Answer {
  const list = (body as { faults?: unknown } | null)?.faults;
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string'))
    return refusal(400, `Send {"faults": ["${FAULT_SYNTAX}", …]}.`);
  try {
    for (const spec of list.map(parseFault)) faults.add(spec);
    return { status: 201, body: faults.list() };
  } catch (error) {
    if (error instanceof FaultSyntaxError) return refusal(400, error.message);
    throw error;
  }
}

function isAuthorized({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The body; null for none, undefined for one that is too long or no JSON. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 65_536) return undefined;
  }
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
