import { invalidIdentifier, notSupportedLocally } from '../../errors.js';
import type { Call, Expr, OrderItem, Query, Source } from '../../language/ast.js';
import type { TokenStream } from '../../language/lexer.js';
import { parseOrderBy } from '../../language/parse-call.js';
import { list, parseExpression } from '../../language/parse-expression.js';
import { parseAlias, parseQuery, startsQuery } from '../../language/parse-query.js';
import { unify } from '../../types/common-type.js';
import { TEXT } from '../../types/data-type.js';
import { quoted, quotedName } from '../../types/duck-type.js';
import type { Relation } from './bind-source.js';
import type { Binder } from './binder.js';
import { columnRef, Scope, type ScopeColumn } from './scope.js';

/** A value of the pivoted column and the name of the column that it becomes. */
interface PivotValue {
  value: Expr;
  name: string;
}

export interface Pivot {
  kind: 'pivot';
  aggregate: Call;
  column: string;
  values: PivotValue[];
  /** Stands behind the values in the names of the columns: `'2023_Q1_TOTAL'`. */
  alias?: string;
  /** The values are those that the column has, or that a query gives: see pivot-any.ts. */
  any?: { orderBy: OrderItem[] } | { query: Query };
  otherwise?: Expr;
}

export interface Unpivot {
  kind: 'unpivot';
  value: string;
  name: string;
  columns: { column: string; shown: string }[];
  includeNulls: boolean;
}

/** PIVOT or UNPIVOT behind a source: docs.snowflake.com/en/sql-reference/constructs/pivot and /unpivot. */
export function parsePivot(s: TokenStream): Source['pivot'] {
  if (s.take('PIVOT', '(')) {
    const pivot = parsePivotBody(s);
    s.expect(')');
    return pivot;
  }
  if (!s.is('UNPIVOT', '(') && !s.is('UNPIVOT', 'INCLUDE') && !s.is('UNPIVOT', 'EXCLUDE')) return undefined;
  s.expect('UNPIVOT');
  const includeNulls = s.take('INCLUDE', 'NULLS');
  if (!includeNulls) s.take('EXCLUDE', 'NULLS');
  s.expect('(');
  const value = s.identifier();
  s.expect('FOR');
  const name = s.identifier();
  s.expect('IN', '(');
  const columns = list(s, () => {
    const column = s.identifier();
    return { column, shown: parseAlias(s) ?? column };
  });
  s.expect(')', ')');
  return { kind: 'unpivot', value, name, columns, includeNulls };
}

function parsePivotBody(s: TokenStream): Pivot {
  const aggregate = parseExpression(s);
  const supported = ['AVG', 'COUNT', 'MAX', 'MIN', 'SUM'];
  if (
    aggregate.kind !== 'call' ||
    !supported.includes(aggregate.name.join('.')) ||
    aggregate.args.length !== 1
  )
    throw notSupportedLocally(
      'PIVOT over anything but AVG, COUNT, MAX, MIN or SUM of a column',
      'Snowflake has none',
    );
  const alias = s.is('FOR') ? undefined : nameBehind(s);
  s.expect('FOR');
  const column = s.identifier();
  s.expect('IN', '(');
  const any = parseAny(s);
  const values = any
    ? []
    : list(s, (): PivotValue => {
        const value = parseExpression(s);
        return { value, name: parseAlias(s) ?? s.text.slice(value.at, value.end) };
      });
  s.expect(')');
  const pivot: Pivot = { kind: 'pivot', aggregate, column, values, any, alias };
  if (s.take('DEFAULT', 'ON', 'NULL', '(')) {
    pivot.otherwise = parseExpression(s);
    s.expect(')');
  }
  return pivot;
}

function nameBehind(s: TokenStream): string {
  s.take('AS');
  return s.identifier();
}

/** The name of a value's column, with the aggregate's alias. */
const withAlias = (name: string, alias: string | undefined): string => {
  if (alias === undefined) return name;
  return name.endsWith("'") ? `${name.slice(0, -1)}_${alias}'` : `${name}_${alias}`;
};

