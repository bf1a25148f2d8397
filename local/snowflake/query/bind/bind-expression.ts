import { invalidIdentifier, localRefusal, SnowflakeError } from '../../errors.js';
import { array, pathStep } from '../../expressions/json/semi-structured.js';
import { negate, plus } from '../../expressions/numbers/arithmetic.js';
import type { Expr } from '../../language/ast.js';
import { Sequences } from '../../storage/sequences.js';
import { cellLiteral, numberLiteral, textConstant } from '../../types/cells.js';
import { isSemiStructured, refuseTry, type Typed } from '../../types/coerce.js';
import { comparable, unify } from '../../types/common-type.js';
import { BOOLEAN, TEXT, VARIANT } from '../../types/data-type.js';
import { partType } from '../../types/structured.js';
import { bindCall } from './bind-call.js';
import { bindBinary, bindCase, bindIn, bindInQuery, bindLike, boolean } from './bind-operators.js';
import { bindQuery } from './bind-query.js';
import type { Binder } from './binder.js';
import { describe, qualifyColumn } from './describe.js';
import { reading } from './grouping.js';
import { identifierText, type Scope, type ScopeColumn } from './scope.js';

/** DuckDB SQL that is longer than this, and so many times as long as what was written, is not run. */
const MOST_SQL = 300_000;
const MOST_GROWTH = 200;
/** A bound value stands in it as often as whatever it is given to has it: a long one is no nesting. */
const MOST_GROWTH_OF_VALUES = 20;

function swollen(): SnowflakeError {
  return localRefusal(
    'functions of functions nested this deep',
    'what they are made of stands more than once in what is run, so that it grows with every level',
    'Compute parts of it in WITH queries.',
  );
}

/** Types an expression and writes it as DuckDB SQL. @throws SnowflakeError 000904 … */
export function bindExpression(b: Binder, e: Expr, scope: Scope): Typed {
  const { uses } = scope.block;
  const before = uses.length;
  const value = bindTyped(b, e, scope);
  const written = MOST_GROWTH * (e.end - e.at) + MOST_GROWTH_OF_VALUES * b.bound;
  if (value.sql.length > MOST_SQL && value.sql.length > written) throw swollen();
  for (let i = before; i < uses.length; i++) uses[i]!.within.push(value.sql);
  return value;
}

function bindTyped(b: Binder, e: Expr, scope: Scope): Typed {
  const bind = (expr: Expr) => bindExpression(b, expr, scope);
  switch (e.kind) {
    case 'number':
      return numberLiteral(e.text);
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
      return e.op === '-' ? negate(b, bind(e.operand)) : plus(b, bind(e.operand));
    case 'binary':
      return bindBinary(b, e, scope);
    case 'is': {
      const operand = bind(e.operand);
      const value = e.what === 'NULL' ? operand : b.cast(operand, BOOLEAN);
      return boolean(`(${value.sql} IS ${e.not ? 'NOT ' : ''}${e.what})`, false);
    }
    case 'distinctFrom': {
      const [left, right] = comparable([bind(e.left), bind(e.right)], b.casts);
      return boolean(`(${left!.sql} IS ${e.not ? 'NOT ' : ''}DISTINCT FROM ${right!.sql})`, false);
    }
    case 'between': {
      const values = comparable([bind(e.operand), bind(e.low), bind(e.high)], b.casts);
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
    case 'cast': {
      const operand = bind(e.operand);
      const { kind } = operand.type;
      const reads = kind === 'TEXT' && e.type.kind !== 'VARIANT';
      if (e.tolerant && !operand.untyped && !reads) throw refuseTry(operand, e.type);
      const cast = convertWords(
        () => b.cast(operand, e.type, e.tolerant),
        () => describe(b, e, scope),
      );
      // NULL::DATE is a DATE.
      return { ...cast, untyped: false };
    }
    case 'exists':
      return boolean(`EXISTS (${bindQuery(b, e.query, scope).sql})`, false);
    case 'subquery': {
      const query = bindQuery(b, e.query, scope);
      if (query.correlated && !query.oneRow) throw subqueryError(b, e.query.at);
      return { sql: `(${query.sql})`, ...single(b, query.columns, e.at), nullable: true };
    }
    case 'tuple':
      throw localRefusal('a row constructor', 'rows stand only on the left of IN');
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
    case 'lambda':
      throw b.error('001003', '42000', "unexpected '->'.", e.at);
    case 'interval':
      throw b.error('001003', '42000', 'an INTERVAL stands only beside + or -.', e.at);
  }
}

/**
 * 002031: a subquery that reads the row around it must be known to have one row, by an aggregate without GROUP BY:
 * docs.snowflake.com/en/user-guide/querying-subqueries.
 */
export function subqueryError(b: Binder, at?: number): SnowflakeError {
  const where = at === undefined ? undefined : b.position(at);
  const shown = where ? ` at line ${where.line}, position ${where.character}` : '';
  return b.error('002031', '42601', `Unsupported subquery type cannot be evaluated${shown}`);
}

/** Lets 001007 name a conversion as it is written. */
export function convertWords<T>(convert: () => T, written: () => string): T {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof SnowflakeError) || error.code !== '001007') throw error;
    const message = error.message.replace(/\[CAST\(.*\)\]/, () => `[${written()}]`);
    throw new SnowflakeError(error.code, error.sqlState, message, error.position);
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

