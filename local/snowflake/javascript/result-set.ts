import type { ApiColumn, ExecuteAnswer } from './procedure-api.js';
import type { sfDates } from './sf-date.js';
import type { valueConversions } from './values.js';

/** What a statement answered when it did not fail. */
export type Executed = Exclude<ExecuteAnswer, { error: unknown }>;

/**
 * Makes ResultSet, and what Statement shares with it. Runs inside the handler's realm and uses nothing from this
 * module.
 *
 * API: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-api, "Object: ResultSet"
 */
export function resultSets(
  conversions: ReturnType<typeof valueConversions>,
  dates: ReturnType<typeof sfDates>,
  /** An error with its place in the handler, to be thrown. */
  failed: (where: string, message: string) => Error,
  /** A value as SQL writes it in this session. */
  textOf: (column: ApiColumn, cell: string) => string,
) {
  /** A column by its number from 1, or by its name as it is (upper-case, unless it was quoted). */
  const columnAt = (columns: ApiColumn[], index: unknown, where: string) => {
    const at =
      typeof index === 'string' ? columns.findIndex(({ name }) => name === index) : Number(index) - 1;
    const column = columns[at];
    if (!column) throw failed(where, `Given column name/index does not exist: ${index}`);
    return { at, column };
  };
  /** The JavaScript type of a column's values: docs, udf-stored-procedure-data-type-mapping. */
  const jsType = ({ kind }: ApiColumn): string => {
    if (kind === 'TEXT' || kind === 'TIME') return 'string';
    if (kind === 'NUMBER' || kind === 'FLOAT') return 'number';
    if (kind === 'BOOLEAN') return 'boolean';
    return kind.startsWith('TIMESTAMP') || kind === 'DATE' ? 'date' : kind.toLowerCase();
  };
  const sqlType = ({ kind }: ApiColumn): string =>
    kind === 'NUMBER' ? 'FIXED' : kind === 'FLOAT' ? 'REAL' : kind;
  const rowsAffected = ({ dml }: Executed): number => (dml ? dml.inserted + dml.updated + dml.deleted : 0);

  class ResultSet {
    #answer: Executed;
    #at = -1;

    constructor(answer: Executed) {
      this.#answer = answer;
      for (const { name } of answer.columns)
        if (!(name in this))
          Object.defineProperty(this, name, { get: () => this.getColumnValue(name), configurable: true });
    }
    next() {
      if (this.#at < this.#answer.rows.length) this.#at++;
      return this.#at < this.#answer.rows.length;
    }
    #row(where: string) {
      const row = this.#answer.rows[this.#at];
      if (!row) throw failed(where, 'ResultSet is empty or not prepared. Call next() first');
      return row;
    }
    #cell(index: unknown, method: string) {
      const { at, column } = columnAt(this.#answer.columns, index, `ResultSet.${method}`);
      return { cell: this.#row(`ResultSet.${method}`)[at] ?? null, column };
    }
    getColumnValue(index: unknown) {
      const { cell, column } = this.#cell(index, 'getColumnValue');
      if (cell === null) return null;
      const value = conversions.fromCell(column.kind, cell);
      return column.kind.startsWith('TIMESTAMP') ? dates.fromCell(value as Date, cell, column.scale) : value;
    }
    getColumnValueAsString(index: unknown) {
      const { cell, column } = this.#cell(index, 'getColumnValueAsString');
      if (cell === null) return null;
      if (column.kind === 'BOOLEAN') return cell === '1' ? 'true' : 'false';
      return column.kind === 'DATE' || column.kind.startsWith('TIME') ? textOf(column, cell) : cell;
    }
    getColumnCount() {
      return this.#answer.columns.length;
    }
    getColumnName(index: number) {
      return columnAt(this.#answer.columns, index, 'ResultSet.getColumnName').column.name;
    }
    getColumnType(index: unknown) {
      return jsType(columnAt(this.#answer.columns, index, 'ResultSet.getColumnType').column);
    }
    getColumnSqlType(index: unknown) {
      this.#row('ResultSet.getColumnSqlType');
      return sqlType(columnAt(this.#answer.columns, index, 'ResultSet.getColumnSqlType').column);
    }
    getNumRowsAffected() {
      return rowsAffected(this.#answer);
    }
    getQueryId() {
      return this.#answer.queryId;
    }
    getRowCount() {
      return this.#answer.rows.length;
    }
  }
  return { ResultSet, columnAt, jsType, sqlType, affected: rowsAffected };
}
