import { quote } from './duck-type.js';
import {
  offsetOf,
  offsetText,
  textOffset,
  wallClock,
  withoutOffset,
  zoneOffset,
  zoneText,
} from './timestamp-tz.js';

/** Dates and times as texts, in DuckDB SQL. Formats are strftime's (see formats.ts). */
export interface TimeFormats {
  date?: string;
  time?: string;
  /** TIMESTAMP_NTZ when printed; every timestamp when read. */
  timestamp?: string;
  timestampLtz?: string;
  timestampTz?: string;
}

const DEFAULTS: Required<TimeFormats> = {
  date: '%Y-%m-%d',
  time: '%H:%M:%S',
  timestamp: '%Y-%m-%d %H:%M:%S.%g',
  timestampLtz: '%Y-%m-%d %H:%M:%S.%g %z',
  timestampTz: '%Y-%m-%d %H:%M:%S.%g %z',
};

/** The text of a value. @param formats where one is missing, Snowflake's default is used */
export function printTime(
  kind: 'DATE' | 'TIME' | 'TIMESTAMP_NTZ' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ',
  sql: string,
  timezone: string,
  formats: TimeFormats = {},
): string {
  switch (kind) {
    case 'DATE':
      return `strftime(${sql}, ${quote(formats.date ?? DEFAULTS.date)})`;
    case 'TIME':
      return `strftime(DATE '1970-01-01' + ${sql}, ${quote(formats.time ?? DEFAULTS.time)})`;
    case 'TIMESTAMP_NTZ':
      return `strftime(${sql}, ${quote(formats.timestamp ?? DEFAULTS.timestamp)})`;
    case 'TIMESTAMP_LTZ':
      return withOffset(
        `timezone(${quote(timezone)}, ${sql})`,
        zoneOffset(sql, quote(timezone)),
        formats.timestampLtz ?? DEFAULTS.timestampLtz,
      );
    case 'TIMESTAMP_TZ':
      return withOffset(wallClock(sql), offsetOf(sql), formats.timestampTz ?? DEFAULTS.timestampTz);
  }
}

/** What reads on a clock has no offset any more; it is put in where the format has it. */
function withOffset(clock: string, minutes: string, format: string): string {
  const pieces = format.split('%z');
  const texts = pieces.map((piece) => (piece === '' ? "''" : `strftime(${clock}, ${quote(piece)})`));
  return `(${texts.join(` || ${offsetText(minutes)} || `)})`;
}

