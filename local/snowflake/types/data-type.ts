/** Snowflake's data types. TEXT covers VARCHAR, STRING, CHAR; FLOAT covers DOUBLE and REAL. */
export type DataType =
  | { kind: 'NUMBER'; precision: number; scale: number }
  | { kind: 'FLOAT' }
  | { kind: 'DECFLOAT' }
  | { kind: 'TEXT'; length: number }
  | { kind: 'BINARY'; length: number }
  | { kind: 'BOOLEAN' }
  | { kind: 'DATE' }
  | { kind: 'TIME'; scale: number }
  | { kind: 'TIMESTAMP_NTZ'; scale: number }
  | { kind: 'TIMESTAMP_LTZ'; scale: number }
  | { kind: 'TIMESTAMP_TZ'; scale: number }
  | { kind: 'VARIANT' }
  | { kind: 'OBJECT'; fields?: Field[] }
  | { kind: 'ARRAY'; element?: DataType; notNull?: boolean };

/** A key of a structured OBJECT. */
export interface Field {
  name: string;
  type: DataType;
  notNull?: boolean;
}

export const MAX_TEXT = 16_777_216;
export const MAX_BINARY = 8_388_608;

export const NUMBER = (precision = 38, scale = 0): DataType => ({ kind: 'NUMBER', precision, scale });
export const FLOAT: DataType = { kind: 'FLOAT' };
export const DECFLOAT: DataType = { kind: 'DECFLOAT' };
export const TEXT = (length = MAX_TEXT): DataType => ({ kind: 'TEXT', length });
export const BOOLEAN: DataType = { kind: 'BOOLEAN' };
export const DATE: DataType = { kind: 'DATE' };
export const VARIANT: DataType = { kind: 'VARIANT' };
export const OBJECT: DataType = { kind: 'OBJECT' };
export const ARRAY: DataType = { kind: 'ARRAY' };

/** One column of a result, as the driver's `rowtype` describes it. */
export interface ResultColumn {
  name: string;
  type: DataType;
  nullable: boolean;
}

/**
 * A value on its way to a client, in the text that Snowflake's JSON results carry: NUMBER and FLOAT as
 * digits, BOOLEAN "1"/"0", DATE as days since 1970, TIME and TIMESTAMP as "seconds.nanoseconds" since
 * midnight or 1970 (TZ adds " offset+1440"), BINARY as hex, semi-structured as JSON text; null is SQL NULL.
 * The queries that we hand to DuckDB produce this text themselves, so that no row is converted twice.
 */
export type Cell = string | null;
export type Row = Cell[];
