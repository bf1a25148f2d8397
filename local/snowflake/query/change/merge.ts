import type { Column, Table } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Merge, MergeClause } from '../../language/ast.js';
import { quoteName } from '../../types/duck-type.js';
import { condition, withClause } from '../bind/bind-query.js';
import { bindSource } from '../bind/bind-source.js';
import { Binder } from '../bind/binder.js';
import { joinSql, type On, onParts } from '../bind/outer-join.js';
import { Scope, type ScopeTable } from '../bind/scope.js';
import type { QueryContext } from '../compile.js';
import { type Probes, writing } from '../run/failed-column.js';
import { prepare } from '../run/run.js';
import { storeValue } from '../run/stored.js';
import { physicalName } from './recording.js';
import { bindAssignments, bindTarget, type Target } from './update.js';
import {
  columnOf,
  defaultOf,
  deleteRows,
  insertRows,
  refuseExternals,
  targetTable,
  updateRows,
  withTemporary,
} from './write.js';

export interface MergeCounts {
  inserted: number;
  updated: number;
  deleted: number;
}

/** A WHEN clause in DuckDB SQL. `values` stand under their names in the temporary table. */
interface BoundClause {
  kind: MergeClause['action']['kind'];
  matched: boolean;
  test: string;
  values: { column: Column; sql: string; name: string }[];
}

/**
 * MERGE INTO t USING s ON … WHEN …. The source is read once, and what becomes of its rows is known before anything is
 * written; a target row that several source rows match is an error unless they all delete it (docs: sql/merge,
 * "Nondeterministic results").
 * @throws SnowflakeError 100090
 */
export async function runMerge(context: QueryContext, merge: Merge, text: string): Promise<MergeCounts> {
  const { account, session, binds, signal } = context;
  const b = new Binder(account, session, text, binds, true, signal);
  const table = targetTable(b, merge.table, 'SELECT');
  for (const { action } of merge.clauses) account.access.require(session, action.kind.toUpperCase(), table);
  const scope = new Scope();
  const from = bindSource(b, merge.using, scope);
  const sources = [...scope.tables];
  const names = sources.map(({ alias }) => quoteName(alias));
  // Of several sources each is one struct; what one has stays as it is, under its name.
  const all = names.length === 1 ? `${names[0]}.*` : names.map((name) => `${name} AS ${name}`).join(', ');
  const source = `${withClause(b)}SELECT ${all} FROM ${from}`;
  // Where nothing of the target matches there is only the source to name.
  const sourceScope = new Scope();
  sourceScope.tables.push(...sources);
  const target = bindTarget(b, table, merge.alias, scope);
  const on = onParts(b, merge.on, scope, [sources, scope.tables.slice(sources.length)]);
  const clauses = merge.clauses.map((clause, i) =>
    bindClause(b, table, clause, i, clause.matched ? scope : sourceScope, sources, merge.alias),
  );
  for (const each of [scope, sourceScope]) refuseExternals(each, 'MERGE');
  refuseUnreachable(b, merge.clauses);
  shareColumns(clauses, names);
  await session.lock(table.id, signal);
  const rowsOf = (sql: string) => changesSql(sql, target, on, sources, clauses);
  const probes = (sql: string): Probes => ({
    values: clauses.flatMap((clause, i) =>
      clause.values.map(({ column, name }) => ({
        column,
        sql: `SELECT ${name} AS v FROM (${rowsOf(sql)}) WHERE "$clause" = ${i}`,
      })),
    ),
  });
  const apply = async (sql: string) =>
    (await applyToNothing(b, table, names, clauses, sql)) ??
    withTemporary(b, rowsOf(sql), async (rows, most) => {
      const counts: MergeCounts = { inserted: 0, updated: 0, deleted: 0 };
      if (most === 0) return counts;
      const { applied, several } = await applyClauses(b, rows, clauses);
      for (const i of applied) {
        const clause = clauses[i]!;
        const once = several && clause.matched ? 'DISTINCT ON ("$row") *' : '*';
        const own = `(SELECT ${once} FROM ${rows} WHERE "$clause" = ${i})`;
        await applyClause(b, table, clause, { own, most }, counts);
      }
      return counts;
    });
  return prepare(b, source, (sql) =>
    writing(
      b,
      { name: merge.table, table },
      () => probes(sql),
      () => apply(sql),
    ),
  );
}

/**
 * MERGE into a table without rows that knows one thing to do with what it does not find: an INSERT, with no table of rows between.
 * @returns undefined where it is none
 */
