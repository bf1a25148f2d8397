import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Place of a run in the history. */
export interface Place {
  readonly host: string;
  /** `<pid>@<what tells machines and containers apart>`. */
  readonly process: string;
}

/**
 * Host names are given twice, and process numbers are of one container and one start of the machine only. Only Linux says which;
 * where it does not, no other process counts as one of this machine.
 */
const machine = (() => {
  if (process.platform !== 'linux') return hostname();
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${hostname()}/${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${hostname()}/unknown-${process.pid}`;
  }
})();

export function currentPlace(): Place {
  return { host: hostname(), process: `${process.pid}@${machine}` };
}

/**
 * True when a process is certainly gone: it ran on this machine, in this container, since its last start, and there
 * is none of its number now. Of any other place nothing is known. So a command that was killed at night is followed at once on the
 * machine that runs it again; anywhere else the lease has to run out first.
 * @param written what `currentPlace()` gave there
 */
export function isGone(written: string | null): boolean {
  const [pid, place] = written?.split('@') ?? [];
  if (!pid || place !== machine) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: there is one, of another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
