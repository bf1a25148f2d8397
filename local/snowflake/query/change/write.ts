import type { Column, Table } from '../../catalog/objects.js';
import { changeLogName } from '../../catalog/physical.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import type { Name } from '../../language/ast.js';
import { Sequences } from '../../storage/sequences.js';
import { splitRanges } from '../../streams/ranges.js';
import type { Typed } from '../../types/coerce.js';
import { NUMBER } from '../../types/data-type.js';
import { duckType, quoteName } from '../../types/duck-type.js';
import type { Binder } from '../bind/binder.js';
import { Scope } from '../bind/scope.js';
import { resolvePlaceholders, runInDuck } from '../run/run.js';
import { storedExpression } from '../stored-trees.js';
import {
  inserting,
  isTracked,
  names,
  physicalName,
  recording,
  recordingUpdated,
  rowsAffected,
  rowsSince,
} from './recording.js';
import { isFixed, isRepeatable } from './repeatable.js';

/**
 * Changes of tables, all in this one way: new rows go into the table, affected ones are first computed into a temporary table
 * and then applied to it; what a stream wants to know of them goes into its change table. Everything goes through
 * session.write() and its like, so that a transaction can repeat it.
 */

/** Snowflake alone adds rows to an event table; users may only take some away. */
export function eventTableRefuses(table: Table): SnowflakeError {
  return new SnowflakeError(
    '002201',
    '42601',
    `SQL compilation error:\nEvent table '${table.name}' takes no rows from DML: it allows SELECT, DELETE and TRUNCATE only. Log with snowflake.log() or SYSTEM$LOG().`,
  );
}

/** The table that a DML statement changes. @throws SnowflakeError 002003, 003001 */
export function targetTable(b: Binder, name: Name, privilege: string): Table {
  const parts = b.nameParts(name);
  const object = b.account.catalog.resolveRelation(parts, b.session);
  b.account.access.require(b.session, privilege, object);
  if (object.kind === 'TABLE') {
    if (object.event && privilege !== 'DELETE' && privilege !== 'TRUNCATE') throw eventTableRefuses(object);
    return object;
  }
  throw b.error(
    '002201',
    '42601',
    `DML on ${object.kind.toLowerCase()} '${object.name}' is not possible: it is no table.`,
  );
}

/** The table's column of this name. @throws SnowflakeError 000904 */
export function columnOf(b: Binder, table: Table, name: string, at?: number): Column {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw b.error('000904', '42000', `invalid identifier '${name}'`, at);
  return column;
}

/** What a column gets that an INSERT leaves out. */
export function defaultOf(b: Binder, table: Table, column: Column): Typed {
  if (column.sequence !== undefined) {
    const sequence = b.account.catalog.get(column.sequence);
    if (sequence?.kind === 'SEQUENCE') {
      b.collected.drawn = true;
      return b.cast({ sql: Sequences.nextSql(sequence), type: NUMBER(19, 0), nullable: false }, column.type);
    }
  }
  if (column.default === undefined)
    return { sql: `CAST(NULL AS ${duckType(column.type)})`, type: column.type, nullable: true };
  const inner = b.enter(table, column.default);
  return b.cast(inner.bind(storedExpression(column.default), new Scope()), column.type);
}

/**
 * A temporary table of this statement: made now, dropped when `work` has ended. Where it has no rows, no write may read it.
 * @param read false: writes read it through another such table only
 */
export async function withTemporary<T>(
  b: Binder,
  select: string,
  work: (table: string, rows: number) => Promise<T>,
  read = true,
): Promise<T> {
  const table = quoteName(`$rows_${b.id}_${b.collected.next()}`);
  const kept = !read ? 'not read' : isRepeatable(b) ? 'query' : 'rows';
  const rows = await runInDuck(() => b.session.compute(table, select, kept));
  try {
    return await runInDuck(() => work(table, rows));
  } finally {
    if (!b.session.connection.failed) b.session.drop(table);
  }
}

/**
 * Adds rows. @param select DuckDB SQL that gives the values of `columns`, in their order and types
 * @param alone whether the statement writes nothing else
 * @param reads what `select` is: the statement's query; or of a temporary table alone, which is made again with its rows in their order or
 *   may not be; or of something that the binder has not seen
 * @returns how many
 */
