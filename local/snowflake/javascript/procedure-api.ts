import type { valueConversions } from './values.js';

/** A column as the `snowflake` API reports it. */
export interface ApiColumn {
  name: string;
  kind: string;
  scale: number;
}

/** What one `execute` answers to the handler. */
export type ExecuteAnswer =
  | { error: { message: string } }
  | {
      queryId: string;
      columns: ApiColumn[];
      rows: (string | null)[][];
      dml?: { inserted: number; updated: number; deleted: number };
    };

/** What a handler asks of the thread that started it. */
export type Request =
  | { execute: string; binds: { type: string; value: string | null }[] }
  | { log: string; message: string; attributes: string | null }
  | { event: string; attributes: string | null };

/**
 * Makes the `snowflake` object of JavaScript procedures. Like valueConversions() it runs inside the handler's
 * realm and uses nothing from this module.
 *
 * API: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-api
 * @param send passes a request on and waits for the answer, both as JSON text
 * @param handler the procedure's name, which is also the file name in its stack frames
 */
export function procedureApi(
  send: (request: string) => string,
  conversions: ReturnType<typeof valueConversions>,
  handler: string,
) {
  const ask = (request: unknown) => JSON.parse(send(JSON.stringify(request)));

  /** A timestamp or date from a result: a Date that also knows its text. */
  class SfDate extends Date {
    getEpochSeconds() {
      return Math.floor(this.getTime() / 1000);
    }
    getNanoSeconds() {
      return (((this.getTime() % 1000) + 1000) % 1000) * 1_000_000;
    }
    getTimezone() {
      return 0;
    }
    getScale() {
      return 9;
    }
  }

  const failed = (where: string, message: string) => {
    const error = new Error(message) as Error & { code: number; state: string; stackTraceTxt: string };
    const frame = String(error.stack)
      .split('\n')
      .map((line) => /^\s+at (?:.*\()?(.*):(\d+):(\d+)\)?$/.exec(line))
      .find((match) => match?.[1] === handler);
    error.code = 100183;
    error.state = 'P0000';
    error.stackTraceTxt = `At ${where}${frame ? `, line ${frame[2]} position ${Number(frame[3]) - 1}` : ''}`;
    return error;
  };

  const bind = (value: unknown, where: string) => {
    if (value === null || value === undefined) return { type: 'TEXT', value: null };
    if (typeof value === 'number')
      return Number.isSafeInteger(value)
        ? { type: 'FIXED', value: String(value) }
        : { type: 'REAL', value: String(value) };
    if (typeof value === 'string') return { type: 'TEXT', value };
    if (typeof value === 'boolean') return { type: 'BOOLEAN', value: String(value) };
    if (value instanceof Date) return { type: 'TIMESTAMP_LTZ', value: `${value.getTime()}000000` };
    throw failed(
      where,
      `Invalid binds argument[object ${typeof value}]. Error: Unsupported type for binding argument`,
    );
  };

  const describeType = (kind: string) =>
    kind === 'TEXT'
      ? 'string'
      : kind === 'NUMBER' || kind === 'FLOAT'
        ? 'number'
        : kind === 'BOOLEAN'
          ? 'boolean'
          : kind.startsWith('TIMESTAMP') || kind === 'DATE'
            ? 'date'
            : kind.toLowerCase();

  class Statement {
    #sql: string;
    #binds: unknown[];
    #answer: Exclude<ExecuteAnswer, { error: unknown }> | null = null;

    constructor(sql: string, binds: unknown[]) {
      this.#sql = sql;
      this.#binds = binds;
    }
    execute() {
      return this.run('Statement.execute');
    }
    run(where: string) {
      const answer = ask({
        execute: this.#sql,
        binds: this.#binds.map((value) => bind(value, where)),
      }) as ExecuteAnswer;
      if ('error' in answer) throw failed(where, answer.error.message);
      this.#answer = answer;
      return new ResultSet(this, answer);
    }
    #done(method: string) {
      if (!this.#answer) throw failed(`Statement.${method}`, 'Statement has not been executed yet');
      return this.#answer;
    }
    getSqlText() {
      return this.#sql;
    }
    getQueryId() {
      return this.#done('getQueryId').queryId;
    }
    getRowCount() {
      return this.#done('getRowCount').rows.length;
    }
    getNumRowsAffected() {
      const dml = this.#done('getNumRowsAffected').dml;
      return dml ? dml.inserted + dml.updated + dml.deleted : 0;
    }
    getNumRowsInserted() {
      return this.#done('getNumRowsInserted').dml?.inserted ?? 0;
    }
    getNumRowsUpdated() {
      return this.#done('getNumRowsUpdated').dml?.updated ?? 0;
    }
    getNumRowsDeleted() {
      return this.#done('getNumRowsDeleted').dml?.deleted ?? 0;
    }
    getNumDuplicateRowsUpdated() {
      return 0;
    }
    getColumnCount() {
      return this.#done('getColumnCount').columns.length;
    }
    column(method: string, index: unknown) {
      const { columns } = this.#done(method);
      const at =
        typeof index === 'string'
          ? columns.findIndex((c) => c.name === index) + 1 ||
            columns.findIndex((c) => c.name === index.toUpperCase()) + 1
          : Number(index);
      const column = columns[at - 1];
      if (!column)
        throw failed(
          `${method === 'getColumnValue' ? 'ResultSet' : 'Statement'}.${method}`,
          `Given column name/index does not exist: ${index}`,
        );
      return { at: at - 1, column };
    }
    getColumnName(index: number) {
      return this.column('getColumnName', index).column.name;
    }
    getColumnScale(index: number) {
      return this.column('getColumnScale', index).column.scale;
    }
    getColumnType(index: number) {
      return describeType(this.column('getColumnType', index).column.kind);
    }
    getColumnSqlType(index: number) {
      const { kind } = this.column('getColumnSqlType', index).column;
      return kind === 'NUMBER' ? 'FIXED' : kind === 'FLOAT' ? 'REAL' : kind;
    }
    isColumnNullable(index: number) {
      this.column('isColumnNullable', index);
      return true;
    }
    isColumnText(index: number) {
      return this.column('isColumnText', index).column.kind === 'TEXT';
    }
    isColumnNumber(index: number) {
      return describeType(this.column('isColumnNumber', index).column.kind) === 'number';
    }
    isColumnBoolean(index: number) {
      return this.column('isColumnBoolean', index).column.kind === 'BOOLEAN';
    }
    isColumnDate(index: number) {
      return this.column('isColumnDate', index).column.kind === 'DATE';
    }
    isColumnTime(index: number) {
      return this.column('isColumnTime', index).column.kind === 'TIME';
    }
    isColumnTimestamp(index: number) {
      return this.column('isColumnTimestamp', index).column.kind.startsWith('TIMESTAMP');
    }
    isColumnBinary(index: number) {
      return this.column('isColumnBinary', index).column.kind === 'BINARY';
    }
    isColumnArray(index: number) {
      return this.column('isColumnArray', index).column.kind === 'ARRAY';
    }
    isColumnObject(index: number) {
      return this.column('isColumnObject', index).column.kind === 'OBJECT';
    }
    isColumnVariant(index: number) {
      return this.column('isColumnVariant', index).column.kind === 'VARIANT';
    }
  }

  class ResultSet {
    #statement: Statement;
    #rows: (string | null)[][];
    #at = -1;

    constructor(statement: Statement, answer: Exclude<ExecuteAnswer, { error: unknown }>) {
      this.#statement = statement;
      this.#rows = answer.rows;
    }
    next() {
      if (this.#at < this.#rows.length) this.#at++;
      return this.#at < this.#rows.length;
    }
    #cell(index: unknown, method: string) {
      const { at, column } = this.#statement.column('getColumnValue', index);
      const row = this.#rows[this.#at];
      if (!row) throw failed(`ResultSet.${method}`, 'No row available: call next() first');
      return { cell: row[at] ?? null, kind: column.kind };
    }
    getColumnValue(index: unknown) {
      const { cell, kind } = this.#cell(index, 'getColumnValue');
      if (cell === null) return null;
      const value = conversions.fromCell(kind, cell);
      return value instanceof Date ? new SfDate(value.getTime()) : value;
    }
    getColumnValueAsString(index: unknown) {
      const { cell, kind } = this.#cell(index, 'getColumnValueAsString');
      if (cell === null) return null;
      if (kind === 'BOOLEAN') return cell === '1' ? 'true' : 'false';
      if (kind === 'DATE') return new Date(Number(cell) * 86_400_000).toISOString().slice(0, 10);
      if (kind.startsWith('TIMESTAMP'))
        return (conversions.fromCell(kind, cell) as Date).toISOString().replace('T', ' ').replace('Z', '');
      return cell;
    }
    getQueryId() {
      return this.#statement.getQueryId();
    }
    getRowCount() {
      return this.#statement.getRowCount();
    }
    getColumnCount() {
      return this.#statement.getColumnCount();
    }
    getColumnName(index: number) {
      return this.#statement.getColumnName(index);
    }
    getColumnType(index: number) {
      return this.#statement.getColumnType(index);
    }
    getColumnSqlType(index: number) {
      return this.#statement.getColumnSqlType(index);
    }
    getColumnScale(index: number) {
      return this.#statement.getColumnScale(index);
    }
  }

  const statement = (input: unknown, where: string) => {
    const { sqlText, binds } = (input ?? {}) as { sqlText?: unknown; binds?: unknown };
    if (typeof sqlText !== 'string') throw failed(where, 'Empty SQL text: pass {sqlText: "…"}');
    if (binds !== undefined && !Array.isArray(binds)) throw failed(where, 'binds must be an array');
    return new Statement(sqlText, binds ?? []);
  };
  const attributesText = (attributes: unknown) =>
    attributes === undefined ? null : JSON.stringify(attributes);

  const snowflake = {
    createStatement: (input: unknown) => statement(input, 'Snowflake.createStatement'),
    execute: (input: unknown) => statement(input, 'Snowflake.execute').run('Snowflake.execute'),
    log: (level: string, message: unknown, attributes?: unknown) => {
      ask({ log: String(level), message: String(message), attributes: attributesText(attributes) });
    },
    addEvent: (name: string, attributes?: unknown) => {
      ask({ event: String(name), attributes: attributesText(attributes) });
    },
    setSpanAttribute: (name: string, value: unknown) => {
      ask({ event: String(name), attributes: attributesText(value) });
    },
  };
  return { snowflake, SfDate };
}
