/**
 * Reads Universal Binary JSON (ubjson.org, draft 12), the format of XGBoost's model files: as much of it as its
 * writer uses (dmlc/xgboost v3.2.0, src/common/json.cc, UBJWriter and UBJReader), numbers big-endian.
 */

/** A value as JSON knows it, but that an array of numbers of one kind is one typed array. */
export type Ubjson = null | boolean | number | string | Numbers | readonly Ubjson[] | UbjsonObject;
export interface UbjsonObject {
  readonly [key: string]: Ubjson;
}
export type Numbers = Float64Array;

/** Raised for bytes that are not what the format allows, with their place. */
export class UbjsonError extends Error {
  override name = 'UbjsonError';
}

/** Bytes of each kind of number and how it is read. 64-bit numbers beyond 2^53 do not occur in a model. */
const NUMBERS: Readonly<
  Record<string, readonly [size: number, read: (view: DataView, at: number) => number]>
> = {
  i: [1, (view, at) => view.getInt8(at)],
  U: [1, (view, at) => view.getUint8(at)],
  I: [2, (view, at) => view.getInt16(at)],
  l: [4, (view, at) => view.getInt32(at)],
  L: [8, (view, at) => Number(view.getBigInt64(at))],
  d: [4, (view, at) => view.getFloat32(at)],
  D: [8, (view, at) => view.getFloat64(at)],
};

/** @throws UbjsonError when the bytes are cut off or are not UBJSON */
export function readUbjson(bytes: Uint8Array): Ubjson {
  const reader = new Reader(bytes);
  try {
    return reader.value(reader.marker());
  } catch (error) {
    // DataView's own error for a place behind the end.
    if (error instanceof RangeError)
      throw new UbjsonError(`It ends within a value, after ${bytes.length} bytes.`);
    throw error;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  marker(): string {
    return String.fromCharCode(this.#view.getUint8(this.#at++));
  }

  value(marker: string): Ubjson {
    switch (marker) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case 'S':
        return this.#text(this.#number(this.marker()));
      case 'Z':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      default:
        return this.#number(marker);
    }
  }

  #object(): UbjsonObject {
    const found: Record<string, Ubjson> = Object.create(null);
    for (let marker = this.marker(); marker !== '}'; marker = this.marker()) {
      const key = this.#text(this.#number(marker));
      found[key] = this.value(this.marker());
    }
    return found;
  }

  /** `[…]`, `[#` length and values, or `[$` kind `#` length and bare numbers. */
  #array(): readonly Ubjson[] | Numbers {
    let marker = this.marker();
    const kind = marker === '$' ? this.marker() : undefined;
    if (kind !== undefined) marker = this.marker();
    const values: Ubjson[] = [];
    if (marker !== '#') {
      for (; marker !== ']'; marker = this.marker()) values.push(this.value(marker));
      return values;
    }
    const length = this.#number(this.marker());
    if (kind === undefined) {
      for (let i = 0; i < length; i++) values.push(this.value(this.marker()));
      return values;
    }
    const [size, read] = this.#kind(kind);
    if (this.#at + length * size > this.#bytes.length) throw new RangeError();
    const numbers = new Float64Array(length);
    for (let i = 0; i < length; i++) numbers[i] = read(this.#view, this.#at + i * size);
    this.#at += length * size;
    return numbers;
  }

  #number(marker: string): number {
    const [size, read] = this.#kind(marker);
    const value = read(this.#view, this.#at);
    this.#at += size;
    return value;
  }

  #kind(marker: string) {
    const kind = NUMBERS[marker];
    if (!kind)
      throw new UbjsonError(
        `Byte ${this.#at - 1} says 0x${marker.charCodeAt(0).toString(16)}, which is no kind of value.`,
      );
    return kind;
  }

  #text(length: number): string {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError();
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length).toString('utf8');
    this.#at = end;
    return text;
  }
}
