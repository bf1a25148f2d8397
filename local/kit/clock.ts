// Time in the local cloud. Everything that waits, expires or is scheduled asks this clock, so that a test
// can make an hour pass in no time.

/** A source of time. `now` is whole milliseconds since 1970, as Date.now() is; `sleep` ends early, without error, when `signal` aborts. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Longer timers overflow setTimeout and fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The machine's own time. Who sleeps wakes when the clock says so, or when so much time has passed: a clock that is set
 * back by hours does not make a sleep longer.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    const [end, passed] = [Date.now() + ms, performance.now() + ms];
    for (
      let left = ms;
      left > 0 && !signal?.aborted;
      left = Math.min(end - Date.now(), passed - performance.now())
    )
      await timer(Math.min(left, LONGEST_TIMER), signal);
  },
};

/**
 * A clock that tests move. It runs with real time from `at` on, or stands still when `frozen`, and `advance`
 * wakes every sleeper whose time has come.
 */
export class MovableClock implements Clock {
  private readonly sleepers = new Set<{ due: number; wake: () => void }>();
  private readonly frozen: boolean;
  private base: number;
  private readonly started = Date.now();

  constructor({ at = Date.now(), frozen = false }: { at?: number; frozen?: boolean } = {}) {
    this.base = at;
    this.frozen = frozen;
  }

  now(): number {
    return Math.floor(this.exactly());
  }

  /** With the fraction of a millisecond that it was moved by, so that two halves are a whole one. */
  private exactly(): number {
    return this.frozen ? this.base : this.base + Date.now() - this.started;
  }

  /** Moves the time forward by `ms`, which may have a fraction. */
  advance(ms: number): void {
    if (ms < 0) throw new RangeError('a clock does not run backwards');
    this.base += ms;
    const now = this.exactly();
    for (const sleeper of [...this.sleepers].sort((a, b) => a.due - b.due))
      if (sleeper.due <= now) sleeper.wake();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return;
    const done = new AbortController();
    const sleeper = { due: this.exactly() + ms, wake: () => done.abort() };
    this.sleepers.add(sleeper);
    signal?.addEventListener('abort', sleeper.wake, { once: true });
    try {
      if (this.frozen)
        await new Promise<void>((resolve) => done.signal.addEventListener('abort', () => resolve()));
      else {
        const passed = performance.now() + ms;
        const left = () => Math.min(sleeper.due - this.exactly(), passed - performance.now());
        while (!done.signal.aborted && left() > 0) await timer(Math.min(left(), LONGEST_TIMER), done.signal);
      }
    } finally {
      signal?.removeEventListener('abort', sleeper.wake);
      this.sleepers.delete(sleeper);
    }
  }
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(handle);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const handle = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
