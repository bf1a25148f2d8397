import { invalidIdentifier, notSupportedLocally } from '../errors.js';
import { arithmetic, concat, negate } from '../expressions/arithmetic.js';
import { pathStep } from '../expressions/semi-structured.js';
import { cellLiteral, numberConstant, textConstant } from '../types/cells.js';
import { isSemiStructured, type Typed, toVariant, unify } from '../types/coerce.js';
import { BOOLEAN, TEXT, VARIANT } from '../types/data-type.js';
import { quoted } from '../types/duck-type.js';
import type { Expr } from './ast.js';
import { bindCall } from './bind-call.js';
import { bindQuery } from './bind-query.js';
import type { Binder } from './binder.js';
import { intervalSql } from './interval.js';
import { columnRef, type Scope } from './scope.js';

export const boolean = (sql: string, nullable = true): Typed => ({ sql, type: BOOLEAN, nullable });

/** Types an expression and writes it as DuckDB SQL. @throws SnowflakeError 000904 … */
export function bindExpression(b: Binder, e: Expr, scope: Scope): Typed {
  const bind = (expr: Expr) => bindExpression(b, expr, scope);
  switch (e.kind) {
    case 'number':
      return numberConstant(e.text);
    case 'string':
      return textConstant(e.value);
    case 'boolean':
      return { sql: e.value ? 'TRUE' : 'FALSE', type: BOOLEAN, nullable: false, constant: e.value };
    case 'null':
      return { sql: 'NULL', type: TEXT(), nullable: true, untyped: true, constant: null };
    case 'bind':
      return b.bindValue(e.key);
    case 'variable': {
      const variable = b.session.variables.get(e.name);
      if (!variable) throw b.error('002211', '02000', `Session variable '$${e.name}' does not exist`, e.at);
      return cellLiteral(variable.type, variable.value);
    }
    case 'column':
      return bindColumn(b, e.parts, e.at, scope);
    case 'identifier':
      return bindColumn(b, b.identifierParts(e.expr), e.at, scope);
    case 'position':
      return bindPosition(b, e, scope);
    case 'path':
      return bindPath(b, e, scope);
    case 'star':
      throw b.error('001003', '42000', "unexpected '*'.", e.at);
    case 'call':
      return bindCall(b, e, scope);
    case 'unary':
      if (e.op === 'NOT') return boolean(`(NOT ${b.cast(bind(e.operand), BOOLEAN).sql})`);
      return e.op === '-' ? negate(b, bind(e.operand)) : bind(e.operand);
    case 'binary':
      return bindBinary(b, e, scope);
    case 'is': {
      const operand = bind(e.operand);
      const value = e.what === 'NULL' ? operand : b.cast(operand, BOOLEAN);
      return boolean(`(${value.sql} IS ${e.not ? 'NOT ' : ''}${e.what})`, false);
    }
    case 'distinctFrom': {
      const [left, right] = unify([bind(e.left), bind(e.right)], b.casts).values;
      return boolean(`(${left!.sql} IS ${e.not ? 'NOT ' : ''}DISTINCT FROM ${right!.sql})`, false);
    }
    case 'between': {
      const { values } = unify([bind(e.operand), bind(e.low), bind(e.high)], b.casts);
      const [operand, low, high] = values.map((value) => value.sql);
      return boolean(`(${operand} ${e.not ? 'NOT ' : ''}BETWEEN ${low} AND ${high})`);
    }
    case 'in':
      return bindIn(b, e, scope);
    case 'inQuery':
      return bindInQuery(b, e, scope);
    case 'like':
      return bindLike(b, e, scope);
    case 'quantified': {
      const query = bindQuery(b, e.query, scope);
      const { values, type } = unify(
        [bind(e.left), { sql: 'c1', ...single(b, query.columns, e.at) }],
        b.casts,
      );
      const cast = b.cast({ sql: 'c1', ...single(b, query.columns, e.at) }, type);
      return boolean(`(${values[0]!.sql} ${e.op} ${e.quantifier} (SELECT ${cast.sql} FROM (${query.sql})))`);
    }
    case 'case':
      return bindCase(b, e, scope);
    case 'cast':
      return b.cast(bind(e.operand), e.type, e.tolerant);
    case 'exists':
      return boolean(`EXISTS (${bindQuery(b, e.query, scope).sql})`, false);
    case 'subquery': {
      const query = bindQuery(b, e.query, scope);
      return { sql: `(${query.sql})`, ...single(b, query.columns, e.at), nullable: true };
    }
    case 'tuple':
      throw notSupportedLocally('a row constructor', 'rows stand only on the left of IN');
    case 'array':
      return array(b, e.items.map(bind));
    case 'object': {
      const name = { kind: 'call' as const, name: ['OBJECT_CONSTRUCT'], named: [], distinct: false };
      const args = e.pairs.flatMap(({ key, value }): Expr[] => [
        { kind: 'string', value: key, at: value.at, end: value.at },
        value,
      ]);
      return bindCall(b, { ...name, args, at: e.at, end: e.end }, scope);
    }
    case 'interval':
      throw b.error('001003', '42000', 'an INTERVAL stands only beside + or -.', e.at);
  }
}

