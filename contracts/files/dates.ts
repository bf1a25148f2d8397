import { itemAt } from '../../udfs/require-value.js';
import { monthCalled } from './words.js';

/** In which order day, month and year may stand in a date of numbers alone. */
export const DATE_ORDERS = ['DMY', 'MDY', 'YMD'] as const;

export type DateOrder = (typeof DATE_ORDERS)[number];

export interface WrittenDate {
  /** The day, YYYY-MM-DD, by every order in which the text is one; `any` where the text says it in itself. */
  readonly days: Readonly<Partial<Record<DateOrder | 'any', string>>>;
  /** `dotted`: 31.01.2026, day before month where nothing says otherwise. `digits`: a number just as well, as 20260131. */
  readonly shape: 'evident' | 'digits' | 'dotted' | 'numbers';
  /** The year has two digits. */
  readonly short: boolean;
  /** HH:MM:SS, maybe with a fraction. */
  readonly time?: string;
  /** `Z`, or +HH:MM. */
  readonly offset?: string;
}

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(.*)$/;
const DIGITS = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(?:(\d\d)(\.\d{1,9})?)?)?([+-]\d{4})?$/;
const NUMBERS = /^(\d{1,2})(?:([-/])|\. ?)(\d{1,2})(?:\2|\. ?)(\d{4}|\d\d)(?!\d)(.*)$/;
const DAY_NAME_YEAR = /^(\d{1,2})(?:\.? |\.|-)(\p{L}{3,12})(?:\.? |\.|-)(\d{4}|\d\d)(?!\d)(.*)$/u;
const NAME_DAY_YEAR = /^(\p{L}{3,12})\.? (\d{1,2}),? (\d{4})(?!\d)(.*)$/u;
const TIME =
  /^(?:[T,] ?| +)(\d{1,2})[:.h](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?(?: ?(am|pm|a\. ?m\.|p\. ?m\.|uhr|h))? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * Reads a date, with or without a time, as files of hospitals write them: 2026-01-31, 31.01.2026 14:05, 1/31/2026 2:05 PM,
 * 31-JAN-26, 31 janvier 2026 14h05, 20260131140500, 2026-01-31T14:05:00+01:00.
 * @param thisYear a year of two digits is of the latest century in which it is at most the year after this one
 * @returns undefined where the text is no date by any order
 */
export function readDate(
  text: string,
  thisYear: number = new Date().getUTCFullYear(),
): WrittenDate | undefined {
  if (text.length < 6 || text.length > 45) return undefined;
  const first = text.charCodeAt(0);
  if (first < 48 || (first > 57 && first < 65)) return undefined;
  if (first > 57) {
    const [, month, day, year, rest = ''] = NAME_DAY_YEAR.exec(text) ?? [];
    return month === undefined
      ? undefined
      : toWrittenDate(Number(year), monthCalled(month), Number(day), rest);
  }
  const iso = YEAR_FIRST.exec(text);
  if (iso) return toWrittenDate(Number(iso[1]), Number(iso[3]), Number(iso[4]), iso[5]);
  const numbers = NUMBERS.exec(text);
  if (numbers) return ofNumbers(numbers, thisYear);
  const digits = DIGITS.exec(text);
  if (digits) return ofDigits(digits);
  const [, day, month = '', written, rest] = DAY_NAME_YEAR.exec(text) ?? [];
  if (written === undefined) return undefined;
  const short = written.length === 2;
  const year = short ? fullYear(Number(written), thisYear) : Number(written);
  return toWrittenDate(year, monthCalled(month), Number(day), rest, short);
}

/**
 * The same as Snowflake reads it whatever its settings are: `2026-01-31`, and after it time and offset where there are some.
 * @param order of day, month and year where the text does not say it
 * @returns undefined where the text is no date by this order
 */
export function isoDate({ days, shape, time, offset }: WrittenDate, order?: DateOrder): string | undefined {
  const day = days.any ?? days[order ?? (shape === 'dotted' ? 'DMY' : 'YMD')];
  if (day === undefined || (order === undefined && shape === 'numbers')) return undefined;
  return `${day}${time === undefined ? '' : ` ${time}${offset ?? ''}`}`;
}

function ofNumbers(
  [, a = '', mark, b, c = '', rest]: readonly (string | undefined)[],
  thisYear: number,
): WrittenDate | undefined {
  const time = readTime(rest);
  if (!time) return undefined;
  const [first, second, third] = [Number(a), Number(b), Number(c)];
  const short = c.length === 2;
  const year = short ? fullYear(third, thisYear) : third;
  const days: Partial<Record<DateOrder, string>> = {};
  const put = (order: DateOrder, day: string | undefined) => {
    if (day !== undefined) days[order] = day;
  };
  put('DMY', calendarDay(year, second, first));
  put('MDY', calendarDay(year, first, second));
  if (short && a.length === 2) put('YMD', calendarDay(fullYear(first, thisYear), second, third));
  if (Object.keys(days).length === 0) return undefined;
  return { days, shape: mark === undefined ? 'dotted' : 'numbers', short, ...time };
}

function ofDigits([, y, m, d, hour, minute, second = '00', fraction = '', zone]: readonly (
  | string
  | undefined
)[]): WrittenDate | undefined {
  const any = calendarDay(Number(y), Number(m), Number(d));
  if (any === undefined) return undefined;
  if (hour === undefined) return zone ? undefined : { days: { any }, shape: 'digits', short: false };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return {
    days: { any },
    shape: zone ? 'evident' : 'digits',
    short: false,
    time: `${hour}:${minute}:${second}${fraction}`,
    ...(zone ? { offset: `${zone.slice(0, 3)}:${zone.slice(3)}` } : {}),
  };
}

function toWrittenDate(
  year: number,
  month: number | undefined,
  day: number,
  rest: string | undefined,
  short = false,
): WrittenDate | undefined {
  const any = month === undefined ? undefined : calendarDay(year, month, day);
  if (any === undefined) return undefined;
  const time = readTime(rest);
  return time ? { days: { any }, shape: 'evident', short, ...time } : undefined;
}

/** Reads what stands after the day; undefined where that is no time. */
function readTime(rest = ''): Pick<WrittenDate, 'time' | 'offset'> | undefined {
  if (rest.trim() === '') return {};
  const match = TIME.exec(rest.trimEnd());
  if (!match) return undefined;
  const [, hours, minute, second = '00', fraction, word = '', zone] = match;
  const half = /^[ap]/i.exec(word)?.[0].toLowerCase();
  let hour = Number(hours);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
  }
  if (hour > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return {
    time: `${two(hour)}:${minute}:${second}${fraction ? `.${fraction}` : ''}`,
    ...(zone ? { offset: offsetOf(zone) } : {}),
  };
}

function offsetOf(zone: string): string {
  if (/^[A-Z]/i.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function fullYear(two: number, thisYear: number): number {
  const latest = thisYear + 1;
  return latest - ((((latest - two) % 100) + 100) % 100);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** YYYY-MM-DD, where there is such a day. */
function calendarDay(year: number, month: number, day: number): string | undefined {
  if (year < 1 || month < 1 || month > 12 || day < 1) return undefined;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > itemAt(DAYS, month - 1) + (leap ? 1 : 0)) return undefined;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
