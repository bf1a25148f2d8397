/**
 * An error that the person at the keyboard can mend: the message says what happened and why, `next` says
 * what to do. It is printed without a stack and ends the process with exit code 1.
 */
export class UserError extends Error {
  readonly next: string | undefined;

  /**
   * @param message what happened and why, one or two sentences, free of secrets and patient data
   * @param options.next the next step, as an imperative sentence ("Run los apply.")
   * @param options.cause the error underneath, shown only with --verbose
   */
  constructor(message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.next = options.next;
  }
}

/**
 * Something failed without a mistake of the user: a task, a training, a service that does not answer. People hear of it by
 * mail as well; of what the user at the keyboard has to mend, only at the keyboard.
 */
export class Failure extends UserError {}

/** The text of anything that was thrown, for messages that quote a cause. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
