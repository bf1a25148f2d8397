import type { DataType } from './data-type.js';
import { TZ_STRUCT } from './timestamp-tz.js';

/**
 * The DuckDB type that holds values of a Snowflake type. Semi-structured values are JSON text in which
 * the JSON null is the text `null` and SQL NULL is NULL. Fractions of a second are kept to microseconds.
 */
export function duckType(type: DataType): string {
  switch (type.kind) {
    case 'NUMBER':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'FLOAT':
      return 'DOUBLE';
    case 'TEXT':
    case 'DECFLOAT':
      return 'VARCHAR';
    case 'BINARY':
      return 'BLOB';
    case 'TIMESTAMP_NTZ':
      return 'TIMESTAMP';
    case 'TIMESTAMP_LTZ':
      return 'TIMESTAMPTZ';
    case 'TIMESTAMP_TZ':
      return TZ_STRUCT;
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return 'JSON';
    default:
      return type.kind;
  }
}

/** A text as a DuckDB string literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether DuckDB SQL is one text as `quote` writes it, and nothing else. */
export const isQuoted = (sql: string): boolean => /^'(?:[^']|'')*'$/.test(sql);

/** A name as a DuckDB identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
