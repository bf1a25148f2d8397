import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A loopback proxy in front of a Snowflake server that keeps the statements that clients send. */
export interface Recorder {
  readonly url: string;
  readonly statements: string[];
  close(): Promise<void>;
}

/** Starts a recorder before the server at `accessUrl`. */
export async function record(accessUrl: string): Promise<Recorder> {
  const target = new URL(accessUrl);
  const statements: string[] = [];
  const server: Server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      if (incoming.url?.startsWith('/queries/v1/query-request')) {
        const plain = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        statements.push(JSON.parse(plain.toString()).sqlText);
      }
      const onward = request(
        {
          host: target.hostname,
          port: target.port,
          path: incoming.url,
          method: incoming.method,
          headers: incoming.headers,
        },
        (reply) => {
          answer.writeHead(reply.statusCode as number, reply.headers);
          reply.pipe(answer);
        },
      );
      onward.on('error', () => answer.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statements,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
