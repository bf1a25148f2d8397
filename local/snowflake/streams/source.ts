import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import type { Column, Stream, Table, TrackedTable, View } from '../catalog/objects.js';
import { tablesOfStream } from '../catalog/tracked-tables.js';
import { changeTrackingMissing, SnowflakeError } from '../errors.js';
import { splitName } from '../language/split-name.js';
import type { Session } from '../sessions/session.js';
import type { Transaction } from '../sessions/transaction.js';
import type { Connection } from '../storage/storage.js';
import { BOOLEAN, TEXT } from '../types/data-type.js';
import { changeLog, initialRows, initialSql, tableChanges, type Window } from './changes.js';
import { streamKeeper } from './keeper.js';
import { existingTables, isStale } from './staleness.js';

/** What an explicit transaction sees of streams: each to the moment when the transaction began. */
interface Sight {
  /** By table: the last change that was committed when the transaction began. */
  latest: Map<number, number>;
  /** By stream and table. */
  windows: Map<string, Window>;
}

const sights = new WeakMap<Transaction, Sight>();

/**
 * To be called when an explicit transaction begins, before it writes: its statements see the streams as they are
 * now ("to the transaction start time", docs: user-guide/streams-intro, repeatable read isolation).
 */
export async function openStreams(account: Account, session: Session): Promise<void> {
  const latest = new Map<number, number>();
  sights.set(session.transaction, { latest, windows: new Map() });
  for (const stream of account.catalog.list('STREAM'))
    for (const table of existingTables(account, stream))
      if (table.changeTracking && !latest.has(table.id))
        latest.set(table.id, await latestCommitted(account, table));
}

export const ROW_COLUMNS: Column[] = [
  { name: 'METADATA$ACTION', physical: 'METADATA$ACTION', type: TEXT(), nullable: false, comment: '' },
  { name: 'METADATA$ISUPDATE', physical: 'METADATA$ISUPDATE', type: BOOLEAN, nullable: false, comment: '' },
  { name: 'METADATA$ROW_ID', physical: 'METADATA$ROW_ID', type: TEXT(), nullable: false, comment: '' },
];

/**
 * The stream's table or view. One that was dropped, replaced (CREATE OR REPLACE drops its history; docs:
 * user-guide/streams-intro) or is not the role's to select from is the same to a stream.
 * @throws SnowflakeError 091901
 */
export function sourceOf(account: Account, session: Session, stream: Stream): Table | View {
  const source = account.catalog.get(stream.tableId);
  const exists = source?.kind === 'TABLE' || source?.kind === 'VIEW';
  if (exists && account.access.holds(session, source, 'SELECT')) return source;
  throw baseDropped(account, stream, stream);
}

function baseDropped(account: Account, stream: Stream, base: TrackedTable): SnowflakeError {
  const source = account.catalog.get(base.tableId);
  const name = source ? account.catalog.nameOf(source) : (base.tableName ?? `table ${base.tableId}`);
  const kind = stream.below && base === stream ? 'view' : 'table';
  return new SnowflakeError(
    '091901',
    '01000',
    `Base ${kind} '${name}' dropped, cannot read from stream '${identifier(stream.name)}'`,
  );
}

/**
 * The tables of a stream that can be read: its own, or those of its view, which the view names still. One that another of its
 * name has replaced has no changes since the offset: "recreating or dropping any of the underlying tables for a view makes any
 * stream on the view stale" (docs: user-guide/streams-intro).
 * @throws SnowflakeError 091901 without a table, 091930 for one that was replaced, 000707 if the changes behind the
 *   offset are given up
 */
export function readableTables(account: Account, session: Session, stream: Stream): Table[] {
  const source = sourceOf(account, session, stream);
  const tables =
    source.kind === 'TABLE' ? [source] : stream.below!.map((each) => tableBelow(account, stream, each));
  if (!isStale(account, stream)) return tables;
  throw new SnowflakeError(
    '000707',
    '02000',
    `Time travel data is not available for table ${identifier(source.name)}. The requested time is either beyond the allowed time travel period or before the object creation time. (Stream '${identifier(stream.name)}' is stale: recreate it with CREATE OR REPLACE STREAM.)`,
  );
}

function tableBelow(account: Account, stream: Stream, below: TrackedTable): Table {
  const table = account.catalog.get(below.tableId);
  const name = below.tableName!;
  if (table?.kind === 'TABLE' && account.catalog.nameOf(table) === name) return table;
  const [database, schema, last] = splitName(name);
  if (account.catalog.at('TABLE', database!, schema!, last!)) throw changeTrackingMissing(name);
  throw baseDropped(account, stream, below);
}

/** Whether all that a stream reads is there under the names by which it was made. */
export function isIntact(account: Account, stream: Stream): boolean {
  const source = account.catalog.get(stream.tableId);
  if (!stream.below) return source?.kind === 'TABLE';
  const hasName = ({ tableId, tableName }: TrackedTable) => {
    const table = account.catalog.get(tableId);
    return table !== undefined && account.catalog.nameOf(table) === tableName;
  };
  return source?.kind === 'VIEW' && stream.below.every(hasName);
}

/**
 * DuckDB SQL for a stream's records from its offset to now (in an explicit transaction: to the moment when it began),
 * whose columns have the columns' physical names.
 * @param consuming true when a DML statement reads it: then the stream is locked first, so that two consumers
 *   never see the same records, and its offset moves when the transaction commits
 */
