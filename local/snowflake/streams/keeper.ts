import type { Account } from '../account.js';
import type { CatalogTransaction } from '../catalog/catalog.js';
import type { Stream, Table } from '../catalog/objects.js';
import { changeLogName } from '../catalog/physical.js';
import { tablesOfStream } from '../catalog/tracked-tables.js';
import type { Transaction } from '../sessions/transaction.js';
import { type Connection, quoteText } from '../storage/storage.js';
import { existingTables, isStale, liveStreams, staleAfter } from './staleness.js';

/** SYSTEM$STREAM_HAS_DATA writes down that a stream was found empty at most this often. */
const RENEWED_EVERY_MS = 60_000;

/**
 * Keeps the change logs as short as their streams allow, in the background:
 * - changes that all of a table's streams have behind them are deleted, but for those that an open transaction
 *   still reads;
 * - streams whose retention time is over are marked as stale, and hold nothing back any more;
 * - where no stream is left, the log is emptied; the table's changes are not recorded then (see isRecorded).
 *
 * Each step is a transaction of its own and comes after the one that made it possible. After a crash there is at
 * most too much in a log; the next start finds it.
 */
export class StreamKeeper {
  /** What open transactions read of each table's changes: all behind `after`. */
  private readonly readers = new Set<{ tableId: number; after: number }>();
  private readonly dirty = new Set<number>();
  /** Up to which change each table's log has been emptied, as far as that was done here. */
  private readonly emptied = new Map<number, number>();
  /** The last change that each table's log has had, and when that was known. */
  private readonly latest = new Map<number, { change: number; moment: number }>();
  /** Tables whose logs hold no ranges of rows (ranges.ts); of others it is not known. */
  private readonly withoutRanges = new Set<number>();
  /** Transactions under way that have written ranges, and how many have ended. */
  private ranging = 0;
  private ranged = 0;
  private readonly listeners: ((tableId: number) => void)[] = [];
  private readonly stopped = new AbortController();
  private wake = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(private readonly account: Account) {}

  /** Begins; every table is looked at once. */
  start(): void {
    for (const table of this.account.catalog.list('TABLE'))
      if (table.changeTracking) this.dirty.add(table.id);
    this.loop ??= this.follow();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake.abort();
    await this.loop;
  }

  private recordChange(tableId: number): void {
    this.dirty.add(tableId);
    this.wake.abort();
  }

  /** To be called when a stream was made, consumed or dropped. */
  recordStream(stream: Stream): void {
    for (const { tableId } of tablesOfStream(stream)) this.recordChange(tableId);
  }

  /** Calls the listener whenever a transaction that wrote changes of a table for its streams has ended. */
  onWritten(listener: (tableId: number) => void): void {
    this.listeners.push(listener);
  }

  /** To be called before a statement writes changes of a table for its streams, under the table's lock. */
  recordWrite(transaction: Transaction, table: Table): void {
    const { numbers } = this.account.storage;
    const log = changeLogName(table);
    const before = numbers.last(log);
    const known = this.latestKnown(table.id);
    transaction.onEnd((committed) => {
      // No other has written since: the lock was let go just now.
      const remember = this.remembering(table.id);
      if (committed && numbers.last(log) > before) remember(numbers.last(log));
      else if (known !== undefined && this.latestKnown(table.id) === undefined) remember(known);
      for (const listener of this.listeners) listener(table.id);
    });
  }

  /** Whether there may be ranges of rows in a table's log; see ranges.ts. */
  mayHoldRanges({ id, changeTracking }: Table): boolean {
    return changeTracking && !this.withoutRanges.has(id);
  }

  /** To be called before a statement writes a range of a table's rows. */
  rangeWritten(transaction: Transaction, tableId: number): void {
    this.withoutRanges.delete(tableId);
    this.ranging++;
    transaction.onEnd(() => {
      this.ranging--;
      this.ranged++;
    });
  }

  /** The last committed change of a table, if no one has written to the table since it was asked for. */
  latestKnown(tableId: number): number | undefined {
    const known = this.latest.get(tableId);
    return known && !this.account.locks.hasChangedSince(tableId, known.moment) ? known.change : undefined;
  }

  /** To be called before the last committed change is asked for. @returns what takes the answer */
  remembering(tableId: number): (change: number) => void {
    const moment = this.account.locks.now();
    return (change) => {
      this.latest.set(tableId, { change, moment });
    };
  }

  /** Keeps a table's changes behind `after` until this transaction has ended. */
  hold(transaction: Transaction, tableId: number, after: number): void {
    const reader = { tableId, after };
    this.readers.add(reader);
    transaction.onEnd(() => {
      if (this.readers.delete(reader)) this.recordChange(tableId);
    });
  }

