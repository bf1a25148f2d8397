import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats work while its failure is one that passes: a new role or policy takes up to a minute to be known
 * everywhere in AWS.
 * @param passes tells whether a failure may pass by waiting
 * @param seconds how long to go on; then the last error is thrown
 */
export async function retryWhile<T>(
  work: () => Promise<T>,
  passes: (error: unknown) => boolean,
  options: { seconds?: number; signal?: AbortSignal } = {},
): Promise<T> {
  const end = performance.now() + (options.seconds ?? 90) * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 1.6, 5000)) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || options.signal?.aborted || performance.now() + pause > end) throw error;
      await sleep(pause, undefined, { signal: options.signal });
    }
  }
}