async function applyToNothing(
  b: Binder,
  table: Table,
  names: string[],
  clauses: BoundClause[],
  source: string,
): Promise<MergeCounts | undefined> {
  const [clause, ...others] = clauses.filter(({ matched }) => !matched);
  if (!clause || others.length > 0 || b.account.storage.numbers.given(table.physical)) return undefined;
  if ((await b.session.connection.rows(`SELECT '' FROM ${physicalName(table)} LIMIT 1`)).length > 0)
    return undefined;
  const columns = clause.values.map(({ column }) => column);
  const given = names.length === 1 ? names[0] : '"$source"';
  const rows = `SELECT ${clause.values.map(({ sql }) => sql).join(', ')} FROM (${source}) AS ${given} WHERE ${clause.test}`;
  return { inserted: await insertRows(b, table, columns, rows), updated: 0, deleted: 0 };
}

/** A clause behind one of its kind without a condition would never apply. @throws SnowflakeError 002079 */
function refuseUnreachable(b: Binder, clauses: MergeClause[]): void {
  for (const kind of [true, false]) {
    const same = clauses.filter(({ matched }) => matched === kind);
    if (same.slice(0, -1).some(({ condition: asked }) => !asked))
      throw b.error('002079', '42601', 'Unreachable merge case.');
  }
}

function bindClause(
  b: Binder,
  table: Table,
  clause: MergeClause,
  index: number,
  scope: Scope,
  sources: ScopeTable[],
  alias: string | undefined,
): BoundClause {
  const test = clause.condition ? condition(b, clause.condition, scope) : 'TRUE';
  const { action } = clause;
  const bound = (kind: BoundClause['kind'], values: { column: Column; sql: string }[]): BoundClause => ({
    kind,
    matched: clause.matched,
    test,
    values: values.map((value, i) => ({ ...value, name: `v${index}_${i}` })),
  });
  if (action.kind === 'delete') return bound('delete', []);
  if (action.kind === 'update') {
    if (action.set === 'ALL BY NAME') return bound('update', matchByName(b, table, sources));
    return bound('update', bindAssignments(b, table, action.set, scope, alias));
  }
  const { values } = action;
  if (values === 'ALL BY NAME') return bound('insert', matchByName(b, table, sources));
  const columns = action.columns?.map((name) => columnOf(b, table, name)) ?? table.columns;
  if (columns.length !== values.length)
    throw b.error(
      '002020',
      '21S01',
      `Insert value list does not match column list expecting ${columns.length} but got ${values.length}`,
    );
  return bound(
    'insert',
    columns.map((column, i) => {
      const value = values[i];
      const typed = value ? storeValue(b, b.bind(value, scope), column) : defaultOf(b, table, column);
      return { column, sql: typed.sql };
    }),
  );
}

/** Every column of the target with the source's column of that name. */
function matchByName(b: Binder, table: Table, sources: ScopeTable[]): { column: Column; sql: string }[] {
  const given = sources.flatMap((source) => source.columns.filter((column) => !column.hidden));
  if (given.length !== table.columns.length)
    throw b.error(
      '002020',
      '21S01',
      `ALL BY NAME expects ${table.columns.length} columns but got ${given.length}`,
    );
  return table.columns.map((column) => {
    const value = given.find((each) => each.name === column.name);
    if (!value) throw b.error('000904', '42000', `invalid identifier '${column.name}'`);
    return { column, sql: storeValue(b, value, column).sql };
  });
}

/** Columns of the source that several clauses take as they are stand in the temporary table once. @param names of the sources */
function shareColumns(clauses: BoundClause[], names: string[]): void {
  const shared = new Map<string, string>();
  for (const value of clauses.flatMap(({ values }) => values)) {
    if (!isColumn(value.sql, names)) continue;
    value.name = shared.get(value.sql) ?? value.name;
    shared.set(value.sql, value.name);
  }
}

/** Whether a value is a column of the source as it is: nothing that could fail. */
const isColumn = (sql: string, names: string[]): boolean =>
  names.some((name) => sql.startsWith(`${name}."`) && /^"[^"]+"$/.test(sql.slice(name.length + 1)));

/**
 * What becomes of the source's rows: `$row` of the target's row (NULL: there is none), the number of the clause that applies
 * and the clauses' values.
 */
