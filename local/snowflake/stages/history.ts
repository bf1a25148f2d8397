import type { Session } from '../sessions/session.js';
import { literal } from '../storage/storage.js';
import type { StageFile } from './files.js';

const made = new WeakSet<object>();

/** Which files a table has loaded: a file is not loaded twice unless it changed (or FORCE = TRUE). */
export async function loadedBefore(
  session: Session,
  scope: object,
  tableId: number,
): Promise<Map<string, string>> {
  await prepare(session, scope);
  const rows = await session.connection.rows(
    `SELECT file, md5 FROM "$loads" WHERE table_id = ${tableId} ORDER BY loaded_at`,
  );
  return new Map(rows.map(([file, md5]) => [file!, md5!]));
}

/** Remembers loaded files in the transaction that loads them. */
export async function rememberLoads(
  session: Session,
  tableId: number,
  files: StageFile[],
  now: number,
): Promise<void> {
  if (files.length === 0) return;
  const values = files.map((file) => `(${tableId}, ${literal(file.shown)}, ${literal(file.md5)}, ${now})`);
  await session.write(`INSERT INTO "$loads" VALUES ${values.join()}`);
}

async function prepare(session: Session, scope: object): Promise<void> {
  if (made.has(scope)) return;
  await session.connection.run(
    'CREATE TABLE IF NOT EXISTS "$loads" (table_id BIGINT, file VARCHAR, md5 VARCHAR, loaded_at BIGINT)',
  );
  made.add(scope);
}
