/** Sends a request to a loopback server under another host's name, signed by the SDK's own signer. */
import { request as send } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Keys } from '../support.js';
import type { Answer } from './api.js';

interface Sent {
  method: string;
  host: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  keys: Keys | null;
}

export async function sendSigned(
  endpoint: string,
  { method, host, path, headers, body, keys }: Sent,
): Promise<Answer> {
  const { hostname, port } = new URL(endpoint);
  let all: Record<string, string> = { host, ...headers };
  if (keys) {
    const signer = new SignatureV4({
      credentials: keys,
      region: 'us-east-1',
      service: 'execute-api',
      sha256: Sha256,
    });
    const signed = await signer.sign({
      method,
      protocol: 'https:',
      hostname: host,
      path,
      headers: all,
      body,
    });
    all = signed.headers;
  }
  return new Promise((resolve, reject) => {
    const outgoing = send({ hostname, port, method, path, headers: all }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      const text = bytes.toString('utf8');
      let message: string | undefined;
      if (answer.headers['content-type'] === 'application/json' && text.startsWith('{')) {
        const json = JSON.parse(text) as { message?: string; Message?: string };
        message = json.message ?? json.Message;
      }
      resolve({
        status: answer.statusCode!,
        headers: new Headers(answer.headers as Record<string, string>),
        text,
        bytes,
        message,
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
