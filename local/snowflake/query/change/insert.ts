import type { Column, Table } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Insert, InsertValue } from '../../language/ast.js';
import { fromCell } from '../../types/cells.js';
import { isSemiStructured } from '../../types/coerce.js';
import { type DataType, TEXT } from '../../types/data-type.js';
import { quote, quoteName } from '../../types/duck-type.js';
import { bindQuery, projectSql, withClause } from '../bind/bind-query.js';
import { Binder, bindCell, bindType, type ExternalStep } from '../bind/binder.js';
import { constant } from '../bind/constant-rows.js';
import { type BoundQuery, columnRef, Scope } from '../bind/scope.js';
import type { QueryContext } from '../compile.js';
import { withPivotValues } from '../pivot-any.js';
import { columnError, probesOf, writing } from '../run/failed-column.js';
import { runInParts } from '../run/run.js';
import { storeValue } from '../run/stored.js';
import { physicalName } from './recording.js';
import { columnOf, defaultOf, deleteRows, insertRows, targetTable, withTemporary } from './write.js';

/** INSERT [OVERWRITE] INTO t [(columns)] VALUES … | query. @returns the number of rows inserted */
export async function runInsert(context: QueryContext, insert: Insert, text: string) {
  const { account, session, binds, signal } = context;
  const b = new Binder(account, session, text, binds, true, signal);
  const table = targetTable(b, insert.table, 'INSERT');
  if (insert.overwrite) account.access.require(session, 'DELETE', table);
  const columns = insert.columns?.map((name) => columnOf(b, table, name)) ?? table.columns;
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice) throw b.error('002025', '42S21', `duplicate column name '${twice.name}'`);
  if ('query' in insert.source) await withPivotValues(context, insert.source.query, text);
  await session.lock(table.id, signal);
  const select: Values =
    'values' in insert.source
      ? valuesSql(b, table, columns, bindByTarget(b, insert, columns))
      : convertQuery(b, bindQuery(b, insert.source.query), columns);
  const written = { name: insert.table, table };
  const parts = await runInParts(
    b,
    withClause(b) + select.sql,
    insert.overwrite ? undefined : select.answers,
    (sql) =>
      writing(
        b,
        written,
        () => probesOf(columns, sql, select.cells),
        async () => {
          if (!insert.overwrite) {
            const alone = !select.answers;
            return { inserted: await insertRows(b, table, columns, sql, { alone }), deleted: 0 };
          }
          const overwrite = async (rows: string) => {
            const deleted = await deleteRows(b, table, physicalName(table));
            return {
              inserted: await insertRows(b, table, columns, `SELECT * FROM ${rows}`, { reads: 'unknown' }),
              deleted,
            };
          };
          return withTemporary(b, sql, overwrite, false);
        },
      ),
  );
  return {
    inserted: parts.reduce((sum, { inserted }) => sum + inserted, 0),
    deleted: parts[0]!.deleted,
  };
}

const convertQuery = (b: Binder, query: BoundQuery, columns: Column[]): Values => ({
  sql: convertColumns(b, query, columns),
  answers: query.answers?.step,
});

/** A query's columns cast to those of the table. @throws SnowflakeError 002020 if there are more or fewer */
export function convertColumns(b: Binder, query: BoundQuery, columns: Column[]): string {
  if (query.columns.length !== columns.length) throw mismatch(b, columns.length, query.columns.length);
  const values = query.columns.map((column, i) =>
    storeValue(b, { ...column, sql: `c${i + 1}` }, columns[i]!),
  );
  return projectSql(values, query.sql);
}

/** A number in the first row of VALUES wants numbers in the others, also for a VARCHAR (docs: sql/insert). */
function bindByTarget(b: Binder, insert: Insert, columns: Column[]): InsertValue[][] {
  const rows = 'values' in insert.source ? insert.source.values : [];
  rows[0]!.forEach((first, i) => {
    const column = columns[i];
    if (first?.kind !== 'number' || column?.type.kind !== 'TEXT') return;
    for (const row of rows) {
      const value = row[i];
      if (value?.kind !== 'string' || isNumeric(value.value)) continue;
      const error = new SnowflakeError('100038', '22018', `Numeric value '${value.value}' is not recognized`);
      throw columnError(b, insert.table, column.name, error);
    }
  });
  return rows;
}

const isNumeric = (text: string): boolean => /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text);

function mismatch(b: Binder, expected: number, got: number): Error {
  return b.error(
    '002020',
    '21S01',
    `Insert value list does not match column list expecting ${expected} but got ${got}`,
  );
}

