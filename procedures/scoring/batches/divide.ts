import type { Work } from '../../ground/work.js';

/** A question that is asked in parts. */
export interface Dividing<P> {
  /** Asks about a part. @returns why it was refused; null: it was answered */
  ask(part: P): Work<string | null>;
  /** The halves of a part that was refused; null: it is not to be divided. */
  halve(part: P, why: string): Work<readonly [P, P] | null>;
  /** Takes a part that is refused and not divided any more. */
  refuse(part: P, why: string): Work<void>;
}

/** Asks about a part, and where it is refused about its halves in turn, until what is refused stands alone. */
export function* answerOrDivide<P>(part: P, how: Dividing<P>): Work<void> {
  const why = yield* how.ask(part);
  if (why !== null) yield* divideRefused(part, why, how);
}

/** The same of a part that was refused already. */
export function* divideRefused<P>(part: P, why: string, how: Dividing<P>): Work<void> {
  const halves = yield* how.halve(part, why);
  if (halves === null) {
    yield* how.refuse(part, why);
    return;
  }
  for (const half of halves) yield* answerOrDivide(half, how);
}
