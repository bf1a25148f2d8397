import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where something runs, as the history keeps it. */
export interface Place {
  readonly host: string;
  /** `<pid>@<what tells machines and containers apart>`. */
  readonly process: string;
}

export function here(): Place {
  return { host: hostname(), process: `${process.pid}@${machine()}` };
}

/**
 * True when a process is certainly gone: it ran on this machine, in this container, since its last start, and there
 * is none of its number now. Of any other place nothing is known.
 * @param written what `here()` gave there
 */
export function isGone(written: string | null): boolean {
  const [pid, place] = written?.split('@') ?? [];
  if (!pid || place !== machine()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: there is one, of another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

let known: string | undefined;

/** Host names are given twice, and process numbers are of one container and one start of the machine only. */
function machine(): string {
  known ??= [
    hostname(),
    reading(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    reading(() => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''),
  ].join('/');
  return known;
}

/** Only Linux has these files. */
function reading(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (process.platform === 'linux') return `unknown-${process.pid}`;
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}
