/** Lets one piece of work run at a time, in the order of asking. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Runs the work when everything that asked before has ended.
   * @param signal gives up waiting, with its reason; work that has begun is its own affair
   */
  take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let begun = false;
    const run = this.last.then(() => {
      signal?.throwIfAborted();
      begun = true;
      return work();
    });
    this.last = run.catch(() => undefined);
    if (!signal) return run;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (!begun) reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      run.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }
}
