// The peer of the local Snowflake in bench/snowflake.ts: a server that does nothing. It answers every login with one
// text and every other request with another, which it gets as its first message; it sends back the port it serves.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Snowflake said once, for the server to say again. */
export interface Canned {
  readonly login: string;
  readonly other: string;
}

process.once('message', ({ login, other }: Canned) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const text = request.url?.startsWith('/session/v1/login-request') ? login : other;
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      response.writeHead(200, headers).end(text);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
});
process.once('disconnect', () => process.exit());
