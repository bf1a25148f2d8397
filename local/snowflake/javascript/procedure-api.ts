import type { Executed, resultSets } from './result-set.js';
import type { sfDates } from './sf-date.js';
import type { Telling } from './telemetry.js';

/** A column as the `snowflake` API reports it. */
export interface ApiColumn {
  name: string;
  kind: string;
  /** Digits behind the point: of the fraction of a second for TIME and TIMESTAMP. */
  scale: number;
  nullable: boolean;
}

/** What one `execute` answers to the handler. */
export type ExecuteAnswer =
  | { error: { code: string; state: string; message: string } }
  | {
      queryId: string;
      columns: ApiColumn[];
      rows: (string | null)[][];
      dml?: { inserted: number; updated: number; deleted: number; multiJoined: number };
    };

/** What a handler asks of the thread that started it, which answers ExecuteAnswer, and text for `text`. */
export type Request =
  | { execute: string; binds: { type: string; value: string | null }[] }
  | { text: string; kind: string; scale: number };

/**
 * Makes createStatement and execute of the `snowflake` object of JavaScript procedures. Like valueConversions() it
 * runs inside the handler's realm and uses nothing from this module.
 *
 * API: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-api
 * @param send passes a request on and waits for the answer, both as JSON text
 */
export function procedureApi(
  send: (request: string) => string,
  failed: (where: string, message: string, code?: number, state?: string) => Error,
  dates: ReturnType<typeof sfDates>,
  { ResultSet, columnAt, jsType, sqlType, affected }: ReturnType<typeof resultSets>,
) {
  /** @param at the value's place among the binds, from 0 */
  const bind = (value: unknown, at: number, where: string) => {
    if (value === null) return { type: 'TEXT', value: null };
    // Whether whole numbers are bound as FIXED no page says; FLOAT is what fewer statements take.
    if (typeof value === 'number') return { type: 'REAL', value: String(value) };
    if (typeof value === 'string') return { type: 'TEXT', value };
    if (typeof value === 'boolean') return { type: 'BOOLEAN', value: String(value) };
    if (value instanceof Date) return { type: 'TIMESTAMP_LTZ', value: dates.nanoseconds(value) };
    throw failed(where, `Unsupported type for binding argument ${at + 1}${value}`);
  };

  class Statement {
    #sql: string;
    #binds: { type: string; value: string | null }[];
    #answer: Executed | null = null;

    constructor(sql: string, binds: { type: string; value: string | null }[]) {
      this.#sql = sql;
      this.#binds = binds;
    }
    execute() {
      return this.run('Statement.execute');
    }
    run(where: string) {
      const answer = JSON.parse(
        send(JSON.stringify({ execute: this.#sql, binds: this.#binds })),
      ) as ExecuteAnswer;
      if ('error' in answer) {
        const { code, state, message } = answer.error;
        throw failed(where, message, Number(code), state);
      }
      this.#answer = answer;
      return new ResultSet(answer);
    }
    #done(method: string) {
      if (!this.#answer) throw failed(`Statement.${method}`, 'Statement is not executed yet.');
      return this.#answer;
    }
    #column(method: string, index: unknown) {
      return columnAt(this.#done(method).columns, index, `Statement.${method}`).column;
    }
    #is(method: string, index: unknown, ...kinds: string[]) {
      return kinds.includes(this.#column(method, index).kind);
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
      return affected(this.#done('getNumRowsAffected'));
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
      return this.#done('getNumDuplicateRowsUpdated').dml?.multiJoined ?? 0;
    }
    getColumnCount() {
      return this.#done('getColumnCount').columns.length;
    }
    getColumnName(index: number) {
      return this.#column('getColumnName', index).name;
    }
    getColumnScale(index: number) {
      const { kind, scale } = this.#column('getColumnScale', index);
      return kind === 'NUMBER' ? scale : 0;
    }
    getColumnType(index: unknown) {
      return jsType(this.#column('getColumnType', index));
    }
    getColumnSqlType(index: unknown) {
      return sqlType(this.#column('getColumnSqlType', index));
    }
    isColumnNullable(index: number) {
      return this.#column('isColumnNullable', index).nullable;
    }
    isColumnText(index: number) {
      return this.#is('isColumnText', index, 'TEXT');
    }
    isColumnNumber(index: number) {
      return this.#is('isColumnNumber', index, 'NUMBER', 'FLOAT');
    }
    isColumnBoolean(index: number) {
      return this.#is('isColumnBoolean', index, 'BOOLEAN');
    }
    isColumnDate(index: number) {
      return this.#is('isColumnDate', index, 'DATE');
    }
    isColumnTime(index: number) {
      return this.#is('isColumnTime', index, 'TIME');
    }
    isColumnTimestamp(index: number) {
      return this.#is('isColumnTimestamp', index, 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ');
    }
    isColumnBinary(index: number) {
      return this.#is('isColumnBinary', index, 'BINARY');
    }
    isColumnArray(index: number) {
      return this.#is('isColumnArray', index, 'ARRAY');
    }
    isColumnObject(index: number) {
      return this.#is('isColumnObject', index, 'OBJECT');
    }
    isColumnVariant(index: number) {
      return this.#is('isColumnVariant', index, 'VARIANT');
    }
  }

  const statement = (input: unknown, where: string) => {
    const { sqlText, binds } = (input ?? {}) as { sqlText?: unknown; binds?: unknown };
    if (typeof sqlText !== 'string' || sqlText.trim() === '')
      throw failed(where, 'Empty SQL text: pass {sqlText: "…"}');
    if (binds !== undefined && !Array.isArray(binds)) throw failed(where, 'binds must be an array');
    return new Statement(
      sqlText,
      ((binds ?? []) as unknown[]).map((value, at) => bind(value, at, where)),
    );
  };
  return {
    createStatement: (input: unknown) => statement(input, 'Snowflake.createStatement'),
    execute: (input: unknown) => statement(input, 'Snowflake.execute').run('Snowflake.execute'),
  };
}

/**
 * Makes the errors that the API throws, with the handler's line where they arose.
 * Runs inside the handler's realm and uses nothing from this module.
 * @param handler the procedure's name, which is also the file name in its stack frames
 */
export function apiErrors(handler: string) {
  return (where: string, message: string, code = 100183, state = 'P0000') => {
    const error = new Error(message) as Error & { code: number; state: string; stackTraceTxt: string };
    const frame = String(error.stack)
      .split('\n')
      .map((line) => /^\s+at (?:.*\()?(.*):(\d+):(\d+)\)?$/.exec(line))
      .find((match) => match?.[1] === handler);
    error.code = code;
    error.state = state;
    error.stackTraceTxt = `${where}${frame ? `, line ${frame[2]} position ${Number(frame[3]) - 1}` : ''}`;
    return error;
  };
}

/** What a handler tells on the way, without waiting for an answer. */
export interface Told {
  told: Telling;
}