  /**
   * A stream that was found empty has its retention time again (docs: functions/system_stream_has_data). One that
   * another is consuming is left alone: that renews it as well.
   */
  async renew(stream: Stream): Promise<void> {
    const { account } = this;
    const now = account.clock.now();
    if (now - (stream.consumedOn ?? 0) < RENEWED_EVERY_MS) return;
    await this.runAlone(stream.id, (tx) => {
      const current = account.catalog.get(stream.id);
      if (current?.kind === 'STREAM' && current.consumedOn === stream.consumedOn)
        tx.put({ ...current, consumedOn: now });
    });
    this.wake.abort();
  }

  private async follow(): Promise<void> {
    const { clock } = this.account;
    for (;;) {
      this.wake = new AbortController();
      const next = await this.markStale();
      for (const id of [...this.dirty]) {
        this.dirty.delete(id);
        await this.tidy(id);
      }
      if (this.dirty.size > 0) continue;
      if (this.stopped.signal.aborted) return;
      if (next === Number.POSITIVE_INFINITY) await waitForAbort(this.wake.signal);
      else await clock.sleep(next - clock.now() + 1, this.wake.signal);
    }
  }

  /** Marks the streams whose time is over. @returns when the next one's is */
  private async markStale(): Promise<number> {
    const { account } = this;
    let next = Number.POSITIVE_INFINITY;
    for (const stream of account.catalog.list('STREAM')) {
      const tables = existingTables(account, stream);
      if (stream.stale || tables.length === 0) continue;
      if (!isStale(account, stream)) {
        next = Math.min(next, staleAfter(account, stream));
        continue;
      }
      const done = await this.runAlone(stream.id, (tx) => {
        const current = account.catalog.get(stream.id);
        if (current?.kind === 'STREAM' && isStale(account, current)) tx.put({ ...current, stale: true });
      });
      // Its holder is consuming it: looked at again when that is over.
      if (done) for (const { id } of tables) this.dirty.add(id);
      else void account.locks.waitUntilFree(stream.id).then(() => this.wake.abort());
    }
    return next;
  }

  /** Deletes what no stream of this table, and no open transaction, needs. */
  private async tidy(tableId: number): Promise<void> {
    const table = this.account.catalog.get(tableId);
    if (table?.kind !== 'TABLE' || !table.changeTracking) return;
    const needed = [
      ...liveStreams(this.account, tableId)
        .flatMap(tablesOfStream)
        .filter((tracked) => tracked.tableId === tableId)
        .map(({ offset }) => offset),
      ...[...this.readers].filter((reader) => reader.tableId === tableId).map(({ after }) => after),
    ];
    const upTo = Math.min(...needed);
    // A reader has ended that held nothing back: changes are numbered upwards, so there is nothing new to delete.
    if (needed.length > 0 && upTo <= (this.emptied.get(tableId) ?? -1)) return;
    const where = needed.length > 0 ? ` WHERE "$seq" <= ${upTo}` : '';
    const connection = await this.account.storage.connect();
    try {
      await connection.run(`DELETE FROM ${quoteText(changeLogName(table))}${where}`);
      if (needed.length > 0) this.emptied.set(tableId, upTo);
      await this.lookForRanges(connection, table);
    } catch (error) {
      // DDL on the table has come between: it is looked at again when its next stream moves.
      if (!/conflict|does not exist|altered/i.test(String(error))) throw error;
    } finally {
      connection.close();
    }
  }

  private async lookForRanges(connection: Connection, table: Table): Promise<void> {
    if (!this.mayHoldRanges(table) || this.ranging > 0) return;
    const { ranged } = this;
    const ranges = await connection.rows(
      `SELECT '1' FROM ${quoteText(changeLogName(table))} WHERE "$action" = 'ROWS' LIMIT 1`,
    );
    // Of one that another has written meanwhile this connection may have seen nothing.
    if (ranges.length === 0 && this.ranging === 0 && this.ranged === ranged) this.withoutRanges.add(table.id);
  }

  /** A change of the catalog under an object's lock. @returns false if another holds it */
  private async runAlone(
    id: number,
    work: (tx: CatalogTransaction) => Promise<void> | void,
  ): Promise<boolean> {
    const { account } = this;
    const owner = {};
    if (!account.locks.tryAcquire(owner, id)) return false;
    const connection = await account.storage.connect();
    try {
      await account.catalog.change(connection, work);
    } finally {
      connection.close();
      account.locks.release(owner);
    }
    return true;
  }
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const keepers = new WeakMap<Account, StreamKeeper>();

/** The account's keeper of streams; it works from start() to stop(). */
export function streamKeeper(account: Account): StreamKeeper {
  let keeper = keepers.get(account);
  if (!keeper) {
    keeper = new StreamKeeper(account);
    keepers.set(account, keeper);
  }
  return keeper;
}
