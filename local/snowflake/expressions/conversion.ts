import { cellLiteral, isInstant } from '../types/cells.js';
import { isNumeric, isTimestamp, noConversion, type Typed } from '../types/coerce.js';
import { DATE, type DataType, NUMBER, TEXT } from '../types/data-type.js';
import { isoLiteral, printTime } from '../types/datetime-text.js';
import { quote } from '../types/duck-type.js';
import { duckFormat } from '../types/formats.js';
import { textOffset, zoneText } from '../types/timestamp-tz.js';
import {
  type CallContext,
  type FunctionSpec,
  fn,
  invalidArguments,
  literal,
  literalWhole,
  onlyText,
  result,
} from './function.js';
import { native } from './native.js';
import { formatNumber } from './numbers/number-format.js';
import { LTZ, local, NTZ, TIME, TZ } from './time/date.js';

/** The seconds of a whole number of their parts, as a cell. @param scale digits behind the point */
function secondsOf(value: number, scale: number): string | undefined {
  if (!Number.isSafeInteger(value) || value < 0) return undefined;
  const digits = String(value).padStart(scale + 1, '0');
  return `${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
}

/** TO_DATE, TO_TIMESTAMP …: value [, format]. */
function toDateTime(type: (call: CallContext) => DataType, tolerant: boolean): FunctionSpec['bind'] {
  return (args, call) => {
    const [value, format] = args;
    const target = type(call);
    refuseFormat(args, target, call);
    onlyText(value!, target, tolerant);
    if (!format) return call.b.cast(value!, target, tolerant);
    // TO_TIMESTAMP(number, scale): a FIXED number, no FLOAT, with a scale as without.
    if (typeof format.constant === 'number') {
      const scale = literalWhole(format, call, 0, 9);
      if (value!.type.kind === 'FLOAT' && !value!.untyped) throw noConversion(value!.type, target);
      const { nullable, constant } = value!;
      const cell = typeof constant === 'number' ? secondsOf(constant, scale) : undefined;
      if (cell !== undefined && isInstant(target))
        return call.b.cast(cellLiteral({ ...target, scale: 9 } as DataType, cell), target);
      const micros = `CAST(${call.b.cast(value!, NUMBER(38, 9)).sql} * ${1_000_000 / 10 ** scale} AS BIGINT)`;
      // The number counts from 1970 in UTC, whatever the session's zone is.
      if (target.kind === 'TIMESTAMP_LTZ')
        return { sql: `timezone('UTC', make_timestamp(${micros}))`, type: target, nullable };
      if (target.kind === 'TIMESTAMP_TZ')
        return { sql: zoneText(`timezone('UTC', make_timestamp(${micros}))`, '0'), type: target, nullable };
      return call.b.cast({ sql: `make_timestamp(${micros})`, type: NTZ, nullable }, target);
    }
    const model = String(literal(format, call));
    const duck = duckFormat(model);
    if (!duck && model !== '') return call.b.cast(value!, target, tolerant);
    // Else it would be read again for each row.
    const day = target.kind === 'DATE' && model === 'YYYY-MM-DD' ? isoLiteral('DATE', value!) : undefined;
    if (day) return { sql: day, type: target, nullable: value!.nullable || tolerant };
    const text = call.b.cast(value!, TEXT()).sql;
    const kind = target.kind === 'DATE' ? 'date' : target.kind === 'TIME' ? 'time' : 'timestamp';
    const unread = `error('Can''t parse ''' || ${text} || ''' as ${kind} with format ''' || ${quote(model)} || '''')`;
    const instant = duck?.includes('%z') ? 'TIMESTAMPTZ' : 'TIMESTAMP';
    // What a format leaves out is that of 1970-01-01, where DuckDB takes 1900.
    const found = !duck
      ? 'NULL'
      : /%[Yy]/.test(duck)
        ? `try_strptime(${text}, ${quote(duck)})`
        : `try_strptime('1970 ' || ${text}, ${quote(`%Y ${duck}`)})`;
    const parsed = tolerant
      ? found
      : `coalesce(${found}, CASE WHEN ${text} IS NOT NULL THEN CAST(${unread} AS ${instant}) END)`;
    if (target.kind === 'TIMESTAMP_TZ' && duck?.includes('%z'))
      return {
        sql: zoneText(parsed, `coalesce(${textOffset(text)}, 0)`),
        type: target,
        nullable: value!.nullable || tolerant,
      };
    const read = duck?.includes('%z') ? LTZ : NTZ;
    return call.b.cast({ sql: parsed, type: read, nullable: value!.nullable || tolerant }, target);
  };
}

/** A number is counted from 1970 with a scale, everything else is read with a format. @throws SnowflakeError 001015 */
function refuseFormat([value, format]: Typed[], target: DataType, call: CallContext): void {
  if (!format || format.untyped) return;
  const counts = isTimestamp(target) && isNumeric(value!.type);
  const number = isNumeric(format.type);
  if (number && !isTimestamp(target))
    throw call.b.error(
      '001015',
      '22023',
      `argument 2 to function ${call.name} needs to be a string`,
      call.at,
    );
  if (counts && !number)
    throw call.b.error(
      '001015',
      '22023',
      `argument 2 to function ${call.name} needs to be an integer`,
      call.at,
    );
}

const date = () => DATE;
const time = () => TIME;
const ntz = () => NTZ;
const ltz = () => LTZ;
const tz = () => TZ;
const timestamp = (call: CallContext): DataType => {
  const mapping = call.b.session.parameter('TIMESTAMP_TYPE_MAPPING');
  return mapping === 'TIMESTAMP_LTZ' ? LTZ : mapping === 'TIMESTAMP_TZ' ? TZ : NTZ;
};

/** TO_CHAR(binary, 'HEX' | 'BASE64' | 'UTF-8'). */
function binaryText(value: Typed, format: string, call: CallContext): Typed {
  const model = format.toUpperCase().replace('-', '');
  const sql = {
    HEX: `hex(${value.sql})`,
    BASE64: `to_base64(${value.sql})`,
    UTF8: `decode(${value.sql})`,
  }[model];
  if (!sql) throw call.b.error('001003', '22023', `invalid binary format '${format}'`, call.at);
  return result(sql, TEXT(), [value]);
}

/** TO_CHAR(value [, format]): of a date or time, or of a number (number-format.ts). */
const toChar: FunctionSpec['bind'] = (args, call) => {
  const [value, format] = args;
  const { kind } = value!.type;
  const plain = call.b.cast(value!, TEXT());
  if (!format) return plain;
  if (!format.untyped && format.type.kind !== 'TEXT') throw invalidArguments(call);
  const text = String(literal(format, call));
  if (kind === 'BINARY') return binaryText(value!, text, call);
  if (kind === 'NUMBER' || kind === 'FLOAT') {
    const print = native(call.b, 'format_number', 2, formatNumber);
    return result(`${print}(${plain.sql}, ${quote(text)})`, TEXT(), args);
  }
  const duck = duckFormat(text);
  if (!duck) return plain;
  const given = { date: duck, time: duck, timestamp: duck, timestampLtz: duck, timestampTz: duck };
  const time =
    kind === 'DATE' || kind === 'TIME' || kind.startsWith('TIMESTAMP') ? value! : local(value!, call);
  const shown = time.type.kind as Parameters<typeof printTime>[0];
  return result(printTime(shown, time.sql, call.b.casts.timezone, given), TEXT(), args);
};

export const conversionFunctions: FunctionSpec[] = [
  fn('TO_DATE DATE', 1, 2, toDateTime(date, false)),
  fn('TRY_TO_DATE', 1, 2, toDateTime(date, true)),
  fn('TO_TIME TIME', 1, 2, toDateTime(time, false)),
  fn('TRY_TO_TIME', 1, 2, toDateTime(time, true)),
  fn('TO_TIMESTAMP', 1, 2, toDateTime(timestamp, false)),
  fn('TRY_TO_TIMESTAMP', 1, 2, toDateTime(timestamp, true)),
  fn('TO_TIMESTAMP_NTZ', 1, 2, toDateTime(ntz, false)),
  fn('TRY_TO_TIMESTAMP_NTZ', 1, 2, toDateTime(ntz, true)),
  fn('TO_TIMESTAMP_LTZ', 1, 2, toDateTime(ltz, false)),
  fn('TRY_TO_TIMESTAMP_LTZ', 1, 2, toDateTime(ltz, true)),
  fn('TO_TIMESTAMP_TZ', 1, 2, toDateTime(tz, false)),
  fn('TRY_TO_TIMESTAMP_TZ', 1, 2, toDateTime(tz, true)),
  fn('TO_CHAR TO_VARCHAR', 1, 2, toChar),
];
