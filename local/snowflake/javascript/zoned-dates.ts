/** What the rest of a realm needs of its time zone. */
export interface Zone {
  /** Minutes by which the zone's clock is ahead of UTC at a point in time (milliseconds since 1970). */
  offset(instant: number): number;
  /** The point in time at which the zone's clock shows this (milliseconds since 1970, as if the clock showed UTC). */
  instant(wallClock: number): number;
  /** The realm's own Date constructor, which is quicker than the one that handlers see. */
  Native: DateConstructor;
}

/**
 * Makes the realm's Date live in the session's TIMEZONE instead of this machine's: its local getters and setters,
 * its constructor and its texts. Runs inside the handler's realm and uses nothing from this module.
 *
 * docs.snowflake.com/en/developer-guide/udf/javascript/udf-javascript-introduction, "Dates"
 */
export function makeZone(name: string): Zone {
  const Native = Date;
  const { prototype } = Native;
  const MINUTE = 60_000;
  const DAY = 86_400_000;
  // Formats take a millisecond to make, and most handlers need none.
  let fields: Intl.DateTimeFormat | undefined;
  const formatFields = () =>
    new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      era: 'short',
    });
  let names: Intl.DateTimeFormat | undefined;

  /** Zones change their offsets at full quarters of an hour. */
  const QUARTER = 15 * MINUTE;
  const known = new Map<number, number>();
  const offset = (instant: number): number => {
    if (name === 'UTC') return 0;
    const quarter = Math.floor(instant / QUARTER);
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const start = quarter * QUARTER;
    const part: Record<string, string> = {};
    fields ??= formatFields();
    for (const { type, value } of fields.formatToParts(start)) part[type] = value;
    const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
    const wall = new Native(0);
    wall.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
    wall.setUTCHours(Number(part.hour), Number(part.minute));
    const minutes = Math.round((wall.getTime() - start) / MINUTE);
    if (known.size > 10_000) known.clear();
    known.set(quarter, minutes);
    return minutes;
  };

  /** The offset of whole days (of the wall clock) around which it does not change; null for the others. */
  const steady = new Map<number, number | null>();
  const steadyOffset = (day: number): number | null => {
    const found = steady.get(day);
    if (found !== undefined) return found;
    const before = offset((day - 1) * DAY);
    const value = offset((day + 2) * DAY) === before ? before : null;
    if (steady.size > 10_000) steady.clear();
    steady.set(day, value);
    return value;
  };

  /** A reading that the clock skips, or shows twice, is taken with the offset from before the change. */
  const instant = (wallClock: number): number => {
    if (Number.isNaN(wallClock)) return wallClock;
    const constant = steadyOffset(Math.floor(wallClock / DAY));
    if (constant !== null) return wallClock - constant * MINUTE;
    const before = offset(wallClock - DAY);
    const early = wallClock - before * MINUTE;
    if (offset(early) === before) return early;
    const after = offset(wallClock + DAY);
    const late = wallClock - after * MINUTE;
    return offset(late) === after ? late : early;
  };

  /** The date whose UTC fields are this date's local ones. */
  const shiftDate = (date: Date): Date => {
    const time = date.getTime();
    return new Native(Number.isNaN(time) ? time : time + offset(time) * MINUTE);
  };
  const define = (object: object, key: string, value: unknown) =>
    Object.defineProperty(object, key, { value, writable: true, configurable: true });

  for (const field of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']) {
    const get = prototype[`getUTC${field}` as 'getUTCHours'];
    define(prototype, `get${field}`, function (this: Date) {
      return get.call(shiftDate(this));
    });
    if (field === 'Day') continue;
    const set = prototype[`setUTC${field}` as 'setUTCHours'];
    define(prototype, `set${field}`, function (this: Date, ...args: [number]) {
      const local = field === 'FullYear' && Number.isNaN(this.getTime()) ? new Native(0) : shiftDate(this);
      set.apply(local, args);
      return this.setTime(instant(local.getTime()));
    });
  }
  define(prototype, 'getYear', function (this: Date) {
    return this.getFullYear() - 1900;
  });
  define(prototype, 'getTimezoneOffset', function (this: Date) {
    const time = this.getTime();
    return Number.isNaN(time) ? time : -offset(time) || 0;
  });

  const two = (n: number) => String(n).padStart(2, '0');
  const dateText = (date: Date): string => {
    const [day, dayOfMonth, month, year] = shiftDate(date).toUTCString().split(/,? /);
    return `${day} ${month} ${dayOfMonth} ${year}`;
  };
  const timeText = (date: Date): string => {
    const minutes = offset(date.getTime());
    const far = Math.abs(minutes);
    names ??= new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'long' });
    const long = names.formatToParts(date).find(({ type }) => type === 'timeZoneName')!.value;
    const clock = shiftDate(date).toISOString().replace(/^.*T/, '').slice(0, 8);
    return `${clock} GMT${minutes < 0 ? '-' : '+'}${two(Math.floor(far / 60))}${two(far % 60)} (${long})`;
  };
  const texts: Record<string, (date: Date) => string> = {
    toString: (date: Date) => `${dateText(date)} ${timeText(date)}`,
    toDateString: dateText,
    toTimeString: timeText,
  };
  for (const key of Object.keys(texts))
    define(prototype, key, function (this: Date) {
      return Number.isNaN(this.getTime()) ? 'Invalid Date' : texts[key]!(this);
    });
  for (const key of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'] as const) {
    const native = prototype[key];
    define(prototype, key, function (this: Date, locale?: string, options?: Intl.DateTimeFormatOptions) {
      return native.call(this, locale, { timeZone: name, ...options });
    });
  }

  /** ISO dates without a time are UTC, texts with a zone say their own; all else is on the local clock. */
  const parse = (text: string): number => {
    const native = Native.parse(text);
    const zoned =
      /(?:Z|GMT|UTC?|[ECMP][SD]T|[+-]\d{2}:?\d{2})\s*(?:\([^)]*\))?\s*$/i.test(text) && /:/.test(text);
    if (Number.isNaN(native) || zoned || /^\s*[+-]?\d{4,6}(?:-\d{2}){0,2}\s*$/.test(text)) return native;
    const asUtc = Native.parse(
      /^\s*[+-]?\d{4,6}-\d{2}-\d{2}T/.test(text) ? `${text.trim()}Z` : `${text} UTC`,
    );
    return Number.isNaN(asUtc) ? native : instant(asUtc);
  };
  const timeOf = (args: unknown[]): number => {
    if (args.length > 1) return instant((Native.UTC as (...fields: unknown[]) => number)(...args));
    const [value] = args;
    if (value instanceof Native) return value.getTime();
    const primitive =
      typeof value === 'object' && value !== null
        ? ((value as { [Symbol.toPrimitive]?: (hint: string) => unknown })[Symbol.toPrimitive]?.('default') ??
          value.valueOf())
        : value;
    return typeof primitive === 'string' ? parse(primitive) : Number(primitive);
  };
  function ZonedDate(this: unknown, ...args: unknown[]) {
    if (!new.target) return new Native().toString();
    return Reflect.construct(Native, args.length === 0 ? [] : [timeOf(args)], new.target);
  }
  define(ZonedDate, 'name', 'Date');
  define(ZonedDate, 'length', 7);
  ZonedDate.prototype = prototype;
  define(ZonedDate, 'now', Native.now);
  define(ZonedDate, 'UTC', Native.UTC);
  define(ZonedDate, 'parse', (text: unknown) => parse(String(text)));
  define(prototype, 'constructor', ZonedDate);
  define(globalThis, 'Date', ZonedDate);
  return { offset, instant, Native };
}
