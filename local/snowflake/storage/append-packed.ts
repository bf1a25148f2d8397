import { type DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { NONE, type PackedTexts } from './packed-texts.js';
import { TextWriter } from './text-writer.js';

/** Rows of DuckDB's chunks, at most. */
const CHUNK_ROWS = 2048;
/** Bytes of a BIGINT. */
const BIGINT = 8;

/**
 * Appends rows to a table of a BIGINT, which numbers them, and a column for each of `columns`.
 * @param first number of the first row
 */
export function appendPacked(appender: DuckDBAppender, columns: readonly PackedTexts[], first: number): void {
  const rows = columns[0]!.lengths.length;
  const types = Array.from({ length: columns.length + 1 }, (_, i) => appender.columnType(i));
  const chunk = DuckDBDataChunk.create(types);
  const places = columns.map(() => 0);
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - start);
    chunk.reset();
    chunk.rowCount = count;
    const numbers = BigInt64Array.from({ length: count }, (_, i) => BigInt(first + start + i));
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, 0);
    duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, count * BIGINT);
    for (const [i, { bytes, lengths }] of columns.entries()) {
      const writer = new TextWriter(chunk.getColumnVector(i + 1), count);
      let at = places[i]!;
      for (let row = 0; row < count; row++) {
        const length = lengths[start + row]!;
        if (length === NONE) writer.setItem(row, null);
        else {
          writer.setBytes(row, bytes, at, at + length);
          at += length;
        }
      }
      places[i] = at;
      writer.flush();
    }
    appender.appendDataChunk(chunk);
  }
}
