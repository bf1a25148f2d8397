/**
 * TIMESTAMP_TZ in DuckDB: the point in time and the offset with which it was given, in minutes. DuckDB orders
 * structs by their first field first, so that these sort by their points in time, as in Snowflake.
 */
export const TZ_STRUCT = 'STRUCT(ts TIMESTAMPTZ, "offset" INTEGER)';

/** Both parts as one value; NULL if there is no point in time. */
export function zoneText(instant: string, minutes: string): string {
  return `CASE WHEN ${instant} IS NOT NULL THEN struct_pack(ts := ${instant}, "offset" := CAST(${minutes} AS INTEGER)) END`;
}

export const instantOf = (sql: string): string => `(${sql}).ts`;
export const offsetOf = (sql: string): string => `(${sql})."offset"`;

/** What the clock at its offset shows: a DuckDB TIMESTAMP. */
export function wallClock(sql: string): string {
  // Cast, as a NULL that DuckDB has computed beforehand has no type left.
  return `(CAST(timezone('UTC', CAST(${instantOf(sql)} AS TIMESTAMPTZ)) AS TIMESTAMP) + to_minutes(${offsetOf(sql)}))`;
}

/** A reading of the clock at an offset. */
export function fromWallClock(clock: string, minutes: string): string {
  return zoneText(`timezone('UTC', ${clock} - to_minutes(${minutes}))`, minutes);
}

/** A point in time with the offset that a zone has then. @param zone DuckDB SQL of the zone's name */
export function convertZone(instant: string, zone: string): string {
  return zoneText(instant, zoneOffset(instant, zone));
}

/** The minutes by which a zone's clock is ahead of UTC at a point in time. */
export function zoneOffset(instant: string, zone: string): string {
  const at = `CAST(${instant} AS TIMESTAMPTZ)`;
  return `date_diff('minute', CAST(timezone('UTC', ${at}) AS TIMESTAMP), CAST(timezone(${zone}, ${at}) AS TIMESTAMP))`;
}

/** `+0100` for 60 minutes. */
export function offsetText(minutes: string): string {
  return `printf('%s%02d%02d', CASE WHEN ${minutes} < 0 THEN '-' ELSE '+' END, abs(${minutes}) // 60, abs(${minutes}) % 60)`;
}

/** What stands behind a time for its offset: `Z`, `+01`, `+0100`, ` +01:00`. */
const OFFSET = '(:[0-9]{2}(?:\\.[0-9]+)?) ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)$';

/** A text without the offset at its end. */
export function withoutOffset(text: string): string {
  return `regexp_replace(${text}, '${OFFSET}', '\\1')`;
}

/** The minutes of the offset at a text's end, NULL if it has none. */
export function textOffset(text: string): string {
  const parts = `regexp_extract(${text}, ':[0-9]{2}(?:\\.[0-9]+)? ?(?:(Z)|([+-])([0-9]{2})(?::?([0-9]{2}))?)$', ['z', 'sign', 'h', 'm'])`;
  return `CASE WHEN (${parts}).z = 'Z' THEN 0 WHEN (${parts}).h <> '' THEN (CASE (${parts}).sign WHEN '-' THEN -1 ELSE 1 END) * (CAST((${parts}).h AS INTEGER) * 60 + coalesce(TRY_CAST((${parts}).m AS INTEGER), 0)) END`;
}
