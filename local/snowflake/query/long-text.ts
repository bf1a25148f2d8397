import { setImmediate } from 'node:timers/promises';

/** A statement of so many characters takes more than some 10 ms to be read, and as much again to be bound. */
const LONG = 4000;

/**
 * Lets other sessions' statements have their turn between the steps of a long statement, each of which holds the
 * event loop: tokenizing, parsing, binding.
 */
export async function othersFirst(text: string): Promise<void> {
  if (text.length > LONG) await setImmediate();
}
