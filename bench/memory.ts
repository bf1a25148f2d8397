import { readdirSync, readFileSync } from 'node:fs';

/** Watches the memory of a process and everything it started (Linux only). */
export interface MemoryWatch {
  /** Highest sum of resident memory seen so far, in MB; NaN where /proc is missing. */
  peak(): number;
  stop(): void;
}

/** Samples the resident memory of a process tree every 100 ms. Shared pages count once for each process. */
export function watchMemory(root: number): MemoryWatch {
  let peak = process.platform === 'linux' ? 0 : Number.NaN;
  const timer = setInterval(() => {
    peak = Math.max(peak, treeMemory(root));
  }, 100);
  return {
    peak: () => peak,
    stop: () => clearInterval(timer),
  };
}

function treeMemory(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc'))
    if (/^\d+$/.test(name)) {
      const parent = status(name, 'PPid');
      if (parent !== undefined) parents.set(Number(name), parent);
    }
  const inTree = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  let kilobytes = 0;
  for (const pid of parents.keys()) if (inTree(pid)) kilobytes += status(String(pid), 'VmRSS') ?? 0;
  return kilobytes / 1024;
}

/** A number of /proc/PID/status; undefined when the process has ended meanwhile or has no such line. */
function status(pid: string, key: string): number | undefined {
  try {
    const found = new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined; // Ended between the listing and the reading.
  }
}
