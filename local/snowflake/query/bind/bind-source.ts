import type { Stream, Table, View } from '../../catalog/objects.js';
import { localRefusal } from '../../errors.js';
import type { Expr, Sample, Source } from '../../language/ast.js';
import { ROW_COLUMNS, readableTables, sourceOf, streamSource } from '../../streams/source.js';
import type { Typed } from '../../types/coerce.js';
import type { DataType } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import { storedQuery } from '../stored-trees.js';
import { subqueryError } from './bind-expression.js';
import { bindJoin } from './bind-join.js';
import { bindQuery, bindValues, renameColumns } from './bind-query.js';
import { Binder } from './binder.js';
import { maskRows } from './masked.js';
import { turnRelation } from './pivot.js';
import {
  type Answers,
  columnRef,
  identifierText,
  Scope,
  type ScopeColumn,
  type ScopeTable,
} from './scope.js';
import { bindTableFunction } from './table-functions.js';
import { isVersionColumn, VERSION_COLUMNS } from './versions.js';

/** Rows of any origin: DuckDB SQL that can stand in parentheses, and its columns. */
export interface Relation {
  sql: string;
  columns: {
    name: string;
    physical: string;
    type: DataType;
    nullable?: boolean;
    hidden?: boolean;
    untyped?: boolean;
  }[];
  /**
   * For a function that makes several rows of each row before it: the same rows beside the columns `carried` of
   * the FROM clause `from`. DuckDB's LATERAL would do as well, but it loses the order of the elements.
   */
  lateral?: (from: string, carried: string[]) => string;
  answers?: Answers;
}

/** ` FROM a, b JOIN c …`, empty without sources; the sources' columns are in the scope then. */
export function bindFrom(b: Binder, sources: Source[], scope: Scope): string {
  let from = '';
  for (const source of sources.flatMap(withoutLateralJoin)) {
    const expanded =
      from && source.kind === 'function' && !source.pivot ? bindExpansion(b, source, from, scope) : undefined;
    if (expanded) from = expanded;
    else from = `${from ? `${from}, ` : ' FROM '}${bindSource(b, source, scope, sources.length === 1)}`;
  }
  return from;
}

/** `a CROSS JOIN LATERAL f(a.x)` is `a, LATERAL f(a.x)`. */
function withoutLateralJoin(source: Source): Source[] {
  if (source.kind !== 'join' || source.join.right.kind !== 'function') return [source];
  const { type, left, right, on, using, natural } = source.join;
  if (!['INNER', 'CROSS'].includes(type) || on || using || natural) return [source];
  return [...withoutLateralJoin(left), right];
}

/** A function over the sources before it, which it carries along, each as one struct. */
function bindExpansion(
  b: Binder,
  source: Source & { kind: 'function' },
  from: string,
  scope: Scope,
): string | undefined {
  const relation = bindTableFunction(b, source.call, scope);
  const alias = b.alias();
  const carried = scope.tables.map((table) => quoteName(table.alias));
  addTable(b, scope, alias, source.alias ? [source.alias.name] : [], relation, source.alias?.columns);
  if (!relation.lateral) return `${from}, LATERAL (${relation.sql}) AS ${quoteName(alias)}`;
  const same = carried.map((name) => `${name} AS ${name}`);
  const fields = relation.columns.map(({ physical }) => `${physical} := ${physical}`).join(', ');
  const own = `struct_pack(${fields}) AS ${quoteName(alias)}`;
  return ` FROM (SELECT ${[...same, own].join(', ')} FROM (${relation.lateral(from, same)})) AS ${quoteName(b.alias())}`;
}

/**
 * Binds one source, adds it to the scope, and gives its DuckDB text with its alias.
 * @param alone whether its block has no other
 */
