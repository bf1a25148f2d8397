import { execute, together, type Work } from './work.js';

/**
 * Seconds for which a run is held without a word: longer than its statements take as a rule. Where one takes longer and another
 * takes the run over, what the first has done is not kept: each write checks that the lease is still its own.
 */
export const LEASE_SECONDS = 900;

/**
 * Takes an open run that is free. Snowflake's transactions are READ COMMITTED, and no page says whether an UPDATE that
 * had to wait for another's looks at its WHERE again. So the row is locked first, by a statement that decides nothing: the
 * one that decides begins when no other can change the row, and sees what was committed until then.
 * @param table of runs, with RUN_ID, STATUS, STEPPED_AT, LEASE and LEASE_UNTIL
 * @param lease a unique name
 * @returns false: another holds it
 */
export function* takeLease(table: string, id: string, lease: string): Work<boolean> {
  return yield* together(function* () {
    yield* execute(`UPDATE ${table} SET STEPPED_AT = STEPPED_AT WHERE RUN_ID = ?`, [id]);
    const taken = yield* execute(
      `UPDATE ${table} SET LEASE = ?, LEASE_UNTIL = DATEADD(second, ${LEASE_SECONDS}, CURRENT_TIMESTAMP())
WHERE RUN_ID = ? AND STATUS = 'OPEN' AND (LEASE_UNTIL IS NULL OR LEASE_UNTIL < CURRENT_TIMESTAMP())`,
      [lease, id],
    );
    return taken === 1;
  });
}

/** In an UPDATE of a run that is held: holds it for longer. */
export const HELD_LONGER = `LEASE_UNTIL = DATEADD(second, ${LEASE_SECONDS}, CURRENT_TIMESTAMP())`;

/** In an UPDATE of a run that is held: lets go of it. */
export const LET_GO = 'LEASE = NULL, LEASE_UNTIL = NULL';

/** Holds a run for longer. */
export function* renewLease(table: string, id: string, lease: string): Work<void> {
  yield* execute(
    `UPDATE ${table} SET ${HELD_LONGER}
WHERE RUN_ID = ? AND LEASE = ?`,
    [id, lease],
  );
}

/** Lets go of a run. */
export function* releaseLease(table: string, id: string, lease: string): Work<void> {
  yield* execute(`UPDATE ${table} SET ${LET_GO} WHERE RUN_ID = ? AND LEASE = ?`, [id, lease]);
}
