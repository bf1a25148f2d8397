import type { Typed } from '../../types/coerce.js';
import { NUMBER } from '../../types/data-type.js';
import { type CallContext, type FunctionSpec, fn, requireNumber, result } from '../function.js';

/** Bits are those of a 64-bit whole number; fractions are rounded away first. */
function bits(value: Typed, call: CallContext): string {
  requireNumber(value, call);
  return `CAST(${call.b.cast(value, NUMBER(38, 0)).sql} AS BIGINT)`;
}

function pair(names: string, sql: (a: string, z: string) => string): FunctionSpec {
  return fn(names, 2, 2, (args, call) => {
    const [a, z] = args.map((arg) => bits(arg, call));
    return result(`(${sql(a!, z!)})`, NUMBER(38, 0), args);
  });
}

function aggregate(names: string, duck: string): FunctionSpec {
  return fn(
    names,
    1,
    1,
    ([value], call) => ({
      sql: `${duck}(${bits(value!, call)})${call.over}`,
      type: NUMBER(38, 0),
      nullable: true,
    }),
    { group: 'aggregate' },
  );
}

/** A shift by 64 bits or more leaves nothing; DuckDB would refuse the overflow of a signed number. */
function shiftLeft(a: string, n: string): string {
  const all = '18446744073709551616';
  const half = '9223372036854775808';
  const product = `CAST(${a} AS HUGEINT) * (CAST(1 AS HUGEINT) << ${n})`;
  const kept = `((${product} + ${half}) % ${all} + ${all}) % ${all} - ${half}`;
  return `CASE WHEN ${n} BETWEEN 0 AND 63 THEN ${kept} WHEN ${n} IS NOT NULL THEN 0 END`;
}

/** docs.snowflake.com/en/sql-reference/expressions-byte-bit, and the aggregates over all rows. */
export const bitwiseFunctions: FunctionSpec[] = [
  pair('BITAND BIT_AND', (a, z) => `${a} & ${z}`),
  pair('BITOR BIT_OR', (a, z) => `${a} | ${z}`),
  pair('BITXOR BIT_XOR', (a, z) => `xor(${a}, ${z})`),
  fn('BITNOT BIT_NOT', 1, 1, (args, call) => result(`(~${bits(args[0]!, call)})`, NUMBER(38, 0), args)),
  pair('BITSHIFTLEFT BIT_SHIFTLEFT', shiftLeft),
  pair('BITSHIFTRIGHT BIT_SHIFTRIGHT', (a, n) => `${a} >> ${n}`),
  pair(
    'GETBIT',
    (a, n) =>
      `(${a} >> CASE WHEN ${n} < 0 THEN CAST(error('Invalid argument for function GETBIT: the bit is negative') AS BIGINT) ELSE ${n} END) & 1`,
  ),
  aggregate('BITAND_AGG BITANDAGG BIT_AND_AGG BIT_ANDAGG', 'bit_and'),
  aggregate('BITOR_AGG BITORAGG BIT_OR_AGG BIT_ORAGG', 'bit_or'),
  aggregate('BITXOR_AGG BITXORAGG BIT_XOR_AGG BIT_XORAGG', 'bit_xor'),
];
