import { localRefusal } from '../../errors.js';
import { caseOf } from '../../expressions/conditional.js';
import { invalidArguments } from '../../expressions/function.js';
import { arithmetic, concat } from '../../expressions/numbers/arithmetic.js';
import { like, local } from '../../expressions/time/date.js';
import type { Expr } from '../../language/ast.js';
import { intervalParts } from '../../language/interval.js';
import type { Typed } from '../../types/coerce.js';
import { comparable } from '../../types/common-type.js';
import { BOOLEAN, TEXT } from '../../types/data-type.js';
import { typeName } from '../../types/type-name.js';
import { variantIdentity, variantKey } from '../../types/variant-order.js';
import { bindChain } from './bind-chain.js';
import { bindExpression } from './bind-expression.js';
import { bindQuery } from './bind-query.js';
import type { Binder } from './binder.js';
import { describe } from './describe.js';
import { columnRef, type Scope } from './scope.js';

export const boolean = (sql: string, nullable = true): Typed => ({ sql, type: BOOLEAN, nullable });

const COMPARISONS = new Set(['=', '<>', '<', '>', '<=', '>=']);

export function bindBinary(b: Binder, e: Expr & { kind: 'binary' }, scope: Scope): Typed {
  if (e.left.kind === 'tuple' || e.right.kind === 'tuple') return compareRows(b, e, scope);
  const chain = bindChain(b, e, scope);
  if (chain) return chain;
  if (e.left.kind === 'interval' || e.right.kind === 'interval') return withInterval(b, e, scope);
  const left = bindExpression(b, e.left, scope);
  const right = bindExpression(b, e.right, scope);
  if (e.op === 'AND' || e.op === 'OR')
    return boolean(
      `(${b.cast(left, BOOLEAN).sql} ${e.op} ${b.cast(right, BOOLEAN).sql})`,
      left.nullable || right.nullable,
    );
  if (COMPARISONS.has(e.op)) return compare(b, left, e.op, right);
  if (e.op === '||') return concat(b, [left, right], '||', e.at);
  return arithmetic(b, left, e.op, right, e.at);
}

/** `(a, b) = (c, d)`: value by value. */
function compareRows(b: Binder, { left, op, right, at }: Expr & { kind: 'binary' }, scope: Scope): Typed {
  if (left.kind !== 'tuple' || right.kind !== 'tuple' || left.items.length !== right.items.length)
    throw b.error('001003', '42000', 'a row can only be compared with a row of as many values.', at);
  if (op !== '=' && op !== '<>')
    throw localRefusal(`rows compared by ${op}`, 'only = and <> are built', 'Compare value by value.');
  const pairs = left.items.map(
    (item, i) =>
      compare(b, bindExpression(b, item, scope), '=', bindExpression(b, right.items[i]!, scope)).sql,
  );
  return boolean(`(${op === '<>' ? 'NOT ' : ''}(${pairs.join(' AND ')}))`);
}

/** An ARRAY is compared with ARRAYs and VARIANTs only, an OBJECT likewise. @throws SnowflakeError 001044 */
function refuseMixture(b: Binder, left: Typed, op: string, right: Typed): void {
  const kinds = [left, right].map(({ type }) => type.kind);
  if (left.untyped || right.untyped || kinds[0] === kinds[1] || kinds.includes('VARIANT')) return;
  if (kinds.includes('ARRAY') || kinds.includes('OBJECT'))
    throw invalidArguments({ b, name: op, args: [left, right] });
}

function compare(b: Binder, left: Typed, op: string, right: Typed): Typed {
  refuseMixture(b, left, op, right);
  const values = comparable([left, right], b.casts);
  if (values[0]!.type.kind === 'VARIANT' && (op === '=' || op === '<>')) {
    const [a, z] = values.map(({ sql }) => variantIdentity(sql));
    return boolean(`(${a} ${op} ${z})`, left.nullable || right.nullable);
  }
  if (values[0]!.type.kind === 'VARIANT') {
    const [a, z] = values.map(({ sql }) => sql);
    const known = `${a} IS NOT NULL AND ${z} IS NOT NULL`;
    return boolean(`CASE WHEN ${known} THEN ${variantKey(a!)} ${op} ${variantKey(z!)} END`);
  }
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
  const given = bindExpression(b, other, scope);
  const value = local(given, { b });
  const { parts, days } = intervalParts(interval.text);
  const sum = parts.reduce((sql, part) => `(${sql} ${e.op} ${part})`, value.sql);
  if (value.type.kind === 'TIME') return { ...value, sql: sum, constant: undefined };
  if (value.type.kind !== 'DATE') return like(sum, given, { b });
  // DuckDB makes a timestamp of it; Snowflake keeps the date if no part of the interval is smaller than a day.
  if (days) return { ...value, sql: `CAST(${sum} AS DATE)`, constant: undefined };
  return { sql: sum, type: { kind: 'TIMESTAMP_NTZ', scale: 9 }, nullable: value.nullable };
}