export function bindSource(b: Binder, source: Source, scope: Scope, alone = false): string {
  if (source.kind === 'join') return bindJoin(b, source.join, scope);
  const { relation: plain, path } = relationOf(b, source, scope);
  const relation = source.pivot ? turnRelation(b, plain, source.pivot) : plain;
  const alias = b.alias();
  const sampled = source.sample
    ? `SELECT * FROM (${relation.sql}) ${sampleClause(b, source.sample)}`
    : relation.sql;
  const table = addTable(
    b,
    scope,
    alias,
    source.alias ? [source.alias.name] : path,
    relation,
    source.alias?.columns,
  );
  if (!source.sample) table.answers = relation.answers;
  const lateral = source.kind === 'function' || (source.kind === 'query' && source.lateral) ? 'LATERAL ' : '';
  // Beside others DuckDB would join them in another order, and sums of FLOATs would end in other digits.
  const from = alone ? asSource(sampled) : `(${sampled})`;
  return `${lateral}${from} AS ${quoteName(alias)}`;
}

const WHOLE = /^SELECT \* FROM ("(?:[^"]|"")+")$/;

/** A query as it stands in FROM: all of a table by the table's name, which costs DuckDB half as much to plan. */
export const asSource = (sql: string): string => WHOLE.exec(sql)?.[1] ?? `(${sql})`;

/** Makes a relation's columns visible under an alias of DuckDB's. */
export function addTable(
  b: Binder,
  scope: Scope,
  alias: string,
  path: string[],
  relation: Pick<Relation, 'columns'>,
  names?: string[],
): ScopeTable {
  const columns = relation.columns.map(
    (column): ScopeColumn => ({
      name: column.name,
      sql: columnRef(alias, column.physical),
      type: column.type,
      nullable: column.nullable ?? true,
      hidden: column.hidden,
      untyped: column.untyped,
    }),
  );
  const shown = names && b.versions ? columns.filter((column) => !isVersionColumn(column)) : columns;
  const hidden = columns.slice(shown.length);
  const table = { path, alias, columns: [...renameColumns(b, shown, names), ...hidden] };
  scope.tables.push(table);
  return table;
}

function relationOf(
  b: Binder,
  source: Exclude<Source, { kind: 'join' }>,
  scope: Scope,
): { relation: Relation; path: string[] } {
  switch (source.kind) {
    case 'table':
      return findRelation(b, b.nameParts(source.name), scope);
    case 'query': {
      const query = bindQuery(b, source.query, scope);
      if (query.correlated && source.query.limit) throw subqueryError(b);
      return { relation: { ...fromQuery(query), answers: query.answers }, path: [] };
    }
    case 'values':
      return { relation: fromQuery(bindValues(b, source.rows, scope)), path: [] };
    case 'function':
      return { relation: bindTableFunction(b, source.call, scope), path: [] };
    case 'stage': {
      const { services } = b.account.features;
      const options = new Map(
        source.options.map(({ name, value }): [string, Typed] => [name, b.bind(value, scope)]),
      );
      return { relation: services.stageSource(b, source.location, options), path: [] };
    }
  }
}

export function fromQuery(query: {
  sql: string;
  columns: { name: string; type: DataType; nullable: boolean }[];
}): Relation {
  return {
    sql: query.sql,
    columns: query.columns.map((column, i) => ({
      ...column,
      physical: `c${i + 1}`,
      hidden: isVersionColumn(column),
    })),
  };
}

function findRelation(b: Binder, parts: string[], scope: Scope): { relation: Relation; path: string[] } {
  const cte = parts.length === 1 ? scope.ctes.get(parts[0]!) : undefined;
  if (cte) {
    const sql = `SELECT * FROM ${quoteName(cte.alias)}`;
    return { relation: fromQuery({ sql, columns: cte.columns }), path: parts };
  }
  const relation = b.account.features.services.relation(b, parts);
  if (relation && b.versions) throw refuseTracking(parts);
  if (relation) return { relation, path: parts };
  if (isDual(b, parts)) return { relation: { sql: 'SELECT 1 AS c1', columns: [] }, path: parts };
  const object = b.account.catalog.resolveRelation(parts, b.session);
  b.account.access.require(b.session, 'SELECT', object);
  const path = [object.database, object.schema, object.name];
  if (object.kind === 'TABLE') return { relation: fromTable(b, object), path };
  if (object.kind === 'STREAM') {
    if (b.versions) throw refuseTracking(parts);
    return { relation: fromStream(b, object), path };
  }
  return { relation: fromView(b, object), path };
}

