import { localRefusal, SnowflakeError } from '../../errors.js';
import type { Expr, GroupItem, Query, Select } from '../../language/ast.js';
import type { Typed } from '../../types/coerce.js';
import { quoteName } from '../../types/duck-type.js';
import { textOf, windowOutside } from './bind-call.js';
import { condition, conditionParts, limitClause, orderClause, ordinalOf, withClause } from './bind-query.js';
import { bindFrom } from './bind-source.js';
import type { Binder, ExternalStep } from './binder.js';
import { describe, qualifyColumn } from './describe.js';
import { type ColumnUse, checkGrouped, reading } from './grouping.js';
import { type Answers, type BoundQuery, Scope, type ScopeColumn } from './scope.js';
import { sharingPaths } from './shared-paths.js';
import { expandStar } from './star.js';
import { versionItems } from './versions.js';

interface Item {
  name: string;
  value: Typed;
  /** The columns that it reads outside of aggregates. */
  uses: ColumnUse[];
  aggregates: boolean;
}

/**
 * Binds one SELECT block.
 * @param outer holds the WITH queries that are visible
 * @param query whose ORDER BY and LIMIT belong to this block
 */
export function bindSelect(b: Binder, select: Select, outer: Scope, query?: Query): BoundQuery {
  const scope = new Scope(outer);
  const { block } = scope;
  block.clause = 'FROM';
  const aliases = new Map<string, Expr>();
  for (const item of select.items)
    if ('expr' in item && item.alias && !aliases.has(item.alias)) aliases.set(item.alias, item.expr);
  block.selected = aliases;
  let from = bindFrom(b, select.from, scope);
  block.aliases = aliases;
  block.clause = 'WHERE';
  const conditions = select.where ? conditionParts(b, select.where, scope).map(({ sql }) => sql) : [];
  block.clause = 'SELECT';
  const items = bindItems(b, select, scope);
  if (b.versions)
    items.push(...versionItems(scope).map((item) => ({ ...item, uses: [], aggregates: false })));
  const group = select.groupBy ? groupClause(b, select.groupBy, items, scope) : undefined;
  const groupBy = group?.sql ?? '';
  const { value: having, uses: havingUses } = reading(block, () => {
    const asked = select.having ? havingCondition(b, select.having, scope) : '';
    // Without groups HAVING asks each row.
    const alone = asked !== '' && !group && !block.aggregates && !items.some(({ aggregates }) => aggregates);
    if (alone) conditions.push(asked);
    const sql = asked && !alone ? ` HAVING ${asked}` : '';
    return select.qualify ? `${sql} QUALIFY ${condition(b, select.qualify, scope)}` : sql;
  });
  const { value: sorting, uses: orderUses } = reading(block, () =>
    query
      ? orderClause(b, query, items.length, (item) => {
          const ordinal = ordinalOf(item.expr, items.length, b) ?? outputNamed(item.expr, items);
          if (ordinal === undefined)
            return distinctOrder(b, item.expr, select.distinct ? items : undefined, scope);
          return { ...items[ordinal]!.value, sql: `c${ordinal + 1}` };
        })
      : '',
  );
  if (select.qualify && !block.windows)
    throw b.error('002033', '42601', 'found QUALIFY clause but no window function.', select.qualifyAt);
  if (group || block.aggregates) {
    const terms = group?.terms ?? new Set<string>();
    const explicit = group !== undefined;
    checkGrouped(
      b,
      items.flatMap(({ uses }) => uses),
      terms,
      'select',
      explicit,
    );
    checkGrouped(b, havingUses, terms, 'having', explicit);
    if (explicit) checkGrouped(b, orderUses, terms, 'order', explicit);
  }
  // An aggregate without GROUP BY gives one row, for which ORDER BY means nothing, whatever it names.
  const order = orderUses.length > 0 && !group && block.aggregates ? '' : sorting;
  let where = whereClause(conditions);
  const limit = query ? limitClause(b, query, scope) : '';
  const rowwise = !groupBy && !having && !order && !select.distinct && !block.aggregates && !block.windows;
  let step =
    select.from.length === 1 && scope.tables.length === 1 ? scope.tables[0]!.answers?.step : undefined;
  if (block.externals.length > 0) {
    // What WHERE asks of sent rows is asked when their values are back; the rest decides which rows are sent.
    const back = conditions.filter((each) => each.includes('"$external"'));
    const before = whereClause(conditions.filter((each) => !back.includes(each)));
    ({ from, step } = sendOut(b, scope, from, before, rowwise && back.length === 0 ? limit : ''));
    where = whereClause(back);
  }
  const list = items.map((item, i) => `${item.value.sql} AS c${i + 1}`).join(', ');
  const distinct = select.distinct ? 'DISTINCT ' : '';
  if (select.distinct || group) b.collected.ordered = true;
  // With one table in sight FROM has no join, and what ends it is that table's alias.
  const all = { from, clauses: [list, where, groupBy, having, order] };
  const { from: source, clauses } =
    scope.tables.length === 1 ? sharingPaths(all, scope.tables[0]!.answers) : all;
  const [values, ...others] = clauses;
  return {
    sql: `SELECT ${distinct}${values}${source}${others.join('')}${limit}`,
    columns: items.map(({ name, value: { type, nullable, untyped } }) => ({ name, type, nullable, untyped })),
    correlated: block.correlated,
    oneRow: select.from.length === 0 || (block.aggregates && !select.groupBy),
    ...(step && rowwise && !limit && { answers: { step, columns: answersOf(items) } }),
  };
}

