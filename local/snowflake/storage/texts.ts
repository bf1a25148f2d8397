import { isAscii } from 'node:buffer';
import { type DuckDBDataChunk, DuckDBTypeId } from '@duckdb/node-api';
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
