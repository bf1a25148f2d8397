import { SnowflakeError } from '../../errors.js';
import { literal } from '../../storage/storage.js';
import type { Typed } from '../../types/coerce.js';
import { type DataType, NUMBER, TEXT } from '../../types/data-type.js';
import type { StageFile } from './files.js';

/** The METADATA$ columns of staged files; docs: user-guide/querying-metadata. */
const COLUMNS: Record<
  string,
  { type: DataType; sql: (file: StageFile, row: string, now: number) => string }
> = {
  METADATA$FILENAME: { type: TEXT(), sql: (file) => literal(file.shown) },
  METADATA$FILE_ROW_NUMBER: { type: NUMBER(), sql: (_, row) => `CAST(${row} + 1 AS DECIMAL(38,0))` },
  METADATA$FILE_CONTENT_KEY: { type: TEXT(), sql: (file) => literal(file.md5) },
  METADATA$FILE_LAST_MODIFIED: {
    type: { kind: 'TIMESTAMP_NTZ', scale: 3 },
    sql: (file) => `make_timestamp(${Math.floor(file.modified)} * 1000)`,
  },
  METADATA$START_SCAN_TIME: {
    type: { kind: 'TIMESTAMP_LTZ', scale: 3 },
    sql: (_file, _row, now) => `to_timestamp(${now} / 1000.0)`,
  },
};

export const METADATA_COLUMNS: { name: string; type: DataType }[] = Object.entries(COLUMNS).map(
  ([name, { type }]) => ({ name, type }),
);

/**
 * The value of a METADATA$ column for the rows of one file.
 * @param row DuckDB's number of the row in its file, from 0
 * @param now when the statement began, in milliseconds since 1970
 * @throws SnowflakeError 000904
 */
export function metadataValue(name: string, file: StageFile, row: string, now: number): Typed {
  const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
  if (!column)
    throw new SnowflakeError('000904', '42000', `SQL compilation error:\ninvalid identifier '${name}'`);
  return { sql: column.sql(file, row, now), type: column.type, nullable: false };
}
