import { DATE, NUMBER, TEXT } from '../../types/data-type.js';
import {
  type FunctionSpec,
  fn,
  invalidArguments,
  literal,
  literalWhole,
  result,
  wholeNumber,
} from '../function.js';
import { like, local, NTZ, partOf, refusePart, refuseText } from './date.js';
import { weekStart } from './week.js';

const SPANS: Record<string, string> = { month: '1 month', year: '1 year', quarter: '3 months' };

/** LAST_DAY(date [, part]): of the month if no part is given. */
const lastDay: FunctionSpec['bind'] = ([value], call) => {
  const part = call.keywords.length > 0 ? partOf(call) : 'month';
  refuseText(value!, call, call.name);
  const from = local(value!, call).sql;
  if (part === 'week') return result(`(${weekStart(from, call)} + 6)`, DATE, [value!]);
  const span = SPANS[part] ?? refusePart(call);
  const sql = `CAST(date_trunc('${part}', ${from}) + INTERVAL '${span}' - INTERVAL 1 DAY AS DATE)`;
  return result(sql, DATE, [value!]);
};

/** NEXT_DAY and PREVIOUS_DAY: the two first letters of the day's name count. */
const neighbour: FunctionSpec['bind'] = ([value, day], call) => {
  const name = `left(lower(ltrim(${call.b.cast(day!, TEXT()).sql})), 2)`;
  const unknown = `CAST(error('invalid day of week ''' || ${name} || '''') AS INTEGER)`;
  const days = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'].map((two, i) => `WHEN '${two}' THEN ${i}`);
  const index = `CASE ${name} ${days.join(' ')} ELSE CASE WHEN ${name} IS NOT NULL THEN ${unknown} END END`;
  const from = call.b.cast(value!, DATE).sql;
  const step =
    call.name === 'NEXT_DAY'
      ? `(${index} - dayofweek(${from}) + 6) % 7 + 1`
      : `-((dayofweek(${from}) - ${index} + 6) % 7 + 1)`;
  return result(`(${from} + CAST(${step} AS INTEGER))`, DATE, [value!, day!]);
};

/** ADD_MONTHS(date, n): the last day of a month stays the last day; the type stays. */
const addMonths: FunctionSpec['bind'] = ([value, months], call) => {
  if (value!.type.kind === 'TIME') throw invalidArguments(call);
  const from = local(value!, call);
  const n = `CAST(${wholeNumber(months!, call)} AS INTEGER)`;
  const moved = `(${from.sql} + to_months(${n}))`;
  const end = `last_day(${moved})`;
  const isLast = `last_day(${from.sql}) = CAST(${from.sql} AS DATE)`;
  const args = [value!, months!];
  if (from.type.kind === 'DATE')
    return result(`CASE WHEN ${isLast} THEN ${end} ELSE CAST(${moved} AS DATE) END`, DATE, args);
  const atEnd = `(${end} + CAST(${from.sql} AS TIME))`;
  return { ...like(`CASE WHEN ${isLast} THEN ${atEnd} ELSE ${moved} END`, value!, call), nullable: true };
};

/** MONTHS_BETWEEN(a, z): whole months, and days and times as parts of a month of 31 days. */
const monthsBetween: FunctionSpec['bind'] = (args, call) => {
  for (const arg of args) refuseText(arg, call, call.name);
  const [a, z] = args.map((arg) => call.b.cast(local(arg, call), NTZ).sql);
  const lastDayOf = (date: string) => `CAST(${date} AS DATE) = last_day(${date})`;
  const whole = `((year(${a}) - year(${z})) * 12 + month(${a}) - month(${z}))`;
  const days = (date: string) => `(day(${date}) + epoch_us(CAST(${date} AS TIME)) / 86400000000.0)`;
  const same = `day(${a}) = day(${z}) OR (${lastDayOf(a!)} AND ${lastDayOf(z!)})`;
  const rest = `(${days(a!)} - ${days(z!)}) / 31.0`;
  const sql = `CASE WHEN ${same} THEN CAST(${whole} AS DOUBLE) ELSE ${whole} + ${rest} END`;
  return call.b.cast(result(`CAST(${sql} AS DOUBLE)`, { kind: 'FLOAT' }, args), NUMBER(38, 6));
};

const SLICES = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'];

/**
 * TIME_SLICE(date, length, part [, 'START' | 'END']): slices are counted from 1970-01-01, those of weeks from the
 * week of that day. A slice's end is the next one's beginning.
 */
const timeSlice: FunctionSpec['bind'] = ([value, length, startOrEnd], call) => {
  const part = partOf(call);
  if (!SLICES.includes(part)) refusePart(call);
  const n = `CAST(${literalWhole(length!, call, 1, 2 ** 31 - 1)} AS INTEGER)`;
  const width = part === 'quarter' ? `to_months(${n} * 3)` : `to_${part}s(${n})`;
  const from = local(value!, call);
  const epoch = "DATE '1970-01-01'";
  const origin = `CAST(${part === 'week' ? weekStart(epoch, call) : epoch} AS TIMESTAMP)`;
  const start = `time_bucket(${width}, CAST(${from.sql} AS TIMESTAMP), ${origin})`;
  const end = startOrEnd && /^end$/i.test(String(literal(startOrEnd, call)));
  const sql = end ? `(${start} + ${width})` : start;
  return from.type.kind === 'DATE' ? result(`CAST(${sql} AS DATE)`, DATE, [value!]) : like(sql, value!, call);
};

export const calendarFunctions: FunctionSpec[] = [
  fn('LAST_DAY', 1, 2, lastDay, { keywords: [1] }),
  fn('NEXT_DAY PREVIOUS_DAY', 2, 2, neighbour),
  fn('ADD_MONTHS', 2, 2, addMonths),
  fn('MONTHS_BETWEEN', 2, 2, monthsBetween),
  fn('TIME_SLICE', 3, 4, timeSlice, { keywords: [2] }),
];
