// One process at a time serves a state folder.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The local cloud's exit status when another process already serves its state folder. */
export const IN_USE = 75;

export class StateInUseError extends Error {
  constructor(
    readonly stateDir: string,
    readonly pid: number,
  ) {
    super(`a local cloud (process ${pid}) already serves ${stateDir}; use it, or end it with: kill ${pid}`);
    this.name = 'StateInUseError';
  }
}

/** Takes the folder's lock, from a dead process too; throws StateInUseError. Returns the release. */
export function lockState(stateDir: string): () => void {
  const file = join(stateDir, 'local.lock');
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(read(file));
    if (holder > 0 && isAlive(holder)) throw new StateInUseError(stateDir, holder);
    if (attempt === 3)
      throw new Error(`the lock ${file} cannot be taken; remove it if no local cloud is running`);
    rmSync(file, { force: true });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Whether a process runs (it may belong to someone else). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
