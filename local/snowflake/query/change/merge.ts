import type { Column, Table } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Merge, MergeClause } from '../../language/ast.js';
import { quotedName } from '../../types/duck-type.js';
import { condition, withClause } from '../bind/bind-query.js';
import { bindSource } from '../bind/bind-source.js';
import { Binder } from '../bind/binder.js';
import { Scope, type ScopeTable } from '../bind/scope.js';
import type { QueryContext } from '../compile.js';
import { type Probes, writing } from '../run/failed-column.js';
import { prepared } from '../run/run.js';
import { stored } from '../run/stored.js';
import { bindAssignments, bindTarget } from './update.js';
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

/** A WHEN clause in DuckDB SQL. `values` are named v<clause>_<i> in the temporary tables. */
interface BoundClause {
  kind: MergeClause['action']['kind'];
  test: string;
  values: { column: Column; sql: string; name: string }[];
}

/**
 * MERGE INTO t USING s ON … WHEN …. The source is computed once; a target row that several source rows match is
 * an error unless they all delete it (docs: sql/merge, "Nondeterministic results").
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
  const names = sources.map(({ alias }) => quotedName(alias));
  const structs = names.map((name) => `${name} AS ${name}`);
  const sourceRows = `${withClause(b)}SELECT ${structs.join(', ')} FROM ${from}`;
  // Where nothing of the target matches there is only the source to name.
  const sourceScope = new Scope();
  sourceScope.tables.push(...sources);
  const target = bindTarget(b, table, merge.alias, scope);
  const on = condition(b, merge.on, scope);
  const clauses = merge.clauses.map((clause, i) =>
    bindClause(b, table, clause, i, clause.matched ? scope : sourceScope, sources, merge.alias),
  );
  for (const each of [scope, sourceScope]) refuseExternals(each, 'MERGE');
  refuseUnreachable(b, merge.clauses);
  const matched = clauses.filter((_, i) => merge.clauses[i]!.matched);
  const unmatched = clauses.filter((_, i) => !merge.clauses[i]!.matched);
  await session.lock(table.id, signal);
  const found = [
    `${target.row} AS "$row"`,
    ...target.read(matched.flatMap(({ values }) => values)),
    ...names,
  ];
  const changesOf = (source: string) =>
    `SELECT "$row", ${valuesOf(matched)} FROM (SELECT ${found.join(', ')}, ${clauseOf(matched)} FROM ${target.from}, ${source} WHERE ${on}) WHERE "$clause" IS NOT NULL`;
  // By the number of the source's row: to compare whole rows is dearer than the join.
  const additionsOf = (source: string, name = source) =>
    `SELECT ${valuesOf(unmatched)} FROM (SELECT ${names.join(', ')}, ${clauseOf(unmatched)} FROM ${source} WHERE ${name}.rowid NOT IN (SELECT ${name}.rowid FROM ${target.from}, ${source} WHERE ${on})) WHERE "$clause" IS NOT NULL`;
  const probes = (sql: string): Probes => {
    const of = (all: BoundClause[], rows: string) =>
      all.flatMap(({ values }) =>
        values.map(({ column, name }) => ({ column, sql: `SELECT ${name} AS v FROM (${rows})` })),
      );
    const source = `(SELECT row_number() OVER () AS rowid, * FROM (${sql})) AS "$probed"`;
    return {
      values: [...of(matched, changesOf(source)), ...of(unmatched, additionsOf(source, '"$probed"'))],
    };
  };
  const applied = async (source: string) => {
    const counts: MergeCounts = { inserted: 0, updated: 0, deleted: 0 };
    const insert = async (rows: string) => {
      for (const [i, clause] of unmatched.entries()) {
        const values = clause.values.map(({ name }) => name).join(', ');
        counts.inserted += await insertRows(
          b,
          table,
          clause.values.map(({ column }) => column),
          `SELECT ${values} FROM ${rows} WHERE "$clause" = ${i}`,
        );
      }
    };
    const add = async () => {
      if (unmatched.length === 1) await insert(`(${additionsOf(source)})`);
      // What one clause inserts must not match for the next.
      if (unmatched.length > 1) await withTemporary(b, additionsOf(source), insert, false);
    };
    if (matched.length === 0) await add();
    else
      await withTemporary(b, changesOf(source), async (changed) => {
        // First: what has been changed may match no longer.
        await add();
        await applyMatched(b, table, matched, changed, counts);
      });
    return counts;
  };
  const apply = (sql: string) => withTemporary(b, sql, applied, false);
  return prepared(b, sourceRows, (sql) =>
    writing(
      b,
      { name: merge.table, table },
      () => probes(sql),
      () => apply(sql),
    ),
  );
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
    test,
    values: values.map((value, i) => ({ ...value, name: `v${index}_${i}` })),
  });
  if (action.kind === 'delete') return bound('delete', []);
  if (action.kind === 'update') {
    if (action.set === 'ALL BY NAME') return bound('update', byName(b, table, sources));
    return bound('update', bindAssignments(b, table, action.set, scope, alias));
  }
  const { values } = action;
  if (values === 'ALL BY NAME') return bound('insert', byName(b, table, sources));
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
      const typed = value ? stored(b, b.bind(value, scope), column) : defaultOf(b, table, column);
      return { column, sql: typed.sql };
    }),
  );
}

/** Every column of the target with the source's column of that name. */
function byName(b: Binder, table: Table, sources: ScopeTable[]): { column: Column; sql: string }[] {
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
    return { column, sql: stored(b, value, column).sql };
  });
}

