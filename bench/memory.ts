import { processTree, status } from './processes.js';

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
  const kilobytes = processTree(root).reduce((sum, pid) => sum + (status(pid, 'VmRSS') ?? 0), 0);
  return kilobytes / 1024;
}
