import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallFault } from '@local-cloud/kit/faults/fault.js';
import { SnowflakeError } from '../errors.js';
import { newQueryId } from '../sessions/history.js';
import { sendJson, sendText } from './http.js';
import { errorJson } from './responses.js';

/** Decides which requests go wrong; see local/kit/faults. */
export interface FaultSource {
  take(operation: string): CallFault | undefined;
  /** Whether a batch of an external function is sent twice. */
  repeats(name: string): boolean;
}

/**
 * What a request is called when faults are set: `snowflake:LOGIN`, `snowflake:RESULT` (asking again for a result),
 * or the first word of the statement, `snowflake:INSERT`.
 */
export function operationOf(method: string, path: string, sqlText?: string): string {
  if (sqlText !== undefined) {
    const word = /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(\w+)/.exec(sqlText)?.[1] ?? 'EMPTY';
    return `snowflake:${word.toUpperCase()}`;
  }
  if (path.startsWith('/session/v1/login')) return 'snowflake:LOGIN';
  if (path.startsWith('/results/') || path.endsWith('/result')) return 'snowflake:RESULT';
  return `snowflake:${method === 'POST' ? 'SESSION' : 'STATUS'}`;
}

/**
 * Answers wrongly. `run` does what was asked: an answer that is lost, or that makes no sense, leaves the client not
 * knowing that it was done.
 */
export async function misbehave(
  kind: Exclude<CallFault, 'slow'>,
  request: IncomingMessage,
  response: ServerResponse,
  run: () => Promise<unknown>,
): Promise<void> {
  switch (kind) {
    case 'throttle':
      return sendJson(response, '{"success":false,"message":"too many requests"}', 429);
    case 'unavailable':
      return sendJson(response, '{"success":false,"message":"service unavailable"}', 503);
    case 'fail': {
      const error = new SnowflakeError(
        '000603',
        'XX000',
        'SQL execution internal error:\nProcessing aborted by error 300002:1; incident (a fault set on command).',
      );
      return sendJson(response, errorJson(error, newQueryId()));
    }
    case 'hang':
      return;
    case 'cut':
      request.socket.destroy();
      return;
    case 'lose':
      await run();
      request.socket.destroy();
      return;
    case 'garbage':
      await run();
      return sendText(response, '\u0000\u0001 this is no JSON', 'application/octet-stream');
  }
}
