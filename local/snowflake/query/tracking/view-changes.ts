import type { Account } from '../../account.js';
import type { Table, View } from '../../catalog/objects.js';
import { changeTrackingMissing, localRefusal } from '../../errors.js';
import type { Session } from '../../sessions/session.js';
import { quoteText } from '../../storage/storage.js';
import { changeLog, tableChanges, type Window } from '../../streams/changes.js';
import { streamKeeper } from '../../streams/keeper.js';
import { quoteName } from '../../types/duck-type.js';
import { bindQuery } from '../bind/bind-query.js';
import { hasRoutine } from '../bind/bind-routine.js';
import { Binder, type Versions } from '../bind/binder.js';
import type { BoundQuery } from '../bind/scope.js';
import { storedQuery } from '../stored-trees.js';
import { trackableQuery } from './trackable.js';

/**
 * What has changed in a view's rows. A row of the view is made of one row of each table that it joins, whose numbers are
 * its identity. Those with a changed row among them are asked for, as they were and as they are:
 *
 *   for each place where the view names a changed table: its changed rows, joined with the rows of the tables named before
 *   it that have not changed and with all rows of those named behind it.
 *
 * So each is found once, and DuckDB begins with the few rows that have changed. Docs: user-guide/streams-intro, "Join results behavior".
 */

/** Which rows of a table: the changed ones as they were or are, those that have not changed, or both. */
type Part = 'changed' | 'same' | 'all';
type Side = 'DELETE' | 'INSERT';

/** Rows of a table by their part, as relations of DuckDB with the table's columns and `$row`. */
type Rows = (table: Table, part: Part) => string;

/** The view's query over such rows. */
class PlacedRows implements Versions {
  /** The tables that the query has named so far, in its order. */
  readonly named: Table[] = [];

  constructor(private readonly rows: (table: Table, place: number) => { from: string; changed: boolean }) {}

  table(table: Table): string {
    const place = this.named.push(table) - 1;
    const { from, changed } = this.rows(table, place);
    return `SELECT *, concat(${place}, ':', ${table.id}, ':', "$row") AS "$id", ${changed} AS "$changed" FROM ${from}`;
  }

  query(b: Binder, query: Parameters<Versions['query']>[1]) {
    return trackableQuery(query, (call) => hasRoutine(b, call));
  }
}

function bindView(
  account: Account,
  session: Session,
  view: View,
  versions: Versions,
): BoundQuery & { steps: Binder['collected']['steps'] } {
  const outer = new Binder(account, session, view.query, {}, false, undefined, undefined, versions);
  const b = outer.enter(view, view.query);
  const bound = bindQuery(b, versions.query(b, storedQuery(view.query)));
  return { ...bound, steps: b.collected.steps };
}

/** The tables that a view reads, each once, in the order in which its query names them. @throws SnowflakeError 091926 */
export function trackableTables(account: Account, session: Session, view: View): Table[] {
  const placed = new PlacedRows((table) => ({ from: quoteText(table.physical), changed: false }));
  bindView(account, session, view, placed);
  const tables = new Map(placed.named.map((table) => [table.id, table]));
  if (tables.size === 0) throw localRefusal(`change tracking of ${view.name}`, 'the view reads no table');
  return [...tables.values()];
}

