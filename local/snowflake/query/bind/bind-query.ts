import { localRefusal } from '../../errors.js';
import type { Cte, Expr, OrderItem, Query, QueryBody } from '../../language/ast.js';
import type { Typed } from '../../types/coerce.js';
import { unify } from '../../types/common-type.js';
import { BOOLEAN, type DataType, NUMBER, TEXT } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import { typeName } from '../../types/type-name.js';
import { bindBranches, branchesOf } from './bind-branches.js';
import { orderSuffix, sortKeys } from './bind-call.js';
import { bindSelect } from './bind-select.js';
import type { Binder } from './binder.js';
import { constant } from './constant-rows.js';
import { describe } from './describe.js';
import { type BoundQuery, columnRef, type OutputColumn, Scope } from './scope.js';

/**
 * Binds a query.
 * @param parent the enclosing block, whose columns and WITH queries are visible
 * @returns DuckDB SQL with the columns c1 … cn, to be run under the WITH clause of `withClause`
 */
export function bindQuery(b: Binder, query: Query, parent?: Scope): BoundQuery {
  const scope = new Scope(parent);
  for (const cte of query.with) bindCte(b, cte, scope);
  if (query.body.kind === 'select') return bindSelect(b, query.body, scope, query);
  const body = bindBody(b, query.body, scope);
  if (query.orderBy.length === 0 && !query.orderByAll && !query.limit && !query.offset) return body;
  const alias = b.alias();
  const columns = body.columns.map((column, i) => ({ ...column, sql: columnRef(alias, `c${i + 1}`) }));
  scope.tables = [{ path: [], alias, columns }];
  const order = orderClause(b, query, columns.length, (item) => {
    const ordinal = ordinalOf(item.expr, columns.length, b);
    return ordinal === undefined ? b.bind(item.expr, scope) : columns[ordinal]!;
  });
  const sql = `SELECT * FROM (${body.sql}) AS ${quoteName(alias)}${order}${limitClause(b, query, scope)}`;
  return { sql, columns: body.columns };
}

/** The WITH clause of everything that was bound so far, with a blank behind it; empty if there is none. */
export function withClause(b: Binder): string {
  return b.collected.ctes.length > 0 ? `WITH RECURSIVE ${b.collected.ctes.join(', ')} ` : '';
}

function bindCte(b: Binder, cte: Cte, scope: Scope): void {
  const alias = `$with${b.collected.next()}`;
  const bound = recursive(b, cte, alias, scope) ?? bindQuery(b, cte.query, scope);
  scope.ctes.set(cte.name, { alias, columns: renameColumns(b, bound.columns, cte.columns) });
  b.collected.ctes.push(`${quoteName(alias)} AS (${bound.sql})`);
}

/** A WITH query whose right side of UNION ALL reads the query itself. */
function recursive(b: Binder, cte: Cte, alias: string, scope: Scope): BoundQuery | undefined {
  const { body } = cte.query;
  if (body.kind !== 'set' || body.op !== 'UNION' || !body.all || cte.query.with.length > 0) return undefined;
  const text = b.text.slice(body.right.at, body.right.end).toUpperCase();
  if (!new RegExp(`\\b(FROM|JOIN|,)\\s+"?${cte.name.replace(/[^A-Z0-9_]/g, '.')}\\b`).test(text))
    return undefined;
  const anchor = bindBody(b, body.left, scope);
  // A NULL of the anchor takes the type that the recursive part gives it.
  const typesOf = (columns: OutputColumn[]) =>
    anchor.columns.map((column, i) => (column.untyped ? columns[i]!.type : roomFor(column.type)));
  let columns = withTypes(anchor.columns, typesOf(anchor.columns));
  const bindStep = () => {
    scope.ctes.set(cte.name, { alias, columns: renameColumns(b, columns, cte.columns) });
    return bindBody(b, body.right, scope);
  };
  let step = bindStep();
  if (step.columns.length !== columns.length)
    throw branchWidth(b, columns.length, step.columns.length, body.right);
  columns = withTypes(anchor.columns, typesOf(step.columns));
  if (anchor.columns.some(({ untyped }) => untyped)) step = bindStep();
  const cast = (query: BoundQuery) => {
    const values = query.columns.map(
      (column, i) => b.cast({ ...column, sql: `c${i + 1}` }, columns[i]!.type).sql,
    );
    return `SELECT ${values.map((sql, i) => `${sql} AS c${i + 1}`).join(', ')} FROM (${query.sql})`;
  };
  return { sql: `${cast(anchor)} UNION ALL ${cast(step)}`, columns };
}

