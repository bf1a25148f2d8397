/** The zone that times are shown in unless the settings name another. */
export const UTC = 'UTC';

/** A time as JSON, Snowflake's texts of TIMESTAMP_LTZ and TIMESTAMP_TZ have it; without an offset it is one of UTC. */
const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A time as people of a place read it, to the minute: `2026-11-26 18:05`. What is no time stays as it is.
 * @param zone IANA name, e.g. Europe/Berlin
 * @example
 * localTime('2026-11-26T17:05:00Z', 'Europe/Berlin'); // "2026-11-26 18:05"
 */
export function localTime(when: string | Date, zone: string = UTC): string {
  const date = when instanceof Date ? when : timeOf(when);
  if (date === undefined || Number.isNaN(date.getTime())) return String(when);
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).formatToParts(date);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`;
}

/** The day that a time is of by the clock of a place, YYYY-MM-DD. */
export function dayOf(when: Date, zone: string): string {
  return localTime(when, zone).slice(0, 10);
}

/** True if there is such a zone, by a name that Snowflake knows too: it heeds the case, and takes no offset for one. */
export function isZone(zone: string): boolean {
  if (!/^[A-Z]\w*(\/[A-Z][\w+-]*)*$/.test(zone)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
    return known === zone || known.toLowerCase() !== zone.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function timeOf(text: string): Date | undefined {
  const [, day, time, offset = 'Z'] = TIME.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  return new Date(`${day}T${time}${offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
}
