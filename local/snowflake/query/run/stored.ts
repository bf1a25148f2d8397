import type { Column } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import { isTimestamp, type Typed } from '../../types/coerce.js';
import type { DataType } from '../../types/data-type.js';
import { typeName } from '../../types/type-name.js';
import type { Binder } from '../bind/binder.js';

const INSTANTS: DataType['kind'][] = ['DATE', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'];

/** The kinds of values that a column takes besides its own; VARIANTs are looked into when the statement runs. */
const TAKEN: Record<DataType['kind'], DataType['kind'][]> = {
  NUMBER: ['FLOAT', 'DECFLOAT', 'TEXT'],
  FLOAT: ['NUMBER', 'DECFLOAT', 'TEXT'],
  DECFLOAT: ['NUMBER', 'FLOAT', 'TEXT'],
  TEXT: ['NUMBER', 'FLOAT', 'DECFLOAT', 'BOOLEAN', 'BINARY', 'TIME', ...INSTANTS],
  BINARY: ['TEXT'],
  BOOLEAN: ['NUMBER', 'FLOAT', 'DECFLOAT', 'TEXT'],
  DATE: ['TEXT', ...INSTANTS],
  TIME: ['TEXT', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'],
  TIMESTAMP_NTZ: ['TEXT', ...INSTANTS],
  TIMESTAMP_LTZ: ['TEXT', ...INSTANTS],
  TIMESTAMP_TZ: ['TEXT', ...INSTANTS],
  // A text is no VARIANT until PARSE_JSON or TO_VARIANT makes it one.
  VARIANT: ['NUMBER', 'FLOAT', 'DECFLOAT', 'BOOLEAN', 'BINARY', 'TIME', ...INSTANTS, 'OBJECT', 'ARRAY'],
  OBJECT: [],
  ARRAY: [],
};

/** A value as a column takes it. @throws SnowflakeError 002023 for one of another family of types */
export function storeValue(b: Binder, value: Typed, column: Column): Typed {
  const { type } = column;
  const from = value.type;
  const fits =
    value.untyped ||
    from.kind === type.kind ||
    from.kind === 'VARIANT' ||
    TAKEN[type.kind].includes(from.kind);
  if (fits) return b.cast(value, type);
  if (from.kind === 'TIME' && isTimestamp(type))
    throw new SnowflakeError(
      '002011',
      '42601',
      `SQL compilation error:\nincompatible types: [${typeName(from)}] and [${typeName(type)}]`,
    );
  throw b.error(
    '002023',
    '22000',
    `Expression type does not match column data type, expecting ${typeName(type)} but got ${typeName(from)} for column ${column.name}`,
  );
}
