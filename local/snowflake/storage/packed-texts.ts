/** The length of a NULL. */
export const NONE = 0xffffffff;

/** Texts one behind the other in UTF-8: they go from thread to thread and into DuckDB without ever being strings there. */
export interface PackedTexts {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of each; NONE is NULL. */
  readonly lengths: Uint32Array<ArrayBuffer>;
}

/** DOUBLEs as they lie in DuckDB's vectors. */
export interface PackedNumbers {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** A byte for each: 1 is NULL. */
  readonly nulls: Uint8Array<ArrayBuffer>;
}

export type PackedColumn = PackedTexts | PackedNumbers;

/** How many rows a column has. */
export const rowsOf = (column: PackedColumn): number =>
  'numbers' in column ? column.numbers.length : column.lengths.length;

/** The texts one by one. */
export function stringsOf({ bytes, lengths }: PackedTexts): (string | null)[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return Array.from(lengths, (length) => {
    if (length === NONE) return null;
    at += length;
    return all.toString('utf8', at - length, at);
  });
}

/** The texts of several parts. */
export function joinParts(parts: readonly PackedTexts[]): PackedTexts {
  const lengths = new Uint32Array(parts.reduce((rows, part) => rows + part.lengths.length, 0));
  let at = 0;
  for (const part of parts) {
    lengths.set(part.lengths, at);
    at += part.lengths.length;
  }
  return { bytes: new Uint8Array(Buffer.concat(parts.map(({ bytes }) => bytes))), lengths };
}
