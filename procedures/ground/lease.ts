import { type Bind, execute, transaction, type Work } from './work.js';

/**
 * Seconds for which a run is held without a word: longer than its statements take as a rule. Where one takes longer and another
 * takes the run over, what the first has done is not kept: each write checks that the lease is still its own.
 */
export const LEASE_SECONDS = 900;

/** Condition on a row with a lease: no sender or step holds it, or it has run out. */
export const FREE = '(LEASE_UNTIL IS NULL OR LEASE_UNTIL < CURRENT_TIMESTAMP())';

/** In an UPDATE of a row that is held: lets go of it. */
export const LET_GO = 'LEASE = NULL, LEASE_UNTIL = NULL';

/** Rows of a table, by a condition with its binds. */
export interface Rows {
  readonly where: string;
  readonly binds: readonly Bind[];
}

export interface Leasing {
  /** A column that is set to itself, which locks the row and decides nothing. */
  readonly idle: string;
  /** Rows that are locked first. */
  readonly lock: Rows;
  /** Rows that are taken of it, if it is free. */
  readonly take: Rows;
  readonly seconds: number;
  /** Columns that are set besides in the rows that are taken. */
  readonly also?: string;
}

/**
 * Takes rows that are free. Snowflake's transactions are READ COMMITTED, and no page says whether an UPDATE that
 * had to wait for another's looks at its WHERE again. So the rows are locked first, by a statement that decides nothing: the
 * one that decides begins when no other can change them, and sees what was committed until then.
 * @param table with LEASE and LEASE_UNTIL
 * @param lease a name that no other holder has
 * @returns how many rows were taken
 * @example
 * yield* leaseRows(qualify(place, 'LOS_EVENTS'), lease, {
 *   idle: 'ATTEMPTS', seconds: 300,
 *   lock: { where: 'DATASET = ?', binds: ['health'] }, take: { where: 'DATASET = ?', binds: ['health'] },
 * });
 */
export function* leaseRows(
  table: string,
  lease: string,
  { idle, lock, take, seconds, also = '' }: Leasing,
): Work<number> {
  return yield* transaction(function* () {
    yield* execute(`UPDATE ${table} SET ${idle} = ${idle} WHERE ${lock.where}`, lock.binds);
    return yield* execute(
      `UPDATE ${table} SET LEASE = ?, ${leaseUntil(seconds)}${also}\nWHERE ${take.where} AND ${FREE}`,
      [lease, ...take.binds],
    );
  });
}

/**
 * Takes an open run that is free.
 * @param table of runs, with RUN_ID, STATUS, STEPPED_AT, LEASE and LEASE_UNTIL
 * @returns false: another holds it
 * @example
 * if (!(yield* takeLease(qualify(place, 'LOS_TRAINING_RUNS'), run, lease))) return;
 */
export function* takeLease(table: string, id: string, lease: string): Work<boolean> {
  const taken = yield* leaseRows(table, lease, {
    idle: 'STEPPED_AT',
    lock: { where: 'RUN_ID = ?', binds: [id] },
    take: { where: "RUN_ID = ? AND STATUS = 'OPEN'", binds: [id] },
    seconds: LEASE_SECONDS,
  });
  return taken === 1;
}

function leaseUntil(seconds: number): string {
  return `LEASE_UNTIL = DATEADD(second, ${seconds}, CURRENT_TIMESTAMP())`;
}

/** In an UPDATE of a run that is held: holds it for longer. */
export const HELD_LONGER = leaseUntil(LEASE_SECONDS);

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
