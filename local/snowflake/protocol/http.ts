import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

const LARGEST_BODY = 512 * 1024 * 1024;

/** A request's JSON body, gunzipped if need be. An empty body is {}. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > LARGEST_BODY) throw new Error(`request body over ${LARGEST_BODY} bytes`);
    parts.push(part as Buffer);
  }
  let body = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  // Some clients gzip without saying so in a header.
  if (body[0] === 0x1f && body[1] === 0x8b) body = gunzipSync(body);
  return body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
}

/** Answers with JSON that is already text. */
export function sendJson(response: ServerResponse, json: string, status = 200): void {
  sendText(response, json, 'application/json', status);
}

/** Answers with a text of this media type. */
export function sendText(response: ServerResponse, text: string, type: string, status = 200): void {
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