/** FROM DUAL is one row (docs: sql-reference/constructs/from), where no table is called so, with or without a current schema. */
function isDual({ account, session }: Binder, parts: string[]): boolean {
  if (parts.length !== 1 || parts[0] !== 'DUAL') return false;
  return !session.database || !session.schema || !account.catalog.findRelation(parts, session);
}

/** A table's columns, with its hidden `$row`. */
export function fromTable(b: Binder, table: Table): Relation {
  b.collected.tables.set(table.id, table);
  const rows = (sql: string) => maskRows(b, table.columns, sql);
  if (b.versions)
    return { sql: rows(b.versions.table(table)), columns: [...table.columns, ...VERSION_COLUMNS] };
  return { sql: rows(`SELECT * FROM ${quoteName(table.physical)}`), columns: table.columns };
}

function fromView(b: Binder, view: View): Relation {
  const inner = b.enter(view, view.query);
  const parsed = storedQuery(view.query);
  const query = bindQuery(inner, b.versions?.query(inner, parsed) ?? parsed);
  const width = query.columns.filter((column) => !isVersionColumn(column)).length;
  if (width !== view.columns.length) {
    const name = [view.database, view.schema, view.name].map(identifierText).join('.');
    throw b.error(
      '002057',
      '42601',
      `View definition for '${name}' declared ${view.columns.length} column(s), but view query produces ${width} column(s).`,
    );
  }
  const relation = fromQuery({
    sql: query.sql,
    columns: query.columns.map((column, i) => ({ ...column, name: view.columns[i]?.name ?? column.name })),
  });
  return { ...relation, sql: maskRows(b, tagged(relation, view), relation.sql) };
}

/** A relation's columns with the tags of the view that they are. */
const tagged = ({ columns }: Relation, view: View) =>
  columns.map((column, i) => ({ ...column, tags: view.columns[i]?.tags }));

/** What the stream offers is decided when the statement runs: see streams/source.ts. */
function fromStream(b: Binder, stream: Stream): Relation {
  const placeholder = `(SELECT '$stream ${stream.id} ${b.collected.next()}')`;
  b.collected.streams.push(stream);
  const sql = () => streamSource(b.account, b.session, stream, b.consuming, b.signal);
  b.collected.deferred.push({ placeholder, sql: async () => `(${await sql()})` });
  const source = sourceOf(b.account, b.session, stream);
  if (source.kind === 'VIEW') readableTables(b.account, b.session, stream);
  const { columns } =
    source.kind === 'TABLE' ? source : fromView(new Binder(b.account, b.session, b.text), source);
  // "The role that queries a given stream" is the reader of its source (docs: sql-reference/functions/invoker_role).
  const own = source.kind === 'TABLE' ? source.columns : tagged({ sql: '', columns }, source);
  return { sql: maskRows(b, own, placeholder), columns: [...columns, ...ROW_COLUMNS] };
}

/** What is no table or view, in a query whose changes are asked for. */
const refuseTracking = (parts: string[]): Error =>
  localRefusal(
    `changes of ${parts.map(identifierText).join('.')}`,
    'only those of tables and views are recorded',
  );

/** Probabilities and numbers of rows: docs.snowflake.com/en/sql-reference/constructs/sample. */
function sampleClause(b: Binder, { method, rows, amount, seed }: Sample): string {
  const number = (expr: Expr, most: number, whole: boolean) => {
    const { constant } = b.bind(expr, new Scope());
    const value = Number(constant ?? Number.NaN);
    if (!(value >= 0 && value <= most) || (whole && !Number.isInteger(value)))
      throw b.error('001003', '42000', `unexpected '${b.text.slice(expr.at, expr.end)}'.`, expr.at);
    return value;
  };
  b.collected.ordered = true;
  const from = seed && number(seed, 2 ** 31 - 1, true);
  const count = number(amount, rows ? 1_000_000 : 100, rows);
  if (rows)
    return `USING SAMPLE reservoir(${count} ROWS)${from === undefined ? '' : ` REPEATABLE (${from})`}`;
  const by = method === 'BLOCK' ? 'system' : 'bernoulli';
  return `USING SAMPLE ${count} PERCENT (${by}${from === undefined ? '' : `, ${from}`})`;
}
