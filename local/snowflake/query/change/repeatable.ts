import type { Binder } from '../bind/binder.js';

/** What gives the same when a transaction makes its writes again, so that it need not keep rows: the binder has seen what a statement reads. */

/** True if the statement's query gives the same rows each time: it reads nothing, and draws nothing. */
export function isFixed({ collected }: Binder): boolean {
  const { tables, deferred, steps, drawn } = collected;
  return tables.size + deferred.length + steps.length === 0 && !drawn;
}

/**
 * True if the statement's query gives the same rows when a transaction makes it again: it takes row by row from tables that the
 * transaction has locked, which no other can have changed by then, and what it has changed itself is made again before.
 */
export function isRepeatable({ collected, session }: Binder): boolean {
  const { tables, deferred, steps, drawn, ordered } = collected;
  if (tables.size === 0 || deferred.length + steps.length > 0 || drawn || ordered) return false;
  return [...tables.keys()].every((id) => session.transaction.holds(id));
}
