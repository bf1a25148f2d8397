import type { EventRecord } from './records.js';

/** A span holds this many events, and this many attributes; further ones are dropped. */
const MOST = 128;

export type Attributes = Record<string, unknown>;

/** A record but for its place and its source. */
export type SpanRecord = Omit<EventRecord, 'table' | 'resource'>;

/**
 * A span while it is open: the one of an execution, or one that a handler made itself.
 * Limits and shapes: docs, developer-guide/logging-tracing/tracing-how-events-work and event-table-columns.
 */
export class Span {
  private readonly added: {
    time: number;
    name: string;
    attributes: Attributes | undefined;
    status?: object;
  }[] = [];
  private readonly attributes = new Map<string, unknown>();
  status = 'STATUS_CODE_UNSET';

  constructor(
    readonly id: string,
    readonly parent: string | undefined,
    private readonly name: string,
    private readonly kind: string,
    private readonly start: number,
  ) {}

  get hasEvents(): boolean {
    return this.added.length > 0;
  }

  addEvent(time: number, name: string, attributes: Attributes | undefined): void {
    if (this.added.length < MOST) this.added.push({ time, name, attributes });
  }

  /** The exception that ended it, which is recorded in any case. */
  fail(time: number, attributes: Attributes): void {
    this.status = 'STATUS_CODE_ERROR';
    this.added.push({ time, name: 'exception', attributes, status: { code: this.status } });
  }

  set(key: string, value: unknown): void {
    if (this.attributes.size < MOST || this.attributes.has(key)) this.attributes.set(key, value);
  }

  /** The records of its events, and its own. @param counts attributes that Snowflake sets */
  records(end: number, traceId: string, counts: Attributes = {}): SpanRecord[] {
    const trace = { span_id: this.id, trace_id: traceId };
    const events = this.added.map(({ time, name, attributes, status }): SpanRecord => {
      const record = { name, ...(status && { status }) };
      return { type: 'SPAN_EVENT', time, trace, record, attributes };
    });
    const attributes = { ...Object.fromEntries(this.attributes), ...counts };
    const span: SpanRecord = {
      type: 'SPAN',
      time: end,
      start: this.start,
      trace,
      record: {
        kind: `SPAN_KIND_${this.kind}`,
        name: this.name,
        ...(this.parent !== undefined && { parent_span_id: this.parent }),
        status: { code: this.status },
      },
      attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
    };
    return [...events, span];
  }
}