/** See Services.viewChanges. */
export async function viewChanges(
  account: Account,
  session: Session,
  view: View,
  windows?: ReadonlyMap<number, Window>,
): Promise<string> {
  const width = view.columns.length;
  const columns = view.columns.map((_, i) => `c${i + 1}`);
  const id = `c${width + 1}`;
  const rowId = `substr(sha256(${id}), 1, 40) AS "METADATA$ROW_ID"`;
  if (!windows) {
    const all = new PlacedRows((table) => ({ from: quoteText(table.physical), changed: false }));
    const { sql } = await runSteps(bindView(account, session, view, all));
    return `SELECT ${columns}, 'INSERT' AS "METADATA$ACTION", FALSE AS "METADATA$ISUPDATE", ${rowId} FROM (${sql})`;
  }
  const shape = new PlacedRows((table) => ({ from: quoteText(table.physical), changed: false }));
  bindView(account, session, view, shape);
  const foreign = shape.named.find((table) => !windows.has(table.id));
  if (foreign) throw changeTrackingMissing(account.catalog.nameOf(foreign));
  const changed = shape.named.flatMap((table, place) => {
    const { after, upTo } = windows.get(table.id)!;
    return upTo > after ? [place] : [];
  });
  if (changed.length === 0) {
    const { sql } = await runSteps(bindView(account, session, view, shape));
    return `SELECT ${columns}, 'INSERT' AS "METADATA$ACTION", FALSE AS "METADATA$ISUPDATE", ${rowId} FROM (${sql}) WHERE FALSE`;
  }
  const withs: string[] = [];
  const tables = new Map(shape.named.map((table) => [table.id, table]));
  for (const table of tables.values())
    withs.push(
      `${delta(table)} AS MATERIALIZED (${await tableChanges(account, session, table, windows.get(table.id)!, 'DEFAULT', true)})`,
    );
  for (const side of ['DELETE', 'INSERT'] as const) {
    const terms: string[] = [];
    for (const term of changed) {
      const rows = rowsOn(account, windows, side);
      const placed = new PlacedRows((table, place) => ({
        from: rows(table, place === term ? 'changed' : place < term ? 'same' : 'all'),
        changed: place === term,
      }));
      const { sql } = await runSteps(bindView(account, session, view, placed));
      terms.push(`SELECT ${[...columns, id]} FROM (${sql}) WHERE c${width + 2}`);
    }
    withs.push(`${quoteName(side)} AS MATERIALIZED (${terms.join(' UNION ALL ')})`);
  }
  const [before, now] = ['"DELETE"', '"INSERT"'];
  const records = (action: Side, from: string, other: string) =>
    `SELECT ${columns}, '${action}' AS "METADATA$ACTION", ${id} IN (SELECT ${id} FROM ${other}) AS "METADATA$ISUPDATE", ${rowId} FROM ${from}`;
  return `WITH ${withs.join(', ')} ${records('DELETE', before!, now!)} UNION ALL ${records('INSERT', now!, before!)}`;
}

const delta = (table: Table): string => quoteName(`$delta ${table.id}`);

/** The rows of tables as they were at their offsets (DELETE), or at the end of their windows (INSERT). */
function rowsOn(account: Account, windows: ReadonlyMap<number, Window>, side: Side): Rows {
  return (table, part) => {
    const columns = ['"$row"', ...table.columns.map(({ physical }) => quoteName(physical))].join();
    const { after, upTo } = windows.get(table.id)!;
    const changed = `SELECT ${columns} FROM ${delta(table)} WHERE "METADATA$ACTION" = '${side}'`;
    if (part === 'changed') return `(${changed})`;
    const same = sameRows(table, columns, after, upTo, streamKeeper(account).mayHoldRanges(table));
    return part === 'same' || upTo === after ? `(${same})` : `(${changed} UNION ALL ${same})`;
  };
}

/**
 * Rows that no record within the window has changed, as they were at its end: those of the table that have no record behind
 * the offset, and those that only records behind the window's end have changed since.
 */
function sameRows(table: Table, columns: string, after: number, upTo: number, ranges: boolean): string {
  const log = changeLog(table);
  const inRange = ranges
    ? ` AND NOT EXISTS (SELECT 1 FROM (SELECT min("$row") AS "$from", max("$row") AS "$to" FROM ${log} WHERE "$action" = 'ROWS' AND "$seq" > ${after} GROUP BY "$seq") WHERE "$row" BETWEEN "$from" AND "$to")`
    : '';
  const untouched = `SELECT ${columns} FROM ${quoteText(table.physical)} WHERE "$row" NOT IN (SELECT "$row" FROM ${log} WHERE "$seq" > ${after} AND "$action" <> 'ROWS')${inRange}`;
  const later = `SELECT ${columns} FROM ${log} JOIN (SELECT "$row" AS "$changed", min("$seq") AS "$first" FROM ${log} WHERE "$seq" > ${after} AND "$action" <> 'ROWS' GROUP BY "$row") ON "$row" = "$changed" AND "$seq" = "$first" WHERE "$seq" > ${upTo} AND "$action" = 'DELETE'`;
  return `${untouched} UNION ALL ${later}`;
}

/** Does what must happen before the query can run. @throws SnowflakeError for calls that leave DuckDB */
async function runSteps<T extends { steps: Binder['collected']['steps'] }>(bound: T): Promise<T> {
  for (const step of bound.steps) if (step.kind === 'prepare') await step.run();
  return bound;
}
