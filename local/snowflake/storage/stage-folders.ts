import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../account.js';
import type { Stage } from '../catalog/objects.js';

/** Where a user's own stage, @~, keeps its files. */
export function userFolder(account: Account, user: string): string {
  return join(account.folder, 'stages', 'users', encodeURIComponent(user));
}

/** The stage follows its user to another name. */
export async function moveUserStage(account: Account, from: string, to: string): Promise<void> {
  await rename(userFolder(account, from), userFolder(account, to)).catch((error) => {
    if (error.code !== 'ENOENT') throw error; // nothing was ever put there
  });
}

/** Where a named internal stage keeps its files. */
export function stageFolder(account: Account, stage: Stage): string {
  return join(account.folder, 'stages', 'named', String(stage.id));
}
