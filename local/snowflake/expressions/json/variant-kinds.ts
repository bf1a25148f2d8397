import type { Typed } from '../../types/coerce.js';
import {
  ARRAY,
  BOOLEAN,
  type DataType,
  FLOAT,
  NUMBER,
  OBJECT,
  TEXT,
  VARIANT,
} from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { type CallContext, type FunctionSpec, fn, literalWhole, result } from '../function.js';
import { refusalOf } from '../refused.js';
import { semiStructured } from './array.js';
import { variant } from './semi-structured.js';

/** What TYPEOF says of a VARIANT of a type that JSON has not. */
const HELD: Partial<Record<DataType['kind'], string>> = {
  FLOAT: 'DOUBLE',
  DATE: 'DATE',
  TIME: 'TIME',
  BINARY: 'BINARY',
  TIMESTAMP_NTZ: 'TIMESTAMP_NTZ',
  TIMESTAMP_LTZ: 'TIMESTAMP_LTZ',
  TIMESTAMP_TZ: 'TIMESTAMP_TZ',
};

const typeOf = (json: string): string =>
  `CASE json_type(${json}) WHEN 'VARCHAR' THEN 'VARCHAR' WHEN 'OBJECT' THEN 'OBJECT' WHEN 'ARRAY' THEN 'ARRAY' WHEN 'BOOLEAN' THEN 'BOOLEAN' WHEN 'NULL' THEN 'NULL_VALUE' WHEN 'DOUBLE' THEN CASE WHEN regexp_matches(CAST(${json} AS VARCHAR), '[eE]') THEN 'DOUBLE' ELSE 'DECIMAL' END WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' END`;

/** TYPEOF and IS_… take values of columns for VARIANTs, but no number or text that the statement says. @throws SnowflakeError 001044 */
function refuseLiterals(value: Typed, call: CallContext): void {
  if (value.constant !== undefined) semiStructured(call);
}

/** IS_INTEGER(v) and its like: the kind of value a VARIANT holds. */
function isKind(...kinds: string[]): FunctionSpec['bind'] {
  return ([value], call) => {
    refuseLiterals(value!, call);
    return result(`(json_type(${variant(value!, call)}) IN (${kinds.map(quote).join(', ')}))`, BOOLEAN, [
      value!,
    ]);
  };
}

/**
 * IS_DATE(v), IS_BINARY(v) and their like. VARIANTs hold JSON here, in which such values are texts: of what type a VARIANT was made is known
 * only where the statement makes it right there.
 * @throws SnowflakeError 000002 where it is not known
 */
function isHeld(kind: DataType['kind']): FunctionSpec['bind'] {
  return ([value], call) => {
    semiStructured(call);
    const { held, sql } = value!;
    if (!held) throw refusalOf(call.name)!;
    return result(`CASE WHEN ${sql} IS NOT NULL THEN ${held.kind === kind} END`, BOOLEAN, [value!]);
  };
}

/** AS_VARCHAR(v) and its like: the value if the VARIANT holds that kind, else NULL. */
function asKind(type: DataType, ...kinds: string[]): FunctionSpec['bind'] {
  return ([value], call) => {
    semiStructured(call);
    const json = variant(value!, call);
    const cast = call.b.cast({ sql: json, type: VARIANT, nullable: true }, type).sql;
    return {
      sql: `CASE WHEN json_type(${json}) IN (${kinds.map(quote).join(', ')}) THEN ${cast} END`,
      type,
      nullable: true,
    };
  };
}

/** TYPEOF, IS_… and AS_…: what a VARIANT holds (docs.snowflake.com/en/sql-reference/functions/typeof, /is, /as). */
export const variantKindFunctions: FunctionSpec[] = [
  fn('TYPEOF', 1, 1, ([given], call) => {
    refuseLiterals(given!, call);
    const value = call.b.cast(given!, VARIANT);
    const { held, sql } = value;
    const name = held && HELD[held.kind];
    return result(name ? `CASE WHEN ${sql} IS NOT NULL THEN '${name}' END` : typeOf(sql), TEXT(), [value]);
  }),
  fn('IS_NULL_VALUE', 1, 1, isKind('NULL')),
  fn('IS_OBJECT', 1, 1, isKind('OBJECT')),
  fn('IS_ARRAY', 1, 1, isKind('ARRAY')),
  fn('IS_BOOLEAN', 1, 1, isKind('BOOLEAN')),
  fn('IS_CHAR IS_VARCHAR', 1, 1, isKind('VARCHAR')),
  fn('IS_INTEGER', 1, 1, isKind('BIGINT', 'UBIGINT')),
  fn('IS_DECIMAL IS_DOUBLE IS_REAL', 1, 1, isKind('BIGINT', 'UBIGINT', 'DOUBLE')),
  fn('IS_DATE IS_DATE_VALUE', 1, 1, isHeld('DATE')),
  fn('IS_TIME', 1, 1, isHeld('TIME')),
  fn('IS_BINARY', 1, 1, isHeld('BINARY')),
  fn('IS_TIMESTAMP_NTZ', 1, 1, isHeld('TIMESTAMP_NTZ')),
  fn('IS_TIMESTAMP_LTZ', 1, 1, isHeld('TIMESTAMP_LTZ')),
  fn('IS_TIMESTAMP_TZ', 1, 1, isHeld('TIMESTAMP_TZ')),
  fn('AS_CHAR AS_VARCHAR', 1, 1, asKind(TEXT(), 'VARCHAR')),
  fn('AS_BOOLEAN', 1, 1, asKind(BOOLEAN, 'BOOLEAN')),
  fn('AS_INTEGER', 1, 1, asKind(NUMBER(38, 0), 'BIGINT', 'UBIGINT')),
  fn('AS_DECIMAL AS_NUMBER', 1, 3, ([value, precision, scale], call) => {
    const type = NUMBER(
      precision ? literalWhole(precision, call, 1, 38) : 38,
      scale ? literalWhole(scale, call, 0, 37) : 0,
    );
    return asKind(type, 'BIGINT', 'UBIGINT', 'DOUBLE')([value!], call);
  }),
  fn('AS_DOUBLE AS_REAL', 1, 1, asKind(FLOAT, 'BIGINT', 'UBIGINT', 'DOUBLE')),
  fn('AS_OBJECT', 1, 1, asKind(OBJECT, 'OBJECT')),
  fn('AS_ARRAY', 1, 1, asKind(ARRAY, 'ARRAY')),
];
