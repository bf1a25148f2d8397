// What has been used that AWS would charge for, counted as it happens and kept in `costs.json` of the state folder.
import { join } from 'node:path';
import { readState, writeState } from '@local-cloud/kit/state-file.js';

/** Instance seconds by what they were used for and their type, and plain counts. */
export type Item =
  | `training:${string}`
  | `hosting:${string}`
  | `transform:${string}`
  | 'serverless-gb-seconds'
  | 'inference-bytes'
  | 'api-requests'
  | 's3-writes'
  | 's3-reads';

const WRITE_AFTER_MS = 2000;

export class Meter {
  private readonly file: string;
  private readonly totals: Record<string, number>;
  private timer: NodeJS.Timeout | undefined;

  constructor(stateDir: string) {
    this.file = join(stateDir, 'costs.json');
    this.totals = readState<Record<string, number>>(this.file) ?? {};
  }

  add(item: Item, quantity: number): void {
    this.totals[item] = (this.totals[item] ?? 0) + quantity;
    // Requests come by the thousand: written now and then, and at the end.
    this.timer ??= setTimeout(() => this.save(), WRITE_AFTER_MS).unref();
  }

  /** Counts a request by its operation, `service:Operation`. */
  request(operation: string): void {
    if (operation === 'execute-api:Invoke') this.add('api-requests', 1);
    else if (operation.startsWith('s3:')) {
      const name = operation.slice('s3:'.length);
      if (/^(Delete|Abort)/.test(name)) return;
      const writes = /^(Put|Create|Copy|Upload|Complete|List)/.test(name);
      this.add(writes ? 's3-writes' : 's3-reads', 1);
    }
  }

  /** Quantities so far. */
  read(): Readonly<Record<string, number>> {
    return { ...this.totals };
  }

  /** Writes what was counted. On a full disk it stays in memory, for the next time. */
  save(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      writeState(this.file, this.totals);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      console.error(`${this.file} could not be written: the disk is full`);
    }
  }
}
