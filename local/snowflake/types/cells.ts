import { floatText, numberText, type Typed } from './coerce.js';
import { type DataType, NUMBER, TEXT } from './data-type.js';
import { duckType, quote } from './duck-type.js';
import { instantOf, offsetOf, zoneText } from './timestamp-tz.js';

/** The DuckDB expression that gives a value's cell text (see Cell in data-type.ts). */
export function toCell(type: DataType, sql: string): string {
  switch (type.kind) {
    case 'TEXT':
      return sql;
    case 'NUMBER':
      return numberText(sql, type);
    case 'FLOAT':
      return floatText(sql);
    case 'DECFLOAT':
      return `sf_decfloat_print(${sql})`;
    case 'BOOLEAN':
      return `CASE WHEN ${sql} THEN '1' WHEN NOT ${sql} THEN '0' END`;
    case 'DATE':
      return `CAST(date_diff('day', DATE '1970-01-01', ${sql}) AS VARCHAR)`;
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return `(CAST(CAST(epoch_us(${sql}) AS DECIMAL(20,0)) * 0.000001::DECIMAL(7,6) AS VARCHAR) || '000')`;
    case 'TIMESTAMP_TZ':
      return `(${toCell({ kind: 'TIMESTAMP_LTZ', scale: type.scale }, instantOf(sql))} || ' ' || CAST(${offsetOf(sql)} + 1440 AS VARCHAR))`;
    case 'BINARY':
      return `hex(${sql})`;
    default:
      return `CAST(${sql} AS VARCHAR)`;
  }
}

/** The DuckDB expression that reads a cell text back into the type's physical value. */
export function fromCell(type: DataType, sql: string): string {
  const micros = `CAST(CAST(${sql} AS DECIMAL(20,9)) * 1000000::DECIMAL(7,0) AS BIGINT)`;
  switch (type.kind) {
    case 'TEXT':
      return sql;
    case 'DECFLOAT':
      return `sf_decfloat_read(${sql})`;
    case 'BOOLEAN':
      return `(${sql} IN ('1', 'true', 'TRUE'))`;
    case 'DATE':
      return `(DATE '1970-01-01' + CAST(${sql} AS INTEGER))`;
    case 'TIME':
      return `(TIME '00:00:00' + to_microseconds(${micros}))`;
    case 'TIMESTAMP_NTZ':
      return `make_timestamp(${micros})`;
    case 'TIMESTAMP_LTZ':
      return `timezone('UTC', make_timestamp(${micros}))`;
    case 'TIMESTAMP_TZ': {
      const instant = fromCell({ kind: 'TIMESTAMP_LTZ', scale: type.scale }, `split_part(${sql}, ' ', 1)`);
      return zoneText(instant, `CAST(split_part(${sql}, ' ', 2) AS INTEGER) - 1440`);
    }
    case 'BINARY':
      return `unhex(${sql})`;
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return `CAST(${sql} AS JSON)`;
    default:
      return `CAST(${sql} AS ${duckType(type)})`;
  }
}

/** A cell as a literal of its type. */
export function cellLiteral(type: DataType, cell: string | null): Typed {
  if (cell === null) return { sql: `CAST(NULL AS ${duckType(type)})`, type, nullable: true, constant: null };
  if (type.kind === 'TEXT') return textConstant(cell);
  const constant = type.kind === 'NUMBER' || type.kind === 'FLOAT' ? Number(cell) : undefined;
  return { sql: instantLiteral(type, cell) ?? fromCell(type, quote(cell)), type, nullable: false, constant };
}

/** The same as fromCell for a point in time in whole microseconds, in one function where that has five to bind. */
function instantLiteral(type: DataType, cell: string): string | undefined {
  const micros = isInstant(type) ? microsOf(cell) : undefined;
  return micros && ofMicros(type, micros);
}

/** Whether a type's values are points in time that microseconds tell alone. */
export const isInstant = ({ kind }: DataType): boolean =>
  kind === 'TIMESTAMP_NTZ' || kind === 'TIMESTAMP_LTZ';

/** The microseconds since 1970 of such a cell; undefined where they are not whole, or too many. */
export function microsOf(cell: string): string | undefined {
  const [, seconds, fraction = ''] = /^(-?\d{1,11})(?:\.(\d{0,6})0*)?$/.exec(cell) ?? [];
  return seconds && String(BigInt(seconds + fraction.padEnd(6, '0')));
}

/** The value of such a type in DuckDB SQL. @param micros microseconds since 1970, a BIGINT */
export const ofMicros = ({ kind }: DataType, micros: string): string =>
  kind === 'TIMESTAMP_NTZ' ? `make_timestamp(${micros})` : `make_timestamptz(${micros})`;

export function textConstant(value: string): Typed {
  const sql = value.includes('\0')
    ? `(${value.split('\0').map(quote).join(' || chr(0) || ')})`
    : quote(value);
  return { sql, type: TEXT(Math.max(1, value.length)), nullable: false, constant: value };
}

/** The digits of a number literal before and behind its point, without an exponent and zeros at its ends. */
function plainDigits(text: string): { sign: string; whole: string; fraction: string } | undefined {
  const [, sign = '', before = '', behind = '', power = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const exponent = Number(power);
  if (Math.abs(exponent) > 400) return undefined;
  const digits = before + behind;
  const point = before.length + exponent;
  const shifted = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 0);
  return {
    sign,
    whole: shifted.slice(0, at).replace(/^0+/, ''),
    fraction: shifted.slice(at).replace(/0+$/, ''),
  };
}

/**
 * A number literal: NUMBER with its own digits (1.00 is a NUMBER(1,0), 0.5 a NUMBER(2,1), 1e2 a NUMBER(3,0)), FLOAT
 * if there are too many of them. Docs: functions/system_typeof.
 */
export function numberLiteral(text: string): Typed {
  const digits = plainDigits(text);
  const { sign, whole, fraction } = digits ?? { sign: '', whole: '', fraction: '' };
  const precision = Math.max(1, whole.length || (fraction ? 1 : 0)) + fraction.length;
  if (!digits || precision > 38)
    return {
      sql: `CAST(${text} AS DOUBLE)`,
      type: { kind: 'FLOAT' },
      nullable: false,
      constant: Number(text),
    };
  const type = NUMBER(precision, fraction.length);
  const literal = `${sign}${whole || '0'}${fraction ? `.${fraction}` : ''}`;
  return { sql: `CAST(${literal} AS ${duckType(type)})`, type, nullable: false, constant: Number(text) };
}

/** A bound number: NUMBER with its own digits, or FLOAT if it has an exponent or too many of them. */
export function numberConstant(text: string): Typed {
  const digits = /^(-?)0*(\d*)(?:\.(\d*))?$/.exec(text);
  const whole = digits?.[2] ?? '';
  const fraction = digits?.[3] ?? '';
  const precision = Math.max(1, whole.length + fraction.length);
  if (!digits || precision > 38 || fraction.length > 37)
    return {
      sql: `CAST(${text} AS DOUBLE)`,
      type: { kind: 'FLOAT' },
      nullable: false,
      constant: Number(text),
    };
  const type = NUMBER(precision, fraction.length);
  const literal = `${digits[1]}${whole || '0'}${fraction ? `.${fraction}` : ''}`;
  return { sql: `CAST(${literal} AS ${duckType(type)})`, type, nullable: false, constant: Number(text) };
}
