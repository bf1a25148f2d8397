import { processTree, statOf, threadsOf } from '../processes.js';

/** What a process tree has used since it was watched first. */
export interface Usage {
  /** Seconds of the processor, user and system, of all processes. */
  readonly processor: number;
  /** Seconds in which no thread of them ran or wanted to run: a wait that another program's load cannot lengthen. */
  readonly idle: number;
}

export interface UsageWatch {
  now(): Usage;
  stop(): void;
}

const SAMPLE_MS = 25;
/** Looking for new processes means reading all of /proc: every so many samples. */
const SAMPLES_A_TREE = 8;
/** utime and stime are counted in hundredths of a second on every Linux that Node knows (USER_HZ, proc(5)). */
const TICKS_A_SECOND = 100;
/** Places in what statOf gives: state, then utime, stime, cutime, cstime (fields 3, 14 to 17 of proc(5)). */
const STATE = 0;
const TIMES = [11, 12, 13, 14];

/** Samples everything that this process starts, without itself (Linux only). */
export function watchUsage(): UsageWatch {
  let pids: number[] = [];
  let samples = 0;
  let idle = 0;
  let last = performance.now();
  let processor = 0;
  const sample = () => {
    if (samples++ % SAMPLES_A_TREE === 0)
      pids = processTree(process.pid).filter((pid) => pid !== process.pid);
    const now = performance.now();
    if (!pids.some((pid) => threadsOf(pid).some(wantsProcessor))) idle += (now - last) / 1000;
    last = now;
    // An ended process's time is in its parent's cutime; that of one that this process started is lost, which is at the end.
    processor = Math.max(
      processor,
      pids.reduce((sum, pid) => sum + secondsOf(pid), 0),
    );
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    now() {
      sample();
      return { processor, idle };
    },
    stop: () => clearInterval(timer),
  };
}

function wantsProcessor(thread: string): boolean {
  // D waits for a disk, which is work too.
  return ['R', 'D'].includes(statOf(thread)[STATE] ?? '');
}

function secondsOf(pid: number): number {
  const fields = statOf(`/proc/${pid}`);
  return TIMES.reduce((sum, place) => sum + Number(fields[place] ?? 0), 0) / TICKS_A_SECOND;
}