/** The items that are an answer as it came. */
function answersOf(items: Item[]): Answers['columns'] {
  const columns = new Map<string, number>();
  for (const [i, { value }] of items.entries()) {
    const call = /^"\$external"\.v(\d+)$/.exec(value.sql)?.[1];
    if (call !== undefined) columns.set(`c${i + 1}`, Number(call));
  }
  return columns;
}

/**
 * What rows are ordered by that is no item of the list; beside DISTINCT it is made of items, as rows that are the same
 * in them are one.
 * @param items those of a DISTINCT
 * @throws SnowflakeError 000979
 */
function distinctOrder(b: Binder, expr: Expr, items: Item[] | undefined, scope: Scope): Typed {
  const { value, uses } = reading(scope.block, () => b.bind(expr, scope));
  const listed = new Set(items?.map((item) => item.value.sql));
  if (items && !uses.every(({ within }) => within.some((sql) => listed.has(sql))))
    throw new SnowflakeError(
      '000979',
      '42601',
      `SQL compilation error:\n[${describe(b, expr, scope)}] is not a valid order by expression`,
    );
  scope.block.uses.push(...uses);
  return value;
}

/** HAVING, in which windows cannot stand: they are over groups, which HAVING still picks. */
function havingCondition(b: Binder, having: Expr, scope: Scope): string {
  const { block } = scope;
  const { windows } = block;
  block.windows = false;
  const sql = condition(b, having, scope);
  if (block.windows) throw windowOutside(b, having, scope);
  block.windows = windows;
  return sql;
}

const whereClause = (conditions: string[]): string =>
  conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';

function bindItems(b: Binder, select: Select, scope: Scope): Item[] {
  return select.items.flatMap((item): Item[] => {
    if ('star' in item)
      return expandStar(b, item.star, scope).map(({ name, value }) => {
        const shown = qualifyColumn({ ...value, name } as ScopeColumn, scope);
        return { name, value, uses: [{ shown, at: item.at, within: [value.sql] }], aggregates: false };
      });
    const read = reading(scope.block, () => selectItem(b, item.expr, item.alias, scope));
    return [{ ...read, name: item.alias ?? labelOf(b, item.expr) }];
  });
}

/** An alias that is used in its own definition means the column. */
function selectItem(b: Binder, expr: Expr, alias: string | undefined, scope: Scope): Typed {
  if (!alias || scope.block.bindingAlias.has(alias)) return b.bind(expr, scope);
  scope.block.bindingAlias.add(alias);
  try {
    return b.bind(expr, scope);
  } finally {
    scope.block.bindingAlias.delete(alias);
  }
}

/** The name of a column without alias: the column's own, or the expression's text in upper case. */
export function labelOf(b: Binder, expr: Expr): string {
  if (expr.kind === 'column') return expr.parts[expr.parts.length - 1]!;
  return textOf(b, expr);
}

/** ORDER BY prefers the output's names to the sources' columns. */
function outputNamed(expr: Expr, items: Item[]): number | undefined {
  if (expr.kind !== 'column' || expr.parts.length > 1) return undefined;
  const index = items.findIndex((item) => item.name === expr.parts[0]);
  return index < 0 ? undefined : index;
}