function single(
  b: Binder,
  columns: Pick<Typed, 'type' | 'nullable'>[],
  at: number,
): Pick<Typed, 'type' | 'nullable'> {
  if (columns.length !== 1)
    throw b.error('001003', '42000', 'a subquery used as a value must have one column.', at);
  return { type: columns[0]!.type, nullable: columns[0]!.nullable };
}

export function array(b: Binder, items: Typed[]): Typed {
  // An SQL NULL becomes an undefined element; JSON has only null for it.
  const null_ = "CAST('null' AS JSON)";
  const values = items.map((item) =>
    item.untyped ? null_ : `coalesce(${toVariant(item, b.casts)}, ${null_})`,
  );
  return { sql: `CAST(json_array(${values.join(', ')}) AS JSON)`, type: { kind: 'ARRAY' }, nullable: false };
}

/**
 * A column: of a source, an alias of the select list, a SQL function's argument, or of an enclosing query.
 * What a source has wins over an alias.
 */
function bindColumn(b: Binder, parts: string[], at: number, scope: Scope): Typed {
  const own = scope.own(parts);
  if (own) return own;
  const name = parts[parts.length - 1]!;
  if (parts.length === 1) {
    const alias = bindAlias(b, name, scope);
    if (alias) return alias;
    const parameter = b.parameters.get(name);
    if (parameter) return parameter;
    if (BARE_FUNCTIONS.has(name))
      return bindCall(
        b,
        { kind: 'call', name: [name], args: [], named: [], distinct: false, at, end: at },
        scope,
      );
  }
  for (let outer = scope.parent; outer; outer = outer.parent) {
    const column = outer.own(parts);
    if (!column) continue;
    for (let each: Scope | undefined = scope; each && each !== outer; each = each.parent)
      each.block.correlated = true;
    return column;
  }
  if (parts.length > 1 && name === 'NEXTVAL') return nextval(b, parts.slice(0, -1));
  throw invalidIdentifier(parts.map(shown).join('.'), b.position(at));
}

const BARE_FUNCTIONS = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'LOCALTIME',
  'LOCALTIMESTAMP',
]);

const shown = (name: string) => (/^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : `"${name}"`);

/** An alias of the select list, wherever it is used in the same block. */
export function bindAlias(b: Binder, name: string, scope: Scope): Typed | undefined {
  const { block } = scope;
  const expr = block.aliases.get(name);
  if (!expr || block.bindingAlias.has(name)) return undefined;
  block.bindingAlias.add(name);
  try {
    const value = bindExpression(b, expr, scope);
    return { ...value, sql: `(${value.sql})` };
  } finally {
    block.bindingAlias.delete(name);
  }
}

