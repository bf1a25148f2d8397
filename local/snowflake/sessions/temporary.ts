import { rm } from 'node:fs/promises';
import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import type { CatalogObject, InSchema } from '../catalog/objects.js';
import { localRefusal } from '../errors.js';
import { stageFolder } from '../storage/stage-folders.js';
import type { Connection } from '../storage/storage.js';
import type { Session } from './session.js';

type Lasting = Extract<CatalogObject, InSchema>;

/**
 * Notes that a stage, file format or view goes with its session. (Temporary tables are the session's own from the
 * start; these are in the catalog, where other sessions can see them, and the next start clears them away.)
 * @param existing what has the name now
 * @throws SnowflakeError 000002 if that is permanent: Snowflake would hide it, and show it again afterwards
 */
export function keepForSession(session: Session, id: number, existing: Lasting | undefined): void {
  if (existing && !existing.temporary)
    throw localRefusal(
      `a temporary ${existing.kind} with the name of a permanent one`,
      `it would take the place of ${identifier(existing.name)}`,
      'Give it a name of its own.',
    );
  session.temporaryObjects.add(id);
}

/** Drops the temporary objects of a session that ends, or those that a crash has left. */
export async function dropTemporary(
  account: Account,
  connection: Connection,
  ids: Iterable<number>,
): Promise<void> {
  const objects: CatalogObject[] = [];
  for (const id of ids) {
    const object = account.catalog.get(id);
    if (object) objects.push(object);
  }
  if (objects.length === 0) return;
  await account.catalog.change(connection, (tx) => {
    for (const object of objects) tx.remove(object);
  });
  for (const object of objects)
    if (object.kind === 'STAGE') await rm(stageFolder(account, object), { recursive: true, force: true });
}

/** Drops what sessions left that did not end as they should, because the process was killed. */
export async function dropLeftovers(account: Account): Promise<void> {
  const left = account.catalog.all().filter((object) => 'temporary' in object && object.temporary);
  if (left.length === 0) return;
  const connection = await account.storage.connect();
  await dropTemporary(
    account,
    connection,
    left.map(({ id }) => id),
  );
  connection.close();
}
