import { isAscii } from 'node:buffer';
import { type DuckDBDataChunk, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** Bytes of DuckDB's string_t: the length, and up to twelve bytes of text, or four of them and where the text lies. */
export const ENTRY = 16;
export const WITHIN = 12;
/** Texts of a vector lie one behind the other, but for what aligns them: what is between them can be read with them. */
const GAP = 16;

/**
 * The texts of a VARCHAR column, null for NULL. Those that lie side by side are brought over together; one by one, each
 * costs a call into DuckDB's binding and an object that must be collected.
 * @throws Error for values of another type, which are no places where texts lie
 */
export function textsOf({ chunk, rowCount: rows }: DuckDBDataChunk, column: number): (string | null)[] {
  const vector = duckdb.data_chunk_get_vector(chunk, column);
  const valid = validity(vector, rows);
  const texts: (string | null)[] = new Array(rows).fill(null);
  const type = duckdb.get_type_id(duckdb.vector_get_column_type(vector)) as number;
  if (type !== DuckDBTypeId.VARCHAR) {
    // A NULL alone is an INTEGER to DuckDB.
    if (texts.some((_, row) => valid(row)))
      throw new Error(`Column ${column} is ${DuckDBTypeId[type]}, not VARCHAR`);
    return texts;
  }
  const { buffer, byteOffset } = duckdb.vector_get_data(vector, rows * ENTRY);
  const words = new Uint32Array(buffer, byteOffset, rows * 4);
  // Places have 48 bits, in some kernels 57 of which none asks for more: a number holds them, and costs no object.
  const placeOf = (row: number) => words[4 * row + 2]! + words[4 * row + 3]! * 2 ** 32;
  const entries = Buffer.from(buffer, byteOffset, rows * ENTRY);
  let run: number[] = [];
  let end = 0;
  const take = () => {
    if (run.length === 0) return;
    const first = run[0]!;
    const start = placeOf(first);
    const from = byteOffset + first * ENTRY + 8;
    const bytes = duckdb.get_data_from_pointer(buffer as ArrayBuffer, from, end - start);
    readRun(texts, run, bytes, (row) => {
      const at = placeOf(row) - start;
      return [at, at + words[4 * row]!];
    });
    run = [];
  };
  for (let row = 0; row < rows; row++) {
    if (!valid(row)) continue;
    const length = words[4 * row]!;
    if (length <= WITHIN) {
      const at = row * ENTRY + 4;
      texts[row] = entries.toString('utf8', at, at + length);
      continue;
    }
    const place = placeOf(row);
    if (place < end || place - end >= GAP) take();
    run.push(row);
    end = place + length;
  }
  take();
  return texts;
}

/** Reads the texts of rows out of the bytes in which all of them lie. @param within where a row's text begins and ends */
function readRun(
  texts: (string | null)[],
  rows: readonly number[],
  { buffer, byteOffset, byteLength }: Uint8Array,
  within: (row: number) => [from: number, to: number],
): void {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const whole = isAscii(bytes) ? bytes.toString('latin1') : undefined;
  for (const row of rows) {
    const [from, to] = within(row);
    texts[row] = whole === undefined ? bytes.toString('utf8', from, to) : whole.substring(from, to);
  }
}

function validity(vector: duckdb.Vector, rows: number): (row: number) => boolean {
  const bits = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8) as Uint8Array | null;
  return bits ? (row) => ((bits[row >> 3]! >> (row & 7)) & 1) === 1 : () => true;
}

/** Bytes that are brought over together. */
const TOGETHER = 1 << 20;
/** Of UTF-8 for one unit of UTF-16, at most. */
const WIDEST = 3;

/** The room of the last writer, for the next one. */
let spare: Buffer | undefined;

/**
 * Writes a VARCHAR vector that a function of DuckDB's gives. Each text is written as bytes at once and all of them are brought
 * over together. One by one at the end of the vector, each costs a call into DuckDB's binding, and what a text was put
 * together of, 200 pieces for a line of CSV, lives until then: most of the time of a UDF went into collecting and joining it.
 */
export class TextWriter {
  private bytes = spare ?? Buffer.allocUnsafe(TOGETHER);
  private used = 0;
  private readonly entries: Buffer;
  /** Rows whose texts are in `bytes`, and where they begin there. */
  private long: number[] = [];
  private starts: number[] = [];

  constructor(
    private readonly output: DuckDBVector,
    rows: number,
  ) {
    spare = undefined;
    this.entries = Buffer.alloc(rows * ENTRY);
  }

  /** @param text null is SQL NULL */
  setItem(row: number, text: string | null): void {
    if (text === null) {
      this.output.setItem(row, null as never);
      return;
    }
    const start = this.roomFor(text.length * WIDEST);
    const length = this.bytes.write(text, start, 'utf8');
    const entry = row * ENTRY;
    this.entries.writeUInt32LE(length, entry);
    this.bytes.copy(this.entries, entry + 4, start, start + Math.min(length, length <= WITHIN ? WITHIN : 4));
    if (length <= WITHIN) return;
    this.used += length;
    this.long.push(row);
    this.starts.push(start);
  }

  /** Brings everything over. To be called once, at the end. */
  flush(): void {
    this.bringOver();
    const { buffer, byteOffset, byteLength } = this.entries;
    duckdb.copy_data_to_vector(this.vector, 0, buffer as ArrayBuffer, byteOffset, byteLength);
    this.output.flush();
    if (this.bytes.length === TOGETHER) spare = this.bytes;
  }

  private get vector(): duckdb.Vector {
    return (this.output as unknown as { vector: duckdb.Vector }).vector;
  }

  /** @returns where so many bytes can be written */
  private roomFor(bytes: number): number {
    if (this.used + bytes > this.bytes.length) this.bringOver();
    if (bytes > this.bytes.length) this.bytes = Buffer.allocUnsafe(bytes);
    return this.used;
  }

  /** All texts as one into the vector, which keeps it for as long as itself; their entries point into it. */
  private bringOver(): void {
    if (this.used === 0) return;
    duckdb.vector_assign_string_element_len(this.vector, 0, this.bytes.subarray(0, this.used));
    const { buffer, byteOffset } = duckdb.vector_get_data(this.vector, ENTRY);
    const place = new DataView(buffer, byteOffset, ENTRY);
    const [low, high] = [place.getUint32(8, true), place.getUint32(12, true)];
    for (const [i, row] of this.long.entries()) {
      const at = low + this.starts[i]!;
      this.entries.writeUInt32LE(at >>> 0, row * ENTRY + 8);
      this.entries.writeUInt32LE(high + (at > 0xffffffff ? 1 : 0), row * ENTRY + 12);
    }
    this.used = 0;
    this.long = [];
    this.starts = [];
  }
}
