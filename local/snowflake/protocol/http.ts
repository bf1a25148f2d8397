import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A request that no client of Snowflake's sends: answered with 400 and this sentence. */
export class BadRequest extends Error {}

const LARGEST_BODY = 512 * 1024 * 1024;

/** A request's JSON body, gunzipped if need be. An empty body is {}. */
export function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > LARGEST_BODY)
        reject(new BadRequest(`The body of the request is over ${LARGEST_BODY} bytes.`));
      else parts.push(part);
    });
    request.on('error', reject);
    request.on('end', () => {
      try {
        resolve(parseBody(parts.length === 1 ? parts[0]! : Buffer.concat(parts)));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function parseBody(body: Buffer): Record<string, unknown> {
  // Some clients gzip without saying so in a header.
  const plain = body[0] === 0x1f && body[1] === 0x8b ? unzip(body) : body;
  if (plain.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(plain.toString());
  } catch {
    throw new BadRequest('The body of the request is no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest('The body of the request is no JSON object.');
  return value as Record<string, unknown>;
}

function unzip(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: LARGEST_BODY });
  } catch {
    throw new BadRequest('The body of the request is said to be gzip, and is not, or is too large.');
  }
}

/** Answers with JSON that is already text. */
export function sendJson(response: ServerResponse, json: string, status = 200): void {
  sendText(response, json, 'application/json', status);
}

/** Answers with a text, or bytes, of this media type. */
export function sendText(response: ServerResponse, text: string | Buffer, type: string, status = 200): void {
  // A text goes out in one packet with its headers; a buffer would not.
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Snowflake's answer to a request that succeeded. */
export function succeed(response: ServerResponse, data: unknown): void {
  sendJson(response, JSON.stringify({ data, code: null, message: null, success: true }));
}

/** Snowflake answers nearly all errors with HTTP 200 and `success: false`. */
export function fail(
  response: ServerResponse,
  code: string,
  message: string,
  data: unknown = null,
  status = 200,
): void {
  sendJson(response, JSON.stringify({ data, code, message, success: false, headers: null }), status);
}
