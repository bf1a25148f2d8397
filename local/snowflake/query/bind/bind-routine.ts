import type { Routine } from '../../catalog/objects.js';
import { localRefusal } from '../../errors.js';
import { events } from '../../events/events.js';
import { scalarFunction } from '../../javascript/udf.js';
import type { Call, Expr } from '../../language/ast.js';
import { isNumeric, isSemiStructured, isTimestamp, type Typed } from '../../types/coerce.js';
import type { DataType } from '../../types/data-type.js';
import { duckType } from '../../types/duck-type.js';
import { typeName } from '../../types/type-name.js';
import { storedBody, storedExpression } from '../stored-trees.js';
import { bindQuery } from './bind-query.js';
import type { Binder } from './binder.js';
import { Scope } from './scope.js';

interface NamedValue {
  name: string;
  value: Typed;
}

/** All of a user's functions with the name; none without a schema in which to look. */
function overloadsOf(b: Binder, { name }: Call): Routine[] {
  const placed = name.length > 2 || (b.session.database && (b.session.schema || name.length > 1));
  return placed ? b.account.catalog.findRoutines('FUNCTION', name, b.session) : [];
}

export const hasRoutine = (b: Binder, call: Call): boolean => overloadsOf(b, call).length > 0;

/** The overload that these arguments fit best. @throws SnowflakeError 002139, 002141 or 001044 */
export function findRoutine(b: Binder, call: Call, args: Typed[], named: NamedValue[]): Routine {
  const shown = call.name.join('.');
  const overloads = overloadsOf(b, call);
  if (overloads.length === 0)
    throw call.name.length > 1
      ? b.error('002141', '42601', `Unknown user-defined function ${shown}`)
      : b.error('002139', '42601', `Unknown function ${shown}`);
  const best = bestOverload(overloads, args, named);
  if (!best) {
    const [only] = overloads;
    if (only && overloads.length === 1) refuseCount(b, call, only, args.length + named.length);
    const types = args.map((arg) => (arg.untyped ? 'NULL' : typeName(arg.type))).join(', ');
    throw b.error('001044', '42P13', `Invalid argument types for function '${shown}': (${types})`, call.at);
  }
  b.account.access.require(b.session, 'USAGE', best);
  return best;
}

/** @throws SnowflakeError 000938 or 000939 if a function takes another number of arguments */
function refuseCount(b: Binder, call: Call, routine: Routine, given: number): void {
  const most = routine.arguments.length;
  const least = routine.arguments.filter((argument) => argument.default === undefined).length;
  const shown = `[${b.text.slice(call.at, call.end)}]`;
  if (given > most)
    throw b.error(
      '000939',
      '22023',
      `too many arguments for function ${shown} expected ${most}, got ${given}`,
      call.at,
    );
  if (given < least)
    throw b.error(
      '000938',
      '22023',
      `not enough arguments for function ${shown}, expected ${least}, got ${given}`,
      call.at,
    );
}

/** The overload whose arguments need the fewest conversions; undefined if none fits. */
export function bestOverload(
  overloads: Routine[],
  args: Typed[],
  named: NamedValue[] = [],
): Routine | undefined {
  let best: Routine | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const routine of overloads) {
    const total = args.length + named.length;
    const required = routine.arguments.filter((argument) => argument.default === undefined).length;
    if (total > routine.arguments.length || total < required) continue;
    let cost = 0;
    args.forEach((arg, i) => {
      cost += conversionCost(arg, routine.arguments[i]!.type);
    });
    for (const { name, value } of named) {
      const argument = routine.arguments.find((each) => each.name === name);
      cost += argument ? conversionCost(value, argument.type) : Number.POSITIVE_INFINITY;
    }
    if (cost < bestCost) {
      best = routine;
      bestCost = cost;
    }
  }
  return best;
}

