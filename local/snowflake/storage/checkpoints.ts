import { statSync } from 'node:fs';

/** Bytes of DuckDB's log from which on it is written away; as many are read again in about two seconds. */
const MUCH = 256e6;
/** Milliseconds without a command after which no session is in the middle of something. */
const IDLE_MS = 100;

/**
 * Writes DuckDB's log into its file when nothing runs and no transaction is open: a checkpoint holds up every statement, a second for each 250 MB, so that
 * it had better not be the COMMIT of one who waits. Where there is never a pause, DuckDB does it at its own threshold.
 */
export class Checkpoints {
  /** What connections' commands are doing. */
  readonly busy: Set<Promise<unknown>> = new Commands(() => this.onEnd());
  /** Connections that are in a transaction, of which DuckDB has no command while it waits for a service, say. */
  readonly open = new Set<unknown>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private closed = false;

  /**
   * @param log path of the log
   * @param write writes it away
   */
  constructor(
    private readonly log: string,
    private readonly write: () => Promise<void>,
    private readonly much = MUCH,
  ) {}

  /** Begins none any more, and waits until nothing runs. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
    while (this.busy.size > 0) await Promise.allSettled(this.busy);
  }

  private onEnd(): void {
    if (this.closed) return;
    if (this.timer) this.timer.refresh();
    else this.timer = setTimeout(() => this.look(), IDLE_MS).unref();
  }

  private look(): void {
    const bytes = statSync(this.log, { throwIfNoEntry: false })?.size ?? 0;
    if (this.busy.size + this.open.size > 0 || this.running || bytes < this.much) return;
    this.running = this.write()
      .catch((error: Error) => {
        // One that has begun meanwhile forbids it: the command with which it ends asks again.
        if (!/transaction/i.test(error.message)) process.stderr.write(`${error.stack}\n`);
      })
      .finally(() => {
        this.running = undefined;
      });
  }
}

class Commands extends Set<Promise<unknown>> {
  constructor(private readonly none: () => void) {
    super();
  }

  override delete(command: Promise<unknown>): boolean {
    const was = super.delete(command);
    if (this.size === 0) this.none();
    return was;
  }
}
