import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import type { Column, Stream, Table } from '../catalog/objects.js';
import { changeLogName, initialRowsName } from '../catalog/physical.js';
import { SnowflakeError } from '../errors.js';
import type { Session } from '../sessions/session.js';
import type { Transaction } from '../sessions/transaction.js';
import { type Connection, quoteText } from '../storage/storage.js';
import { BOOLEAN, TEXT } from '../types/data-type.js';
import { streamKeeper } from './keeper.js';
import { type RowRange, rangesIn, rowsOf } from './ranges.js';
import { isStale } from './staleness.js';

/** A stream as a row source: DuckDB SQL whose columns have the columns' physical names. */
export interface StreamSource {
  sql: string;
  columns: Column[];
}

/** What a transaction has seen of a stream: every statement in it sees the same records (repeatable read). */
interface Window {
  after: number;
  upTo: number;
}

/** What an explicit transaction sees of streams: each to the moment when the transaction began. */
interface View {
  /** By table: the last change that was committed when the transaction began. */
  latest: Map<number, number>;
  byStream: Map<number, Window>;
}

const views = new WeakMap<Transaction, View>();

/**
 * To be called when an explicit transaction begins, before it writes: its statements see the streams as they are
 * now ("to the transaction start time", docs: user-guide/streams-intro, repeatable read isolation).
 */
export async function openStreams(account: Account, session: Session): Promise<void> {
  const latest = new Map<number, number>();
  views.set(session.transaction, { latest, byStream: new Map() });
  for (const stream of account.catalog.list('STREAM')) {
    const table = account.catalog.get(stream.tableId);
    if (table?.kind === 'TABLE' && table.changeTracking && !latest.has(table.id))
      latest.set(table.id, await latestCommitted(account, table));
  }
}

const ROW_COLUMNS: Column[] = [
  { name: 'METADATA$ACTION', physical: 'METADATA$ACTION', type: TEXT(), nullable: false, comment: '' },
  { name: 'METADATA$ISUPDATE', physical: 'METADATA$ISUPDATE', type: BOOLEAN, nullable: false, comment: '' },
  { name: 'METADATA$ROW_ID', physical: 'METADATA$ROW_ID', type: TEXT(), nullable: false, comment: '' },
];

/**
 * The stream's table. A table that was dropped, replaced (CREATE OR REPLACE drops its history; docs:
 * user-guide/streams-intro) or is not the role's to select from is the same to a stream.
 * @throws SnowflakeError 091901
 */
export function streamTable(account: Account, session: Session, stream: Stream): Table {
  const table = account.catalog.get(stream.tableId);
  if (table?.kind === 'TABLE' && account.access.holds(session, table, 'SELECT')) return table;
  const name = table ? account.catalog.nameOf(table) : (stream.tableName ?? `table ${stream.tableId}`);
  throw new SnowflakeError(
    '091901',
    '01000',
    `Base table '${name}' dropped, cannot read from stream '${identifier(stream.name)}'`,
  );
}

/**
 * The table of a stream that can be read.
 * @throws SnowflakeError 091901 without a table, 000707 if the changes behind the offset are given up
 */
export function readableTable(account: Account, session: Session, stream: Stream): Table {
  const table = streamTable(account, session, stream);
  if (!isStale(account, stream, table)) return table;
  throw new SnowflakeError(
    '000707',
    '02000',
    `Time travel data is not available for table ${identifier(table.name)}. The requested time is either beyond the allowed time travel period or before the object creation time. (Stream '${identifier(stream.name)}' is stale: recreate it with CREATE OR REPLACE STREAM.)`,
  );
}

/** The columns of a stream: its table's and the three METADATA$ ones. @throws SnowflakeError 091901 */
export function streamColumns(account: Account, session: Session, stream: Stream): Column[] {
  return [...streamTable(account, session, stream).columns, ...ROW_COLUMNS];
}

/**
 * A stream's records from its offset to now (in an explicit transaction: to the moment when it began).
 * @param consuming true when a DML statement reads it: then the stream is locked first, so that two consumers
 *   never see the same records, and its offset moves when the transaction commits
 */
export async function streamSource(
  account: Account,
  session: Session,
  stream: Stream,
  consuming = false,
  signal?: AbortSignal,
): Promise<StreamSource> {
  readableTable(account, session, stream);
  if (consuming) await session.lock(stream.id, signal);
  // The lock may have been waited for: another consumer has moved the offset meanwhile.
  const current = (account.catalog.get(stream.id) as Stream | undefined) ?? stream;
  const table = readableTable(account, session, current);
  streamKeeper(account).hold(session.transaction, table.id, current.offset);
  const window = await windowOf(account, session, current, table, consuming);
  if (consuming) consume(account, session, current, window);
  // Only now: a writer of a range within the window has said so before.
  const ranges = streamKeeper(account).mayHoldRanges(table)
    ? await rangesIn(session.connection, table, window.after, window.upTo)
    : [];
  return {
    sql: current.initial ? initialSql(current, table) : changesSql(current, table, window, ranges),
    columns: [...table.columns, ...ROW_COLUMNS],
  };
}

/**
 * True if the stream may have records; SYSTEM$STREAM_HAS_DATA. A stream found empty does not become stale for
 * another retention time.
 * @throws SnowflakeError 091901, 000707
 */
