import { randomUUID } from 'node:crypto';
import type { Clock } from '@local-cloud/kit/clock.js';
import type { Warehouse } from '../catalog/objects.js';
import type { SnowflakeError } from '../errors.js';
import type { StatementOutcome } from '../kernel/statement.js';
import { Fifo } from './fifo.js';
import type { Session } from './session.js';

/** Calls of remote services that a statement made, repeated ones too, and what went over the wire. */
export interface ExternalUse {
  invocations: number;
  sentRows: number;
  receivedRows: number;
  sentBytes: number;
  receivedBytes: number;
}

/** One statement that was run, for QUERY_HISTORY, RESULT_SCAN and clients that come back for a result. */
export interface QueryRecord {
  id: string;
  text: string;
  sessionId: number;
  user: string;
  role: string;
  database: string | undefined;
  schema: string | undefined;
  warehouse: string | undefined;
  /** Of the warehouse that it made run; none: no rows were read or changed. */
  warehouseSize?: string;
  warehouseType?: string;
  tag: string;
  status: 'RUNNING' | 'SUCCESS' | 'FAILED';
  startTime: number;
  endTime?: number;
  error?: SnowflakeError;
  rowsProduced: number;
  /** What it sent to remote services; none: it called no external function. */
  external?: ExternalUse;
  outcome?: StatementOutcome;
  /** Aborts the statement; only while it runs. */
  cancel?: () => void;
}

const MOST_RECORDS = 10_000;
/** Results are kept until together they have this many cells (Snowflake keeps them a day). */
const MOST_CELLS = 8_000_000;

/** The account's statements, newest last, in memory. */
export class History {
  private readonly records = new Map<string, QueryRecord>();
  private readonly order = new Fifo<string>();
  private readonly withResult = new Fifo<QueryRecord>();
  private cells = 0;

  constructor(private readonly clock: Clock) {}

  start(session: Session, text: string, id = newQueryId()): QueryRecord {
    const record: QueryRecord = {
      id,
      text,
      sessionId: session.id,
      user: session.user,
      role: session.role,
      database: session.database,
      schema: session.schema,
      warehouse: session.warehouse,
      tag: String(session.parameter('QUERY_TAG')),
      status: 'RUNNING',
      startTime: this.clock.now(),
      rowsProduced: 0,
    };
    this.records.set(id, record);
    this.order.push(id);
    session.queryIds.push(id);
    if (session.queryIds.length > 1000) session.queryIds.splice(0, 500);
    if (this.order.length > MOST_RECORDS) this.records.delete(this.order.shift()!);
    return record;
  }

  /** A warehouse runs for a statement. */
  compute(id: string, { size, sizing }: Warehouse): void {
    const record = this.records.get(id);
    if (!record) return;
    record.warehouseSize = size;
    record.warehouseType = String(sizing?.WAREHOUSE_TYPE ?? 'STANDARD');
  }

  succeed(record: QueryRecord, outcome: StatementOutcome): void {
    record.status = 'SUCCESS';
    record.endTime = this.clock.now();
    record.rowsProduced = outcome.rows.length;
    record.outcome = outcome;
    this.withResult.push(record);
    this.cells += cellsOf(outcome);
    while (this.withResult.length > 1 && (this.cells > MOST_CELLS || this.withResult.length > MOST_RECORDS)) {
      const oldest = this.withResult.shift()!;
      this.cells -= cellsOf(oldest.outcome!);
      delete oldest.outcome;
    }
  }

  fail(record: QueryRecord, error: SnowflakeError): void {
    record.status = 'FAILED';
    record.endTime = this.clock.now();
    record.error = error;
  }

  get(id: string): QueryRecord | undefined {
    return this.records.get(id);
  }

  /** Oldest first. */
  all(): QueryRecord[] {
    return [...this.records.values()];
  }
}

function cellsOf(outcome: StatementOutcome): number {
  return 1 + outcome.rows.length * outcome.columns.length;
}

/** Snowflake's ids are UUID-shaped and begin with 01. */
export function newQueryId(): string {
  return `01${randomUUID().slice(2)}`;
}
