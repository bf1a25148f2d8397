import { localRefusal, SnowflakeError } from '../../errors.js';
import type { CallContext, FunctionSpec } from '../../expressions/function.js';
import { findFunction } from '../../expressions/index.js';
import { refusalOf } from '../../expressions/refused.js';
import type { Call, Expr, FrameBound, OrderItem, Over } from '../../language/ast.js';
import { intervalParts } from '../../language/interval.js';
import type { Typed } from '../../types/coerce.js';
import { NUMBER } from '../../types/data-type.js';
import { variantKeys } from '../../types/variant-order.js';
import { bindExpression, convertWords } from './bind-expression.js';
import { higherOrder } from './bind-lambda.js';
import { bindRoutine, findRoutine, hasRoutine } from './bind-routine.js';
import type { Binder } from './binder.js';
import { checkForm } from './call-rules.js';
import { describe } from './describe.js';
import type { Scope } from './scope.js';
import { expandStar } from './star.js';
import { GENERATOR_COUNTER } from './table-functions.js';

/** A call of a built-in function or of a user's. @throws SnowflakeError 002139 for an unknown one */
export function bindCall(b: Binder, call: Call, scope: Scope): Typed {
  if (call.identifier)
    return bindCall(b, { ...call, identifier: undefined, name: b.identifierParts(call.identifier) }, scope);
  const name = call.name[call.name.length - 1]!;
  if (call.name.length === 1 && /^SEQ[1248]$/.test(name)) return sequenceNumber(b, call, scope);
  const lambdas = call.name.length === 1 ? higherOrder.get(name) : undefined;
  if (lambdas) return lambdas(b, call, scope);
  const spec =
    call.name.length === 1 ? (findFunction(name) ?? b.account.features.systemFunctions.get(name)) : undefined;
  checkForm(b, call, spec);
  if (!spec) return bindUserCall(b, call, scope);
  checkPlace(b, call, spec, scope);
  const { args, exprs, keywords, written, order } = bindArguments(b, call, spec, scope);
  checkCount(b, call, spec, args.length + keywords.length, scope);
  const context: CallContext = {
    b,
    name,
    at: call.at,
    args,
    keywords,
    written,
    shown(arg) {
      const expr = exprs[args.indexOf(arg)];
      return expr ? describe(b, expr, scope) : '';
    },
    distinct: call.distinct,
    over: call.over ? windowSql(b, call.over, scope) : '',
    order: call.withinGroup ? order : orderTerms(b, call.over?.orderBy ?? [], scope),
    ignoreNulls: call.ignoreNulls ?? false,
  };
  if (!CONVERSION.test(name)) return spec.bind(args, context);
  return convertWords(
    () => spec.bind(args, context),
    () => describe(b, call, scope),
  );
}

const CONVERSION = /^(TO_|DATE$|TIME$)/;

const isAggregate = (call: Call, spec: FunctionSpec): boolean => spec.group === 'aggregate' && !call.over;

/** Refuses aggregates and windows where the rows are not there yet, and takes down that the block has them. */
function checkPlace(b: Binder, call: Call, spec: FunctionSpec, scope: Scope): void {
  const { block } = scope;
  if (call.over) {
    if (block.clause !== 'SELECT') throw windowOutside(b, call, scope);
    if (block.window) throw windowInside(b, call, block.window, scope);
    block.windows = true;
    b.collected.ordered = true;
  } else if (spec.group === 'window')
    throw b.error(
      '002303',
      '42601',
      `Window function [${describe(b, call, scope)}] requires OVER clause.`,
      call.at,
    );
  if (!isAggregate(call, spec)) return;
  if (block.clause === 'WHERE')
    throw b.error(
      '002035',
      '42601',
      `Invalid aggregate function in where clause [${describe(b, call, scope)}]`,
    );
  if (block.aggregate)
    throw b.error(
      '002036',
      '42601',
      `Aggregate functions cannot be nested: [${describe(b, call, scope)}] nested in [${describe(b, block.aggregate, scope)}]`,
    );
  block.aggregates = true;
  b.collected.ordered = true;
}

