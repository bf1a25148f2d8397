import { notSupportedLocally, SnowflakeError } from '../errors.js';
import type { CallContext } from '../expressions/function.js';
import { builtIn } from '../expressions/index.js';
import { refusedFunction } from '../expressions/refused.js';
import type { Typed } from '../types/coerce.js';
import { NUMBER } from '../types/data-type.js';
import type { Call, Expr, FrameBound, Over } from './ast.js';
import { bindExpression } from './bind-expression.js';
import { bindRoutine, findRoutine, hasRoutine } from './bind-routine.js';
import type { Binder } from './binder.js';
import type { Scope } from './scope.js';
import { expandStar } from './star.js';
import { GENERATOR_COUNTER } from './table-functions.js';

/** A call of a built-in function or of a user's. @throws SnowflakeError 002140 for an unknown one */
export function bindCall(b: Binder, call: Call, scope: Scope): Typed {
  const name = call.name[call.name.length - 1]!;
  if (call.name.length === 1 && /^SEQ[1248]$/.test(name)) return sequenceNumber(scope);
  const spec = call.name.length === 1 ? builtIn(name) : undefined;
  if (!spec) return bindUserCall(b, call, scope);
  const { block } = scope;
  const keywords: string[] = [];
  const args: Typed[] = [];
  if (spec.group === 'aggregate' && !call.over) block.aggregates = true;
  if (call.over) block.windows = true;
  const before = block.clause;
  if (spec.group === 'aggregate' && before === 'WHERE' && !call.over)
    throw b.error(
      '002035',
      '42601',
      `Invalid aggregate function in where clause [${textOf(b, call)}]`,
      call.at,
    );
  if (spec.group === 'aggregate' && before === 'SELECT') block.clause = 'AGGREGATE';
  try {
    flattenArgs(b, call, scope).forEach((arg, i) => {
      if (spec.keywords?.includes(i)) keywords.push(keywordText(arg));
      else args.push(arg.kind === 'bound' ? arg.value : bindExpression(b, arg, scope));
    });
    for (const { name: parameter, value } of call.named) {
      const position = spec.parameters?.indexOf(parameter) ?? -1;
      if (position !== args.length)
        throw b.error('001003', '42000', `unexpected argument name '${parameter}'.`, value.at);
      args.push(bindExpression(b, value, scope));
    }
  } finally {
    block.clause = before;
  }
  const count = args.length + keywords.length;
  if (count < spec.min)
    throw b.error(
      '000938',
      '22023',
      `not enough arguments for function [${textOf(b, call)}], expected ${spec.min}, got ${count}`,
      call.at,
    );
  if (count > spec.max)
    throw b.error(
      '000939',
      '22023',
      `too many arguments for function [${textOf(b, call)}] expected ${spec.max}, got ${count}`,
      call.at,
    );
  if (spec.group === 'window' && !call.over)
    throw b.error('002303', '42601', `Window function [${textOf(b, call)}] requires OVER clause.`, call.at);
  const orderBy = call.withinGroup ?? call.over?.orderBy ?? [];
  const order = orderBy.map((item) => ({
    value: bindExpression(b, item.expr, scope),
    suffix: orderSuffix(b, item.descending, item.nullsFirst),
    descending: item.descending,
  }));
  const context: CallContext = {
    b,
    name,
    at: call.at,
    keywords,
    distinct: call.distinct,
    over: call.over ? overSql(b, call.over, scope) : '',
    order,
    ignoreNulls: call.ignoreNulls ?? false,
  };
  return spec.bind(args, context);
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
  const refused = call.name.length === 1 ? refusedFunction(call.name[0]!) : undefined;
  if (refused && !hasRoutine(b, call)) throw refused;
  const routine = findRoutine(b, call, args, named);
  if (routine.language === 'EXTERNAL' && (block.aggregates || block.windows))
    throw notSupportedLocally(
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

/** NULLs are the largest values in Snowflake, unless DEFAULT_NULL_ORDERING is FIRST. */
export function orderSuffix(b: Binder, descending: boolean, nullsFirst: boolean | undefined): string {
  const largest = b.session.parameter('DEFAULT_NULL_ORDERING') !== 'FIRST';
  const first = nullsFirst ?? descending === largest;
  return `${descending ? ' DESC' : ' ASC'} NULLS ${first ? 'FIRST' : 'LAST'}`;
}

function overSql(b: Binder, over: Over, scope: Scope): string {
  const parts: string[] = [];
  if (over.partitionBy.length > 0)
    parts.push(`PARTITION BY ${over.partitionBy.map((e) => bindExpression(b, e, scope).sql).join(', ')}`);
  if (over.orderBy.length > 0) {
    const items = over.orderBy.map(
      (item) => bindExpression(b, item.expr, scope).sql + orderSuffix(b, item.descending, item.nullsFirst),
    );
    parts.push(`ORDER BY ${items.join(', ')}`);
  }
  if (over.frame) {
    const bound = (frame: FrameBound) =>
      typeof frame === 'string' ? frame : `${bindExpression(b, frame.offset, scope).sql} ${frame.direction}`;
    parts.push(`${over.frame.unit} BETWEEN ${bound(over.frame.from)} AND ${bound(over.frame.to)}`);
  }
  return ` OVER (${parts.join(' ')})`;
}

/** SEQ4() and its like count a generator's rows from 0. */
function sequenceNumber(scope: Scope): Typed {
  const type = NUMBER(10, 0);
  for (const { columns } of scope.tables) {
    const counter = columns.find((column) => column.name === GENERATOR_COUNTER);
    if (counter) return { sql: counter.sql, type, nullable: false };
  }
  scope.block.windows = true;
  return { sql: '(row_number() OVER () - 1)', type, nullable: false };
}
