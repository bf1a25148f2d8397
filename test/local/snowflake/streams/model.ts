/**
 * A table with two streams, seen by several sessions, as Snowflake's documentation describes it
 * (user-guide/streams-intro): the simplest thing that the local Snowflake can be compared with.
 */

export interface Row {
  id: number;
  v: string;
}

interface Change {
  key: number;
  before?: Row;
  after?: Row;
}

interface Open {
  /** How many transactions had been committed when this one began: what it sees of the streams. */
  began: number;
  changes: Change[];
  /** By stream: from which offset this transaction reads it, and whether it has consumed it. */
  windows: Map<StreamName, { offset: number; consumed: boolean }>;
}

export type StreamName = 'standard' | 'appended';
export const STREAMS: StreamName[] = ['standard', 'appended'];
export type Record = [id: number, v: string, action: 'INSERT' | 'DELETE', update: boolean];

export class StreamModel {
  /** The changes of each committed transaction. */
  private readonly log: Change[][] = [];
  private readonly rows = new Map<number, Row>();
  private readonly offsets = { standard: 0, appended: 0 };
  /** The time since which each stream has its retention time, which is none: any later one makes it stale. */
  private readonly consumed = { standard: 0, appended: 0 };
  private now = 0;
  /** Streams whose table was replaced since they were made. */
  private readonly orphans = new Set<StreamName>();
  private readonly open: (Open | undefined)[] = [];
  private keys = 0;

  /** Time passes. */
  tick(): void {
    this.now++;
  }

  /** The code of the error that reading the stream ends with, if it does. */
  unreadable(stream: StreamName): string | undefined {
    if (this.orphans.has(stream)) return '091901';
    return this.now > this.consumed[stream] ? '000707' : undefined;
  }

  /** CREATE OR REPLACE STREAM: it starts here; what was seen or consumed of the old one means nothing any more. */
  recreate(session: number, stream: StreamName): void {
    if (this.open[session]) this.commit(session);
    this.offsets[stream] = this.log.length;
    this.consumed[stream] = this.now;
    this.orphans.delete(stream);
    for (const open of this.open) open?.windows.delete(stream);
  }

  /** CREATE OR REPLACE TABLE. */
  replaceTable(session: number): void {
    if (this.open[session]) this.commit(session);
    this.rows.clear();
    for (const stream of STREAMS) this.orphans.add(stream);
  }

  inTransaction(session: number): boolean {
    return this.open[session] !== undefined;
  }

  /** True if another session's open transaction holds the table's (or the stream's) write lock. */
  blocked(session: number, what: 'table' | StreamName): boolean {
    return this.open.some((each, i) => {
      if (!each || i === session) return false;
      return what === 'table' ? this.writers.has(i) : (each.windows.get(what)?.consumed ?? false);
    });
  }

  /** The sessions whose open transaction has run DML on the table, whatever it found to change. */
  private readonly writers = new Set<number>();

  begin(session: number): void {
    this.open[session] = { began: this.log.length, changes: [], windows: new Map() };
  }

  commit(session: number): void {
    const { began, changes, windows } = this.open[session]!;
    for (const [stream, { offset, consumed }] of windows)
      if (consumed) {
        this.offsets[stream] = Math.max(offset, began);
        this.consumed[stream] = this.now;
      }
    this.publish(changes);
    this.rollback(session);
  }

  rollback(session: number): void {
    this.open[session] = undefined;
    this.writers.delete(session);
  }

  visible(session: number): Map<number, Row> {
    const rows = new Map(this.rows);
    apply(rows, this.open[session]?.changes ?? []);
    return rows;
  }

  insert(session: number, rows: Row[]): void {
    this.change(
      session,
      rows.map((after) => ({ key: ++this.keys, after })),
    );
  }

  update(session: number, id: number, v: string): void {
    const found = [...this.visible(session)].filter(([, row]) => row.id === id);
    this.change(
      session,
      found.map(([key, before]) => ({ key, before, after: { id, v } })),
    );
  }

  remove(session: number, id: number): void {
    const found = [...this.visible(session)].filter(([, row]) => row.id === id);
    this.change(
      session,
      found.map(([key, before]) => ({ key, before })),
    );
  }

  /** DML that locked the table and then failed. */
  fail(session: number): void {
    this.change(session, []);
  }

  /** What a SELECT from the stream shows; the offset stays. */
  read(session: number, stream: StreamName): Record[] {
    const open = this.open[session];
    if (!open) return this.records(stream, this.offsets[stream], this.log.length);
    const window = open.windows.get(stream) ?? { offset: this.offsets[stream], consumed: false };
    open.windows.set(stream, window);
    return this.records(stream, window.offset, open.began);
  }

  /** What DML takes out of the stream; the offset moves when the transaction commits. */
  consume(session: number, stream: StreamName): Record[] {
    const open = this.open[session];
    if (!open) {
      const records = this.records(stream, this.offsets[stream], this.log.length);
      this.offsets[stream] = this.log.length;
      this.consumed[stream] = this.now;
      return records;
    }
    open.windows.set(stream, { offset: this.offsets[stream], consumed: true });
    return this.records(stream, this.offsets[stream], open.began);
  }

  private change(session: number, changes: Change[]): void {
    const open = this.open[session];
    if (open) {
      this.writers.add(session);
      open.changes.push(...changes);
    } else this.publish(changes);
  }

  private publish(changes: Change[]): void {
    this.log.push(changes);
    apply(this.rows, changes);
  }

  /** The net change of each row between two moments; of an append-only stream, every insertion. */
  private records(stream: StreamName, from: number, to: number): Record[] {
    const changes = this.log.slice(from, Math.max(from, to)).flat();
    if (stream === 'appended')
      return changes
        .filter(({ before }) => !before)
        .map(({ after }) => [after!.id, after!.v, 'INSERT', false]);
    const net = new Map<number, Change>();
    for (const { key, before, after } of changes)
      net.set(key, { key, before: net.has(key) ? net.get(key)!.before : before, after });
    return [...net.values()].flatMap(({ before, after }): Record[] => {
      const update = before !== undefined && after !== undefined;
      return [
        ...(before ? [[before.id, before.v, 'DELETE', update] as Record] : []),
        ...(after ? [[after.id, after.v, 'INSERT', update] as Record] : []),
      ];
    });
  }
}

function apply(rows: Map<number, Row>, changes: Change[]): void {
  for (const { key, after } of changes)
    if (after) rows.set(key, after);
    else rows.delete(key);
}