export async function streamSource(
  account: Account,
  session: Session,
  stream: Stream,
  consuming = false,
  signal?: AbortSignal,
): Promise<string> {
  readableTables(account, session, stream);
  if (consuming) await session.lock(stream.id, signal);
  // The lock may have been waited for: another consumer has moved the offset meanwhile.
  const current = (account.catalog.get(stream.id) as Stream | undefined) ?? stream;
  const tables = readableTables(account, session, current);
  const windows = new Map<number, Window>();
  for (const [i, table] of tables.entries()) {
    const tracked = tablesOfStream(current)[i]!;
    streamKeeper(account).hold(session.transaction, table.id, tracked.offset);
    windows.set(table.id, await windowOf(account, session, current, tracked, table, consuming));
  }
  if (consuming) consume(account, session, current, windows);
  if (current.below) {
    const view = account.catalog.get(current.tableId) as View;
    const { viewChanges } = account.features.services;
    return current.initial
      ? `SELECT * FROM ${initialRows(current)}`
      : await viewChanges(account, session, view, windows);
  }
  const [table] = tables;
  if (current.initial) return initialSql(current, table!);
  return tableChanges(account, session, table!, windows.get(table!.id)!, current.mode);
}

/**
 * True if the stream may have records; SYSTEM$STREAM_HAS_DATA. A stream found empty does not become stale for
 * another retention time.
 * @throws SnowflakeError 091901, 000707
 */
export async function streamHasData(account: Account, session: Session, stream: Stream): Promise<boolean> {
  const tables = readableTables(account, session, stream);
  if (stream.initial) return true;
  for (const [i, table] of tables.entries())
    if (await hasChanges(account, session, stream.mode, table, tablesOfStream(stream)[i]!.offset))
      return true;
  await streamKeeper(account).renew(stream);
  return false;
}

async function hasChanges(
  account: Account,
  session: Session,
  mode: Stream['mode'],
  table: Table,
  offset: number,
): Promise<boolean> {
  // What the session itself has written counts, too.
  if (!session.connection.inTransaction) {
    if ((await latestCommitted(account, table)) <= offset) return false;
    if (mode !== 'APPEND_ONLY') return true;
  }
  const inserts = mode === 'APPEND_ONLY' ? ` AND "$action" IN ('INSERT', 'ROWS') AND NOT "$update"` : '';
  const rows = await session.connection.rows(
    `SELECT '1' FROM ${changeLog(table)} WHERE "$seq" > ${offset}${inserts} LIMIT 1`,
  );
  return rows.length > 0;
}

/** Where a new stream starts: everything that has been changed so far is behind it, also what no log has any more. */
export async function latestChange(account: Account, session: Session, table: Table): Promise<number> {
  const known = streamKeeper(account).latestKnown(table.id) ?? 0;
  return Math.max(known, await latestIn(session.connection, table));
}

function consume(
  account: Account,
  session: Session,
  stream: Stream,
  windows: ReadonlyMap<number, Window>,
): void {
  session.transaction.onCommit(`stream ${stream.id}`, async (tx) => {
    const current = account.catalog.get(stream.id) as Stream | undefined;
    if (!current) return;
    const { initial, spent, ...rest } = current;
    if (spent) await tx.run(`DROP TABLE IF EXISTS ${initialRows(stream)}`);
    const offset = (tracked: TrackedTable) =>
      initial ? tracked.offset : Math.max(tracked.offset, windows.get(tracked.tableId)?.upTo ?? 0);
    tx.put({
      ...rest,
      ...(initial && { spent: true }),
      offset: offset(current),
      ...(current.below && { below: current.below.map((each) => ({ ...each, offset: offset(each) })) }),
      consumedOn: account.clock.now(),
    });
    session.connection.runAfterCommit(() => streamKeeper(account).recordStream(current));
  });
}

/** A transaction reads the same records again and again, but does not consume what another has consumed. */
async function windowOf(
  account: Account,
  session: Session,
  stream: Stream,
  { offset }: TrackedTable,
  table: Table,
  consuming: boolean,
): Promise<Window> {
  const { transaction } = session;
  const sight = transaction.explicit ? sights.get(transaction) : undefined;
  if (!sight) return { after: offset, upTo: Math.max(offset, await latestChange(account, session, table)) };
  const key = `${stream.id}:${table.id}`;
  const window = sight.windows.get(key);
  if (window && (!consuming || window.after === offset)) return window;
  const latest = sight.latest.get(table.id) ?? (await latestCommitted(account, table));
  const made = { after: offset, upTo: Math.max(offset, latest) };
  sight.windows.set(key, made);
  return made;
}

/**
 * The last change that everybody sees, for a stream that is younger than the transaction: what the transaction
 * itself has written to the table is not part of its streams. Asked again only after another has written to the table.
 */
async function latestCommitted(account: Account, table: Table): Promise<number> {
  const keeper = streamKeeper(account);
  const known = keeper.latestKnown(table.id);
  if (known !== undefined) return known;
  const remember = keeper.remembering(table.id);
  const connection = await account.storage.connect();
  try {
    const latest = await latestIn(connection, table);
    remember(latest);
    return latest;
  } finally {
    connection.close();
  }
}

async function latestIn(connection: Connection, table: Table): Promise<number> {
  const [row] = await connection.rows(`SELECT max("$seq")::VARCHAR FROM ${changeLog(table)}`);
  return Number(row?.[0] ?? 0);
}
