import type { Column, Table } from '../../catalog/objects.js';
import { invalidIdentifier } from '../../errors.js';
import type { Assignment, Delete, Source, Update } from '../../language/ast.js';
import { quoteName } from '../../types/duck-type.js';
import { condition, withClause } from '../bind/bind-query.js';
import { addTable, asSource, bindSource, fromTable } from '../bind/bind-source.js';
import { Binder } from '../bind/binder.js';
import { isMasked } from '../bind/masked.js';
import { identifierText, Scope, type ScopeTable } from '../bind/scope.js';
import type { QueryContext } from '../compile.js';
import { type Probes, writing } from '../run/failed-column.js';
import { prepare } from '../run/run.js';
import { storeValue } from '../run/stored.js';
import {
  columnOf,
  defaultOf,
  deleteInPlace,
  deleteRows,
  refuseExternals,
  targetTable,
  updateInPlace,
  updateRows,
  withTemporary,
} from './write.js';

/** The target of an UPDATE, DELETE or MERGE as a source: its columns visible. */
export interface Target {
  from: string;
  table: ScopeTable;
  /** What its columns stand behind, in quotes. */
  name: string;
  /** Its `$row`. */
  row: string;
  /**
   * What a subquery gives so that values can be computed outside it: a struct of the columns that they read, under the alias
   * by which they call them; nothing where they read none.
   */
  read(values: readonly { sql: string }[]): string[];
}

/** Binds it, and adds it to the scope. */
export function bindTarget(b: Binder, table: Table, alias: string | undefined, scope: Scope): Target {
  const duckAlias = b.alias();
  const relation = fromTable(b, table);
  const path = alias ? [alias] : [table.database, table.schema, table.name];
  const name = quoteName(duckAlias);
  return {
    from: `${asSource(relation.sql)} AS ${name}`,
    table: addTable(b, scope, duckAlias, path, relation),
    name,
    row: `${name}."$row"`,
    read: (values) => {
      const columns = table.columns.map(({ physical }) => quoteName(physical));
      const used = columns.filter((column) => values.some(({ sql }) => sql.includes(`${name}.${column}`)));
      if (used.length === 0) return [];
      return [`struct_pack(${used.map((column) => `${column} := ${name}.${column}`).join(', ')}) AS ${name}`];
    },
  };
}

/** The assignments of SET, each value cast to its column. */
export function bindAssignments(
  b: Binder,
  table: Table,
  set: Assignment[],
  scope: Scope,
  alias: string | undefined,
): { column: Column; sql: string }[] {
  const seen = new Set<string>();
  const path = alias ? [alias] : [table.database, table.schema, table.name];
  return set.map(({ column: name, qualifier, at, value }) => {
    // Only the target's columns can be set, whatever the source has.
    if (qualifier.join('.') !== path.slice(path.length - qualifier.length).join('.'))
      throw invalidIdentifier([...qualifier, name].map(identifierText).join('.'), b.position(at));
    const column = columnOf(b, table, name, at);
    if (seen.has(name)) throw b.error('001003', '42000', `column '${name}' is set twice.`, at);
    seen.add(name);
    return {
      column,
      sql: (value ? storeValue(b, b.bind(value, scope), column) : defaultOf(b, table, column)).sql,
    };
  });
}

function joinSources(b: Binder, first: string, sources: Source[], scope: Scope): string {
  return [first, ...sources.map((source) => bindSource(b, source, scope))].join(', ');
}

/** UPDATE t SET … [FROM …] [WHERE …]. A row that several others match takes one of them. */
export async function runUpdate(
  context: QueryContext,
  update: Update,
  text: string,
): Promise<{ updated: number; multiJoined: number }> {
  const { account, session, binds, signal } = context;
  const b = new Binder(account, session, text, binds, true, signal);
  const table = targetTable(b, update.table, 'UPDATE');
  const scope = new Scope();
  const target = bindTarget(b, table, update.alias, scope);
  const from = joinSources(b, target.from, update.from, scope);
  scope.block.clause = 'WHERE';
  const where = update.where ? ` WHERE ${condition(b, update.where, scope)}` : '';
  scope.block.clause = 'SELECT';
  const set = bindAssignments(b, table, update.set, scope, update.alias);
  refuseExternals(scope, 'UPDATE');
  await session.lock(table.id, signal);
  const values = set.map(({ sql }, i) => `, ${sql} AS v${i}`).join('');
  const select = `SELECT ${target.row} AS "$row"${values} FROM ${from}${where}`;
  const probes = (sql: string): Probes => {
    const of = (value: string) => `SELECT ${value} AS v FROM (${sql})`;
    return { rows: of('"$row"'), values: set.map(({ column }, i) => ({ column, sql: of(`v${i}`) })) };
  };
  const apply = (sql: string) =>
    withTemporary(b, sql, async (rows, most) => {
      let source = rows;
      let multiJoined = 0;
      if (update.from.length > 0 && most > 0) {
        const [row] = await session.connection.rows(
          `SELECT CAST(count(*) AS VARCHAR) FROM (SELECT "$row" FROM ${rows} GROUP BY 1 HAVING count(*) > 1)`,
        );
        multiJoined = Number(row![0]);
        if (multiJoined > 0) source = `(SELECT DISTINCT ON ("$row") * FROM ${rows})`;
      }
      const updated = await updateRows(
        b,
        table,
        source,
        set.map(({ column }, i) => ({ column, value: `v${i}` })),
        most,
      );
      return { updated, multiJoined };
    });
  const written = { name: update.table, table };
  const inPlace = isAlone(b, table, update.from, scope, where + values)
    ? updateInPlace(b, table, target.name, set, where)
    : undefined;
  if (inPlace)
    return writing(
      b,
      written,
      () => probes(select),
      async () => ({ updated: await inPlace(), multiJoined: 0 }),
    );
  return prepare(b, withClause(b) + select, (sql) =>
    writing(
      b,
      written,
      () => probes(sql),
      () => apply(sql),
    ),
  );
}

/**
 * Whether a statement needs nothing but the rows of its table, each for itself.
 * @param from its other tables
 * @param asked DuckDB SQL of what it asks of them
 */
function isAlone(b: Binder, table: Table, from: Source[], { block }: Scope, asked: string): boolean {
  const { collected } = b;
  if (isMasked(b, table.columns)) return false;
  const others = from.length + collected.deferred.length + collected.steps.length;
  return others === 0 && !block.aggregates && !block.windows && !/\bSELECT\b/i.test(asked);
}

/** DELETE FROM t [USING …] [WHERE …]. @returns the number of rows deleted */
export async function runDelete(context: QueryContext, statement: Delete, text: string): Promise<number> {
  const { account, session, binds, signal } = context;
  const b = new Binder(account, session, text, binds, true, signal);
  const table = targetTable(b, statement.table, 'DELETE');
  const scope = new Scope();
  const target = bindTarget(b, table, statement.alias, scope);
  const from = joinSources(b, target.from, statement.using, scope);
  scope.block.clause = 'WHERE';
  const where = statement.where ? ` WHERE ${condition(b, statement.where, scope)}` : '';
  refuseExternals(scope, 'DELETE');
  await session.lock(table.id, signal);
  const inPlace = isAlone(b, table, statement.using, scope, where)
    ? deleteInPlace(b, table, target.name, where)
    : undefined;
  if (inPlace) return inPlace();
  const select = `SELECT DISTINCT ${target.row} AS "$row" FROM ${from}${where}`;
  return prepare(b, withClause(b) + select, (sql) =>
    withTemporary(b, sql, (rows, most) => deleteRows(b, table, rows, most)),
  );
}