/** ` GROUP BY …` with the DuckDB SQL of its terms. GROUP BY ALL means all items that hold no aggregate. */
function groupClause(
  b: Binder,
  groupBy: GroupItem[] | 'ALL',
  items: Item[],
  scope: Scope,
): { sql: string; terms: Set<string> } {
  const found = new Set<string>();
  const { block } = scope;
  const windows = block.windows;
  /** The item of the list that a number or a name of GROUP BY stands for. */
  const itemOf = (expr: Expr): Item | undefined => {
    const ordinal = ordinalOf(expr, items.length, b, 'group');
    if (ordinal !== undefined) return items[ordinal];
    if (expr.kind !== 'column' || expr.parts.length !== 1 || scope.own(expr.parts)) return undefined;
    const item = items.find(({ name }) => name === expr.parts[0]);
    return item && block.aliases.has(item.name) ? item : undefined;
  };
  const term = (expr: Expr): string => {
    block.windows = false;
    const item = itemOf(expr);
    const { value, aggregates } = item ?? reading(block, () => b.bind(expr, scope));
    if (aggregates)
      throw new SnowflakeError(
        '000979',
        '42601',
        `SQL compilation error:\n[${describe(b, expr, scope)}] is not a valid group by expression`,
      );
    if (block.windows) throw windowOutside(b, expr, scope);
    found.add(value.sql);
    return value.sql;
  };
  const terms = (exprs: Expr[]) => exprs.map(term).join(', ');
  if (groupBy === 'ALL')
    return {
      sql: ' GROUP BY ALL',
      terms: new Set(items.filter(({ aggregates }) => !aggregates).map(({ value }) => value.sql)),
    };
  const list = groupBy.map((item) => {
    if (item.kind === 'expression') return term(item.expr);
    if (item.kind !== 'GROUPING SETS') return `${item.kind} (${terms(item.items)})`;
    return `GROUPING SETS (${item.sets.map((set) => `(${terms(set)})`).join(', ')})`;
  });
  block.windows = windows;
  return { sql: ` GROUP BY ${list.join(', ')}`, terms: found };
}

const SOURCE_COLUMN = /^"\$t\d+"\."(?:[^"]|"")+"$/;

/**
 * External functions are called between two DuckDB statements: the block's rows (FROM and WHERE) go into a
 * temporary table, one struct per source, with the arguments; their values come back in a second one; the block
 * goes on over both. `"$t1"."x"` then reads a field of the struct, so that no expression has to change.
 * @returns the new FROM clause
 */
function sendOut(
  b: Binder,
  scope: Scope,
  from: string,
  where: string,
  limit: string,
): { from: string; step: ExternalStep } {
  const { externals, correlated } = scope.block;
  if (correlated)
    throw localRefusal(
      `external function ${externals[0]!.routine.name} in a correlated subquery`,
      'its rows are sent out once, before the outer rows are known',
      'Write a join.',
    );
  const table = `$external_${b.id}_${b.collected.next()}`;
  const structs = scope.tables.map(({ alias }) => `${quoteName(alias)} AS ${quoteName(alias)}`);
  const calls = externals.map(({ routine, args, index }) => ({
    routine,
    // A column of a source is in its struct already.
    args: args.map((arg, i) => ({
      ...arg,
      there: SOURCE_COLUMN.test(arg.sql) ? arg.sql : quoteName(`a${index}_${i}`),
    })),
    wanted: { whole: true, members: [] },
  }));
  const values = calls.flatMap(({ args }) =>
    args.filter(({ sql, there }) => sql !== there).map(({ sql, there }) => `${sql} AS ${there}`),
  );
  const place = from === '' ? 'CAST(1 AS BIGINT)' : 'row_number() OVER ()';
  const columns = [`${place} AS "$n"`, ...values, ...structs].join(', ');
  const step: ExternalStep = {
    kind: 'external',
    rowsSql: `${withClause(b)}SELECT ${columns}${from}${where}${limit}`,
    table,
    calls,
  };
  b.collected.steps.push(step);
  const joined = `${quoteName(table)} AS "$rows" JOIN ${quoteName(`${table}$values`)} AS "$external" USING ("$n")`;
  return { from: ` FROM ${joined}`, step };
}
