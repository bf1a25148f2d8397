import type { DataType } from '../types/data-type.js';
import type { Zone } from './zoned-dates.js';

/**
 * Brings values into and out of a JavaScript handler. The function runs inside the handler's own realm (its
 * source text is evaluated there), so that `instanceof Date` and `Array.isArray` mean there what they mean in
 * Snowflake; it must therefore use nothing from this module.
 *
 * Rules: docs.snowflake.com/en/developer-guide/udf/javascript/udf-javascript-introduction ("Dates", "NULL and
 * undefined values") and udf-stored-procedure-data-type-mapping: SQL NULL is `undefined`, a variant's JSON null is
 * `null`; dates and TIMESTAMP_NTZ are read on the clock of the session's time zone, and results are written by it, as a
 * cast to or from TIMESTAMP_LTZ(3) would.
 */
export function valueConversions(zone: Zone) {
  const { Native } = zone;
  // A global of a vm context is looked up through an interceptor, every time.
  const [{ parse, stringify }, { isArray }, toNumber, toText] = [JSON, Array, Number, String];
  const SEMI = { VARIANT: true, OBJECT: true, ARRAY: true } as Record<string, boolean>;
  const DAY = 86_400_000;
  const hexBytes = (hex: string) => {
    const bytes = new Uint8Array(hex.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    return bytes;
  };
  const bytesHex = (bytes: Uint8Array) => {
    let hex = '';
    for (const byte of bytes) hex += (byte < 16 ? '0' : '') + byte.toString(16).toUpperCase();
    return hex;
  };
  /** "seconds.nanoseconds" in milliseconds; Date holds no more. */
  const milliseconds = (cell: string) => {
    const point = cell.indexOf('.');
    if (point < 0) return Number.parseInt(cell, 10) * 1000;
    const ms = Number.parseInt(`${cell.slice(point + 1, point + 4)}00`.slice(0, 3), 10);
    return toNumber(cell.slice(0, point)) * 1000 + (cell[0] === '-' ? -ms : ms);
  };
  const secondsCell = (ms: number) => {
    const far = Math.abs(ms);
    return `${ms < 0 ? '-' : ''}${Math.floor(far / 1000)}.${toText(far % 1000).padStart(3, '0')}000000`;
  };
  /** "seconds.nanoseconds" since midnight as `HH:MM:SS`, with a fraction if there is one. */
  const timeText = (cell: string) => {
    const [seconds, fraction = ''] = cell.split('.');
    const clock = new Native(toNumber(seconds) * 1000).toISOString().slice(11, 19);
    const digits = fraction.replace(/0+$/, '');
    return digits ? `${clock}.${digits}` : clock;
  };

  /** JSON, in which undefined elements are written as types/undefined.ts says. */
  const json = (text: string): unknown =>
    text.includes('\\u0001undefined')
      ? parse(text, (_key, value: unknown) => (value === '\u0001undefined' ? undefined : value))
      : parse(text);

  /** A wire cell (types/data-type.ts) as the value a handler sees; SQL NULL is not handled here. */
  const fromCell = (kind: string, cell: string): unknown => {
    if (kind === 'TEXT') return cell;
    if (kind === 'FLOAT' || kind === 'NUMBER')
      return cell === 'inf' ? Infinity : cell === '-inf' ? -Infinity : toNumber(cell);
    if (kind === 'BOOLEAN') return cell === '1' || cell === 'true';
    if (kind === 'DATE') return new Native(zone.instant(toNumber(cell) * DAY));
    if (kind === 'TIME') return timeText(cell);
    if (kind === 'TIMESTAMP_NTZ') return new Native(zone.instant(milliseconds(cell)));
    if (kind.startsWith('TIMESTAMP')) return new Native(milliseconds(cell));
    if (kind === 'BINARY') return hexBytes(cell);
    return json(cell);
  };

  const mismatch = (kind: string, value: unknown) =>
    new TypeError(`Cannot convert a JavaScript ${isArray(value) ? 'array' : typeof value} to ${kind}`);

  const dateCell = (kind: string, value: unknown): string => {
    const ms =
      value instanceof Native ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(ms)) throw mismatch(kind, value);
    const offset = zone.offset(ms);
    const wallClock = ms + offset * 60_000;
    if (kind === 'DATE') return toText(Math.floor(wallClock / DAY));
    if (kind === 'TIMESTAMP_NTZ') return secondsCell(wallClock);
    return kind === 'TIMESTAMP_TZ' ? `${secondsCell(ms)} ${offset + 1440}` : secondsCell(ms);
  };

  /** Dates inside a VARIANT are TIMESTAMP_LTZ(3), which reads as this text. */
  const variantDate = (date: Date) => {
    const ms = date.getTime();
    if (Number.isNaN(ms)) return null;
    const minutes = zone.offset(ms);
    const [day, clock] = new Native(ms + minutes * 60_000).toISOString().slice(0, -1).split('T');
    const far = Math.abs(minutes);
    const offset = toText(Math.floor(far / 60) * 100 + (far % 60)).padStart(4, '0');
    return `${day} ${clock} ${minutes < 0 ? '-' : '+'}${offset}`;
  };
  // A member that is null is written the same either way; an element may stand for one that is undefined.
  const different = /[[,]null|"[+-]?\d{4,6}-\d{2}-\d{2}T/;
  /** JSON as of a VARIANT: a Date is a timestamp, and an array leaves out what is undefined. */
  const variantText = (value: unknown) => {
    const text = stringify(value);
    if (text === undefined || !different.test(text)) return text; // as for nearly all
    return stringify(value, function (this: Record<string, unknown>, key, member) {
      if (this[key] instanceof Native) return variantDate(this[key]);
      return isArray(member) ? member.filter((element) => element !== undefined) : member;
    });
  };

  /** What a handler returned, as a wire cell of `kind`; null is SQL NULL. */
  const toCell = (kind: string, value: unknown): string | null => {
    if (value === undefined) return null;
    if (SEMI[kind]) {
      if (kind === 'VARIANT') return variantText(value) ?? null;
      if (value === null) return null;
      if (isArray(value) !== (kind === 'ARRAY') || typeof value !== 'object') throw mismatch(kind, value);
      return variantText(value);
    }
    if (value === null) return null;
    if (kind === 'TEXT') return toText(value);
    if (kind === 'BOOLEAN') return value ? '1' : '0';
    if (kind === 'FLOAT') {
      const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : toNumber(value);
      if (Number.isNaN(number) && typeof value !== 'number') throw mismatch(kind, value);
      return Number.isNaN(number)
        ? 'NaN'
        : number === Infinity
          ? 'inf'
          : number === -Infinity
            ? '-inf'
            : toText(number);
    }
    if (kind === 'BINARY') {
      if (!(value instanceof Uint8Array)) throw mismatch(kind, value);
      return bytesHex(value);
    }
    if (kind === 'DATE' || kind.startsWith('TIMESTAMP')) return dateCell(kind, value);
    if (kind === 'TIME') {
      const parts = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?$/.exec(toText(value).trim());
      const seconds = parts && toNumber(parts[1]) * 3600 + toNumber(parts[2]) * 60 + toNumber(parts[3] ?? 0);
      if (!parts || seconds! >= 86_400) throw mismatch(kind, value);
      return `${seconds}.${(parts[4] ?? '.').slice(1).padEnd(9, '0')}`;
    }
    throw mismatch(kind, value);
  };
  return { fromCell, toCell, json, variantText };
}

/**
 * JavaScript has no fixed-point numbers: Snowflake refuses them in signatures
 * (docs: udf-stored-procedure-data-type-mapping, "SQL-JavaScript Data Type Mappings").
 */
export function handlerType(type: DataType): boolean {
  return type.kind !== 'NUMBER';
}
