import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../account.js';

const cleaned = new WeakSet<Account>();

/** For files on their way; inside the account's folder, which DuckDB may read. A crash's leftovers go first. */
export async function temporaryFolder(account: Account): Promise<string> {
  const folder = join(account.folder, 'tmp');
  if (!cleaned.has(account)) {
    cleaned.add(account);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  return folder;
}

/** A new path for a file that lasts as long as a statement at most. */
export async function temporaryPath(account: Account, ending: string): Promise<string> {
  return join(await temporaryFolder(account), `${randomUUID()}${ending}`);
}
