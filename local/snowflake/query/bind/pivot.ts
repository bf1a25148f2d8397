import { invalidIdentifier, localRefusal } from '../../errors.js';
import type { Expr, Pivot, Unpivot } from '../../language/ast.js';
import { unify } from '../../types/common-type.js';
import { TEXT } from '../../types/data-type.js';
import { quote, quoteName } from '../../types/duck-type.js';
import type { Relation } from './bind-source.js';
import type { Binder } from './binder.js';
import { columnRef, Scope, type ScopeColumn } from './scope.js';

/** The name of a value's column, with the aggregate's alias. */
const withAlias = (name: string, alias: string | undefined): string => {
  if (alias === undefined) return name;
  return name.endsWith("'") ? `${name.slice(0, -1)}_${alias}'` : `${name}_${alias}`;
};

/** The rows of a relation, turned. @throws SnowflakeError 000904 for a column that it has not */
export function turnRelation(b: Binder, relation: Relation, pivot: Pivot | Unpivot): Relation {
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
  const from = `FROM (${relation.sql}) AS ${quoteName(alias)}`;
  return pivot.kind === 'pivot'
    ? pivotRelation(b, pivot, columns, alias, from)
    : unpivotRelation(b, pivot, columns, from);
}

/** One aggregate for each value, over the rows that have it; grouped by the columns that PIVOT does not name. */
function pivotRelation(
  b: Binder,
  pivot: Pivot,
  columns: ScopeColumn[],
  alias: string,
  from: string,
): Relation {
  if (pivot.any && pivot.values.length === 0)
    throw localRefusal(
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
function unpivotRelation(b: Binder, pivot: Unpivot, columns: ScopeColumn[], from: string): Relation {
  const listed = pivot.columns.map(({ column }) => {
    const found = columns.find((each) => each.name === column);
    if (!found) throw invalidIdentifier(column);
    return found;
  });
  const others = columns.filter((column) => !listed.includes(column));
  const { type, values } = unify(listed, b.casts);
  const names = pivot.columns.map(({ shown }) => quote(shown)).join(', ');
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
