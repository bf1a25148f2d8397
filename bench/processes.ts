import { readdirSync, readFileSync } from 'node:fs';

/** The ids of a process and of everything it started, as /proc has them now (Linux only). */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? status(Number(name), 'PPid') : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const inTree = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter(inTree);
}

/** A number of /proc/PID/status; undefined when the process has ended meanwhile or has no such line. */
export function status(pid: number, key: string): number | undefined {
  const found = new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(textOf(`/proc/${pid}/status`));
  return found ? Number(found[1]) : undefined;
}

/** Fields of a process's or a thread's `stat`, from its state (field 3 of proc(5)) on; none when it has ended. */
export function statOf(path: string): string[] {
  const text = textOf(`${path}/stat`);
  // A program's name stands in brackets before the state, and may have blanks and brackets itself.
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The threads of a process; none when it has ended. */
export function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return '';
    throw error;
  }
}

/** A process may end between the listing and the reading: ENOENT, or ESRCH where its file is open already. */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}