function nextval(b: Binder, parts: string[]): Typed {
  const sequence = b.account.catalog.resolve('SEQUENCE', parts, b.session);
  b.account.access.require(b.session, 'USAGE', sequence);
  return {
    sql: `CAST(nextval(${quoted(sequence.physical)}) AS DECIMAL(38,0))`,
    type: { kind: 'NUMBER', precision: 38, scale: 0 },
    nullable: false,
  };
}

function bindPosition(b: Binder, e: Expr & { kind: 'position' }, scope: Scope): Typed {
  const tables = scope.tables.filter((table) => !e.of || table.path.at(-1) === e.of);
  const column = tables[0]?.columns.filter((c) => !c.hidden)[e.index - 1];
  if (column) return column;
  throw invalidIdentifier(`$${e.index}`, b.position(e.at));
}

function bindPath(b: Binder, e: Expr & { kind: 'path' }, scope: Scope): Typed {
  let value = bindExpression(b, e.base, scope);
  if (value.type.kind === 'TEXT' || !isSemiStructured(value.type))
    throw b.error(
      '001044',
      '42P13',
      `Invalid argument types for function 'GET': (${value.type.kind}, VARCHAR)`,
      e.at,
    );
  for (const step of e.steps) {
    const key = typeof step === 'string' ? textConstant(step) : bindExpression(b, step, scope);
    value = { sql: pathStep(value.sql, key), type: VARIANT, nullable: true };
  }
  return value;
}

const COMPARISONS = new Set(['=', '<>', '<', '>', '<=', '>=']);

function bindBinary(b: Binder, e: Expr & { kind: 'binary' }, scope: Scope): Typed {
  if (e.left.kind === 'interval' || e.right.kind === 'interval') return withInterval(b, e, scope);
  const left = bindExpression(b, e.left, scope);
  const right = bindExpression(b, e.right, scope);
  if (e.op === 'AND' || e.op === 'OR')
    return boolean(
      `(${b.cast(left, BOOLEAN).sql} ${e.op} ${b.cast(right, BOOLEAN).sql})`,
      left.nullable || right.nullable,
    );
  if (COMPARISONS.has(e.op)) return compare(b, left, e.op, right);
  if (e.op === '||') return concat(b, [left, right]);
  return arithmetic(b, left, e.op, right);
}

function compare(b: Binder, left: Typed, op: string, right: Typed): Typed {
  const { values } = unify([left, right], b.casts);
  return boolean(`(${values[0]!.sql} ${op} ${values[1]!.sql})`, left.nullable || right.nullable);
}

function withInterval(b: Binder, e: Expr & { kind: 'binary' }, scope: Scope): Typed {
  const [interval, other] = e.right.kind === 'interval' ? [e.right, e.left] : [e.left, e.right];
  if (interval.kind !== 'interval' || (e.op !== '+' && e.op !== '-'))
    throw b.error(
      '001003',
      '42000',
      'an INTERVAL can be added to and subtracted from dates and times.',
      e.at,
    );
  let value = bindExpression(b, other, scope);
  if (value.type.kind === 'TEXT') value = b.cast(value, { kind: 'TIMESTAMP_NTZ', scale: 9 });
  const { sql, days } = intervalSql(interval.text);
  const sum = `(${value.sql} ${e.op} ${sql})`;
  if (value.type.kind !== 'DATE') return { ...value, sql: sum, constant: undefined };
  // DuckDB makes a timestamp of it; Snowflake keeps the date if no part of the interval is smaller than a day.
  if (days) return { ...value, sql: `CAST(${sum} AS DATE)`, constant: undefined };
  return { sql: sum, type: { kind: 'TIMESTAMP_NTZ', scale: 9 }, nullable: value.nullable };
}

