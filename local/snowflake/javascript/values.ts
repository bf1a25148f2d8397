import type { DataType } from '../types/data-type.js';

/**
 * Brings values into and out of a JavaScript handler. The function runs inside the handler's own realm (its
 * source text is evaluated there), so that `instanceof Date` and `Array.isArray` mean there what they mean in
 * Snowflake; it must therefore use nothing from this module.
 *
 * Rules: docs.snowflake.com/en/developer-guide/udf/javascript/udf-javascript-introduction and
 * udf-javascript-limits ("NULL and undefined values"): SQL NULL is `undefined`, a variant's JSON null is `null`.
 */
export function valueConversions() {
  const SEMI = { VARIANT: true, OBJECT: true, ARRAY: true } as Record<string, boolean>;
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

  /** A wire cell (types/data-type.ts) as the value a handler sees; SQL NULL is not handled here. */
  const fromCell = (kind: string, cell: string): unknown => {
    if (kind === 'TEXT') return cell;
    if (kind === 'FLOAT' || kind === 'NUMBER')
      return cell === 'inf' ? Infinity : cell === '-inf' ? -Infinity : Number(cell);
    if (kind === 'BOOLEAN') return cell === '1' || cell === 'true';
    if (kind === 'DATE') return new Date(Number(cell) * 86_400_000);
    if (kind === 'TIME') return cell;
    if (kind.startsWith('TIMESTAMP')) return new Date(Math.floor(Number(cell.split(' ')[0]) * 1000));
    if (kind === 'BINARY') return hexBytes(cell);
    return JSON.parse(cell);
  };

  const mismatch = (kind: string, value: unknown) =>
    new TypeError(`Cannot convert a JavaScript ${Array.isArray(value) ? 'array' : typeof value} to ${kind}`);

  /** What a handler returned, as a wire cell of `kind`; null is SQL NULL. */
  const toCell = (kind: string, value: unknown): string | null => {
    if (value === undefined) return null;
    if (SEMI[kind]) {
      if (kind === 'VARIANT') return JSON.stringify(value) ?? null;
      if (value === null) return null;
      if (Array.isArray(value) !== (kind === 'ARRAY') || typeof value !== 'object')
        throw mismatch(kind, value);
      return JSON.stringify(value);
    }
    if (value === null) return null;
    if (kind === 'TEXT') {
      if (value instanceof Date) return value.toISOString();
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    }
    if (kind === 'BOOLEAN') return value ? '1' : '0';
    if (kind === 'FLOAT') {
      const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
      if (Number.isNaN(number) && typeof value !== 'number') throw mismatch(kind, value);
      return Number.isNaN(number)
        ? 'NaN'
        : number === Infinity
          ? 'inf'
          : number === -Infinity
            ? '-inf'
            : String(number);
    }
    if (kind === 'BINARY') {
      if (!(value instanceof Uint8Array)) throw mismatch(kind, value);
      return bytesHex(value);
    }
    if (kind === 'DATE' || kind.startsWith('TIMESTAMP')) {
      const ms =
        value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;
      if (Number.isNaN(ms)) throw mismatch(kind, value);
      if (kind === 'DATE') return String(Math.floor(ms / 86_400_000));
      const seconds = `${Math.floor(ms / 1000)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, '0')}000000`;
      return kind === 'TIMESTAMP_TZ' ? `${seconds} 1440` : seconds;
    }
    throw mismatch(kind, value);
  };
  return { fromCell, toCell };
}

/**
 * JavaScript has no fixed-point numbers and no TIME: Snowflake refuses them in signatures
 * (docs: "JavaScript UDF limitations", SQL-to-JavaScript data type mappings).
 */
export function handlerType(type: DataType): boolean {
  return type.kind !== 'NUMBER' && type.kind !== 'TIME';
}
