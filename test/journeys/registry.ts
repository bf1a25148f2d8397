import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface LoopbackRegistry {
  readonly url: string;
  /** Names of packages that it was asked for. */
  readonly names: ReadonlySet<string>;
  /** What the registry behind it did not give, `GET /x: 404`. */
  readonly refused: readonly string[];
  close(): void;
}

/** Headers that decide what a registry answers. */
const FORWARDED = ['accept', 'content-type', 'user-agent'];

/**
 * A registry on loopback for npm: it hands every question on to the one that npm is set up with here, and keeps the names.
 * @returns undefined where that one cannot be reached
 */
export async function loopbackRegistry(): Promise<LoopbackRegistry | undefined> {
  const behind = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const reached = await fetch(new URL('yaml', behind), { method: 'HEAD' }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!reached) return undefined;
  const names = new Set<string>();
  const refused: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.slice(1);
    await buffer(request);
    if (path.startsWith('-/')) {
      // npm's audit, which installs nothing: that there is nothing to tell is an answer.
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    names.add(/^(@[^/]+\/)?[^/]+/.exec(decodeURIComponent(path))![0]);
    const headers = FORWARDED.flatMap((name): [string, string][] => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    const given = await fetch(new URL(path, behind), { headers });
    if (!given.ok) refused.push(`${request.method} ${request.url}: ${given.status}`);
    response.writeHead(given.status, { 'content-type': given.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await given.arrayBuffer()));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      refused.push(`${request.method} ${request.url}: ${error}`);
      response.writeHead(502).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, names, refused, close: () => server.close() };
}
