import type { Routine } from '../catalog/objects.js';

/** Requests of one function that are under way at once, at most. */
export const CONCURRENT = 8;
/** Milliseconds after a refusal in which the service is not asked for more. */
const CONTENT = 60_000;

/**
 * Lets as many requests of an external function be under way at once as its service takes, which it says by 429: a serverless
 * endpoint answers two or so, and each request too many is sent again after a pause.
 */
export class InFlight {
  private active = 0;
  private readonly waiting: (() => void)[] = [];
  private refusedAt = 0;

  constructor(private allowed: number = CONCURRENT) {}

  /**
   * Does something when there is room for it.
   * @param signal gives up waiting, with its reason
   */
  async with<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    while (this.active >= this.allowed) {
      signal?.throwIfAborted();
      await this.room(signal);
    }
    this.active++;
    try {
      return await work();
    } finally {
      this.active--;
      this.waiting.shift()?.();
    }
  }

  /**
   * To be called within `with`: the service refused this request, so it takes as many as are under way beside it.
   * @returns whether there are some, so that there is room as soon as one of them is answered
   */
  isRefused(): boolean {
    this.refusedAt = performance.now();
    this.allowed = Math.max(1, this.active - 1);
    return this.active > 1;
  }

  /** To be called now and then: perhaps the service takes one more by now. */
  tryMore(): void {
    if (performance.now() - this.refusedAt > CONTENT) this.allowed = Math.min(CONCURRENT, this.allowed + 1);
  }

  private room(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = () => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(go);
    });
  }
}

const known = new WeakMap<Routine, InFlight>();

/** What is known of a function's service from its calls before; a changed function's service may be another. */
export function flightsOf(routine: Routine): InFlight {
  const found = known.get(routine);
  if (found) {
    found.tryMore();
    return found;
  }
  const inFlight = new InFlight();
  known.set(routine, inFlight);
  return inFlight;
}