function bindIn(b: Binder, e: Expr & { kind: 'in' }, scope: Scope): Typed {
  const not = e.not ? 'NOT ' : '';
  if (e.operand.kind === 'tuple') {
    const { items } = e.operand;
    const alternatives = e.items.map((item) => {
      if (item.kind !== 'tuple' || item.items.length !== items.length)
        throw b.error(
          '001003',
          '42000',
          'every row behind IN must have as many values as the one before it.',
          item.at,
        );
      const equal = items.map(
        (left, i) =>
          compare(b, bindExpression(b, left, scope), '=', bindExpression(b, item.items[i]!, scope)).sql,
      );
      return `(${equal.join(' AND ')})`;
    });
    return boolean(`(${not}(${alternatives.join(' OR ')}))`);
  }
  const all = [e.operand, ...e.items].map((item) => bindExpression(b, item, scope));
  const { values } = unify(all, b.casts);
  const [operand, ...items] = values.map((value) => value.sql);
  return boolean(`(${operand} ${not}IN (${items.join(', ')}))`);
}

function bindInQuery(b: Binder, e: Expr & { kind: 'inQuery' }, scope: Scope): Typed {
  const query = bindQuery(b, e.query, scope);
  const operands = e.operand.kind === 'tuple' ? e.operand.items : [e.operand];
  if (operands.length !== query.columns.length)
    throw b.error(
      '001003',
      '42000',
      'the subquery behind IN must have as many columns as the operand.',
      e.at,
    );
  const alias = b.alias();
  const pairs = operands.map((operand, i) => {
    const column: Typed = { sql: columnRef(alias, `c${i + 1}`), ...query.columns[i]! };
    return unify([bindExpression(b, operand, scope), column], b.casts).values;
  });
  const left = pairs.map(([operand]) => operand!.sql);
  const right = pairs.map(([, column]) => column!.sql);
  const row = left.length > 1 ? `(${left.join(', ')})` : left[0]!;
  const from = `FROM (${query.sql}) AS "${alias}"`;
  const selected = right.length > 1 ? `(${right.join(', ')})` : right[0]!;
  return boolean(`(${row} ${e.not ? 'NOT ' : ''}IN (SELECT ${selected} ${from}))`);
}

function bindLike(b: Binder, e: Expr & { kind: 'like' }, scope: Scope): Typed {
  const text = (expr: Expr) => b.cast(bindExpression(b, expr, scope), TEXT()).sql;
  const operand = text(e.operand);
  const escapeBy = e.escape ? ` ESCAPE ${text(e.escape)}` : '';
  const one = (pattern: string) =>
    e.op === 'RLIKE'
      ? `regexp_full_match(${operand}, ${pattern})`
      : `${operand} ${e.op} ${pattern}${escapeBy}`;
  const tests = e.patterns.map((pattern) => `(${one(text(pattern))})`);
  const joined = tests.join(e.quantifier === 'ALL' ? ' AND ' : ' OR ');
  return boolean(e.not ? `(NOT (${joined}))` : `(${joined})`);
}

function bindCase(b: Binder, e: Expr & { kind: 'case' }, scope: Scope): Typed {
  const bind = (expr: Expr) => bindExpression(b, expr, scope);
  const operand = e.operand && bind(e.operand);
  const conditions = e.whens.map(({ when }) =>
    operand ? compare(b, operand, '=', bind(when)).sql : b.cast(bind(when), BOOLEAN).sql,
  );
  const results = e.whens.map(({ result }) => bind(result));
  results.push(e.otherwise ? bind(e.otherwise) : bind({ kind: 'null', at: e.at, end: e.end }));
  return caseOf(b, conditions, results);
}

/** CASE over conditions in DuckDB SQL; the last result is the ELSE. */
export function caseOf(b: Binder, conditions: string[], results: Typed[]): Typed {
  const { type, values } = unify(results, b.casts);
  const whens = conditions.map((condition, i) => `WHEN ${condition} THEN ${values[i]!.sql}`);
  return {
    sql: `CASE ${whens.join(' ')} ELSE ${values.at(-1)!.sql} END`,
    type,
    nullable: results.some((value) => value.nullable),
    untyped: results.every((value) => value.untyped),
  };
}