export async function streamHasData(account: Account, session: Session, stream: Stream): Promise<boolean> {
  const table = readableTable(account, session, stream);
  if (stream.initial) return true;
  // What the session itself has written counts, too.
  if (!session.connection.inTransaction) {
    if ((await latestCommitted(account, table)) <= stream.offset) {
      await streamKeeper(account).renew(stream);
      return false;
    }
    if (stream.mode !== 'APPEND_ONLY') return true;
  }
  const inserts =
    stream.mode === 'APPEND_ONLY' ? ` AND "$action" IN ('INSERT', 'ROWS') AND NOT "$update"` : '';
  const rows = await session.connection.rows(
    `SELECT '1' FROM ${changeLog(table)} WHERE "$seq" > ${stream.offset}${inserts} LIMIT 1`,
  );
  if (rows.length === 0) await streamKeeper(account).renew(stream);
  return rows.length > 0;
}

/** Where a new stream starts: everything that has been changed so far is behind it, also what no log has any more. */
export async function latestChange(account: Account, session: Session, table: Table): Promise<number> {
  const known = streamKeeper(account).latestKnown(table.id) ?? 0;
  return Math.max(known, await latestIn(session.connection, table));
}

/** The table that records a table's changes, for DuckDB; see Table.changeTracking. */
export function changeLog(table: Table): string {
  return quoteText(changeLogName(table));
}

/** Rows that SHOW_INITIAL_ROWS keeps until the first consumption, for DuckDB. */
export function initialRows(stream: Pick<Stream, 'id'>): string {
  return quoteText(initialRowsName(stream));
}

function consume(account: Account, session: Session, stream: Stream, window: Window): void {
  session.transaction.onCommit(`stream ${stream.id}`, async (tx) => {
    const current = account.catalog.get(stream.id) as Stream | undefined;
    if (!current) return;
    const { initial, ...rest } = current;
    if (initial) await tx.run(`DROP TABLE IF EXISTS ${initialRows(stream)}`);
    tx.put({
      ...rest,
      offset: initial ? current.offset : Math.max(current.offset, window.upTo),
      consumedOn: account.clock.now(),
    });
    session.connection.runAfterCommit(() => streamKeeper(account).recordChange(current.tableId));
  });
}

/** A transaction reads the same records again and again, but does not consume what another has consumed. */
async function windowOf(
  account: Account,
  session: Session,
  stream: Stream,
  table: Table,
  consuming: boolean,
): Promise<Window> {
  const { transaction } = session;
  const view = transaction.explicit ? views.get(transaction) : undefined;
  if (!view)
    return {
      after: stream.offset,
      upTo: Math.max(stream.offset, await latestChange(account, session, table)),
    };
  const window = view.byStream.get(stream.id);
  if (window && (!consuming || window.after === stream.offset)) return window;
  const latest = view.latest.get(table.id) ?? (await latestCommitted(account, table));
  const made = { after: stream.offset, upTo: Math.max(stream.offset, latest) };
  view.byStream.set(stream.id, made);
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

/**
 * Net change: a row that was inserted and deleted again is no record; one that changed several times is a
 * DELETE of the old and an INSERT of the new version, both with METADATA$ISUPDATE.
 * Docs: user-guide/streams-intro, "Data flow".
 */
function changesSql(
  stream: Stream,
  table: Table,
  { after, upTo }: Window,
  ranges: readonly RowRange[],
): string {
  const columns = table.columns.map((column) => quoteText(column.physical)).join(', ');
  const single = ranges.length > 0 ? ` AND "$action" <> 'ROWS'` : '';
  const range = `"$seq" > ${after} AND "$seq" <= ${upTo}${single}`;
  const metadata = (action: string, update: string) =>
    `${columns}, ${action} AS "METADATA$ACTION", ${update} AS "METADATA$ISUPDATE", ${rowId(table)} AS "METADATA$ROW_ID"`;
  // Nothing else has been written of rows that a range stands for.
  const whole = ranges
    .map((each) => ` UNION ALL ${rowsOf(table, each, metadata("'INSERT'", 'FALSE'))}`)
    .join('');
  if (stream.mode === 'APPEND_ONLY')
    return `SELECT ${metadata("'INSERT'", 'FALSE')} FROM ${changeLog(table)} WHERE ${range} AND "$action" = 'INSERT' AND NOT "$update"${whole}`;
  // A group for each row and not a window over all of them, which would sort whole rows.
  return `SELECT ${metadata('"$action"', '"$first" = \'DELETE\' AND "$last" = \'INSERT\'')} FROM ${changeLog(table)}
  JOIN (
    SELECT "$row" AS "$changed", min("$seq") AS "$from", max("$seq") AS "$to",
      arg_min("$action", "$seq") AS "$first", arg_max("$action", "$seq") AS "$last"
    FROM ${changeLog(table)} WHERE ${range} GROUP BY "$row") ON "$row" = "$changed"
  WHERE ${range} AND (("$seq" = "$from" AND "$action" = 'DELETE') OR ("$seq" = "$to" AND "$action" = 'INSERT'))${whole}`;
}

function initialSql(stream: Stream, table: Table): string {
  const columns = table.columns.map((column) => quoteText(column.physical)).join(', ');
  return `SELECT ${columns}, 'INSERT' AS "METADATA$ACTION", FALSE AS "METADATA$ISUPDATE", ${rowId(table)} AS "METADATA$ROW_ID" FROM ${initialRows(stream)}`;
}

/** 40 hex digits, the same for all versions of a row. */
function rowId(table: Table): string {
  return `substr(sha256(concat('${table.id}:', "$row")), 1, 40)`;
}