/** From this many rows on, literals go to DuckDB as data: its parser is slow with long lists of expressions. */
const MANY_ROWS = 50;
const ROWS = '$values';

interface Values {
  sql: string;
  /** The SQL of each value, if each has its own. */
  cells?: string[][];
  /** See inParts. */
  answers?: ExternalStep;
}

/** The rows of VALUES, each value cast to its column; with array binds one row for each of their elements. */
function valuesSql(b: Binder, table: Table, columns: Column[], rows: InsertValue[][]): Values {
  for (const row of rows) if (row.length !== columns.length) throw mismatch(b, columns.length, row.length);
  if (Object.values(b.binds).some((bind) => Array.isArray(bind.value)))
    return { sql: arrayBindsSql(b, table, columns, rows) };
  const texts = rows.length < MANY_ROWS ? undefined : literalColumns(columns, rows);
  if (texts) {
    const values = columns.map((column, i) =>
      storeValue(b, { sql: columnRef(ROWS, `v${i}`), type: TEXT(), nullable: true }, column),
    );
    const list = values.map(({ sql }, i) => `${sql} AS c${i + 1}`).join(', ');
    return { sql: `SELECT ${list} FROM ${relationOf(texts)}` };
  }
  const scope = new Scope();
  const cells = rows.map((row) => valueList(b, table, columns, row, scope));
  return { sql: `SELECT * FROM (VALUES ${cells.map((row) => `(${row.join(', ')})`).join(', ')})`, cells };
}

function valueList(b: Binder, table: Table, columns: Column[], row: InsertValue[], scope: Scope): string[] {
  return row.map((value, i) => {
    const column = columns[i]!;
    if (!value) return defaultOf(b, table, column).sql;
    return storeValue(b, constant(b, value, b.bind(value, scope), scope), column).sql;
  });
}

interface CellColumn {
  name: string;
  type: DataType;
  cells: (string | null)[];
}

/** Columns whose literals may be numbers as well as texts. */
const NUMBERS: DataType['kind'][] = ['NUMBER', 'FLOAT', 'DECFLOAT', 'TEXT'];

/** The values as texts, if all of them are literals that a cast from text reads as well. */
function literalColumns(columns: Column[], rows: InsertValue[][]): CellColumn[] | undefined {
  if (columns.some(({ type }) => isSemiStructured(type) || type.kind === 'BINARY')) return undefined;
  const texts: CellColumn[] = columns.map((_, i) => ({ name: `v${i}`, type: TEXT(), cells: [] }));
  for (const row of rows)
    for (const [i, value] of row.entries()) {
      if (value?.kind === 'string') texts[i]!.cells.push(value.value);
      else if (value?.kind === 'number' && NUMBERS.includes(columns[i]!.type.kind))
        texts[i]!.cells.push(value.text);
      else if (value?.kind === 'null') texts[i]!.cells.push(null);
      else return undefined;
    }
  return texts;
}

/** Cells as a relation, each column in its type. */
function relationOf(columns: CellColumn[]): string {
  const lists = columns.map(
    ({ name, cells }) => `unnest(from_json(${quote(JSON.stringify(cells))}, '["VARCHAR"]')) AS ${name}`,
  );
  const typed = columns.map(({ name, type }) => `${fromCell(type, name)} AS ${name}`);
  return `(SELECT ${typed.join(', ')} FROM (SELECT ${lists.join(', ')})) AS ${quoteName(ROWS)}`;
}

/** Each `?` becomes a column of a relation of the bound values. */
function arrayBindsSql(b: Binder, table: Table, columns: Column[], rows: InsertValue[][]): string {
  const binds = Object.entries(b.binds);
  const length = Math.max(...binds.map(([, bind]) => (Array.isArray(bind.value) ? bind.value.length : 1)));
  const bound = binds.map(([key, bind]): CellColumn => {
    const values: (string | null)[] = Array.isArray(bind.value)
      ? bind.value
      : new Array<string | null>(length).fill(bind.value);
    const type = bindType(bind.type, values);
    b.bindColumns.set(key, { sql: columnRef(ROWS, `b${key}`), type, nullable: true });
    return {
      name: `b${key}`,
      type,
      cells: values.map((value) => (value === null ? null : bindCell(bind.type, value))),
    };
  });
  const from = relationOf(bound);
  const scope = new Scope();
  const selects = rows.map((row) => {
    const values = valueList(b, table, columns, row, scope);
    return `SELECT ${values.map((value, i) => `${value} AS c${i + 1}`).join(', ')} FROM ${from}`;
  });
  return selects.join(' UNION ALL ');
}
