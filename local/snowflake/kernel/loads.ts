import type { Session } from '../sessions/session.js';
import type { Storage } from '../storage/storage.js';

const COLUMNS: Record<string, string> = {
  table_id: 'BIGINT',
  file: 'VARCHAR',
  md5: 'VARCHAR',
  loaded_at: 'BIGINT',
  status: 'VARCHAR',
  stage: 'VARCHAR',
  size: 'BIGINT',
  rows_loaded: 'BIGINT',
  rows_parsed: 'BIGINT',
  message: 'VARCHAR',
  line: 'BIGINT',
  character: 'BIGINT',
  column_name: 'VARCHAR',
  errors: 'BIGINT',
  error_limit: 'BIGINT',
  place: 'VARCHAR',
};

/** DuckDB's table of the loads; rows of an older state have no more than the first four, or all but the last column. */
export const LOADS = '"$loads"';

/** Makes the table of the loads when an account is opened. */
export async function prepareLoadHistory(storage: Storage): Promise<void> {
  const connection = await storage.connect();
  try {
    await connection.run(`CREATE TABLE IF NOT EXISTS ${LOADS} (table_id BIGINT)`);
    for (const [name, type] of Object.entries(COLUMNS))
      await connection.run(`ALTER TABLE ${LOADS} ADD COLUMN IF NOT EXISTS "${name}" ${type}`);
  } finally {
    connection.close();
  }
}

/** TRUNCATE TABLE forgets what was loaded (docs: sql-reference/sql/truncate-table). */
export async function forgetLoads(session: Session, tableId: number): Promise<void> {
  await session.write(`DELETE FROM ${LOADS} WHERE table_id = ${tableId}`);
}
