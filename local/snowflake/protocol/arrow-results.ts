import { localRefusal } from '../errors.js';
import type { Cell, ResultColumn, Row } from '../types/data-type.js';
import { type Arrow, arrowColumn } from './arrow-columns.js';

/** A result in Arrow's format: each part of it is a stream of Arrow's IPC with the schema. */
export interface ArrowResult {
  part(from: number, count: number): Buffer;
}

let library: Promise<Arrow> | undefined;

/**
 * Apache Arrow's library, when the first client asks for it.
 * @throws SnowflakeError where the package is not installed
 */
export function loadArrow(): Promise<Arrow> {
  library ??= import('apache-arrow').catch((error: NodeJS.ErrnoException) => {
    library = undefined;
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw localRefusal(
      'Results in the Arrow format',
      'the npm package apache-arrow is not installed',
      'Install it, or set the session’s …_QUERY_RESULT_FORMAT to JSON.',
    );
  });
  return library;
}

/** @param rows all of the result's, as they travel in JSON (wireRows) */
export function arrowResult(arrow: Arrow, columns: readonly ResultColumn[], rows: Row[]): ArrowResult {
  const each = columns.map((column, at) =>
    arrowColumn(arrow, column, function* (): Iterable<Cell> {
      for (const row of rows) yield row[at]!;
    }),
  );
  const schema = new arrow.Schema(each.map(({ field }) => field));
  const type = new arrow.Struct(schema.fields);
  const batchOf = (some: Row[]) => {
    const children = each.map(({ data }, at) => data(some.map((row) => row[at]!)));
    const data = arrow.makeData({ type, length: some.length, nullCount: 0, children });
    // The library merges columns of one name, and writes nothing of a batch whose schema is then another.
    return Object.assign(new arrow.RecordBatch(schema, data), { schema });
  };
  return {
    part(from, count) {
      const some = rows.slice(from, from + count);
      // Nothing, as from Snowflake: clients make the columns of an empty result by its types.
      if (some.length === 0) return Buffer.alloc(0);
      const writer = new arrow.RecordBatchStreamWriter();
      writer.reset(undefined, schema);
      for (const batch of oddParts(some)) writer.write(batchOf(batch));
      return Buffer.from(writer.finish().toUint8Array(true));
    },
  };
}

/**
 * Rows in parts of an odd number: with their ends, the offsets of texts are then whole 8 bytes. apache-arrow counts the
 * zeros that fill up a buffer as part of it, and the Python connector (nanoarrow) refuses them as offsets that go back.
 */
function oddParts(rows: Row[]): Row[][] {
  return rows.length % 2 === 1 ? [rows] : [rows.slice(0, -1), rows.slice(-1)];
}
