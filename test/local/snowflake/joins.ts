import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import { History } from '@local-cloud/snowflake/sessions/history.js';

/** A join that DuckDB has made, with the rows that went into it and came out of it. */
export interface JoinMade {
  /** The statement that it was made for, as it was sent to Snowflake. */
  statement: string;
  /** What DuckDB was asked. */
  sql: string;
  /** HASH_JOIN, BLOCKWISE_NL_JOIN, CROSS_PRODUCT … */
  operator: string;
  left: number;
  right: number;
  rows: number;
  /** A side is of no table: numbers from one on, say, of which there are as many as the statement says. */
  generated: boolean;
}

interface Operator {
  operator_type?: string;
  operator_cardinality?: number;
  extra_info?: { Table?: string };
  children: Operator[];
}

/** Whether rows of a table are below an operator; what has been put aside for several of them may be. */
const readsTable = ({ operator_type: type = '', extra_info: info, children }: Operator): boolean =>
  info?.Table !== undefined || /^(CTE|DELIM|COLUMN_DATA)_SCAN$/.test(type) || children.some(readsTable);

/** Joins that compare every row of one side with every row of the other. */
export const PRODUCTS = ['BLOCKWISE_NL_JOIN', 'NESTED_LOOP_JOIN', 'CROSS_PRODUCT'];

/**
 * Looks at the joins of every statement of this process, those of procedures and tasks too, in accounts that are opened from now on.
 * @param begin is told each statement
 * @returns ends it
 */
export function watchJoins(
  look: (made: JoinMade) => void,
  begin: (statement: string) => void = () => undefined,
): () => void {
  const { run } = DuckDBConnection.prototype;
  const { start } = History.prototype;
  const current = new AsyncLocalStorage<string>();
  const files = new WeakMap<DuckDBConnection, string>();
  let made = 0;

  /** DuckDB writes what it has done where it may write: into the account's folder. */
  async function fileOf(connection: DuckDBConnection): Promise<string | undefined> {
    const known = files.get(connection);
    if (known) return known;
    const setting = await run.call(connection, "SELECT unnest(current_setting('allowed_directories'))");
    const folder = setting.rowCount > 0 ? String(setting.getChunk(0).getColumnValues(0)[0]) : undefined;
    if (!folder) return undefined;
    const file = join(folder, `joins-${++made}.json`);
    const metrics = { OPERATOR_CARDINALITY: 'true', OPERATOR_TYPE: 'true', EXTRA_INFO: 'true' };
    for (const sql of [
      "PRAGMA enable_profiling = 'json'",
      `SET profiling_output = '${file}'`,
      `PRAGMA custom_profiling_settings = '${JSON.stringify(metrics)}'`,
    ])
      await run.call(connection, sql);
    files.set(connection, file);
    return file;
  }

  function read(sql: string, file: string): void {
    if (!existsSync(file)) return;
    const pending = [JSON.parse(readFileSync(file, 'utf8')) as Operator];
    rmSync(file);
    for (let next = pending.pop(); next; next = pending.pop()) {
      pending.push(...next.children);
      const { operator_type: operator = '', operator_cardinality: rows = 0, children } = next;
      const [left, right] = children.map((child) => child.operator_cardinality ?? 0);
      if (/JOIN$|^CROSS_PRODUCT$/.test(operator) && left !== undefined && right !== undefined)
        look({
          statement: current.getStore() ?? sql,
          sql,
          operator,
          left,
          right,
          rows,
          generated: children.some((child) => !readsTable(child)),
        });
    }
  }

  DuckDBConnection.prototype.run = async function (this: DuckDBConnection, sql, values, types) {
    const file = await fileOf(this);
    if (!file) return run.call(this, sql, values, types);
    const statements = values ? undefined : await this.extractStatements(sql);
    if (!statements || statements.count === 1) {
      const result = await run.call(this, sql, values, types);
      read(sql, file);
      return result;
    }
    // Each has a file of its own; the next one writes over it.
    for (let i = 0; ; i++) {
      const statement = await statements.prepare(i);
      try {
        const result = await statement.run();
        read(sql, file);
        if (i === statements.count - 1) return result;
      } finally {
        statement.destroySync();
      }
    }
  };
  History.prototype.start = function (this: History, session, text, id) {
    current.enterWith(text);
    begin(text);
    return start.call(this, session, text, id);
  };
  return () => {
    DuckDBConnection.prototype.run = run;
    History.prototype.start = start;
  };
}