/** What values are compared by for equality. */
const identity = ({ sql, type }: Typed): string => (type.kind === 'VARIANT' ? variantIdentity(sql) : sql);

export function bindIn(b: Binder, e: Expr & { kind: 'in' }, scope: Scope): Typed {
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
  const values = comparable(all, b.casts);
  const [operand, ...items] = values.map(identity);
  return boolean(`(${operand} ${not}IN (${items.join(', ')}))`);
}

export function bindInQuery(b: Binder, e: Expr & { kind: 'inQuery' }, scope: Scope): Typed {
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
    return comparable([bindExpression(b, operand, scope), column], b.casts);
  });
  const left = pairs.map(([operand]) => identity(operand!));
  const right = pairs.map(([, column]) => identity(column!));
  const row = left.length > 1 ? `(${left.join(', ')})` : left[0]!;
  const from = `FROM (${query.sql}) AS "${alias}"`;
  const selected = right.length > 1 ? `(${right.join(', ')})` : right[0]!;
  return boolean(`(${row} ${e.not ? 'NOT ' : ''}IN (SELECT ${selected} ${from}))`);
}

/** A pattern cannot end in the middle of an escape. @throws SnowflakeError */
function refuseOpenEscape(b: Binder, { escape: by, patterns }: Expr & { kind: 'like' }): void {
  if (by?.kind !== 'string' || by.value === '') return;
  for (const pattern of patterns) {
    if (pattern.kind !== 'string') continue;
    const whole = pattern.value.replaceAll(by.value + by.value, '');
    if (whole.endsWith(by.value))
      throw b.error(
        '100197',
        '22025',
        `Escape character at end of LIKE pattern '${pattern.value}'`,
        pattern.at,
      );
  }
}

export function bindLike(b: Binder, e: Expr & { kind: 'like' }, scope: Scope): Typed {
  const text = (expr: Expr) => {
    const value = bindExpression(b, expr, scope);
    if (value.type.kind === 'ARRAY' || value.type.kind === 'OBJECT')
      throw invalidArguments({ b, name: e.op, at: expr.at, args: [value] });
    return b.cast(value, TEXT()).sql;
  };
  const operand = text(e.operand);
  refuseOpenEscape(b, e);
  const escapeBy = e.escape ? ` ESCAPE ${text(e.escape)}` : '';
  const one = (pattern: string) =>
    e.op === 'RLIKE'
      ? `regexp_full_match(${operand}, ${pattern})`
      : `${operand} ${e.op} ${pattern}${escapeBy}`;
  const tests = e.patterns.map((pattern) => `(${one(text(pattern))})`);
  const joined = tests.join(e.quantifier === 'ALL' ? ' AND ' : ' OR ');
  return boolean(e.not ? `(NOT (${joined}))` : `(${joined})`);
}

export function bindCase(b: Binder, e: Expr & { kind: 'case' }, scope: Scope): Typed {
  const bind = (expr: Expr) => bindExpression(b, expr, scope);
  const operand = e.operand && bind(e.operand);
  const conditions = e.whens.map(({ when }) =>
    operand ? compare(b, operand, '=', bind(when)).sql : caseCondition(b, when, scope),
  );
  const results = e.whens.map(({ result }) => bind(result));
  results.push(e.otherwise ? bind(e.otherwise) : bind({ kind: 'null', at: e.at, end: e.end }));
  return caseOf(b, conditions, results);
}

/** What WHEN asks must be a BOOLEAN: nothing is converted to one. @throws SnowflakeError 001038 */
function caseCondition(b: Binder, when: Expr, scope: Scope): string {
  const value = bindExpression(b, when, scope);
  if (!value.untyped && value.type.kind !== 'BOOLEAN')
    throw b.error(
      '001038',
      '22023',
      `Can not convert parameter '${describe(b, when, scope)}' of type [${typeName(value.type)}] into expected type [BOOLEAN]`,
    );
  return b.cast(value, BOOLEAN).sql;
}
