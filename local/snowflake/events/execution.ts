import { randomBytes } from 'node:crypto';
import type { Account } from '../account.js';
import type { Routine } from '../catalog/objects.js';
import type { Telemetry, Telling, Uncaught } from '../javascript/telemetry.js';
import type { Session } from '../sessions/session.js';
import { type LogLevel, logLevel, records, traceLevel } from './levels.js';
import { activeEventTable, type EventRecord, resourceAttributes } from './records.js';
import { type Attributes, Span, type SpanRecord } from './span.js';

/** What a severity is called in SQL besides its name. */
const ALIASES: Record<string, LogLevel> = { WARNING: 'WARN' };

/**
 * One execution of a routine: a procedure's call, or a function's rows in one statement. It turns what the handler
 * tells into records: log messages at once, the spans with their events when the execution ends.
 *
 * Shapes: docs, developer-guide/logging-tracing/event-table-columns. Spans of the SQL statements that a procedure
 * runs ("SQL statement tracing") are not recorded.
 */
export class Execution implements Telemetry {
  readonly traceId: string;
  /** The span that Snowflake makes. */
  readonly span: Span;
  /** Rows that a function was called for, and those that it gave a value for. */
  input = 0;
  output = 0;
  /** Spans that the handler makes itself, those that have not ended by their ids. */
  private readonly open = new Map<string, Span>();
  private readonly ended: SpanRecord[] = [];
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
    parent: Execution | undefined,
    private readonly write: (record: EventRecord) => void,
  ) {
    this.traceId = parent?.traceId ?? queryId.replaceAll('-', '');
    const id = randomBytes(8).toString('hex');
    this.span = new Span(id, parent?.span.id, 'snow.auto_instrumented', 'INTERNAL', account.clock.now());
  }

  tell(telling: Telling): void {
    if ('log' in telling) this.log(telling.log, telling.value, tryParse(telling.attributes) as Attributes);
    else if ('start' in telling) {
      const { start: id, parent = this.span.id, name, kind } = telling;
      this.open.set(id, new Span(id, parent, name, kind, this.account.clock.now()));
    } else if ('end' in telling) this.endOwn(telling.end, telling.status);
    else {
      const span = telling.span === undefined ? this.span : this.open.get(telling.span);
      if ('attribute' in telling) span?.set(telling.attribute, tryParse(telling.value) ?? null);
      else
        span?.addEvent(this.account.clock.now(), telling.event, tryParse(telling.attributes) as Attributes);
    }
  }

  private endOwn(id: string, status: string): void {
    const span = this.open.get(id);
    if (!span) return;
    this.open.delete(id);
    span.status = `STATUS_CODE_${status}`;
    this.ended.push(...span.records(this.account.clock.now(), this.traceId));
  }

  recordFailure(error: Uncaught): void {
    this.exception = error;
  }

  /** @param value JSON text */
  log(level: string, value: string | null, attributes?: Attributes): void {
    const severity = (ALIASES[level.toUpperCase()] ?? level.toUpperCase()) as LogLevel;
    if (!records(logLevel(this.account, this.session, this.routine), severity)) return;
    this.recordLog(severity, value, attributes);
  }

  private recordLog(severity: LogLevel, value: string | null, attributes: Attributes | undefined): void {
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

  /** The execution is over: its exception and its spans are recorded, as the levels say. */
  end(): void {
    const exception = this.takeReport();
    if (exception && records(logLevel(this.account, this.session, this.routine), 'ERROR'))
      this.recordLog('FATAL', '"exception"', exceptionAttributes(exception));
    const ran = this.routine?.kind === 'PROCEDURE' || this.input > 0;
    if (ran) this.endSpan(exception);
  }

  private endSpan(exception: Uncaught | undefined): void {
    const time = this.account.clock.now();
    if (exception) this.span.fail(time, exceptionAttributes(exception));
    const level = traceLevel(this.account, this.session, this.routine);
    const told = this.span.hasEvents || this.ended.length > 0;
    if (level === 'OFF' || (level === 'ON_EVENT' && !told)) return;
    const counts =
      this.routine?.kind === 'FUNCTION'
        ? { 'snow.input.rows': this.input, 'snow.output.rows': this.output }
        : {};
    for (const record of [...this.ended, ...this.span.records(time, this.traceId, counts)])
      this.record(record);
  }

  private takeReport(): Uncaught | undefined {
    return this.session.parameter('ENABLE_UNHANDLED_EXCEPTIONS_REPORTING') === true
      ? this.exception
      : undefined;
  }

  private record(record: SpanRecord): void {
    const table = activeEventTable(this.account, this.routine);
    if (!table) return;
    this.resource ??= JSON.stringify(
      resourceAttributes(this.account, this.session, this.routine, this.queryId),
    );
    this.write({ table, resource: this.resource, ...record });
  }
}

function tryParse(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
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
