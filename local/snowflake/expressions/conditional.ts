import { isNumeric, type Typed } from '../types/coerce.js';
import { unify } from '../types/common-type.js';
import { BOOLEAN, FLOAT, NUMBER, TEXT } from '../types/data-type.js';
import { anyNull, type CallContext, type FunctionSpec, fn, onlyBoolean, requireNumber } from './function.js';
import { numeric } from './numbers/arithmetic.js';

const NULL: Typed = { sql: 'NULL', type: TEXT(), nullable: true, untyped: true };
const ZERO: Typed = { sql: 'CAST(0 AS DECIMAL(1,0))', type: NUMBER(1, 0), nullable: false, constant: 0 };

const coalesce: FunctionSpec['bind'] = (args, { b }) => {
  const { type, values } = unify(args, b.casts);
  return {
    sql: `coalesce(${values.map((value) => value.sql).join(', ')})`,
    type,
    nullable: args.every((arg) => arg.nullable),
    untyped: args.every((arg) => arg.untyped),
  };
};

/** GREATEST and LEAST are NULL if any argument is; the …_IGNORE_NULLS ones if all are. */
function extreme(duck: string, ignoreNulls: boolean): FunctionSpec['bind'] {
  return (args, { b }) => {
    const { type, values } = unify(args, b.casts);
    const list = values.map((value) => value.sql);
    const all = `${duck}(${list.join(', ')})`;
    const nullable = anyNull(args);
    if (ignoreNulls || !nullable) return { sql: all, type, nullable };
    const someNull = list.map((sql) => `${sql} IS NULL`).join(' OR ');
    return { sql: `CASE WHEN ${someNull} THEN NULL ELSE ${all} END`, type, nullable };
  };
}

function equal(b: CallContext['b'], left: Typed, right: Typed): string {
  const { values } = unify([left, right], b.casts);
  return `${values[0]!.sql} IS NOT DISTINCT FROM ${values[1]!.sql}`;
}

/** CASE over conditions in DuckDB SQL; the last result is the ELSE. */
export function caseOf(b: CallContext['b'], conditions: string[], results: Typed[]): Typed {
  const { type, values } = unify(results, b.casts);
  const whens = conditions.map((condition, i) => `WHEN ${condition} THEN ${values[i]!.sql}`);
  return {
    sql: `CASE ${whens.join(' ')} ELSE ${values.at(-1)!.sql} END`,
    type,
    nullable: results.some((value) => value.nullable),
    untyped: results.every((value) => value.untyped),
  };
}

export const conditionalFunctions: FunctionSpec[] = [
  fn('COALESCE', 2, 1000, coalesce),
  fn('NVL IFNULL', 2, 2, coalesce),
  fn('NVL2', 3, 3, ([value, then, otherwise], { b }) =>
    caseOf(b, [`${value!.sql} IS NOT NULL`], [then!, otherwise!]),
  ),
  fn('IFF', 3, 3, ([test, then, otherwise], call) =>
    caseOf(call.b, [onlyBoolean(test!, call)], [then!, otherwise!]),
  ),
  fn('NULLIF', 2, 2, ([value, other], { b }) => {
    const { values } = unify([value!, other!], b.casts);
    const sql = `CASE WHEN ${values[0]!.sql} = ${values[1]!.sql} THEN NULL ELSE ${value!.sql} END`;
    return { ...value!, sql, nullable: true, constant: undefined };
  }),
  // DECODE compares NULL with NULL as equal.
  fn('DECODE', 3, 1000, ([value, ...rest], { b }) => {
    const conditions: string[] = [];
    const results: Typed[] = [];
    while (rest.length > 1) {
      conditions.push(equal(b, value!, rest.shift()!));
      results.push(rest.shift()!);
    }
    return caseOf(b, conditions, [...results, rest[0] ?? NULL]);
  }),
  fn('ZEROIFNULL', 1, 1, ([value], call) => {
    requireNumber(value!, call);
    return coalesce([value!, ZERO], call);
  }),
  fn('NULLIFZERO', 1, 1, ([value], call) => {
    const number = numeric(value!, call);
    const sql = `CASE WHEN ${number.sql} <> 0 THEN ${number.sql} END`;
    return { ...number, sql, nullable: true, constant: undefined };
  }),
  fn('GREATEST', 1, 1000, extreme('greatest', false)),
  fn('LEAST', 1, 1000, extreme('least', false)),
  fn('GREATEST_IGNORE_NULLS', 1, 1000, extreme('greatest', true)),
  fn('LEAST_IGNORE_NULLS', 1, 1000, extreme('least', true)),
  fn('EQUAL_NULL', 2, 2, ([a, z], { b }) => ({
    sql: `(${equal(b, a!, z!)})`,
    type: BOOLEAN,
    nullable: false,
  })),
  fn('BOOLAND', 2, 2, ([a, z], call) => logic(truth(a!, call), 'AND', truth(z!, call))),
  fn('BOOLOR', 2, 2, ([a, z], call) => logic(truth(a!, call), 'OR', truth(z!, call))),
  fn('BOOLXOR', 2, 2, ([a, z], call) => logic(truth(a!, call), '<>', truth(z!, call))),
  fn('REGR_VALX', 2, 2, (args, call) => valueIfBoth(args, 1, call)),
  fn('REGR_VALY', 2, 2, (args, call) => valueIfBoth(args, 0, call)),
  fn('BOOLNOT', 1, 1, ([a], call) => ({
    sql: `(NOT ${truth(a!, call).sql})`,
    type: BOOLEAN,
    nullable: true,
  })),
];

/** BOOLAND and its like round numbers before they take them for true or false. */
function truth(value: Typed, { b }: CallContext): Typed {
  return b.cast(isNumeric(value.type) ? b.cast(value, NUMBER(38, 0)) : value, BOOLEAN);
}

/** REGR_VALX and REGR_VALY: x or y of a pair (y, x), NULL if one of them is. */
function valueIfBoth(args: Typed[], index: number, { b }: CallContext): Typed {
  const pair = args.map((arg) => b.cast(arg, FLOAT).sql);
  const sql = `CASE WHEN ${pair[1 - index]} IS NOT NULL THEN ${pair[index]} END`;
  return { sql, type: FLOAT, nullable: anyNull(args) };
}

function logic(a: Typed, op: string, z: Typed): Typed {
  return { sql: `(${a.sql} ${op} ${z.sql})`, type: BOOLEAN, nullable: a.nullable || z.nullable };
}