/** The arguments and the terms of WITHIN GROUP; what an aggregate reads need not be grouped. */
function bindArguments(
  b: Binder,
  call: Call,
  spec: FunctionSpec,
  scope: Scope,
): Pick<CallContext, 'args' | 'keywords' | 'written' | 'order'> & { exprs: (Expr | undefined)[] } {
  const { block } = scope;
  const { clause, aggregate, window } = block;
  const keywords: string[] = [];
  const written: string[] = [];
  const args: Typed[] = [];
  const exprs: (Expr | undefined)[] = [];
  if (isAggregate(call, spec) && clause === 'SELECT')
    Object.assign(block, { clause: 'AGGREGATE', aggregate: call });
  if (call.over) block.window = call;
  try {
    flattenArgs(b, call, scope).forEach((arg, i) => {
      if (spec.keywords?.includes(i)) {
        keywords.push(keywordText(arg));
        b.collected.words.add(arg);
        if ('at' in arg) written.push(b.text.slice(arg.at, arg.end).replace(/^'|'$/g, ''));
        return;
      }
      exprs.push(arg.kind === 'bound' ? undefined : arg);
      args.push(arg.kind === 'bound' ? arg.value : bindExpression(b, arg, scope));
    });
    for (const { name: parameter, value } of call.named) {
      const position = spec.parameters?.indexOf(parameter) ?? -1;
      if (position !== args.length)
        throw b.error('001003', '42000', `unexpected argument name '${parameter}'.`, value.at);
      exprs.push(value);
      args.push(bindExpression(b, value, scope));
    }
    return { args, exprs, keywords, written, order: orderTerms(b, call.withinGroup ?? [], scope) };
  } finally {
    Object.assign(block, { clause, aggregate, window });
  }
}

/** @throws SnowflakeError 000938 or 000939 */
function checkCount(b: Binder, call: Call, { min, max }: FunctionSpec, count: number, scope: Scope): void {
  if (count >= min && count <= max) return;
  const shown = `[${describe(b, call, scope)}]`;
  if (count < min)
    throw b.error(
      '000938',
      '22023',
      `not enough arguments for function ${shown}, expected ${min}, got ${count}`,
      call.at,
    );
  throw b.error(
    '000939',
    '22023',
    `too many arguments for function ${shown} expected ${max}, got ${count}`,
    call.at,
  );
}

/** A window function where its rows are not known yet: in WHERE, ON or GROUP BY. */
export function windowOutside(b: Binder, e: Expr, scope: Scope): SnowflakeError {
  return b.error(
    '002303',
    '42601',
    `Window function [${describe(b, e, scope)}] appears outside of SELECT, QUALIFY, and ORDER BY clauses.`,
  );
}

/** Snowflake nests windows nowhere but in the conditional events, and DuckDB not even there. */
function windowInside(b: Binder, inner: Call, outer: Call, scope: Scope): SnowflakeError {
  const name = outer.name[outer.name.length - 1]!;
  if (name.startsWith('CONDITIONAL_'))
    return localRefusal(`a window function inside ${name}`, 'it is not built', 'Compute it in a subquery.');
  return b.error(
    '002303',
    '42601',
    `Window function [${describe(b, inner, scope)}] may not be nested inside another window function.`,
  );
}

type Argument = Expr | { kind: 'bound'; value: Typed; name: string };

/** `f(*)` and `f(t.*)` stand for all columns: for OBJECT_CONSTRUCT their names too; COUNT(*) has no argument. */
function flattenArgs(b: Binder, call: Call, scope: Scope): Argument[] {
  const name = call.name[0]!;
  return call.args.flatMap((arg): Argument[] => {
    if (arg.kind !== 'star') return [arg];
    const { of, ilike, exclude } = arg.star;
    if (name === 'COUNT' && !of && !ilike && exclude.length === 0) return [];
    const columns = expandStar(b, arg.star, scope);
    return columns.flatMap((column): Argument[] => {
      const value = { kind: 'bound' as const, value: column.value, name: column.name };
      if (!name.startsWith('OBJECT_CONSTRUCT')) return [value];
      return [{ kind: 'string', value: column.name, at: arg.at, end: arg.end }, value];
    });
  });
}

function keywordText(arg: Argument): string {
  if (arg.kind === 'column') return arg.parts.join('.');
  if (arg.kind === 'string') return arg.value.toUpperCase();
  throw new SnowflakeError('001035', '22023', 'SQL compilation error:\na date or time part is expected.');
}

