/**
 * What a handler tells by snowflake.log, addEvent and setSpanAttribute. Values are JSON text, so that they cross
 * from the handler's realm or thread; null is `undefined`.
 */
export type Telling =
  | { log: string; value: string | null; attributes: string | null }
  | { event: string; attributes: string | null }
  | { attribute: string; value: string | null };

/** An exception that a handler let go. */
export interface Uncaught {
  type: string;
  message: string;
  stack: string;
}

/** Where it is told to; see events/execution.ts. */
export interface Telemetry {
  tell(telling: Telling): void;
  failed(error: Uncaught): void;
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

/**
 * Makes snowflake.log, addEvent and setSpanAttribute. It runs inside the handler's realm and uses nothing from this
 * module.
 *
 * API: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-api
 */
export function telemetryApi(tell: (telling: Telling) => void) {
  const LEVELS = ['off', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  const json = (value: unknown): string | null => JSON.stringify(value) ?? null;
  /** Attributes are key-value pairs; anything else has no place in a record. */
  const pairs = (attributes: unknown): string | null =>
    typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
      ? json(attributes)
      : null;
  return {
    log(level: unknown, message: unknown, attributes?: unknown) {
      if (typeof level !== 'string') throw new Error('snowflake.log: the level must be a string');
      if (!LEVELS.includes(level))
        throw new Error(`snowflake.log: '${level}' is no level; the levels are ${LEVELS.join(', ')}`);
      tell({ log: level, value: json(message), attributes: pairs(attributes) });
    },
    addEvent(...args: unknown[]) {
      if (args.length < 1 || args.length > 2)
        throw new Error('snowflake.addEvent takes a name and, optionally, attributes');
      if (typeof args[0] !== 'string') throw new Error('snowflake.addEvent: the name must be a string');
      tell({ event: args[0], attributes: pairs(args[1]) });
    },
    setSpanAttribute(...args: unknown[]) {
      if (args.length !== 2) throw new Error('snowflake.setSpanAttribute takes a key and a value');
      if (typeof args[0] !== 'string')
        throw new Error('snowflake.setSpanAttribute: the key must be a string');
      tell({ attribute: args[0], value: json(args[1]) });
    },
  };
}
