import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../account.js';

const folders = new WeakMap<Account, Promise<string>>();

/** For files on their way; inside the account's folder, which DuckDB may read. A crash's leftovers go first. */
export function temporaryFolder(account: Account): Promise<string> {
  // Statements that come at the same time wait for the same cleaning.
  const folder = folders.get(account) ?? clean(join(account.folder, 'tmp'));
  folders.set(account, folder);
  // What could not be cleaned is tried again.
  folder.catch(() => folders.delete(account));
  return folder;
}

async function clean(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** A new path for a file that lasts as long as a statement at most. */
export async function temporaryPath(account: Account, ending: string): Promise<string> {
  return join(await temporaryFolder(account), `${randomUUID()}${ending}`);
}
