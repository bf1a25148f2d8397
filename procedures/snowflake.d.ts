/**
 * Snowflake's JavaScript API for stored procedures.
 * https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-api
 */
declare const snowflake: {
  createStatement(command: { sqlText: string; binds?: readonly SnowflakeBind[] }): SnowflakeStatement;
  execute(command: { sqlText: string; binds?: readonly SnowflakeBind[] }): SnowflakeResultSet;
  log(
    level: 'off' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: string,
    attributes?: object,
  ): void;
  addEvent(name: string, attributes?: object): void;
  setSpanAttribute(key: string, value: string | number | boolean): void;
};

type SnowflakeBind = string | number | boolean | null | SfDate;

interface SnowflakeStatement {
  execute(): SnowflakeResultSet;
  getSqlText(): string;
  getQueryId(): string;
  getRowCount(): number;
  getNumRowsAffected(): number;
  getNumRowsInserted(): number;
  getNumRowsUpdated(): number;
  getNumRowsDeleted(): number;
  getNumDuplicateRowsUpdated(): number;
  getColumnCount(): number;
  getColumnName(column: number): string;
  getColumnType(column: number): string;
  getColumnSqlType(column: number): string;
  getColumnScale(column: number): number;
  isColumnNullable(column: number): boolean;
  isColumnText(column: number): boolean;
  isColumnArray(column: number): boolean;
  isColumnBinary(column: number): boolean;
  isColumnBoolean(column: number): boolean;
  isColumnDate(column: number): boolean;
  isColumnNumber(column: number): boolean;
  isColumnObject(column: number): boolean;
  isColumnTime(column: number): boolean;
  isColumnTimestamp(column: number): boolean;
  isColumnVariant(column: number): boolean;
}

/** Columns are numbered from 1, or named. */
interface SnowflakeResultSet {
  next(): boolean;
  getColumnValue(column: number | string): unknown;
  /** Exact text, for NUMBER values above 2^53. */
  getColumnValueAsString(column: number | string): string | null;
  getColumnCount(): number;
  getColumnName(column: number): string;
  getColumnType(column: number): string;
  getColumnSqlType(column: number): string;
  getQueryId(): string;
  getRowCount(): number;
}

/** A DATE or TIMESTAMP as JavaScript sees it: a Date that knows its zone and nanoseconds. */
interface SfDate extends Date {
  /** Minutes before or after UTC. */
  getTimezone(): number;
  getNanoSeconds(): number;
  getEpochSeconds(): number;
  getScale(): number;
  toString(): string;
}

/** Error that a failed statement throws. */
interface SnowflakeError extends Error {
  code: number | string;
  state: string;
  stackTraceTxt: string;
}
