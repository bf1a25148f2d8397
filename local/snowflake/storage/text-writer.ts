import type { DuckDBVector } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { ENTRY, WITHIN } from './texts.js';

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
