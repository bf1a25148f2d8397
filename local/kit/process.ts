// Which process is meant: numbers are given again, in a container after every start.
import { readFileSync } from 'node:fs';

/** A process, told from a later one of the same number where the system says when it started. */
export interface ProcessId {
  readonly pid: number;
  /** Ticks from the machine's start to the process's (proc(5), starttime); empty where the system has no /proc. */
  readonly started: string;
}

/** The process that asks. */
export function thisProcess(): ProcessId {
  return { pid: process.pid, started: statOf(process.pid)?.started ?? '' };
}

/**
 * Whether a process runs; it may belong to another user. One that has ended and only waits for its parent to take
 * notice does not run: in a container without an init it waits for ever.
 */
export function isRunning({ pid, started }: ProcessId): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const stat = statOf(pid);
  // Without /proc, or where it hides the processes of others, there is only the number.
  if (!stat) return true;
  return !'ZX'.includes(stat.state) && (started === '' || started === stat.started);
}

function statOf(pid: number): { state: string; started: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
  // The second field is the program's name in brackets, which may hold anything; the third is the state.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', started: fields[19] ?? '' };
}