/** `ANY [ORDER BY …]` or a query instead of a list of values. */
function parseAny(s: TokenStream): Pivot['any'] {
  if (s.take('ANY')) return { orderBy: s.is('ORDER') ? parseOrderBy(s) : [] };
  return startsQuery(s) ? { query: parseQuery(s) } : undefined;
}

/** The rows of a relation, turned. @throws SnowflakeError 000904 for a column that it has not */
export function turned(b: Binder, relation: Relation, pivot: Pivot | Unpivot): Relation {
  const alias = b.alias();
  const columns = relation.columns
    .filter((column) => !column.hidden)
    .map(
      (column): ScopeColumn => ({
        ...column,
        nullable: column.nullable ?? true,
        sql: columnRef(alias, column.physical),
      }),
    );
  const from = `FROM (${relation.sql}) AS ${quotedName(alias)}`;
  return pivot.kind === 'pivot'
    ? pivoted(b, pivot, columns, alias, from)
    : unpivoted(b, pivot, columns, from);
}

/** One aggregate for each value, over the rows that have it; grouped by the columns that PIVOT does not name. */
function pivoted(b: Binder, pivot: Pivot, columns: ScopeColumn[], alias: string, from: string): Relation {
  if (pivot.any && pivot.values.length === 0)
    throw notSupportedLocally(
      'PIVOT … IN (ANY | SELECT …) here, or over no values',
      'its columns are asked for only by a SELECT or INSERT … SELECT of its own',
      'List the values.',
    );
  const scope = new Scope();
  scope.tables = [{ path: [], alias, columns }];
  scope.block.clause = 'SELECT';
  const [argument] = pivot.aggregate.args as [Expr];
  const used = new Set([pivot.column, ...(argument.kind === 'column' ? argument.parts.slice(-1) : [])]);
  const others = columns.filter((column) => !used.has(column.name));
  const { at, end } = pivot.aggregate;
  const turned = pivot.values.map(({ value, name }) => {
    const left: Expr = { kind: 'column', parts: [pivot.column], at, end };
    const when: Expr = { kind: 'distinctFrom', not: true, left, right: value, at, end };
    const chosen: Expr = { kind: 'case', whens: [{ when, result: argument }], at, end };
    let expr: Expr = { ...pivot.aggregate, args: [chosen] };
    if (pivot.otherwise)
      expr = { ...pivot.aggregate, name: ['COALESCE'], distinct: false, args: [expr, pivot.otherwise] };
    const { sql, type, nullable } = b.bind(expr, scope);
    return { name: withAlias(name, pivot.alias), sql, type, nullable };
  });
  const group = others.length > 0 ? ` GROUP BY ${others.map(({ sql }) => sql).join(', ')}` : '';
  return relationOf([...others, ...turned], `${from}${group}`);
}

/** A row for each column that is listed; those with NULL only with INCLUDE NULLS. */
function unpivoted(b: Binder, pivot: Unpivot, columns: ScopeColumn[], from: string): Relation {
  const listed = pivot.columns.map(({ column }) => {
    const found = columns.find((each) => each.name === column);
    if (!found) throw invalidIdentifier(column);
    return found;
  });
  const others = columns.filter((column) => !listed.includes(column));
  const { type, values } = unify(listed, b.casts);
  const names = pivot.columns.map(({ shown }) => quoted(shown)).join(', ');
  const turned = [
    { name: pivot.name, sql: `unnest([${names}])`, type: TEXT(), nullable: false },
    { name: pivot.value, sql: `unnest([${values.map(({ sql }) => sql).join(', ')}])`, type, nullable: true },
  ];
  const all = relationOf([...others, ...turned], from);
  if (pivot.includeNulls) return all;
  return { ...all, sql: `SELECT * FROM (${all.sql}) WHERE c${others.length + 2} IS NOT NULL` };
}

function relationOf(columns: Omit<ScopeColumn, 'hidden'>[], from: string): Relation {
  const items = columns.map(({ sql }, i) => `${sql} AS c${i + 1}`).join(', ');
  return {
    sql: `SELECT ${items} ${from}`,
    columns: columns.map(({ name, type, nullable }, i) => ({ name, type, nullable, physical: `c${i + 1}` })),
  };
}
