import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';

/** A join that DuckDB has made, with the rows that went into it and came out of it. */
export interface JoinMade {
  /** The DuckDB statement. */
  sql: string;
  /** HASH_JOIN, BLOCKWISE_NL_JOIN, CROSS_PRODUCT … */
  operator: string;
  left: number;
  right: number;
  rows: number;
}

interface Operator {
  operator_type?: string;
  operator_cardinality?: number;
  children: Operator[];
}

/** Joins that compare every row of one side with every row of the other. */
export const PRODUCTS = ['BLOCKWISE_NL_JOIN', 'NESTED_LOOP_JOIN', 'CROSS_PRODUCT'];

/**
 * Looks at the joins of every DuckDB statement of this process, in accounts that are opened from now on.
 * @returns ends it
 */
export function watchJoins(look: (made: JoinMade) => void): () => void {
  const { run } = DuckDBConnection.prototype;
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
    const metrics = { OPERATOR_CARDINALITY: 'true', OPERATOR_TYPE: 'true' };
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
        look({ sql, operator, left, right, rows });
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
  return () => {
    DuckDBConnection.prototype.run = run;
  };
}
