import { SnowflakeError } from '../errors.js';

/** The holder of locks: a transaction. */
export type LockOwner = object;

interface Waiting {
  owner: LockOwner;
  grant: () => void;
}

interface Lock {
  owner: LockOwner;
  /** Milliseconds since 1970. */
  since: number;
  queue: Waiting[];
}

/** Who holds or wants a lock, for SHOW LOCKS. */
export interface LockState {
  id: number;
  owner: LockOwner;
  /** When it was acquired; undefined: it is waited for. */
  since: number | undefined;
}

/**
 * Write locks on tables and streams, in order of arrival, held to the end of the transaction: Snowflake's
 * writers wait for each other, where DuckDB's would fail with a conflict.
 */
export class Locks {
  private readonly locks = new Map<number, Lock>();
  private readonly waitsFor = new Map<LockOwner, number>();
  private readonly versions = new Map<number, number>();
  private readonly released = new Map<number, number>();
  private readonly openedOn: number;
  private watchers: { id: number; resolve: () => void }[] = [];
  private clock = 0;

  /** @param time milliseconds since 1970 */
  constructor(private readonly time: () => number) {
    this.openedOn = time();
  }

  /** All locks, each with its holder before those who wait for it. */
  list(): LockState[] {
    return [...this.locks].flatMap(([id, { owner, since, queue }]) => [
      { id, owner, since },
      ...queue.map((waiting) => ({ id, owner: waiting.owner, since: undefined })),
    ]);
  }

  /**
   * Waits for the lock on an object.
   * @param timeoutMs LOCK_TIMEOUT
   * @throws SnowflakeError 000625 after the timeout, or at once if waiting would never end (deadlock); 000604 if aborted
   */
  async acquire(owner: LockOwner, id: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const lock = this.locks.get(id);
    if (!lock) {
      this.locks.set(id, { owner, since: this.time(), queue: [] });
      return;
    }
    if (lock.owner === owner) return;
    if (this.wouldDeadlock(owner, id)) {
      throw new SnowflakeError('000625', '57014', 'Statement was aborted: it is the victim of a deadlock.');
    }
    this.waitsFor.set(owner, id);
    try {
      await new Promise<void>((grant, reject) => {
        const waiting: Waiting = { owner, grant: () => done(grant) };
        const timer = setTimeout(
          () => done(() => reject(lockTimeout(timeoutMs))),
          Math.min(timeoutMs, 2 ** 31 - 1),
        );
        const onAbort = () =>
          done(() => reject(new SnowflakeError('000604', '57014', 'SQL execution canceled')));
        const done = (then: () => void) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          const at = lock.queue.indexOf(waiting);
          if (at >= 0) lock.queue.splice(at, 1);
          then();
        };
        lock.queue.push(waiting);
        if (signal?.aborted) onAbort();
        else signal?.addEventListener('abort', onAbort, { once: true });
      });
    } finally {
      this.waitsFor.delete(owner);
    }
  }

  /** Takes the lock if no one holds it, without waiting. @returns whether the owner has it now */
  tryAcquire(owner: LockOwner, id: number): boolean {
    const lock = this.locks.get(id);
    if (!lock) this.locks.set(id, { owner, since: this.time(), queue: [] });
    return !lock || lock.owner === owner;
  }

  /** Whether this owner has the lock. */
  holds(owner: LockOwner, id: number): boolean {
    return this.locks.get(id)?.owner === owner;
  }

  /** Settles when no one holds the lock any more. */
  waitUntilFree(id: number): Promise<void> {
    if (!this.locks.has(id)) return Promise.resolve();
    return new Promise((resolve) => this.watchers.push({ id, resolve }));
  }

  /** Lets go of everything that the owner holds; the first in each queue gets it. */
  release(owner: LockOwner): void {
    this.clock++;
    for (const [id, lock] of this.locks) {
      if (lock.owner !== owner) continue;
      this.versions.set(id, this.clock);
      this.released.set(id, this.time());
      const next = lock.queue.shift();
      if (next) {
        lock.owner = next.owner;
        lock.since = this.time();
        next.grant();
      } else this.locks.delete(id);
    }
    const watchers = this.watchers;
    this.watchers = watchers.filter(({ id }) => this.locks.has(id));
    for (const { id, resolve } of watchers) if (!this.locks.has(id)) resolve();
  }

  /** A moment in the order of releases, for hasChangedSince(). */
  now(): number {
    return this.clock;
  }

  /** When this object was last written, in milliseconds since 1970; of one that no one has written since then, when these locks began. */
  writtenOn(id: number): number {
    return this.released.get(id) ?? this.openedOn;
  }

  /** True if another has written this object and let go of it after that moment. */
  hasChangedSince(id: number, moment: number): boolean {
    return (this.versions.get(id) ?? 0) > moment;
  }

  private wouldDeadlock(owner: LockOwner, id: number): boolean {
    for (let at: number | undefined = id; at !== undefined; ) {
      const holder: LockOwner | undefined = this.locks.get(at)?.owner;
      if (!holder) return false;
      if (holder === owner) return true;
      at = this.waitsFor.get(holder);
    }
    return false;
  }
}

function lockTimeout(timeoutMs: number): SnowflakeError {
  return new SnowflakeError(
    '000625',
    '57014',
    `Statement was aborted because the number of seconds it waited for a lock exceeded LOCK_TIMEOUT (${timeoutMs / 1000}).`,
  );
}
