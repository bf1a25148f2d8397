import { SnowflakeError } from '../errors.js';
import { type CastSettings, castTo, isNumeric, isSemiStructured, isTimestamp, type Typed } from './coerce.js';
import { type DataType, FLOAT, NUMBER, TEXT } from './data-type.js';
import { typeName } from './type-name.js';

/**
 * The type that values of both types are brought to in CASE, COALESCE, UNION and comparisons.
 * @param comparing false where one of the values is the result: CASE, COALESCE, UNION
 * @returns undefined if there is none
 */
export function commonType(a: Typed, b: Typed, comparing = false): DataType | undefined {
  if (a.untyped) return b.type;
  if (b.untyped) return a.type;
  const x = a.type;
  const y = b.type;
  if (x.kind === 'NUMBER' && y.kind === 'NUMBER') return wider(x, y);
  if (x.kind === 'TEXT' && y.kind === 'TEXT') return TEXT(Math.max(x.length, y.length));
  if (x.kind === y.kind) return 'scale' in x && 'scale' in y && y.scale > x.scale ? y : x;
  // A result is a VARIANT unless a text comes first.
  if (!comparing && x.kind === 'TEXT' && y.kind === 'VARIANT') return TEXT();
  const [first, second] = RANK.indexOf(x.kind) >= RANK.indexOf(y.kind) ? [a, b] : [b, a];
  const high = first.type;
  const low = second.type;
  if (isSemiStructured(high)) return { kind: 'VARIANT' };
  if (high.kind === 'BOOLEAN')
    return low.kind === 'TEXT' || low.kind === 'DECFLOAT' || isNumeric(low) ? high : undefined;
  if (high.kind === 'FLOAT' || high.kind === 'DECFLOAT') return high;
  if (high.kind === 'NUMBER') return low.kind === 'TEXT' ? numberForText(second, high, comparing) : undefined;
  if (isTimestamp(high)) return low.kind === 'TIME' || isNumeric(low) ? undefined : high;
  if (high.kind === 'DATE' || high.kind === 'TIME' || high.kind === 'BINARY')
    return low.kind === 'TEXT' ? high : undefined;
  return undefined;
}

/** The later one wins over those before it. */
const RANK: DataType['kind'][] = [
  'TEXT',
  'NUMBER',
  'FLOAT',
  'DECFLOAT',
  'BOOLEAN',
  'BINARY',
  'TIME',
  'DATE',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
  'ARRAY',
  'OBJECT',
  'VARIANT',
];

/** What a text that is no literal is read as, where a NUMBER is wanted. */
export const TEXT_AS_NUMBER = NUMBER(18, 5) as DataType & { kind: 'NUMBER' };

function wider(x: DataType & { kind: 'NUMBER' }, y: DataType & { kind: 'NUMBER' }): DataType {
  const scale = Math.max(x.scale, y.scale);
  const leading = Math.max(x.precision - x.scale, y.precision - y.scale);
  return NUMBER(Math.min(38, leading + scale), scale);
}

/** A text beside a NUMBER is read as a number with as many decimals as the literal or the NUMBER has. */
function numberForText(text: Typed, number: DataType & { kind: 'NUMBER' }, comparing: boolean): DataType {
  if (typeof text.constant !== 'string' && !comparing) return wider(TEXT_AS_NUMBER, number);
  if (typeof text.constant !== 'string') return number.scale > 0 ? NUMBER(38, number.scale) : FLOAT;
  const decimals = /^\s*[-+]?\d*(?:\.(\d*))?\s*$/.exec(text.constant);
  if (!decimals) return number;
  return NUMBER(38, Math.max(number.scale, Math.min(37, decimals[1]?.length ?? 0)));
}

/**
 * The type in which VARIANTs are compared with values of other types: that of the others. Beside whole numbers of many
 * digits six decimals are left to the VARIANT, beside all other numbers it is a FLOAT.
 */
function typeBesideVariant(others: Typed[], settings: CastSettings): DataType {
  const { type } = unify(others, settings, true);
  if (type.kind === 'TEXT') return TEXT();
  if (type.kind !== 'NUMBER') return type;
  return type.precision > 15 ? NUMBER(38, Math.max(6, type.scale)) : FLOAT;
}

/** Brings values that are compared to their common type: TIMESTAMP_TZs are equal if they mean the same point in time. */
export function comparable(values: Typed[], settings: CastSettings): Typed[] {
  const others = values.filter((value) => !value.untyped && value.type.kind !== 'VARIANT');
  const mixed = others.length < values.filter((value) => !value.untyped).length;
  if (mixed && others.length > 0 && !others.some((value) => isSemiStructured(value.type))) {
    const type = typeBesideVariant(others, settings);
    return comparable(
      values.map((value) => castTo(value, type, settings)),
      settings,
    );
  }
  const { type, values: same } = unify(values, settings, true);
  if (type.kind !== 'TIMESTAMP_TZ') return same;
  return same.map((value) => castTo(value, { kind: 'TIMESTAMP_LTZ', scale: type.scale }, settings));
}

/** Brings all values to their common type. @throws SnowflakeError if there is none */
export function unify(
  values: Typed[],
  settings: CastSettings,
  comparing = false,
): { type: DataType; values: Typed[] } {
  let common = values[0]!;
  for (const value of values.slice(1)) {
    const type = commonType(common, value, comparing);
    if (!type) throw inconsistentTypes(common.type, value.type);
    common = {
      sql: '',
      type,
      nullable: true,
      untyped: common.untyped && value.untyped,
      constant: common.untyped ? value.constant : undefined,
    };
  }
  const type = common.type;
  return { type, values: values.map((value) => castTo(value, type, settings)) };
}

export function inconsistentTypes(a: DataType, b: DataType): SnowflakeError {
  return new SnowflakeError(
    '001038',
    '22023',
    `SQL compilation error:\nCan not convert parameter of type [${typeName(a)}] into expected type [${typeName(b)}]`,
  );
}
