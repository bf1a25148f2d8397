import type { Column, Table } from '../catalog/objects.js';
import { fromCell } from '../types/cells.js';
import { isSemiStructured, type Typed } from '../types/coerce.js';
import { quoted, quotedName } from '../types/duck-type.js';
import type { Insert, InsertValue } from './ast.js';
import { bindQuery, withClause } from './bind-query.js';
import { Binder, bindCell, bindType } from './binder.js';
import type { QueryContext } from './index.js';
import { prepared } from './run.js';
import { type BoundQuery, columnRef, Scope } from './scope.js';
import {
  columnOf,
  defaultOf,
  deleteRows,
  insertRows,
  physicalName,
  targetTable,
  withTemporary,
} from './write.js';

/** INSERT [OVERWRITE] INTO t [(columns)] VALUES … | query. @returns the number of rows inserted */
export async function runInsert(context: QueryContext, insert: Insert, text: string): Promise<number> {
  const { account, session, binds, signal } = context;
  const b = new Binder(account, session, text, binds, true, signal);
  const table = targetTable(b, insert.table, 'INSERT');
  if (insert.overwrite) account.access.require(session, 'DELETE', table);
  const columns = insert.columns?.map((name) => columnOf(b, table, name)) ?? table.columns;
  await session.lock(table.id, signal);
  const select =
    'values' in insert.source
      ? valuesSql(b, table, columns, insert.source.values)
      : converted(b, bindQuery(b, insert.source.query), columns);
  return prepared(b, withClause(b) + select, async (sql) => {
    if (!insert.overwrite) return insertRows(b, table, columns, sql);
    return withTemporary(b, sql, async (rows) => {
      await deleteRows(b, table, physicalName(table));
      return insertRows(b, table, columns, `SELECT * FROM ${rows}`);
    });
  });
}

/** A query's columns cast to those of the table. @throws SnowflakeError 002020 if there are more or fewer */
export function converted(b: Binder, query: BoundQuery, columns: Column[]): string {
  if (query.columns.length !== columns.length) throw mismatch(b, columns.length, query.columns.length);
  const values = query.columns.map((column, i) => stored(b, { ...column, sql: `c${i + 1}` }, columns[i]!));
  return `SELECT ${values.map((value, i) => `${value.sql} AS c${i + 1}`).join(', ')} FROM (${query.sql})`;
}

function mismatch(b: Binder, expected: number, got: number): Error {
  return b.error(
    '002020',
    '21S01',
    `Insert value list does not match column list expecting ${expected} but got ${got}`,
  );
}

/** A value as a column takes it. A text is no VARIANT until PARSE_JSON or TO_VARIANT makes it one. */
export function stored(b: Binder, value: Typed, column: Column): Typed {
  const { type } = column;
  const fits =
    value.untyped ||
    !isSemiStructured(type) ||
    (type.kind === 'VARIANT' && value.type.kind !== 'TEXT') ||
    isSemiStructured(value.type);
  if (!fits)
    throw b.error(
      '002023',
      '22000',
      `Expression type does not match column data type, expecting ${type.kind} but got ${value.type.kind === 'TEXT' ? `VARCHAR(${value.type.length})` : value.type.kind} for column ${column.name}`,
    );
  return b.cast(value, type);
}

/** The rows of VALUES, each value cast to its column; with array binds one row for each of their elements. */
function valuesSql(b: Binder, table: Table, columns: Column[], rows: InsertValue[][]): string {
  const scope = new Scope();
  const arrays = Object.values(b.binds).some((bind) => Array.isArray(bind.value));
  if (arrays) bindArrays(b);
  const lists = rows.map((row) => {
    if (row.length !== columns.length) throw mismatch(b, columns.length, row.length);
    return row.map((value, i) => {
      const column = columns[i]!;
      return (value ? stored(b, b.bind(value, scope), column) : defaultOf(b, table, column)).sql;
    });
  });
  if (!arrays) return `SELECT * FROM (VALUES ${lists.map((list) => `(${list.join(', ')})`).join(', ')})`;
  const from = bindRelation(b);
  return lists
    .map((list) => `SELECT ${list.map((value, i) => `${value} AS c${i + 1}`).join(', ')} FROM ${from}`)
    .join(' UNION ALL ');
}

const BINDS = '$binds';

/** Each `?` becomes a column of a relation of the bound values. */
function bindArrays(b: Binder): void {
  for (const [key, bind] of Object.entries(b.binds)) {
    const type = bindType(bind.type, Array.isArray(bind.value) ? bind.value : [bind.value]);
    b.bindColumns.set(key, { sql: columnRef(BINDS, `b${key}`), type, nullable: true });
  }
}

function bindRelation(b: Binder): string {
  const length = Math.max(
    ...Object.values(b.binds).map((bind) => (Array.isArray(bind.value) ? bind.value.length : 1)),
  );
  const columns = Object.entries(b.binds).map(([key, bind]) => {
    const values = Array.isArray(bind.value) ? bind.value : new Array(length).fill(bind.value);
    const cells = values.map((value: string | null) => (value === null ? null : bindCell(bind.type, value)));
    return { key, type: b.bindColumns.get(key)!.type, json: quoted(JSON.stringify(cells)) };
  });
  const lists = columns.map(({ key, json }) => `unnest(from_json(${json}, '["VARCHAR"]')) AS b${key}`);
  const typed = columns.map(({ key, type }) => `${fromCell(type, `b${key}`)} AS b${key}`);
  return `(SELECT ${typed.join(', ')} FROM (SELECT ${lists.join(', ')})) AS ${quotedName(BINDS)}`;
}
