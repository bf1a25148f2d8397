import { randomBytes } from 'node:crypto';
import type { Account } from '../account.js';
import type { Routine } from '../catalog/objects.js';
import type { Telemetry, Telling, Uncaught } from '../javascript/telemetry.js';
import type { Session } from '../sessions/session.js';
import { type LogLevel, logLevel, records, traceLevel } from './levels.js';
import { activeEventTable, type EventRecord, resourceAttributes } from './records.js';

/** A span holds this many events, and this many attributes; further ones are dropped. */
const MOST_IN_SPAN = 128;

/** What a severity is called in SQL besides its name. */
const ALIASES: Record<string, LogLevel> = { WARNING: 'WARN' };

/**
 * One execution of a routine: a procedure's call, or a function's rows in one statement. It turns what the handler
 * tells into records: log messages at once, the span with its events when the execution ends.
 *
 * Shapes: docs, developer-guide/logging-tracing/event-table-columns and tracing-how-events-work.
 */
export class Execution implements Telemetry {
  readonly spanId = randomBytes(8).toString('hex');
  readonly traceId: string;
  /** Rows that a function was called for, and those that it gave a value for. */
  input = 0;
  output = 0;
  private readonly startedAt: number;
  private readonly events: { time: number; name: string; attributes: Attributes | undefined }[] = [];
  private readonly attributes = new Map<string, unknown>();
  private exception: Uncaught | undefined;
  private resource: string | undefined;

  /**
   * @param routine none: a statement outside of any routine
   * @param parent the procedure that called it
   * @param write takes the finished records
   */
  constructor(
    private readonly account: Account,
    private readonly session: Session,
    readonly routine: Routine | undefined,
    private readonly queryId: string,
    private readonly parent: Execution | undefined,
    private readonly write: (record: EventRecord) => void,
  ) {
    this.traceId = parent?.traceId ?? queryId.replaceAll('-', '');
    this.startedAt = account.clock.now();
  }

  tell(telling: Telling): void {
    if ('log' in telling) this.log(telling.log, telling.value, attributesOf(telling.attributes));
    else if ('event' in telling) this.addEvent(telling.event, attributesOf(telling.attributes));
    else if (this.attributes.size < MOST_IN_SPAN || this.attributes.has(telling.attribute))
      this.attributes.set(telling.attribute, telling.value === null ? null : JSON.parse(telling.value));
  }

  failed(error: Uncaught): void {
    this.exception = error;
  }

  /** @param value JSON text */
  log(level: string, value: string | null, attributes?: Attributes): void {
    const severity = (ALIASES[level.toUpperCase()] ?? level.toUpperCase()) as LogLevel;
    if (!records(logLevel(this.account, this.session, this.routine), severity)) return;
    const time = this.account.clock.now();
    this.record({
      type: 'LOG',
      time,
      observed: time,
      record: { severity_text: severity },
      attributes,
      value,
    });
  }

  private addEvent(name: string, attributes: Attributes | undefined): void {
    if (this.events.length < MOST_IN_SPAN)
      this.events.push({ time: this.account.clock.now(), name, attributes });
  }

  /** The execution is over: its exception and its span are recorded, as the levels say. */
  end(): void {
    const exception = this.reported();
    if (exception && records(logLevel(this.account, this.session, this.routine), 'ERROR')) {
      const time = this.account.clock.now();
      this.record({
        type: 'LOG',
        time,
        observed: time,
        record: { severity_text: 'FATAL' },
        attributes: exceptionAttributes(exception),
        value: '"exception"',
      });
    }
    const ran = this.routine?.kind === 'PROCEDURE' || this.input > 0;
    if (ran) this.endSpan(exception);
  }

  private endSpan(exception: Uncaught | undefined): void {
    const level = traceLevel(this.account, this.session, this.routine);
    if (level === 'OFF' || (level === 'ON_EVENT' && this.events.length === 0 && !exception)) return;
    const trace = { span_id: this.spanId, trace_id: this.traceId };
    const time = this.account.clock.now();
    for (const event of this.events)
      this.record({
        type: 'SPAN_EVENT',
        time: event.time,
        trace,
        record: { name: event.name },
        attributes: event.attributes,
      });
    const status = { code: exception ? 'STATUS_CODE_ERROR' : 'STATUS_CODE_UNSET' };
    if (exception)
      this.record({
        type: 'SPAN_EVENT',
        time,
        trace,
        record: { name: 'exception', status },
        attributes: exceptionAttributes(exception),
      });
    const rows =
      this.routine?.kind === 'FUNCTION'
        ? { 'snow.input.rows': this.input, 'snow.output.rows': this.output }
        : {};
    const attributes = { ...Object.fromEntries(this.attributes), ...rows };
    this.record({
      type: 'SPAN',
      time,
      start: this.startedAt,
      trace,
      record: {
        kind: 'SPAN_KIND_INTERNAL',
        name: 'snow.auto_instrumented',
        ...(this.parent && { parent_span_id: this.parent.spanId }),
        status,
      },
      attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
    });
  }

  private reported(): Uncaught | undefined {
    return this.session.parameter('ENABLE_UNHANDLED_EXCEPTIONS_REPORTING') === true
      ? this.exception
      : undefined;
  }

  private record(record: Omit<EventRecord, 'table' | 'resource'>): void {
    const table = activeEventTable(this.account, this.routine);
    if (!table) return;
    this.resource ??= JSON.stringify(
      resourceAttributes(this.account, this.session, this.routine, this.queryId),
    );
    this.write({ table, resource: this.resource, ...record });
  }
}

type Attributes = Record<string, unknown>;

function attributesOf(text: string | null): Attributes | undefined {
  return text === null ? undefined : (JSON.parse(text) as Attributes);
}

/** docs: developer-guide/logging-tracing/unhandled-exception-messages */
function exceptionAttributes({ type, message, stack }: Uncaught): Attributes {
  return {
    'exception.escaped': true,
    'exception.message': message,
    'exception.stacktrace': stack,
    'exception.type': type,
  };
}
