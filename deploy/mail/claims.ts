import { existsSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** For so long a claimed file is left alone by others; a mail is written or sent in less, or that fails. */
const CLAIM_MS = 10 * 60_000;
const ENDING = '.claimed';

/**
 * Names of a folder's unclaimed files, sorted. A process that works on a file claims it by renaming it, so that of two
 * commands one does; who dies with it loses it ten minutes later.
 */
export function unclaimed(folder: string, wanted: RegExp): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  for (const claimed of names) {
    if (!claimed.endsWith(ENDING) || !isOld(join(folder, claimed))) continue;
    const name = claimed.slice(0, -ENDING.length);
    if (renamed(join(folder, claimed), join(folder, name))) names.push(name);
  }
  return names.filter((name) => wanted.test(name)).sort();
}

/** @returns whether it is ours now, under `claimedName`; false where another was quicker */
export function claim(folder: string, name: string): boolean {
  const file = join(folder, name);
  // Touched before, so that no process finds it claimed and old.
  return ifThere(() => utimesSync(file, new Date(), new Date())) && renamed(file, `${file}${ENDING}`);
}

/** What a file is called while a process works on it. */
export function claimedName(name: string): string {
  return `${name}${ENDING}`;
}

/** Renames a file. @returns false where it is not there any more */
export function renamed(from: string, to: string): boolean {
  return ifThere(() => renameSync(from, to));
}

function ifThere(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isOld(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > CLAIM_MS;
}
