/**
 * Refusal that the rest of the deployment does not depend on, and that a person mends: apply goes on without the
 * object and what depends on it, and says so. The next apply tries again.
 */
export class Omission extends Error {
  /** Remedy, an imperative sentence. */
  readonly next: string;

  constructor(message: string, next: string, cause: unknown) {
    super(message, { cause });
    this.name = 'Omission';
    this.next = next;
  }
}
