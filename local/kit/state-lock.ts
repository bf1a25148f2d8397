// One process at a time serves a state folder.
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, type ProcessId, thisProcess } from './process.js';
import { secureReserve } from './reserve.js';

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

/**
 * Takes the folder's lock, from a dead process too. Returns the release.
 * @throws StateInUseError when a process that runs has it, this one included
 */
export function lockState(stateDir: string): () => void {
  const file = fileOf(stateDir);
  const complaint = secureReserve(stateDir);
  if (complaint) console.error(complaint);
  const holder = acquire(file);
  if (holder) throw new StateInUseError(stateDir, holder.pid);
  return () => rmSync(file, { force: true });
}

/** The process that runs and has the folder's lock, or undefined. */
export function holderOf(stateDir: string): ProcessId | undefined {
  const text = read(fileOf(stateDir));
  const holder = text === undefined ? undefined : parse(text);
  return holder && isRunning(holder) ? holder : undefined;
}

const fileOf = (stateDir: string) => join(stateDir, 'local.lock');

/**
 * Makes a lock file, which is complete from the moment it exists: it is written under another name and then linked. A dead
 * holder's file is replaced only by the process that has the lock of succeeding that very holder, so that of two that find
 * it dead the slower does not throw out the quicker.
 * @returns who runs and has it; undefined: this process has it now
 */
function acquire(file: string): ProcessId | undefined {
  const { pid, started } = thisProcess();
  const token = randomUUID();
  const draft = `${file}.${token}`;
  writeFileSync(draft, [pid, started, token].join(' '), { mode: 0o600, flag: 'wx' });
  try {
    for (;;) {
      if (tryLink(draft, file)) return undefined;
      const text = read(file);
      // Let go of since.
      if (text === undefined) continue;
      const holder = parse(text);
      if (isRunning(holder)) return holder;
      const succession = `${file}.after-${holder.token}`;
      // Another is about to succeed: a moment later it has, or has died of it.
      if (acquire(succession)) continue;
      try {
        if (read(file) !== text) continue;
        renameSync(draft, file);
        return undefined;
      } finally {
        rmSync(succession);
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? ''))
      throw new Error(
        `${file} cannot be made: its file system has no hard links; keep the local cloud's state on a local disk`,
        { cause: error },
      );
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** An empty file, as a power cut may leave one, has no holder. */
function parse(text: string): ProcessId & { readonly token: string } {
  const [pid = '', started = '', token = ''] = text.trim().split(' ');
  return { pid: Number(pid), started, token };
}