const withTypes = (columns: OutputColumn[], types: DataType[]): OutputColumn[] =>
  columns.map(({ name }, i) => ({ name, type: types[i]!, nullable: true }));

/** The anchor's own digits and letters do not bound what the recursion makes of them. */
function roomFor(type: DataType): DataType {
  if (type.kind === 'NUMBER') return NUMBER(38, type.scale);
  return type.kind === 'TEXT' ? TEXT() : type;
}

/** Columns under the names of a column list: `t (a, b)`. */
export function renameColumns<T extends { name: string }>(b: Binder, columns: T[], names?: string[]): T[] {
  if (!names) return columns;
  if (names.length !== columns.length)
    throw b.error(
      '002057',
      '42601',
      `mismatched column list: ${names.length} names for ${columns.length} columns`,
    );
  return columns.map((column, i) => ({ ...column, name: names[i]! }));
}

export function bindBody(b: Binder, body: QueryBody, scope: Scope): BoundQuery {
  switch (body.kind) {
    case 'select':
      return bindSelect(b, body, scope);
    case 'nested':
      return bindQuery(b, body.query, scope);
    case 'values':
      return bindValues(b, body.rows, scope);
    case 'set':
      return bindSet(b, body, scope);
  }
}

/** VALUES: the columns are COLUMN1 …, each of the common type of its values. */
export function bindValues(b: Binder, rows: Expr[][], scope: Scope): BoundQuery {
  const width = rows[0]!.length;
  const bound = rows.map((row) => {
    if (row.length !== width)
      throw b.error('001003', '42000', 'rows of VALUES differ in length.', row[0]!.at);
    return row.map((expr) => constant(b, expr, b.bind(expr, scope), scope));
  });
  const columns: OutputColumn[] = [];
  for (let i = 0; i < width; i++) {
    const { type, values } = unify(
      bound.map((row) => row[i]!),
      b.casts,
    );
    columns.push({
      name: `COLUMN${i + 1}`,
      type,
      nullable: values.some((value) => value.nullable),
      untyped: bound.every((row) => row[i]!.untyped),
    });
    values.forEach((value, row) => {
      bound[row]![i] = value;
    });
  }
  const names = columns.map((_, i) => `c${i + 1}`).join(', ');
  const text = bound.map((row) => `(${row.map((value) => value.sql).join(', ')})`).join(', ');
  return { sql: `SELECT * FROM (VALUES ${text}) AS "$values"(${names})`, columns };
}

export function branchWidth(b: Binder, expected: number, got: number, { at }: QueryBody): Error {
  return b.error(
    '001789',
    '42601',
    `invalid number of result columns for set operator input branches, expected ${expected}, got ${got} in branch {2}`,
    at,
  );
}

function bindSet(b: Binder, body: QueryBody & { kind: 'set' }, scope: Scope): BoundQuery {
  if (body.all && body.op !== 'UNION')
    throw localRefusal(`${body.op} ALL`, 'Snowflake has none either', `Write ${body.op}.`);
  if (!body.all) b.collected.ordered = true;
  const branches = branchesOf(body);
  if (branches.length > 2) return bindBranches(b, body, branches, scope);
  let left = bindBody(b, body.left, scope);
  let right = bindBody(b, body.right, scope);
  if (body.byName) {
    const names = [...new Set([...left.columns, ...right.columns].map(({ name }) => name))];
    [left, right] = [arrange(left, names), arrange(right, names)];
  }
  if (left.columns.length !== right.columns.length)
    throw branchWidth(b, left.columns.length, right.columns.length, body.right);
  const columns: OutputColumn[] = [];
  const sides: [Typed[], Typed[]] = [[], []];
  left.columns.forEach((column, i) => {
    const pair: Typed[] = [column, right.columns[i]!].map((each) => ({ ...each, sql: `c${i + 1}` }));
    const { type, values } = unify(pair, b.casts);
    columns.push({
      name: column.name,
      type,
      nullable: column.nullable || right.columns[i]!.nullable,
      untyped: column.untyped && right.columns[i]!.untyped,
    });
    values.forEach((value, side) => {
      sides[side as 0 | 1].push(value);
    });
  });
  const [one, other] = [projectSql(sides[0], left.sql), projectSql(sides[1], right.sql)];
  return { sql: `(${one}) ${body.op}${body.all ? ' ALL' : ''} (${other})`, columns };
}