/** A literal in ISO form, which needs no looking at its format. */
export function isoLiteral(
  type: 'DATE' | 'TIMESTAMP',
  { constant }: { constant?: unknown },
  format?: string,
): string | undefined {
  if (typeof constant !== 'string' || format) return undefined;
  const iso = /^(\d{4}-\d{2}-\d{2})(?: \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?$/.exec(constant);
  const day = iso?.[1];
  if (!day || (type === 'DATE' && day !== constant)) return undefined;
  const time = Date.parse(`${constant.slice(0, 19).replace(' ', 'T')}${constant === day ? '' : 'Z'}`);
  return new Date(time).toJSON()?.startsWith(day) ? `${type} '${constant}'` : undefined;
}

/**
 * A literal in ISO form as a point in time: what is read of a text for every format is long, and stands several times in
 * what is made of a TIMESTAMP_TZ.
 * @returns the point in time and the minutes of its offset, which is the session's zone's if the text has none
 */
export function isoInstant(
  { constant }: { constant?: unknown },
  timezone: string,
  format?: string,
): { instant: string; minutes: string } | undefined {
  if (typeof constant !== 'string') return undefined;
  const zone = /^(.{10}[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?) ?(?:(Z)|([+-])(\d{2}):?(\d{2}))$/.exec(constant);
  const clock = isoLiteral('TIMESTAMP', { constant: (zone?.[1] ?? constant).replace('T', ' ') }, format);
  if (!clock) return undefined;
  if (!zone) {
    const instant = `timezone(${quote(timezone)}, ${clock})`;
    return { instant, minutes: zoneOffset(instant, quote(timezone)) };
  }
  const ahead = zone[2] ? 0 : Number(`${zone[3]}1`) * (Number(zone[4]) * 60 + Number(zone[5]));
  if (Math.abs(ahead) > 14 * 60) return undefined;
  return { instant: `timezone('UTC', ${clock} - INTERVAL '${ahead}' MINUTE)`, minutes: String(ahead) };
}

function parse(sql: string, format: string, tolerant: boolean): string {
  return `${tolerant ? 'try_strptime' : 'strptime'}(${sql}, ${quote(format)})`;
}

/** NULL for a text without digits: DuckDB would read `infinity` and `epoch` as dates. */
const withDigits = (sql: string): string => `CASE WHEN regexp_matches(${sql}, '[0-9]') THEN ${sql} END`;

/**
 * The value of the first form that reads a text. DuckDB works out what stands twice in a COALESCE beforehand, for
 * every row, but nothing that is inside a CASE: so the others cost nothing where the first one reads it.
 */
const firstOf = (sql: string, first: string, ...others: string[]): string =>
  `coalesce(${first}, CASE WHEN ${sql} IS NOT NULL THEN coalesce(${others.join(', ')}) END)`;

/** Snowflake's AUTO date formats: ISO (with or without a time), DD-MON-YYYY, MM/DD/YYYY. */
export function textToDate(sql: string, tolerant: boolean, format?: string): string {
  if (format) return `CAST(${parse(sql, format, tolerant)} AS DATE)`;
  // DuckDB reads more than Snowflake: 2024/01/05, infinity, epoch.
  const iso = `CASE WHEN regexp_matches(${sql}, '^\\s*[0-9]+-[0-9]') THEN ${sql} END`;
  return firstOf(
    sql,
    `TRY_CAST(${iso} AS DATE)`,
    `CAST(TRY_CAST(${iso} AS TIMESTAMP) AS DATE)`,
    `CAST(try_strptime(${withDigits(sql)}, ['%m/%d/%Y', '%d-%b-%Y', '%d-%B-%Y']) AS DATE)`,
    `CAST(${textToTimestamp(sql, true)} AS DATE)`,
    ...(tolerant ? [] : [`CAST(error('Date ''' || ${sql} || ''' is not recognized') AS DATE)`]),
  );
}

/** HH24:MI[:SS[.fraction]], or the session's TIME_INPUT_FORMAT. */
export function textToTime(sql: string, tolerant: boolean, format?: string): string {
  if (format) return `CAST(${parse(sql, format, tolerant)} AS TIME)`;
  const read = `TRY_CAST(CASE WHEN regexp_full_match(${sql}, '\\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]*)?)?\\s*') THEN ${sql} END AS TIME)`;
  const number = `CASE WHEN regexp_full_match(${sql}, '-?[0-9]+') THEN CAST(${epochTimestamp(`TRY_CAST(${sql} AS BIGINT)`)} AS TIME) END`;
  if (tolerant) return `coalesce(${read}, ${number})`;
  return `coalesce(${read}, ${number}, CASE WHEN ${sql} IS NOT NULL THEN CAST(error('Time ''' || ${sql} || ''' is not recognized') AS TIME) END)`;
}

/**
 * Snowflake's AUTO timestamp formats: ISO, RFC (`Thu, 21 Jan 2016 06:32:44 -0800`), MM/DD/YYYY and others
 * (docs.snowflake.com/en/sql-reference/date-time-input-output, "Timestamp formats").
 */
const OTHER_FORMATS = [
  '%a, %d %b %Y %H:%M:%S',
  '%a, %d %b %Y %H:%M:%S.%f',
  '%a, %d %b %Y %I:%M:%S %p',
  '%m/%d/%Y %H:%M:%S',
  '%d-%b-%Y %H:%M:%S',
  '%a %b %d %H:%M:%S %Y',
  '%Y-%m-%dT%H:%M',
  '%Y-%m-%dT%H',
  '%m/%d/%Y',
  '%d-%b-%Y',
];

/** The reading of the clock that a text gives; an offset is dropped: the time stays as it reads. */
export function textToTimestamp(sql: string, tolerant: boolean, format?: string): string {
  if (format?.includes('%z')) {
    // DuckDB brings a time with an offset to UTC; the offset brings it back.
    const read = `CAST(${parse(sql, format, tolerant)} AS TIMESTAMPTZ)`;
    return `(timezone('UTC', ${read}) + to_minutes(coalesce(${textOffset(sql)}, 0)))`;
  }
  if (format) return `CAST(${parse(sql, format, tolerant)} AS TIMESTAMP)`;
  const bare = withoutOffset(withDigits(sql));
  const others = OTHER_FORMATS.map(quote).join(', ');
  return firstOf(
    sql,
    `TRY_CAST(${bare} AS TIMESTAMP)`,
    `try_strptime(${bare}, [${others}])`,
    `CASE WHEN ${isEpoch(sql)} THEN ${epochTimestamp(`TRY_CAST(${sql} AS HUGEINT)`)} END`,
    ...(tolerant ? [] : [`CAST(error('Timestamp ''' || ${sql} || ''' is not recognized') AS TIMESTAMP)`]),
  );
}

/** A text may carry its own offset; without one it is meant in the session's zone. */
export function textToInstant(sql: string, tolerant: boolean, timezone: string, format?: string): string {
  const cast = tolerant ? 'TRY_CAST' : 'CAST';
  if (format?.includes('%z')) return `${cast}(${parse(sql, format, tolerant)} AS TIMESTAMPTZ)`;
  const clock = textToTimestamp(sql, tolerant, format);
  const local = `timezone(${quote(timezone)}, ${clock})`;
  if (format) return local;
  const offset = textOffset(sql);
  // A number of seconds is an instant in any zone.
  const clockOfUtc = `${clock} - to_minutes(coalesce(${offset}, 0))`;
  return `CASE WHEN ${offset} IS NULL AND NOT ${isEpoch(sql)} THEN ${local} ELSE timezone('UTC', ${clockOfUtc}) END`;
}

/** Whether a text counts seconds (or their thousandths …) since 1970. */
function isEpoch(sql: string): string {
  return `regexp_full_match(${sql}, '-?[0-9]+')`;
}

/** As textToInstant, with the offset of the text, or else that of the session's zone then. */
export function textToZoned(sql: string, tolerant: boolean, timezone: string, format?: string): string {
  const instant = textToInstant(sql, tolerant, timezone, format);
  return zoneText(instant, `coalesce(${textOffset(sql)}, ${zoneOffset(instant, quote(timezone))})`);
}

/** A number as a time: always seconds since 1970; a text of digits is read by its size (docs: to_timestamp). */
export function secondsTimestamp(sql: string): string {
  return `make_timestamp(CAST(CAST(${sql} AS HUGEINT) * 1000000 AS BIGINT))`;
}

/** The number of a text as a time: seconds, milliseconds, microseconds or nanoseconds by its size (docs: to_timestamp). */
export function epochTimestamp(sql: string): string {
  const n = `CAST(${sql} AS HUGEINT)`;
  return `make_timestamp(CAST(CASE WHEN abs(${n}) < 31536000000 THEN ${n} * 1000000 WHEN abs(${n}) < 31536000000000 THEN ${n} * 1000 WHEN abs(${n}) < 31536000000000000 THEN ${n} ELSE ${n} // 1000 END AS BIGINT))`;
}
