import { setTimeout } from 'node:timers/promises';

/** The time that something is waited for by, so that a test can have one of its own. */
export interface Time {
  /** Milliseconds since some moment; they never go back, whatever is done to the machine's clock. */
  now(): number;
  /** @throws when the signal is aborted */
  sleep(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

export const realTime: Time = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
};
