import { isTimestamp, type Typed } from '../../types/coerce.js';
import { DATE, type DataType, NUMBER, TEXT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { convertZone, fromWallClock, offsetOf } from '../../types/timestamp-tz.js';
import { typeName } from '../../types/type-name.js';
import {
  type CallContext,
  type FunctionSpec,
  fn,
  invalidArguments,
  result,
  wholeNumber,
} from '../function.js';
import { weekPart, weekStart } from './week.js';

export const NTZ: DataType = { kind: 'TIMESTAMP_NTZ', scale: 9 };
export const LTZ: DataType = { kind: 'TIMESTAMP_LTZ', scale: 9 };
export const TZ: DataType = { kind: 'TIMESTAMP_TZ', scale: 9 };
export const TIME: DataType = { kind: 'TIME', scale: 9 };

/** Date and time parts with their short forms: docs.snowflake.com/en/sql-reference/functions-date-time. */
const PARTS: Record<string, string> = {};
for (const [part, names] of Object.entries({
  year: 'YEAR Y YY YYY YYYY YR YEARS YRS',
  month: 'MONTH MM MON MONS MONTHS',
  day: 'DAY D DD DAYS DAYOFMONTH',
  dayofweek: 'DAYOFWEEK WEEKDAY DOW DW',
  dayofweekiso: 'DAYOFWEEKISO WEEKDAY_ISO DOW_ISO DW_ISO DAYOFWEEK_ISO',
  dayofyear: 'DAYOFYEAR YEARDAY DOY DY',
  week: 'WEEK W WK WEEKOFYEAR WOY WY',
  weekiso: 'WEEKISO WEEK_ISO WEEKOFYEARISO WEEKOFYEAR_ISO',
  quarter: 'QUARTER Q QTR QTRS QUARTERS',
  yearofweek: 'YEAROFWEEK',
  yearofweekiso: 'YEAROFWEEKISO',
  hour: 'HOUR H HH HR HOURS HRS',
  minute: 'MINUTE M MI MIN MINUTES MINS',
  second: 'SECOND S SEC SECONDS SECS',
  millisecond: 'MILLISECOND MS MSEC MILLISECONDS',
  microsecond: 'MICROSECOND US USEC MICROSECONDS',
  nanosecond: 'NANOSECOND NS NSEC NANOSEC NANOSECONDS',
  epoch_second: 'EPOCH_SECOND EPOCH EPOCH_SECONDS',
  epoch_millisecond: 'EPOCH_MILLISECOND EPOCH_MILLISECONDS',
  epoch_microsecond: 'EPOCH_MICROSECOND EPOCH_MICROSECONDS',
  epoch_nanosecond: 'EPOCH_NANOSECOND EPOCH_NANOSECONDS',
}))
  for (const name of names.split(' ')) PARTS[name] = part;

/** @throws SnowflakeError 001035: the part is none that the function takes */
export function refusePart(call: CallContext): never {
  throw call.b.error(
    '001035',
    '22023',
    `'${call.keywords[0]}' is not a valid date/time component for function ${call.name}.`,
    call.at,
  );
}

export const partOf = (call: CallContext): string => PARTS[call.keywords[0]!] ?? refusePart(call);

/** The part of DATE_PART or EXTRACT. @throws SnowflakeError 001008 */
function requirePart(call: CallContext): string {
  const part = PARTS[call.keywords[0]!];
  if (part) return part;
  throw call.b.error(
    '001008',
    '22023',
    `invalid value [${call.written[0]}] for parameter '${call.name} date/time part'`,
    call.at,
  );
}

/**
 * A date or time as it reads on the session's clock; texts are read as timestamps.
 * @throws SnowflakeError 001044 for what is no date, such as numbers
 */
export function local(value: Typed, call: Pick<CallContext, 'b'> & Partial<CallContext>): Typed {
  const { b } = call;
  const { kind } = value.type;
  const readable = kind === 'TEXT' || kind === 'VARIANT' || kind === 'DATE' || kind === 'TIME';
  if (!value.untyped && !readable && !isTimestamp(value.type))
    throw invalidArguments({ b, name: call.name ?? '+', at: call.at, args: call.args ?? [value] });
  if (value.type.kind === 'DATE' || value.type.kind === 'TIMESTAMP_NTZ' || value.type.kind === 'TIME')
    return value;
  return b.cast(value, NTZ);
}

/** Back from the clock to the type that the value had; a TIMESTAMP_TZ keeps its offset. */
export function like(sql: string, value: Typed, { b }: Pick<CallContext, 'b'>): Typed {
  if (value.type.kind === 'TIMESTAMP_TZ')
    return { sql: fromWallClock(sql, offsetOf(value.sql)), type: TZ, nullable: value.nullable };
  const type = value.type.kind === 'TIMESTAMP_LTZ' ? LTZ : NTZ;
  return b.cast({ sql, type: NTZ, nullable: value.nullable }, type);
}

const SMALL = new Set(['hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond']);

/** DATEADD(part, n, value): a DATE stays a DATE unless the part is smaller than a day. */
const dateAdd: FunctionSpec['bind'] = ([amount, value], call) => {
  const part = partOf(call);
  if (/^(day|week|year)of|iso$|^epoch/.test(part)) refusePart(call);
  const n = wholeNumber(amount!, call);
  const interval =
    part === 'quarter'
      ? `to_months(CAST(${n} * 3 AS INTEGER))`
      : part === 'nanosecond'
        ? `to_microseconds(${n} // 1000)`
        : `to_${part}s(${['hour', 'minute', 'millisecond', 'microsecond'].includes(part) ? n : part === 'second' ? `CAST(${n} AS DOUBLE)` : `CAST(${n} AS INTEGER)`})`;
  const from = local(value!, call);
  const args = [amount!, value!];
  refuseDays(from, part, call);
  if (from.type.kind === 'TIME') return result(`(${from.sql} + ${interval})`, TIME, args);
  if (from.type.kind === 'DATE' && !SMALL.has(part))
    return result(`CAST(${from.sql} + ${interval} AS DATE)`, DATE, args);
  return {
    ...like(`(${from.sql} + ${interval})`, value!, call),
    nullable: amount!.nullable || value!.nullable,
  };
};

/** A text is read as what stands on the other side of DATEDIFF: beside a DATE its time of day is left out. */
function readLike(value: Typed, other: Typed, call: CallContext): Typed {
  const text = value.type.kind === 'TEXT' || value.type.kind === 'VARIANT';
  const { kind } = other.type;
  if (!text || (kind !== 'DATE' && kind !== 'TIME')) return local(value, call);
  return call.b.cast(value, other.type);
}

/**
 * A TIME has hours and what is smaller, and no days.
 * @throws SnowflakeError 001073
 */
function refuseDays({ type }: Typed, part: string, call: CallContext): void {
  if (type.kind !== 'TIME' || SMALL.has(part)) return;
  const said = `Function ${call.name} does not support ${typeName(type)} argument type`;
  throw call.b.error('001073', '22023', said, call.at);
}

/** DATEDIFF counts the boundaries of the part that lie between the two. */
const dateDiff: FunctionSpec['bind'] = (args, call) => {
  const part = partOf(call);
  const [from, to] = args.map((arg, i) => {
    const value = readLike(arg, args[1 - i]!, call);
    return value.type.kind === 'DATE' && SMALL.has(part) ? call.b.cast(value, NTZ) : value;
  });
  const both =
    from!.type.kind === to!.type.kind ? [from!, to!] : [from!, to!].map((each) => call.b.cast(each, NTZ));
  refuseDays(both[0]!, part, call);
  if (part === 'week') {
    const [a, z] = both.map((each) => weekStart(each.sql, call));
    return result(`(date_diff('day', ${a}, ${z}) // 7)`, NUMBER(9, 0), args);
  }
  if (part === 'nanosecond')
    return result(`(date_diff('microsecond', ${both[0]!.sql}, ${both[1]!.sql}) * 1000)`, NUMBER(18, 0), args);
  return result(`date_diff('${part}', ${both[0]!.sql}, ${both[1]!.sql})`, NUMBER(9, 0), args);
};

export const dateTrunc: FunctionSpec['bind'] = ([value], call) => {
  const part = partOf(call);
  if (/^(day|year)of|^epoch/.test(part)) refusePart(call);
  const from = local(value!, call);
  refuseDays(from, part, call);
  const unit = part === 'weekiso' ? 'week' : part === 'nanosecond' ? 'microsecond' : part;
  if (from.type.kind === 'TIME')
    return result(`CAST(date_trunc('${unit}', DATE '1970-01-01' + ${from.sql}) AS TIME)`, TIME, [value!]);
  // DuckDB has microseconds and nothing smaller to cut off.
  if (part === 'nanosecond') return from.type.kind === 'DATE' ? value! : like(from.sql, value!, call);
  const sql = part === 'week' ? weekStart(from.sql, call) : `date_trunc('${unit}', ${from.sql})`;
  if (from.type.kind === 'DATE') return result(`CAST(${sql} AS DATE)`, DATE, [value!]);
  return like(part === 'week' ? `CAST(${sql} AS TIMESTAMP)` : sql, value!, call);
};

/**
 * The functions that take a date apart read neither texts nor numbers or VARIANTs: these must be cast.
 * @param name the function that the error names: YEAR, HOUR and their like are EXTRACT
 * @throws SnowflakeError 001073 from EXTRACT, 001044 from other functions
 */
export function refuseText(value: Typed, call: CallContext, name = 'EXTRACT'): void {
  if (value.untyped || value.type.kind === 'DATE' || isTimestamp(value.type)) return;
  if (value.type.kind === 'TIME' && name === 'EXTRACT') return;
  if (name !== 'EXTRACT') throw invalidArguments(call);
  throw call.b.error(
    '001073',
    '22023',
    `Function ${name} does not support ${typeName(value.type)} argument type`,
    call.at,
  );
}

/** The number of a part, e.g. DAYOFWEEK 0 for Sunday … 6 for Saturday. */
function extract(part: string, value: Typed, call: CallContext): Typed {
  refuseText(value, call);
  if (value.type.kind === 'TIME' && !SMALL.has(part))
    throw call.b.error(
      '001073',
      '22023',
      `Function EXTRACT does not support ${typeName(value.type)} argument type`,
      call.at,
    );
  const type = NUMBER(part.startsWith('epoch') ? 18 : 4, 0);
  if (part.startsWith('epoch')) {
    const zoned = value.type.kind === 'TIMESTAMP_LTZ' || value.type.kind === 'TIMESTAMP_TZ';
    const at = zoned ? call.b.cast(value, LTZ).sql : call.b.cast(local(value, call), NTZ).sql;
    const micros = `epoch_us(${at})`;
    const unit = {
      epoch_second: `${micros} // 1000000`,
      epoch_millisecond: `${micros} // 1000`,
      epoch_microsecond: micros,
      epoch_nanosecond: `${micros} * 1000`,
    }[part];
    return result(`(${unit})`, type, [value]);
  }
  const from = local(value, call);
  const { sql } = from;
  const duck: Record<string, string> = {
    dayofweekiso: `isodow(${sql})`,
    weekiso: `weekofyear(${sql})`,
    yearofweekiso: `isoyear(${sql})`,
    second: `CAST(floor(second(${sql})) AS BIGINT)`,
    nanosecond: `(microsecond(${sql}) % 1000000 * 1000)`,
  };
  return result(weekPart(part, sql, call) ?? duck[part] ?? `${part}(${sql})`, type, [value]);
}

/** Hours, minutes, seconds and nanoseconds as an interval; each may be larger than a clock shows. */
function clock([hour, minute, second, nano]: Typed[], call: CallContext): string {
  const n = (arg: Typed) => wholeNumber(arg, call);
  const time = `to_hours(${n(hour!)}) + to_minutes(${n(minute!)}) + to_seconds(${n(second!)})`;
  return nano ? `(${time} + to_microseconds(${n(nano)} // 1000))` : `(${time})`;
}

/** Year, month and day as a DATE; months and days outside their range lead into the neighbouring years and months. */
function dayFromParts(args: Typed[], call: CallContext): string {
  const [y, m, d] = args.slice(0, 3).map((arg) => `CAST(${wholeNumber(arg, call)} AS INTEGER)`);
  return `CAST(make_date(${y}, 1, 1) + to_months(${m} - 1) + to_days(${d} - 1) AS DATE)`;
}

/** TIMESTAMP_…_FROM_PARTS: a date and a time, or six to seven numbers, and for TIMESTAMP_TZ a zone's name. */
const fromParts: FunctionSpec['bind'] = (args, call) => {
  if (args.length === 2) {
    const [day, time] = [call.b.cast(args[0]!, DATE).sql, call.b.cast(args[1]!, TIME).sql];
    return result(`(${day} + ${time})`, NTZ, args);
  }
  if (args.length < 6)
    throw call.b.error('000938', '22023', `not enough arguments for function [${call.name}]`, call.at);
  const wall = `(CAST(${dayFromParts(args, call)} AS TIMESTAMP) + ${clock(args.slice(3, 7), call)})`;
  const zone =
    args[7] ??
    (call.name.startsWith('TIMESTAMP_TZ') || call.name.startsWith('TIMESTAMPTZ') ? null : undefined);
  if (zone === undefined) return result(wall, NTZ, args);
  const name = zone ? call.b.cast(zone, TEXT()).sql : quote(call.b.casts.timezone);
  return result(convertZone(`timezone(${name}, ${wall})`, name), TZ, args);
};

const partFunction = (names: string, part: string): FunctionSpec =>
  fn(names, 1, 1, ([value], call) => extract(part, value!, call));

/** MONTHNAME and DAYNAME: three letters. */
function nameOf(format: string): FunctionSpec['bind'] {
  return (args, call) => {
    refuseText(args[0]!, call, call.name);
    return result(`strftime(${local(args[0]!, call).sql}, '${format}')`, TEXT(), args);
  };
}

export const dateFunctions: FunctionSpec[] = [
  fn('DATEADD DATE_ADD TIMEADD TIMESTAMPADD', 3, 3, dateAdd, { keywords: [0] }),
  fn('DATEDIFF DATE_DIFF TIMEDIFF TIMESTAMPDIFF', 3, 3, dateDiff, { keywords: [0] }),
  fn('DATE_TRUNC', 2, 2, dateTrunc, { keywords: [0] }),
  fn('DATE_PART', 2, 2, ([value], call) => extract(requirePart(call), value!, call), { keywords: [0] }),
  fn('EXTRACT', 2, 2, ([value], call) => extract(requirePart(call), value!, call), { keywords: [0] }),
  partFunction('YEAR', 'year'),
  partFunction('MONTH', 'month'),
  partFunction('DAY DAYOFMONTH', 'day'),
  partFunction('DAYOFWEEK', 'dayofweek'),
  partFunction('DAYOFWEEKISO', 'dayofweekiso'),
  partFunction('DAYOFYEAR', 'dayofyear'),
  partFunction('WEEK WEEKOFYEAR', 'week'),
  partFunction('WEEKISO', 'weekiso'),
  partFunction('QUARTER', 'quarter'),
  partFunction('YEAROFWEEK', 'yearofweek'),
  partFunction('YEAROFWEEKISO', 'yearofweekiso'),
  partFunction('HOUR', 'hour'),
  partFunction('MINUTE', 'minute'),
  partFunction('SECOND', 'second'),
  fn('MONTHNAME', 1, 1, nameOf('%b')),
  fn('DAYNAME', 1, 1, nameOf('%a')),
  fn('DATE_FROM_PARTS DATEFROMPARTS', 3, 3, (args, call) => result(dayFromParts(args, call), DATE, args)),
  fn('TIME_FROM_PARTS TIMEFROMPARTS', 3, 4, (args, call) =>
    result(`(TIME '00:00:00' + ${clock(args, call)})`, TIME, args),
  ),
  fn('TIMESTAMP_NTZ_FROM_PARTS TIMESTAMPNTZFROMPARTS', 2, 7, fromParts),
  fn('TIMESTAMP_FROM_PARTS TIMESTAMPFROMPARTS', 2, 8, fromParts),
  fn('TIMESTAMP_LTZ_FROM_PARTS TIMESTAMPLTZFROMPARTS', 6, 7, (args, call) => ({
    ...call.b.cast(fromParts(args, call), LTZ),
  })),
  fn('TIMESTAMP_TZ_FROM_PARTS TIMESTAMPTZFROMPARTS', 6, 8, fromParts),
  fn('CONVERT_TIMEZONE', 2, 3, (args, call) => {
    const [first, second, third] = args;
    const zone = (arg: Typed) => call.b.cast(arg, TEXT()).sql;
    if (third)
      return result(
        `timezone(${zone(second!)}, timezone(${zone(first!)}, ${call.b.cast(third, NTZ).sql}))`,
        NTZ,
        args,
      );
    const instant = call.b.cast(second!, LTZ).sql;
    return result(convertZone(instant, zone(first!)), TZ, args);
  }),
];
