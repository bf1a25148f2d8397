/**
 * Shows a person what is going on: on a terminal as a living line per step, otherwise as plain lines. With
 * --json everything goes to stderr, so that stdout holds nothing but JSON.
 */
export interface Progress {
  /**
   * Runs `work` as a named step: shown while it runs, ticked with its duration when it ends, crossed when it
   * throws (the error passes through). Steps may nest and may run at the same time.
   */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** A line of information. */
  note(text: string): void;
  /** A line about something that went wrong without stopping the work. */
  warn(text: string): void;
  /** Stops drawing and leaves the terminal as it was. */
  close(): void;
}

export interface Step {
  /** Says how far the step is: "12 of 40 batches". */
  update(detail: string): void;
}