/** Snowflake converts arguments implicitly where it would in an expression; a text is no VARIANT there. */
function conversionCost(arg: Typed, type: DataType): number {
  const from = arg.type;
  if (arg.untyped || from.kind === type.kind) return 0;
  if (isNumeric(from) && isNumeric(type)) return 1;
  if (isTimestamp(from) && isTimestamp(type)) return 1;
  if (type.kind === 'VARIANT') return from.kind === 'TEXT' ? Number.POSITIVE_INFINITY : 2;
  if (from.kind === 'DATE' && isTimestamp(type)) return 1;
  if (isTimestamp(from) && type.kind === 'DATE') return 2;
  if (type.kind === 'TEXT' && !isSemiStructured(from)) return 3;
  if (from.kind === 'VARIANT') return 4;
  if (type.kind === 'BOOLEAN' && isNumeric(from)) return 5;
  if (from.kind === 'TEXT' && !isSemiStructured(type)) return 5;
  return Number.POSITIVE_INFINITY;
}

/** The arguments in the order of the signature, with defaults, each cast to its type. */
export function argumentsFor(b: Binder, routine: Routine, args: Typed[], named: NamedValue[]): Typed[] {
  return routine.arguments.map((argument, i) => {
    const given = args[i] ?? named.find(({ name }) => name === argument.name)?.value;
    if (given) return b.cast(given, argument.type);
    const inner = b.enter(routine, argument.default!);
    return b.cast(inner.bind(storedExpression(argument.default!), new Scope()), argument.type);
  });
}

/** Emits the call of a user's function. */
export function bindRoutine(
  b: Binder,
  routine: Routine,
  given: Typed[],
  named: NamedValue[],
  scope: Scope,
): Typed {
  if (routine.returnsTable)
    throw b.error(
      '002139',
      '42601',
      `Unknown function ${routine.name}: it returns a table. Use TABLE(…) in FROM.`,
    );
  const args = argumentsFor(b, routine, given, named);
  const { returns: type } = routine;
  switch (routine.language) {
    case 'JAVASCRIPT': {
      const { account, session } = b;
      b.collected.drawn = true;
      const token = events(account).listenTo(session, routine);
      const handler = scalarFunction(routine, session.connection, session.timezone, token);
      const sql = handler.call(args.map((arg) => arg.sql));
      return { sql: isSemiStructured(type) ? `CAST(${sql} AS JSON)` : sql, type, nullable: true };
    }
    case 'SQL':
      return bindSqlFunction(b, routine, args, scope);
    case 'EXTERNAL':
      return bindExternal(routine, args, scope);
  }
}

/**
 * Binds the body of a SQL function that is being made, with NULLs of the arguments' types.
 * @throws SnowflakeError for what the body's every call would end in
 */
export function checkSqlBody(
  b: Binder,
  routine: Pick<Routine, 'arguments' | 'returns' | 'returnsTable' | 'body'>,
): void {
  for (const { name, type } of routine.arguments)
    b.parameters.set(name, { sql: `CAST(NULL AS ${duckType(type)})`, type, nullable: true });
  const tree = storedBody(routine.body);
  const columns = 'query' in tree ? bindQuery(b, tree.query, new Scope()).columns : undefined;
  if (routine.returnsTable) {
    const [wanted, found] = [routine.returnsTable.length, columns?.length ?? 1];
    if (wanted !== found)
      throw b.error(
        '002057',
        '42601',
        `the function declares ${wanted} column(s), but its query produces ${found} column(s)`,
      );
    return;
  }
  if (columns && columns.length !== 1)
    throw b.error(
      '002057',
      '42601',
      `the function returns one value, but its query produces ${columns.length} column(s)`,
    );
  const scope = new Scope();
  // Where it is called decides whether an external function may stand there.
  scope.block.clause = 'SELECT';
  const value = 'query' in tree ? { ...columns![0]!, sql: 'c1' } : b.bind(tree.expr, scope);
  b.cast(value, routine.returns);
}

/** From this length on an argument's SQL is computed once, and not wherever the body mentions it. */
const LONG_ARGUMENT = 60;