function bindUserCall(b: Binder, call: Call, scope: Scope): Typed {
  const { block } = scope;
  const before = { aggregates: block.aggregates, windows: block.windows };
  Object.assign(block, { aggregates: false, windows: false });
  const args = flattenArgs(b, call, scope).map((arg) =>
    arg.kind === 'bound' ? arg.value : bindExpression(b, arg, scope),
  );
  const named = call.named.map(({ name, value }) => ({ name, value: bindExpression(b, value, scope) }));
  const refused = call.name.length === 1 ? refusalOf(call.name[0]!) : undefined;
  if (refused && !hasRoutine(b, call)) throw refused;
  const routine = findRoutine(b, call, args, named);
  if (routine.language === 'EXTERNAL' && (block.aggregates || block.windows))
    throw localRefusal(
      `an aggregate or window function in the argument of external function ${routine.name}`,
      'the rows are sent out before they are grouped',
      'Compute it in a subquery.',
    );
  block.aggregates ||= before.aggregates;
  block.windows ||= before.windows;
  return bindRoutine(b, routine, args, named, scope);
}

export function textOf(b: Binder, e: { at: number; end: number }): string {
  return b.text.slice(e.at, e.end).toUpperCase();
}

/** What a value sorts by in DuckDB. */
export const sortKeys = ({ sql, type }: Pick<Typed, 'sql' | 'type'>): string[] =>
  type.kind === 'VARIANT' ? variantKeys(sql) : [sql];

function orderTerms(b: Binder, items: OrderItem[], scope: Scope): CallContext['order'] {
  return items.flatMap((item) => {
    const value = bindExpression(b, item.expr, scope);
    const suffix = orderSuffix(b, item.descending, item.nullsFirst);
    return sortKeys(value).map((sql) => ({ value: { ...value, sql }, suffix, descending: item.descending }));
  });
}

/** NULLs are the largest values in Snowflake, unless DEFAULT_NULL_ORDERING is FIRST. */
export function orderSuffix(b: Binder, descending: boolean, nullsFirst: boolean | undefined): string {
  const largest = b.session.parameter('DEFAULT_NULL_ORDERING') !== 'FIRST';
  const first = nullsFirst ?? descending === largest;
  return `${descending ? ' DESC' : ' ASC'} NULLS ${first ? 'FIRST' : 'LAST'}`;
}

function windowSql(b: Binder, over: Over, scope: Scope): string {
  const parts: string[] = [];
  if (over.partitionBy.length > 0)
    parts.push(`PARTITION BY ${over.partitionBy.map((e) => bindExpression(b, e, scope).sql).join(', ')}`);
  if (over.orderBy.length > 0) {
    const items = orderTerms(b, over.orderBy, scope).map(({ value, suffix }) => value.sql + suffix);
    parts.push(`ORDER BY ${items.join(', ')}`);
  }
  if (over.frame) {
    const bound = (frame: FrameBound) => {
      if (typeof frame === 'string') return frame;
      const { offset, direction } = frame;
      const sql =
        offset.kind === 'interval'
          ? intervalParts(offset.text).parts.join(' + ')
          : bindExpression(b, offset, scope).sql;
      return `${sql} ${direction}`;
    };
    parts.push(`${over.frame.unit} BETWEEN ${bound(over.frame.from)} AND ${bound(over.frame.to)}`);
  }
  return ` OVER (${parts.join(' ')})`;
}

/** SEQ4() and its like count a generator's rows from 0. */
/** SEQ1() … SEQ8(): with 1 they wrap around into negative numbers, which no row count here reaches. */
function sequenceNumber(b: Binder, call: Call, scope: Scope): Typed {
  const [sign] = call.args;
  if (sign && !(sign.kind === 'number' && ['0', '1'].includes(sign.text)))
    throw b.error('001015', '22023', `argument of function ${call.name[0]}: sign must be 0 or 1`, call.at);
  const type = NUMBER(10, 0);
  for (const { columns } of scope.tables) {
    const counter = columns.find((column) => column.name === GENERATOR_COUNTER);
    if (counter) return { sql: counter.sql, type, nullable: false };
  }
  scope.block.windows = true;
  b.collected.ordered = true;
  return { sql: '(row_number() OVER () - 1)', type, nullable: false };
}