export async function insertRows(
  b: Binder,
  table: Table,
  columns: Column[],
  select: string,
  { alone = false, reads = 'query' }: { alone?: boolean; reads?: 'query' | 'made again' | 'unknown' } = {},
): Promise<number> {
  const others = table.columns.filter((column) => !columns.includes(column));
  const defaults = await resolvePlaceholders(
    b,
    others.map((column) => `, ${defaultOf(b, table, column).sql}`).join(''),
  );
  const all = [...columns, ...others];
  const rest = `"$new".*${defaults} FROM (${select}) AS "$new"`;
  const target = `"$row", ${names(all)}`;
  const insert = (rows: string) => `INSERT INTO ${physicalName(table)} (${target}) ${rows}`;
  const { transaction } = b.session;
  const { numbers } = b.account.storage;
  const last = numbers.last(table.physical);
  const numbered = `SELECT ${last} + row_number() OVER (), ${rest}`;
  const recorded = isTracked(b, table, 'INSERT');
  const add = async (): Promise<number> => {
    if (reads === 'made again' && !b.collected.drawn) return runCommands(b, [insert(numbered)]);
    // Of a query that reads the table DuckDB would see the first rows among the last.
    if (select.includes(physicalName(table)))
      return withTemporary(b, `SELECT * FROM (${numbered}) AS "$new"(${target})`, async (rows, many) =>
        many > 0 ? runCommands(b, [insert(`SELECT ${target} FROM ${rows}`)]) : 0,
      );
    const again = reads === 'query' && (isFixed(b) || isRepeatable(b));
    if (transaction.explicit && !again)
      return transaction.insert({
        table: physicalName(table),
        command: insert(numbered),
        added: rowsSince(table, last),
      });
    return alone && !recorded
      ? transaction.writeAlone(insert(numbered))
      : transaction.write(insert(numbered));
  };
  const inserted = await runInDuck(add);
  if (recorded && inserted > 0) await runInDuck(() => runCommands(b, [inserting(b, table, last, inserted)]));
  numbers.gave(table.physical, inserted);
  if (recorded) numbers.gave(changeLogName(table), inserted);
  return inserted;
}

/** Runs commands as one: each by itself is a trip to another thread. @returns how many rows the last one changed */
function runCommands(b: Binder, commands: string[]): Promise<number> {
  return b.session.write(commands.join('; '));
}

/**
 * Removes the rows whose `$row` a relation lists.
 * @param most so many they are at most
 * @returns how many
 */
export async function deleteRows(b: Binder, table: Table, rows: string, most?: number): Promise<number> {
  if (most === 0) return 0;
  const recorded = isTracked(b, table, 'DELETE');
  const deleted = await runCommands(b, [
    ...splitRanges(b.account, table),
    ...(recorded ? [recording(b, table, 'DELETE', false, rowsAffected(table, rows))] : []),
    `DELETE FROM ${physicalName(table)} WHERE "$row" IN (SELECT "$row" FROM ${rows})`,
  ]);
  if (recorded) b.account.storage.numbers.gave(changeLogName(table), deleted);
  return deleted;
}

/**
 * Changes rows. @param rows a relation with `$row`, each once, and the new values
 * @param set column → its new value's column in `rows`
 * @param most so many rows they are at most
 */
export async function updateRows(
  b: Binder,
  table: Table,
  rows: string,
  set: { column: Column; value: string }[],
  most: number,
): Promise<number> {
  const assignments = set.map(({ column, value }) => `${quoteName(column.physical)} = "$new".${value}`);
  const update = `UPDATE ${physicalName(table)} AS "$old" SET ${assignments.join(', ')} FROM ${rows} AS "$new" WHERE "$old"."$row" = "$new"."$row"`;
  if (most === 0) return 0;
  const before = splitRanges(b.account, table);
  if (!isTracked(b, table, 'UPDATE')) return runCommands(b, [...before, update]);
  // As many rows are written down after it as were changed.
  const updated = await runCommands(b, [
    ...before,
    recording(b, table, 'DELETE', true, rowsAffected(table, rows)),
    update,
    recordingUpdated(b, table, rows, set, most),
  ]);
  b.account.storage.numbers.gave(changeLogName(table), most + updated);
  return updated;
}

/**
 * Changes or removes rows in one command, without a table of them: where no stream wants to know of them, and a transaction that makes
 * its writes again would change the very same ones in the same way, as nothing is drawn.
 * @param command reads nothing but the table
 * @returns what does it and gives the number of rows; undefined where it cannot be done so
 */
function changeInPlace(
  b: Binder,
  table: Table,
  change: 'UPDATE' | 'DELETE',
  command: string,
): (() => Promise<number>) | undefined {
  const { transaction } = b.session;
  if ((transaction.explicit && b.collected.drawn) || isTracked(b, table, change)) return undefined;
  return () =>
    runInDuck(() => {
      const before = splitRanges(b.account, table);
      return before.length > 0 ? runCommands(b, [...before, command]) : transaction.writeAlone(command);
    });
}

/** UPDATE in one command; see inPlace. @param name what the table's columns stand behind in the values and in WHERE */
export function updateInPlace(
  b: Binder,
  table: Table,
  name: string,
  set: { column: Column; sql: string }[],
  where: string,
): (() => Promise<number>) | undefined {
  const assignments = set.map(({ column, sql }) => `${quoteName(column.physical)} = ${sql}`);
  return changeInPlace(
    b,
    table,
    'UPDATE',
    `UPDATE ${physicalName(table)} AS ${name} SET ${assignments.join(', ')}${where}`,
  );
}

/** DELETE in one command; see inPlace. @param name what the table's columns stand behind in WHERE */
export function deleteInPlace(b: Binder, table: Table, name: string, where: string) {
  return changeInPlace(b, table, 'DELETE', `DELETE FROM ${physicalName(table)} AS ${name}${where}`);
}

/** External functions feed an INSERT or a MERGE from a query; elsewhere in DML they are refused. */
export function refuseExternals(scope: Scope, statement: string): void {
  const [call] = scope.block.externals;
  if (call)
    throw localRefusal(
      `external function ${call.routine.name} directly in ${statement}`,
      'rows are sent out of a query only',
      'Call it in a subquery, e.g. of MERGE … USING (SELECT …).',
    );
}
