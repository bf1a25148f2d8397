import type { Zone } from './zoned-dates.js';

/**
 * Makes the class of the timestamps that a ResultSet gives: a Date that also knows its nanoseconds, its scale and
 * its time zone. Runs inside the handler's realm and uses nothing from this module.
 *
 * API: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-api, "Object: SfDate"
 */
export function sfDates(zone: Zone) {
  interface Details {
    nanoseconds: number;
    scale: number;
    /** Minutes ahead of UTC; undefined: the session's time zone's. */
    minutes?: number;
  }
  const details = new WeakMap<object, Details>();
  // Handlers do not get it: it is newer than ES2017.
  const big = BigInt;

  class SfDate extends Date {
    getEpochSeconds() {
      return Math.floor(this.getTime() / 1000);
    }
    /** The fraction of the second. */
    getNanoSeconds() {
      const own = details.get(this)?.nanoseconds;
      return own ?? (((this.getTime() % 1000) + 1000) % 1000) * 1_000_000;
    }
    /** Minutes before or after UTC. */
    getTimezone() {
      return details.get(this)?.minutes ?? zone.offset(this.getTime());
    }
    getScale() {
      return details.get(this)?.scale ?? 9;
    }
  }

  /** @param cell "seconds.nanoseconds", with " offset+1440" if it is a TIMESTAMP_TZ */
  const fromCell = (date: Date, cell: string, scale: number): SfDate => {
    const made = new SfDate(date.getTime());
    const [seconds, offset] = cell.split(' ');
    const fraction = Number((seconds!.split('.')[1] ?? '').padEnd(9, '0').slice(0, 9));
    const nanoseconds = cell.startsWith('-') && fraction > 0 ? 1_000_000_000 - fraction : fraction;
    details.set(made, {
      nanoseconds,
      scale,
      ...(offset !== undefined && { minutes: Number(offset) - 1440 }),
    });
    return made;
  };
  /** All that a bind carries of it, in nanoseconds since 1970. */
  const nanoseconds = (date: Date): string => {
    const own = details.get(date);
    const ms = date.getTime();
    if (!own) return `${ms}000000`;
    const seconds = big(Math.floor(ms / 1000));
    return String(seconds * 1_000_000_000n + big(own.nanoseconds));
  };
  return { SfDate, fromCell, nanoseconds };
}