/** The number of the first clause whose condition holds. */
function clauseOf(clauses: BoundClause[]): string {
  return `CASE ${clauses.map(({ test }, i) => `WHEN ${test} THEN ${i}`).join(' ')} END AS "$clause"`;
}

/**
 * It, and the values of every clause. A value is only computed where its clause applies: it may fail elsewhere. By the clause's
 * number, not by its condition once more for each value: DuckDB took longer to read that than to run it.
 */
function valuesOf(clauses: BoundClause[]): string {
  const values = clauses.flatMap(({ values: all }, i) =>
    all.map(({ sql, name }) =>
      // Rows without a clause are left out before.
      clauses.length === 1 ? `${sql} AS ${name}` : `CASE WHEN "$clause" = ${i} THEN ${sql} END AS ${name}`,
    ),
  );
  return ['"$clause"', ...values].join(', ');
}

async function applyMatched(
  b: Binder,
  table: Table,
  clauses: BoundClause[],
  rows: string,
  counts: MergeCounts,
): Promise<void> {
  const updates = clauses.flatMap((clause, i) => (clause.kind === 'update' ? [i] : []));
  const isUpdate = updates.length > 0 ? `"$clause" IN (${updates.join(', ')})` : 'false';
  const [found] = await b.session.connection.rows(
    `SELECT CAST(count(*) FILTER (n > 1) AS VARCHAR), CAST(count(*) FILTER (n > 1 AND updated) AS VARCHAR), CAST(bit_or(used) AS VARCHAR) FROM (SELECT count(*) AS n, bool_or(${isUpdate}) AS updated, bit_or(1::HUGEINT << "$clause") AS used FROM ${rows} GROUP BY "$row")`,
  );
  const [all, updated, used] = found!;
  if (updated !== '0' && b.session.parameter('ERROR_ON_NONDETERMINISTIC_MERGE') !== false)
    throw new SnowflakeError('100090', '42P18', 'Duplicate row detected during DML action');
  const once = all === '0' ? '*' : 'DISTINCT ON ("$row") *';
  for (const [i, clause] of clauses.entries()) {
    // Most have nothing to do: nobody's inputs differ, say, only that they have left.
    if (!((BigInt(used ?? 0) >> BigInt(i)) & 1n)) continue;
    const own = `(SELECT ${once} FROM ${rows} WHERE "$clause" = ${i})`;
    if (clause.kind === 'delete') counts.deleted += await deleteRows(b, table, own);
    else
      counts.updated += await updateRows(
        b,
        table,
        own,
        clause.values.map(({ column, name }) => ({ column, value: name })),
      );
  }
}
