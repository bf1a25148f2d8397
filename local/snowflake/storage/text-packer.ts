import { NONE, type PackedTexts } from './packed-texts.js';

/** Bytes that a number takes at most, and a comma. */
const NUMBER_BYTES = 32;
/** What is larger, below 0, or has more decimals than four, is written by the engine. */
const PLAIN = 10_000;
/** The digits of 0 to 9,999, four each. */
const DIGITS = Uint8Array.from(
  { length: 4 * PLAIN },
  (_, i) => 48 + (Math.floor((i >> 2) / 10 ** (3 - (i & 3))) % 10),
);
/** How many of a fraction's four digits are shown: those up to the last one that is not 0. */
const SHOWN = Uint8Array.from({ length: PLAIN }, (_, i) => (i % 10 ? 4 : i % 100 ? 3 : i % 1000 ? 2 : 1));
const LEAST_ROOM = 1 << 16;
const DEEPEST = 100;
const [QUOTE, COMMA, POINT, COLON, BACKSLASH] = [34, 44, 46, 58, 92];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const { isArray } = Array;
const { getPrototypeOf, keys } = Object;

/**
 * Packs texts, and JSON of values. Values of nothing but plain objects, arrays, texts, numbers and truth values are written as bytes at once, in which
 * a curve of forty points takes a fifth of what it takes as a text: each share would be made a text of its own by way of its
 * shortest digits. What they become is what JSON.stringify makes of them.
 */
export class TextPacker {
  private bytes: Buffer<ArrayBuffer> = Buffer.from(new ArrayBuffer(LEAST_ROOM));
  private used = 0;
  private rows = 0;
  private readonly lengths: Uint32Array<ArrayBuffer>;

  /** @param plain the prototype of the realm's plain objects */
  constructor(
    rows: number,
    private readonly plain: object,
  ) {
    this.lengths = new Uint32Array(rows);
  }

  /** Adds a row's text. @param text null is SQL NULL */
  text(text: string | null): void {
    if (text === null) {
      this.lengths[this.rows++] = NONE;
      return;
    }
    const start = this.used;
    this.write(text);
    this.lengths[this.rows++] = this.used - start;
  }

  /**
   * Adds a row's value as JSON.
   * @returns false, and adds nothing, for a value that only the realm's own JSON.stringify can tell
   */
  value(value: unknown): boolean {
    const start = this.used;
    if (!this.json(value, 0)) {
      this.used = start;
      return false;
    }
    this.lengths[this.rows++] = this.used - start;
    return true;
  }

  /** Takes the last row back. */
  takeBack(): void {
    const length = this.lengths[--this.rows]!;
    if (length !== NONE) this.used -= length;
  }

  done(): PackedTexts {
    return { bytes: new Uint8Array(this.bytes.buffer.slice(0, this.used)), lengths: this.lengths };
  }

  private json(value: unknown, depth: number): boolean {
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'string') return this.string(value);
    if (value === null) return this.write('null');
    if (typeof value === 'boolean') return this.write(value ? 'true' : 'false');
    if (typeof value !== 'object' || depth > DEEPEST) return false;
    return isArray(value) ? this.array(value, depth) : this.object(value as Record<string, unknown>, depth);
  }

  private array(list: readonly unknown[] & { toJSON?: unknown }, depth: number): boolean {
    if (list.toJSON !== undefined) return false;
    this.byte(OPEN_ARRAY);
    this.room(list.length * NUMBER_BYTES);
    for (let i = 0; i < list.length; i++) {
      if (i > 0) this.byte(COMMA);
      const value = list[i];
      if (typeof value === 'number') this.number(value);
      else if (!this.json(value, depth + 1)) return false;
    }
    this.byte(CLOSE_ARRAY);
    return true;
  }

  private object(value: Record<string, unknown>, depth: number): boolean {
    if (getPrototypeOf(value) !== this.plain || value.toJSON !== undefined) return false;
    this.byte(OPEN_OBJECT);
    const first = this.used;
    for (const key of keys(value)) {
      const member = value[key];
      if (member === undefined) continue;
      if (this.used > first) this.byte(COMMA);
      this.string(key);
      this.byte(COLON);
      if (!this.json(member, depth + 1)) return false;
    }
    this.byte(CLOSE_OBJECT);
    return true;
  }

  private number(value: number): boolean {
    this.room(NUMBER_BYTES);
    const end = plainNumber(this.bytes, this.used, value);
    if (end === 0) return this.write(Number.isFinite(value) ? String(value) : 'null');
    this.used = end;
    return true;
  }

  private string(text: string): boolean {
    this.room(text.length + 2);
    const start = this.used;
    const { bytes } = this;
    let at = start;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 32 || unit > 126 || unit === QUOTE || unit === BACKSLASH)
        return this.write(JSON.stringify(text));
      bytes[at++] = unit;
    }
    bytes[at++] = QUOTE;
    this.used = at;
    return true;
  }

  private write(text: string): true {
    this.room(text.length * 3);
    this.used += this.bytes.write(text, this.used, 'utf8');
    return true;
  }

  private byte(byte: number): void {
    this.room(1);
    this.bytes[this.used++] = byte;
  }

  private room(bytes: number): void {
    if (this.used + bytes <= this.bytes.length) return;
    const more = Buffer.from(new ArrayBuffer(Math.max(2 * this.bytes.length, this.used + bytes)));
    more.set(this.bytes.subarray(0, this.used));
    this.bytes = more;
  }
}

/**
 * Writes a number that has at most four digits before the point and four behind it. The shortest digits that mean it are these, if
 * these mean it.
 * @returns where it ends; 0 for another number
 */
function plainNumber(bytes: Uint8Array, start: number, value: number): number {
  if (!(value >= 0 && value < PLAIN)) return 0;
  const whole = value | 0;
  let at = start;
  if (whole > 999) bytes[at++] = DIGITS[4 * whole]!;
  if (whole > 99) bytes[at++] = DIGITS[4 * whole + 1]!;
  if (whole > 9) bytes[at++] = DIGITS[4 * whole + 2]!;
  bytes[at++] = DIGITS[4 * whole + 3]!;
  if (whole === value) return at;
  const all = Math.round(value * PLAIN);
  if (all / PLAIN !== value) return 0;
  const decimals = all - whole * PLAIN;
  bytes[at] = POINT!;
  bytes[at + 1] = DIGITS[4 * decimals]!;
  bytes[at + 2] = DIGITS[4 * decimals + 1]!;
  bytes[at + 3] = DIGITS[4 * decimals + 2]!;
  bytes[at + 4] = DIGITS[4 * decimals + 3]!;
  return at + 1 + SHOWN[decimals]!;
}