/** A query's columns c1 … cn as these values, which read them; the query itself where they are the columns as they stand. */
export function projectSql(values: Typed[], sql: string): string {
  if (values.every((value, i) => value.sql === `c${i + 1}`)) return sql;
  return `SELECT ${values.map((value, i) => `${value.sql} AS c${i + 1}`).join(', ')} FROM (${sql})`;
}

/** A query's columns in the order of these names; NULL where it has none of that name. */
function arrange({ sql, columns }: BoundQuery, names: string[]): BoundQuery {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  const list = places.map((place, i) => `${place < 0 ? 'NULL' : `c${place + 1}`} AS c${i + 1}`);
  return {
    sql: `SELECT ${list.join(', ')} FROM (${sql})`,
    columns: places.map(
      (place, i) => columns[place] ?? { name: names[i]!, type: TEXT(), nullable: true, untyped: true },
    ),
  };
}

/** ` ORDER BY …`, empty without one. @param width how many columns ORDER BY ALL means */
export function orderClause(
  b: Binder,
  query: Query,
  width: number,
  keyOf: (item: OrderItem) => Pick<Typed, 'sql' | 'type'>,
): string {
  const { orderBy, orderByAll } = query;
  const terms = orderByAll
    ? Array.from(
        { length: width },
        (_, i) => `c${i + 1}${orderSuffix(b, orderByAll.descending, orderByAll.nullsFirst)}`,
      )
    : orderBy.flatMap((item) => {
        const suffix = orderSuffix(b, item.descending, item.nullsFirst);
        return sortKeys(keyOf(item)).map((key) => key + suffix);
      });
  return terms.length > 0 ? ` ORDER BY ${terms.join(', ')}` : '';
}

/** `ORDER BY 2`: the index of that column, from 0. */
export function ordinalOf(
  expr: Expr,
  columns: number,
  b: Binder,
  clause: 'order' | 'group' = 'order',
): number | undefined {
  if (expr.kind !== 'number' || !/^-?\d+$/.test(expr.text)) return undefined;
  const ordinal = Number(expr.text);
  if (ordinal < 1 || ordinal > columns)
    throw b.error('000979', '42601', `[${ordinal}] is not a valid ${clause} by expression`);
  return ordinal - 1;
}

export function limitClause(b: Binder, query: Query, scope: Scope): string {
  const part = (keyword: string, expr: Expr | undefined) => {
    if (!expr || expr.kind === 'null') return '';
    b.collected.ordered = true;
    const value = b.cast(b.bind(expr, scope), NUMBER(38, 0));
    return ` ${keyword} CAST(${value.sql} AS BIGINT)`;
  };
  return part('LIMIT', query.limit) + part('OFFSET', query.offset);
}

/**
 * What WHERE, HAVING, QUALIFY and ON ask: a BOOLEAN and nothing that could be made one.
 * @throws SnowflakeError 002016
 */
export function condition(b: Binder, expr: Expr, scope: Scope): string {
  const value = b.bind(expr, scope);
  if (value.type.kind !== 'BOOLEAN' && !value.untyped)
    throw b.error(
      '002016',
      '22000',
      `Invalid data type [${typeName(value.type)}] for predicate [${describe(b, expr, scope)}]`,
    );
  return b.cast(value, BOOLEAN).sql;
}

/** The same of a condition by its parts, which AND connects. */
export function conditionParts(b: Binder, expr: Expr, scope: Scope): { sql: string; expr: Expr }[] {
  const parts = conjuncts(expr);
  if (parts.length === 1) return [{ sql: condition(b, expr, scope), expr }];
  return parts.map((part) => ({ sql: b.cast(b.bind(part, scope), BOOLEAN).sql, expr: part }));
}

function conjuncts(expr: Expr): Expr[] {
  const parts: Expr[] = [];
  const rest = [expr];
  for (let next = rest.pop(); next; next = rest.pop())
    if (next.kind === 'binary' && next.op === 'AND') rest.push(next.right, next.left);
    else parts.push(next);
  return parts;
}
