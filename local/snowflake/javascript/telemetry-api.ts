import type { Telling } from './telemetry.js';

/**
 * Makes snowflake.log, addEvent and setSpanAttribute, and as much of OpenTelemetry's API as makes spans of one's own.
 * It runs inside the handler's realm and uses nothing from this module.
 *
 * API: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-api and
 * developer-guide/logging-tracing/tracing-javascript, "Adding custom spans"
 */
export function telemetryApi(tell: (telling: Telling) => void) {
  const LEVELS = ['off', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
  const STATUS = ['UNSET', 'OK', 'ERROR'];
  const json = (value: unknown): string | null => JSON.stringify(value) ?? null;
  /** Attributes are key-value pairs; anything else has no place in a record. */
  const pairs = (attributes: unknown): string | null =>
    typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
      ? json(attributes)
      : null;
  const newId = () => {
    let id = '';
    while (id.length < 16) id += Math.floor(Math.random() * 16).toString(16);
    return id;
  };

  class Span {
    readonly id = newId();
    #status = 0;
    #ended = false;

    constructor(name: unknown, options: { kind?: number; attributes?: Record<string, unknown> } = {}) {
      const parent = active && { parent: active.id };
      tell({ start: this.id, name: String(name), kind: KINDS[options.kind ?? 0] ?? 'INTERNAL', ...parent });
      this.setAttributes(options.attributes ?? {});
    }
    setAttribute(key: unknown, value: unknown) {
      if (!this.#ended) tell({ attribute: String(key), value: json(value), span: this.id });
      return this;
    }
    setAttributes(attributes: Record<string, unknown>) {
      for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value);
      return this;
    }
    addEvent(name: unknown, attributes?: unknown) {
      if (!this.#ended) tell({ event: String(name), attributes: pairs(attributes), span: this.id });
      return this;
    }
    recordException(error: unknown) {
      const { name, message, stack } = (error ?? {}) as Record<string, unknown>;
      return this.addEvent('exception', {
        'exception.type': name,
        'exception.message': message ?? String(error),
        'exception.stacktrace': stack,
      });
    }
    setStatus(status: { code?: number }) {
      this.#status = status?.code ?? 0;
      return this;
    }
    isRecording() {
      return !this.#ended;
    }
    end() {
      if (!this.#ended) tell({ end: this.id, status: STATUS[this.#status] ?? 'UNSET' });
      this.#ended = true;
    }
  }
  let active: Span | undefined;

  const tracer = {
    startSpan: (name: unknown, options?: object) => new Span(name, options),
    /** startActiveSpan(name, [options, [context,]] work) */
    startActiveSpan(name: unknown, ...rest: unknown[]) {
      const work = rest[rest.length - 1] as (span: Span) => unknown;
      const span = new Span(name, rest.length > 1 ? (rest[0] as object) : undefined);
      const before = active;
      active = span;
      try {
        return work(span);
      } finally {
        active = before;
      }
    },
  };
  const opentelemetry = {
    trace: { getTracer: () => tracer, getActiveSpan: () => active },
    SpanKind: Object.fromEntries(KINDS.map((kind, i) => [kind, i])),
    SpanStatusCode: Object.fromEntries(STATUS.map((status, i) => [status, i])),
  };
  const spanFields = () => (active ? { span: active.id } : {});

  const snowflake = {
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
      tell({ event: args[0], attributes: pairs(args[1]), ...spanFields() });
    },
    setSpanAttribute(...args: unknown[]) {
      if (args.length !== 2) throw new Error('snowflake.setSpanAttribute takes a key and a value');
      if (typeof args[0] !== 'string')
        throw new Error('snowflake.setSpanAttribute: the key must be a string');
      tell({ attribute: args[0], value: json(args[1]), ...spanFields() });
    },
  };
  return { snowflake, opentelemetry };
}
