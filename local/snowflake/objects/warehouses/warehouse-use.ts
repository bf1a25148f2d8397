// Warehouses start when a statement needs them, and stop when none has for AUTO_SUSPEND seconds.
import type { Account } from '../../account.js';
import type { Warehouse } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Session } from '../../sessions/session.js';

/** When each warehouse was used last, by id; in memory, as a restart suspends nothing. */
const used = new WeakMap<Account, Map<number, number>>();

function usesOf(account: Account): Map<number, number> {
  const found = used.get(account) ?? new Map<number, number>();
  used.set(account, found);
  return found;
}

/** Whether a warehouse runs now. */
export function isStarted(account: Account, warehouse: Warehouse): boolean {
  if (warehouse.state === 'SUSPENDED') return false;
  const { autoSuspend, id } = warehouse;
  if (autoSuspend === null || autoSuspend === 0) return true;
  const since = Math.max(
    usesOf(account).get(id) ?? warehouse.createdOn,
    warehouse.resumedOn ?? warehouse.createdOn,
  );
  return account.clock.now() - since <= autoSuspend * 1000;
}

/**
 * Makes the session's warehouse run, for a statement that reads or changes rows. A session without a warehouse is let
 * through: here it is not the warehouse that computes.
 * @throws SnowflakeError 000606 if it is suspended and does not resume by itself
 */
export async function useWarehouse(account: Account, session: Session): Promise<Warehouse | undefined> {
  const name = session.warehouse;
  const warehouse = name === undefined ? undefined : account.catalog.at('WAREHOUSE', name);
  if (!warehouse) return undefined;
  const now = account.clock.now();
  if (!isStarted(account, warehouse)) {
    if (!warehouse.autoResume)
      throw new SnowflakeError(
        '000606',
        '57P03',
        "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
      );
    await resume(account, warehouse, now);
  }
  usesOf(account).set(warehouse.id, now);
  return warehouse;
}

/** Resumes under way, by warehouse: several sessions may want it at once. */
const resuming = new Map<Warehouse, Promise<void>>();

function resume(account: Account, warehouse: Warehouse, now: number): Promise<void> {
  const pending = resuming.get(warehouse);
  if (pending) return pending;
  const done = resumeWarehouse(account, warehouse, now).finally(() => resuming.delete(warehouse));
  resuming.set(warehouse, done);
  return done;
}

/** On a connection of its own: the session's may be in a transaction, which is no part of this. */
async function resumeWarehouse(account: Account, warehouse: Warehouse, now: number): Promise<void> {
  const connection = await account.storage.connect();
  try {
    await account.catalog.change(connection, (tx) => {
      const current = account.catalog.get(warehouse.id);
      if (current?.kind === 'WAREHOUSE') tx.put({ ...current, state: 'STARTED', resumedOn: now });
    });
  } finally {
    connection.close();
  }
}
