import { UserError } from './errors.js';
import type { Progress } from './progress/progress.js';

/** Milliseconds after which a user wonders whether Ctrl-C was heard. */
const SOON = 500;

/**
 * Ctrl-C, or another process (SIGTERM). The first one is for the command: one that changes something brings what it has begun to an
 * end that can be gone on from; every other ends at once. A second one ends whatever it is.
 */
export class Stop {
  private readonly abort = new AbortController();
  /** True if the work under way finishes by itself. */
  private finishing = false;

  /** @param name of the command, as it is typed after `los` */
  constructor(
    private readonly name: string,
    private readonly progress: Progress,
  ) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.onSignal());
  }

  /** Aborted at the first one. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /**
   * Waits for work, until a signal asks it to end.
   * @param finishes true where the work looks at the signal and ends by itself: it is waited for
   * @throws UserError at the first Ctrl-C otherwise
   */
  async runUntilStop<T>(work: Promise<T>, finishes = false): Promise<T> {
    this.finishing = finishes;
    if (finishes) return await work;
    // What becomes of it is not waited for.
    work.catch(() => undefined);
    return await Promise.race([work, this.interruption()]);
  }

  /** Explains an error of work that gave up while it waited. */
  explain(error: unknown): unknown {
    return this.signal.aborted && error instanceof Error && error.name === 'AbortError'
      ? new UserError(`los ${this.name} was interrupted.`, {
          next: 'Run it again: it continues where it stopped.',
          cause: error,
        })
      : error;
  }

  private interruption(): Promise<never> {
    return new Promise((_, reject) => {
      const give = () =>
        reject(
          new UserError(`los ${this.name} was interrupted.`, {
            next: 'Run it again. A statement that Snowflake had begun may still come to its end there.',
          }),
        );
      if (this.signal.aborted) give();
      this.signal.addEventListener('abort', give, { once: true });
    });
  }

  private onSignal(): void {
    if (this.signal.aborted) {
      process.stderr.write(`los: los ${this.name} was killed while it worked. Run it again to continue.\n`);
      process.exit(130);
    }
    if (this.finishing)
      setTimeout(() => {
        this.progress.note(
          'Stopping at a point from which los can resume. Press Ctrl-C again to stop at once.',
        );
      }, SOON).unref();
    this.abort.abort();
  }
}