/** The body of a SQL function with the arguments in place of its parameters. */
function bindSqlFunction(b: Binder, routine: Routine, args: Typed[], outer: Scope): Typed {
  const tree = storedBody(routine.body);
  if ('query' in tree) {
    const inner = withArguments(b, routine, args);
    const query = bindQuery(inner, tree.query, new Scope());
    const value: Typed = { ...query.columns[0]!, sql: `(${query.sql})` };
    return { ...b.cast(value, routine.returns), nullable: true };
  }
  const { externals } = outer.block;
  const before = externals.length;
  if (sending.has(routine)) {
    const body = bindBody(b, routine, tree.expr, args, outer);
    if (externals.length > before) return body;
    sending.delete(routine);
  }
  const once = bindOnce(b, routine, tree.expr, args, outer);
  if (externals.length === before) return once;
  // What an external function is given is computed outside of the body, where its arguments have no name.
  externals.length = before;
  sending.add(routine);
  return bindBody(b, routine, tree.expr, args, outer);
}

/** Functions in whose bodies an external one was found, so that a statement need not find it again; it may be another function by then. */
const sending = new WeakSet<Routine>();

function withArguments(b: Binder, routine: Routine, args: Typed[]): Binder {
  const inner = b.enter(routine, routine.body);
  routine.arguments.forEach((argument, i) => {
    inner.parameters.set(argument.name, args[i]!);
  });
  return inner;
}

function bindBody(b: Binder, routine: Routine, expr: Expr, args: Typed[], outer: Scope): Typed {
  const scope = new Scope();
  // An external function in the body is the calling block's to send out.
  scope.block.externals = outer.block.externals;
  scope.block.clause = outer.block.clause;
  const body = withArguments(b, routine, args).bind(expr, scope);
  const sql = b.cast(body, routine.returns);
  return { ...sql, sql: `(${sql.sql})`, constant: undefined };
}

/** The body as a lambda of its long arguments: with functions in functions the SQL would grow with every level. */
function bindOnce(b: Binder, routine: Routine, expr: Expr, args: Typed[], outer: Scope): Typed {
  const long = args.filter(({ sql, constant }) => constant === undefined && sql.length > LONG_ARGUMENT);
  if (long.length === 0) return bindBody(b, routine, expr, args, outer);
  const texts = long.map(({ sql }) => sql).join();
  let level = 1;
  while (texts.includes(`given${level}`)) level++;
  const name = `given${level}`;
  const place = (arg: Typed) => `a${long.indexOf(arg)}`;
  const body = bindBody(
    b,
    routine,
    expr,
    args.map((arg) => (long.includes(arg) ? { ...arg, sql: `${name}.${place(arg)}` } : arg)),
    outer,
  );
  const packed = `struct_pack(${long.map((arg) => `${place(arg)} := ${arg.sql}`).join(', ')})`;
  return { ...body, sql: `(list_transform([${packed}], lambda ${name}: ${body.sql}))[1]` };
}

function bindExternal(routine: Routine, args: Typed[], scope: Scope): Typed {
  const { block } = scope;
  if (block.clause === 'FROM')
    throw localRefusal(
      `external function ${routine.name} in ON or FROM`,
      'its rows are sent out when all sources are joined',
      'Call it in WHERE, or in the select list of a subquery.',
    );
  if (args.some((arg) => arg.sql.includes('"$external"')))
    throw localRefusal(
      `external function ${routine.name} over another external function's result`,
      'one query block sends its rows out once',
      'Call the inner one in a subquery.',
    );
  const key = args.map((arg) => arg.sql).join('\0');
  let call = block.externals.find(
    (each) =>
      each.routine === routine &&
      each.args.map((arg) => arg.sql).join('\0') === key &&
      routine.volatility === 'IMMUTABLE',
  );
  if (!call) {
    call = { index: block.externals.length, routine, args };
    block.externals.push(call);
  }
  return { sql: `"$external".v${call.index}`, type: routine.returns, nullable: true };
}
