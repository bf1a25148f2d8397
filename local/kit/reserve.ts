// Room that a state folder keeps for itself. A full disk can then be mended by the means of the cloud: it starts in that room,
// and what is not needed can be dropped.
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A database of DuckDB whose last writes are in its log opens in less. */
export const RESERVE_BYTES = 2 * 1024 * 1024;

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/**
 * Keeps the reserve where there is room for it, and gives it up where the disk is full.
 * @param free bytes of the folder's disk that are free
 * @returns what to tell about a disk that is full
 */
export function secureReserve(stateDir: string, free = freeBytes(stateDir)): string | undefined {
  const file = join(stateDir, 'reserve');
  const kept = statSync(file, { throwIfNoEntry: false })?.size === RESERVE_BYTES;
  if (free < RESERVE_BYTES) {
    rmSync(file, { force: true });
    const given = kept ? `, and ${RESERVE_BYTES} bytes that were kept for this are given up` : '';
    return `The disk of ${stateDir} is full: ${free} bytes are left${given}. Drop what is not needed, or make room on it.`;
  }
  // Zeros would take no room on some file systems; these are no secret.
  if (!kept && free > 10 * RESERVE_BYTES)
    writeFileSync(file, Buffer.alloc(RESERVE_BYTES, 'kept for a full disk. '), { mode: 0o600 });
  return undefined;
}
