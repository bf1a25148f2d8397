import type { Account } from '../account.js';
import type { Stream, Table } from '../catalog/objects.js';
import { retentionOf } from '../catalog/retention.js';
import { tablesOfStream, tracks } from '../catalog/tracked-tables.js';

const DAY = 86_400_000;

/**
 * When a stream becomes stale unless it is consumed: "the greater value of the DATA_RETENTION_TIME_IN_DAYS or
 * MAX_DATA_EXTENSION_TIME_IN_DAYS … [added] to the last consumption time of the stream" (docs:
 * user-guide/streams-intro, "Data retention period and staleness"); of a view's tables the one that is over first.
 * In milliseconds since 1970.
 */
export function staleAfter(account: Account, stream: Stream): number {
  const days = existingTables(account, stream).map((table) => {
    const { retentionDays, extensionDays } = retentionOf(account.catalog, table);
    return Math.max(retentionDays, extensionDays);
  });
  // Streams of states that were written before the time was kept are not stale until they are consumed once.
  return (stream.consumedOn ?? account.clock.now()) + Math.min(...days) * DAY;
}

/** The stream's tables that are there still. */
export function existingTables(account: Account, stream: Stream): Table[] {
  return tablesOfStream(stream).flatMap(({ tableId }) => {
    const table = account.catalog.get(tableId);
    return table?.kind === 'TABLE' ? [table] : [];
  });
}

/**
 * True if the stream can no longer be read. Snowflake lets a read succeed for some time after `stale_after`; here
 * it ends at once, so that a test of it is sure of the result.
 */
export function isStale(account: Account, stream: Stream): boolean {
  return stream.stale || account.clock.now() > staleAfter(account, stream);
}

/** The streams that still need their table's changes. */
export function liveStreams(account: Account, tableId: number): Stream[] {
  return account.catalog.list('STREAM').filter((stream) => tracks(stream, tableId) && !stream.stale);
}

/**
 * Whether changes of this table must be written to its change log now.
 * @param inserted whether they are rows of an INSERT: an append-only stream tells of nothing else
 */
export function isRecorded(account: Account, tableId: number, inserted: boolean): boolean {
  const table = account.catalog.get(tableId);
  return (
    table?.kind === 'TABLE' &&
    table.changeTracking &&
    liveStreams(account, tableId).some(({ mode }) => inserted || mode !== 'APPEND_ONLY')
  );
}
