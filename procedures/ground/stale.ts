import { errorLine } from './without-values.js';
import { execute, transaction, type Work } from './work.js';

/** A stream whose changes are no longer kept, because it was not read for too long, or whose table was replaced; on a view, one below it. */
const STALE = /stale|Base table|Time travel data is not available|Change tracking is not enabled/i;

/** Tells whether a statement failed because a stream can only be recreated. */
export function isStale(error: unknown): boolean {
  return STALE.test(String((error as Partial<Error>).message));
}

/**
 * Tells whether Snowflake says that there is no such object, or none for this role: its words for both are the same.
 * @example
 * isGone("Object 'LOS_RUN_LOG' does not exist or not authorized."); // true
 */
export function isGone(message: string): boolean {
  return /does not exist/i.test(message);
}

/** Messages of Snowflake about a column that has another name or type than a statement expects, or of values that are of another type. */
const OTHER_COLUMNS =
  /invalid identifier|expansion of view|declared \d+ column|is not recognized|invalid (argument )?type|can ?not (be )?(cast|convert)|failed to cast/i;

/**
 * Reads what is the hospital's. Where that is gone, not to be read, or of other columns or types, it is a state and no failure.
 * @param without does what takes its place
 * @returns why it could not be read
 */
export function* unlessUnreadable(
  read: () => Work<unknown>,
  without?: () => Work<unknown>,
): Work<string | undefined> {
  try {
    yield* read();
    return undefined;
  } catch (error) {
    const why = errorLine(error);
    if (!isGone(why) && !OTHER_COLUMNS.test(why)) throw error;
    if (without) yield* without();
    return why;
  }
}

/**
 * Takes what a stream has, so that the task that it wakes sleeps, and does something in the same transaction: what that changes, and
 * what others change meanwhile, stays in the stream. One that went stale, because nothing changed for longer than changes are
 * kept, is recreated before.
 * @param take DML that reads the stream; its rows are not wanted, only its offset: WHERE FALSE, as Snowflake's guide to streams advises
 * @param restore recreates it
 * @example
 * yield* consumeStream(`INSERT INTO ${queue} SELECT CASE_ID FROM ${stream} WHERE FALSE`, restore, function* () {
 *   return yield* execute(`INSERT INTO ${queue} SELECT CASE_ID FROM ${features}`);
 * });
 */
export function* consumeStream<T>(take: string, restore: string, then: () => Work<T>): Work<T> {
  try {
    return yield* transaction(function* () {
      yield* execute(take);
      return yield* then();
    });
  } catch (error) {
    if (!isStale(error)) throw error;
    yield* execute(restore);
    return yield* transaction(then);
  }
}

/** In owner's rights SHOW is allowed since Snowflake's release 10.3 of February 2026. */
const NOT_SHOWN = /unsupported|not supported|not authorized|insufficient privileges|does not exist/i;

/** Tells whether Snowflake refuses to SHOW, to this role or in a procedure. */
export function isNotShown(error: unknown): boolean {
  return NOT_SHOWN.test(String((error as Partial<Error>).message));
}
