import type { Column, Table } from '../../catalog/objects.js';
import { Binder } from '../bind/binder.js';
import type { QueryContext } from '../compile.js';
import { columnOf, eventTableRefuses, insertRows } from './write.js';

/**
 * Inserts what a DuckDB query gives, in the columns' types; the other columns get their defaults. The caller has
 * checked the privilege; the table is locked here.
 * @returns the number of rows inserted
 */
export async function insertFrom(
  context: QueryContext,
  table: Table,
  columnNames: string[],
  duckSelect: string,
): Promise<number> {
  const b = new Binder(context.account, context.session, duckSelect, {}, true, context.signal);
  if (table.event) throw eventTableRefuses(table);
  await context.session.lock(table.id, context.signal);
  return insertRows(
    b,
    table,
    columnNames.map((name) => columnOf(b, table, name)),
    duckSelect,
    { reads: 'unknown' },
  );
}

/** Adds records to an event table, in a transaction of their own, when no other is changing the table. */
export async function insertEvents(
  context: QueryContext,
  table: Table,
  columns: Column[],
  duckSelect: string,
): Promise<void> {
  const { account, session } = context;
  const b = new Binder(account, session, duckSelect);
  await session.transaction.statement(async () => {
    await session.lock(table.id);
    await insertRows(b, table, columns, duckSelect, { reads: 'unknown' });
  });
}