/**
 * A column: a SQL function's argument, or of a source, an alias of the select list, or of an enclosing query. What a
 * source has wins over an alias.
 */
function bindColumn(b: Binder, parts: string[], at: number, scope: Scope): Typed {
  // Inside a SQL function its arguments win over columns of the same name.
  const argument = parts.length === 1 ? b.parameters.get(parts[0]!) : undefined;
  if (argument) return argument;
  const own = scope.own(parts);
  if (own) return useColumn(own, at, scope);
  const name = parts[parts.length - 1]!;
  if (parts.length === 1) {
    const alias = bindAlias(b, name, scope, at);
    if (alias) return alias;
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
    return useColumn(column, at, outer);
  }
  if (parts.length > 1 && name === 'NEXTVAL') return nextval(b, parts.slice(0, -1));
  throw invalidIdentifier(parts.map(identifierText).join('.'), b.position(at));
}

const BARE_FUNCTIONS = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'LOCALTIME',
  'LOCALTIMESTAMP',
]);

/** A column of a block; what its select list reads is taken down for GROUP BY. */
export function useColumn(column: ScopeColumn, at: number, scope: Scope): Typed {
  if (scope.block.clause === 'SELECT' && !column.local)
    scope.block.uses.push({ shown: qualifyColumn(column, scope), at, within: [column.sql] });
  return column;
}

/** An alias of the select list, wherever it is used in the same block. */
export function bindAlias(b: Binder, name: string, scope: Scope, at: number): Typed | undefined {
  const { block } = scope;
  const expr = block.aliases.get(name);
  if (!expr || block.bindingAlias.has(name)) return undefined;
  block.bindingAlias.add(name);
  try {
    if (block.clause === 'WHERE') return bindForWhere(b, expr, name, scope, at);
    const value = bindExpression(b, expr, scope);
    return { ...value, sql: `(${value.sql})` };
  } finally {
    block.bindingAlias.delete(name);
  }
}

/** WHERE is asked of rows before they are grouped: an alias of an aggregate or window cannot stand there. */
function bindForWhere(b: Binder, expr: Expr, name: string, scope: Scope, at: number): Typed {
  const { block } = scope;
  const { windows } = block;
  block.windows = false;
  block.clause = 'SELECT';
  const { value, aggregates } = reading(block, () => bindExpression(b, expr, scope));
  block.clause = 'WHERE';
  if (aggregates || block.windows)
    throw b.error(
      '002032',
      '42601',
      `aggregate function alias '${name}' cannot be used in the WHERE clause`,
      at,
    );
  block.windows = windows;
  return { ...value, sql: `(${value.sql})` };
}

/** The next value of a sequence. @throws SnowflakeError 002003 */
export function nextval(b: Binder, parts: string[]): Typed {
  const sequence = b.account.catalog.resolve('SEQUENCE', parts, b.session);
  b.account.access.require(b.session, 'USAGE', sequence);
  b.collected.drawn = true;
  return {
    sql: `CAST(${Sequences.nextSql(sequence)} AS DECIMAL(38,0))`,
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
    const type = partType(value.type, key.constant as string | number | undefined);
    const found: Typed = { sql: pathStep(value.sql, key), type: VARIANT, nullable: true };
    value = type ? b.cast(found, type) : found;
  }
  return value;
}
