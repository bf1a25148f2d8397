import { identifier } from '../catalog/catalog.js';
import type { Argument, Routine } from '../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../errors.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome } from '../kernel/statement.js';
import { bestOverload } from '../query/bind/bind-routine.js';
import { compileQuery } from '../query/compile.js';
import { evaluateAll, evaluate as evaluateOne } from '../query/evaluate.js';
import type { Typed } from '../types/coerce.js';
import type { Cell } from '../types/data-type.js';
import { typeName } from '../types/type-name.js';
import { expressionText } from './definition.js';
import { runProcedure } from './procedure.js';

/** An argument of a call: `expression` or `NAME => expression`. */
interface Passed {
  name?: string;
  text: string;
}

/** CALL p(…): evaluates the arguments as the caller, runs the procedure, answers one row. */
export async function call(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('CALL');
  const parts = tokens.name();
  const passed: Passed[] = [];
  tokens.expect('(');
  while (!tokens.take(')')) {
    const named = tokens.peek(1).value === '=>';
    const name = named ? tokens.identifier() : undefined;
    if (named) tokens.expect('=>');
    passed.push({ ...(name !== undefined && { name }), text: expressionText(tokens) });
    if (!tokens.is(')')) tokens.expect(',');
  }
  if (tokens.is('INTO'))
    throw localRefusal('CALL … INTO', 'it belongs to Snowflake Scripting', 'Read the row that CALL returns.');
  tokens.expectEnd();
  const last = parts[parts.length - 1]!;
  if (last.startsWith('SYSTEM$')) {
    const value = await evaluateOne(context, `${last}(${passed.map(({ text }) => text).join(', ')})`);
    return {
      statementTypeId: STATEMENT_TYPE.CALL,
      columns: [{ name: last, type: value.type, nullable: true }],
      rows: [[value.cell]],
    };
  }

  const overloads = account.catalog.findRoutines('PROCEDURE', parts, session);
  const fitting = overloads.filter((routine) => arrange(routine.arguments, passed));
  if (fitting.length === 0) throw routineError(parts, overloads, passed);
  const routine = chooseOverload(context, fitting, parts, passed);
  const values = await evaluate(context, routine, passed);
  account.access.require(session, 'USAGE', routine);
  const value = await runProcedure(account, session, routine, values, context.signal);
  return {
    statementTypeId: STATEMENT_TYPE.CALL,
    columns: [{ name: routine.name, type: routine.returns, nullable: routine.nullable }],
    rows: [[value]],
  };
}

/** The expressions in the order of the arguments, defaults filled in; undefined if they do not fit. */
function arrange(wanted: Argument[], passed: Passed[]): string[] | undefined {
  if (passed.length > wanted.length) return undefined;
  const texts: (string | undefined)[] = wanted.map((argument) => argument.default);
  for (const [i, { name, text }] of passed.entries()) {
    const at = name === undefined ? i : wanted.findIndex((argument) => argument.name === name);
    if (at < 0) return undefined;
    texts[at] = text;
  }
  return texts.every((text) => text !== undefined) ? (texts as string[]) : undefined;
}

/** The overload that the arguments fit best, by their types. @throws SnowflakeError 001044 */
function chooseOverload(
  { account, session, binds, signal }: StatementContext,
  overloads: Routine[],
  parts: string[],
  passed: Passed[],
): Routine {
  if (passed.length === 0) return overloads[0]!;
  const list = passed.map(({ text }) => text).join(', ');
  const { columns } = compileQuery({ account, session, binds, signal }, `SELECT ${list}`);
  const types = columns.map((column): Typed => ({ ...column, sql: '' }));
  const named = passed.flatMap(({ name }, i) => (name === undefined ? [] : [{ name, value: types[i]! }]));
  const best = bestOverload(overloads, types.slice(0, types.length - named.length), named);
  if (best) return best;
  const shown = types.map((type) => (type.untyped ? 'NULL' : typeName(type.type))).join(', ');
  throw new SnowflakeError(
    '001044',
    '42P13',
    `SQL compilation error: error line 1 at position 5\nInvalid argument types for function '${parts.map(identifier).join('.')}': (${shown})`,
  );
}

/** The arguments in the order and the types of the procedure's, evaluated in the caller's session. */
async function evaluate(
  { account, session, binds, signal }: StatementContext,
  routine: Routine,
  passed: Passed[],
): Promise<Cell[]> {
  const texts = arrange(routine.arguments, passed)!;
  if (texts.length === 0) return [];
  const casts = texts.map((text, i) => cast(text, routine.arguments[i]!));
  const values = await evaluateAll({ account, session, binds, signal }, casts);
  return values.map(({ cell }) => cell);
}

function cast(text: string, { type }: Argument): string {
  return `CAST(${text} AS ${type.kind === 'TEXT' ? 'VARCHAR' : typeName(type)})`;
}

function routineError(parts: string[], overloads: Routine[], passed: Passed[]): SnowflakeError {
  const name = parts.map(identifier).join('.');
  const [only] = overloads;
  if (only && overloads.length === 1 && passed.length > only.arguments.length) {
    const call = `${name}(${passed.map(({ text }) => text).join(', ')})`;
    return new SnowflakeError(
      '000939',
      '22023',
      `SQL compilation error: error line 1 at position 5\ntoo many arguments for function [${call}] expected ${only.arguments.length}, got ${passed.length}`,
    );
  }
  const known = overloads.map(
    (r) => `${r.name}(${r.arguments.map((a) => typeName(a.type).replace(/\(.*/, '')).join(', ')})`,
  );
  const hint =
    known.length > 0 ? ` It exists as ${known.join(', ')}; ${passed.length} argument(s) were given.` : '';
  return new SnowflakeError(
    '002139',
    '42601',
    `SQL compilation error:\nUnknown user-defined procedure ${name}.${hint}`,
  );
}