function changesSql(
  source: string,
  target: Target,
  on: On,
  tables: ScopeTable[],
  clauses: BoundClause[],
): string {
  const names = tables.map(({ alias }) => quoteName(alias));
  const some = (matched: boolean) => clauses.some((clause) => clause.matched === matched);
  const values = clauses.filter(({ matched }) => matched).flatMap((clause) => clause.values);
  const [name, ...others] = names;
  const single = others.length === 0;
  const found = [`${target.row} AS "$found"`, ...target.read(values), ...(single ? [`${name}.*`] : names)];
  const tests = (matched: boolean) =>
    clauses.map((clause, i) => (clause.matched === matched ? ` WHEN ${clause.test} THEN ${i}` : '')).join('');
  const first = (matched: boolean) => (some(matched) ? `CASE${tests(matched)} END` : 'NULL');
  const clause = `CASE WHEN ${target.row} IS NOT NULL THEN ${first(true)} ELSE ${first(false)} END AS "$clause"`;
  const given = single ? name : '"$source"';
  const left = { from: `(${source}) AS ${given}`, tables };
  const joined = joinSql(
    some(false) ? 'LEFT' : 'INNER',
    left,
    { from: target.from, tables: [target.table] },
    on,
  );
  return `SELECT "$found" AS "$row", "$clause"${valuesOf(clauses, names)} FROM (SELECT ${found.join(', ')}, ${clause} FROM ${joined}) AS ${given} WHERE "$clause" IS NOT NULL`;
}

/**
 * The values of every clause. A value is only computed where its clause applies: it may fail elsewhere. By the clause's
 * number, not by its condition once more for each value: DuckDB took longer to read that than to run it.
 */
function valuesOf(clauses: BoundClause[], names: string[]): string {
  const columns = new Map<string, string>();
  // Rows without a clause are left out before.
  for (const [i, { values }] of clauses.entries())
    for (const { sql, name } of values)
      columns.set(
        name,
        clauses.length === 1 || isColumn(sql, names) ? sql : `CASE WHEN "$clause" = ${i} THEN ${sql} END`,
      );
  return [...columns].map(([name, sql]) => `, ${sql} AS ${name}`).join('');
}

/**
 * The clauses that apply to some row, and whether several rows of the source mean one of the target.
 * @throws SnowflakeError 100090 where one of these is changed
 */
async function applyClauses(
  b: Binder,
  rows: string,
  clauses: BoundClause[],
): Promise<{ applied: Set<number>; several: boolean }> {
  if (clauses.every(({ matched }) => !matched)) return { applied: new Set(clauses.keys()), several: false };
  const updates = clauses.flatMap(({ kind }, i) => (kind === 'update' ? [i] : []));
  const isUpdate = updates.length > 0 ? `"$clause" IN (${updates.join(', ')})` : 'false';
  const [found] = await b.session.connection.rows(
    `SELECT CAST(bit_or(used) AS VARCHAR), CAST(count(*) FILTER (n > 1) AS VARCHAR), CAST(count(*) FILTER (n > 1 AND updated) AS VARCHAR) FROM (SELECT CASE WHEN "$row" IS NULL THEN 1 ELSE count(*) END AS n, bool_or(${isUpdate}) AS updated, bit_or(1::HUGEINT << "$clause") AS used FROM ${rows} GROUP BY "$row")`,
  );
  const [used, several, updated] = found!;
  if (updated !== '0' && b.session.parameter('ERROR_ON_NONDETERMINISTIC_MERGE') !== false)
    throw new SnowflakeError('100090', '42P18', 'Duplicate row detected during DML action');
  // Most have nothing to do: no values differ, say, only one column.
  const applied = clauses.flatMap((_, i) => ((BigInt(used ?? 0) >> BigInt(i)) & 1n ? [i] : []));
  return { applied: new Set(applied), several: several !== '0' };
}

/** @param rows what the clause applies to, each row of the target once; they are `most` at most */
async function applyClause(
  b: Binder,
  table: Table,
  { kind, values }: BoundClause,
  { own: rows, most }: { own: string; most: number },
  counts: MergeCounts,
): Promise<void> {
  const set = values.map(({ column, name }) => ({ column, value: name }));
  if (kind === 'delete') counts.deleted += await deleteRows(b, table, rows, most);
  else if (kind === 'update') counts.updated += await updateRows(b, table, rows, set, most);
  else
    counts.inserted += await insertRows(
      b,
      table,
      set.map(({ column }) => column),
      `SELECT ${set.map(({ value }) => value).join(', ')} FROM ${rows}`,
      { reads: 'made again' },
    );
}
