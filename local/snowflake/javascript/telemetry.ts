/**
 * What a handler tells by snowflake.log, addEvent and setSpanAttribute, and of the spans that it makes itself.
 * Values are JSON text, so that they cross from the handler's realm or thread; null is `undefined`.
 */
export type Telling =
  | { log: string; value: string | null; attributes: string | null }
  /** `span`: of the handler's own; without it, the span that Snowflake makes. */
  | { event: string; attributes: string | null; span?: string }
  | { attribute: string; value: string | null; span?: string }
  /** A span of the handler's own begins: its id, 16 hexadecimal digits. */
  | { start: string; name: string; kind: string; parent?: string }
  | { end: string; status: string };

/** An exception that a handler let go. */
export interface Uncaught {
  type: string;
  message: string;
  stack: string;
}

/** Where it is told to; see events/execution.ts. */
export interface Telemetry {
  tell(telling: Telling): void;
  recordFailure(error: Uncaught): void;
}

/** Describes what a handler threw, from whatever realm. */
export function uncaught(error: unknown): Uncaught {
  const thrown = error as { name?: unknown; message?: unknown; stack?: unknown } | null | undefined;
  const isError = typeof thrown === 'object' && thrown !== null && typeof thrown.message === 'string';
  const message = isError ? String(thrown.message) : String(error);
  return {
    type: isError ? String(thrown.name ?? 'Error') : typeof error,
    message,
    stack: isError && typeof thrown.stack === 'string' ? handlerFrames(thrown.stack) : message,
  };
}

/** A stack without the frames of this program. */
function handlerFrames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s+at .*(?:node:|file:|\/|\$rows|evalmachine)/.test(line))
    .join('\n');
}
