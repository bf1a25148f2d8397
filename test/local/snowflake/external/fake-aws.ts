import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Network } from '@local-cloud/snowflake/account.js';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}
export interface Reply {
  status?: number;
  body?: string;
  contentType?: string;
}

/** An STS that lets everybody in, and an API Gateway that answers what the test says. Nothing is verified here. */
export interface FakeAws {
  network: Network;
  received: Received[];
  assumed: URLSearchParams[];
  /** Answers a request of an external function; the default echoes each row's first argument. */
  reply: (request: Received) => Reply | Promise<Reply>;
  close(): Promise<void>;
}

export const HOST = 'abc123.execute-api.us-east-1.amazonaws.com';
export const URL_PREFIX = `https://${HOST}/prod/`;

export function echo({ body }: Received): Reply {
  const { data } = JSON.parse(body) as { data: unknown[][] };
  return { body: JSON.stringify({ data: data.map(([n, value]) => [n, value]) }) };
}

export async function fakeAws(): Promise<FakeAws> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const raw = Buffer.concat(parts);
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
      if (request.headers.host !== HOST) {
        fake.assumed.push(new URLSearchParams(body));
        response.setHeader('content-type', 'text/xml');
        response.end(ASSUMED);
        return;
      }
      const received = { method: request.method!, path: request.url!, headers: request.headers, body };
      fake.received.push(received);
      const reply = await fake.reply(received);
      response.statusCode = reply.status ?? 200;
      response.setHeader('content-type', reply.contentType ?? 'application/json');
      const zipped = response.statusCode === 200;
      if (zipped) response.setHeader('content-encoding', 'gzip');
      response.end(zipped ? gzipSync(reply.body ?? '') : reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fake: FakeAws = {
    network: {
      aws: {
        endpoint,
        region: 'us-east-1',
        user: {
          arn: 'arn:aws:iam::999999999999:user/snow',
          accessKeyId: 'AKIAFAKE',
          secretAccessKey: 'secret',
        },
      },
      smtpUrl: 'smtp://127.0.0.1:9',
    },
    received: [],
    assumed: [],
    reply: echo,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIAFAKE</AccessKeyId><SecretAccessKey>temporary</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
<AssumedRoleUser><AssumedRoleId>AROA:snowflake</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/snowflake</Arn></AssumedRoleUser>
</AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>`;
