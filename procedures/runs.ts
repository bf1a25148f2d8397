/** What a run writes into LOS_RUN_LOG. */
export interface Run {
  readonly id: string;
  /** Milliseconds since 1970 on Snowflake's clock. */
  readonly startedAt: number;
}

/** One row, one column. */
export function scalar(sqlText: string): unknown {
  const rows = snowflake.execute({ sqlText });
  return rows.next() ? rows.getColumnValue(1) : null;
}

/** Begins a run: a fresh id and Snowflake's own time. */
export function startRun(): Run {
  const rows = snowflake.execute({
    sqlText: 'SELECT UUID_STRING(), DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())',
  });
  rows.next();
  return { id: String(rows.getColumnValue(1)), startedAt: Number(rows.getColumnValue(2)) };
}

/**
 * Runs `work` in a transaction: all of it, or none of it and the error goes on.
 * A procedure that is called inside an open transaction may not begin another; Snowflake says so itself.
 */
export function inTransaction<T>(work: () => T): T {
  snowflake.execute({ sqlText: 'BEGIN' });
  try {
    const result = work();
    snowflake.execute({ sqlText: 'COMMIT' });
    return result;
  } catch (error) {
    snowflake.execute({ sqlText: 'ROLLBACK' });
    throw error;
  }
}

/** Writes the run into the run log. */
export function recordRun(
  table: string,
  run: Run,
  details: {
    kind: string;
    dataset: string;
    status: 'SUCCEEDED' | 'FAILED';
    rows: number;
    message: string | null;
  },
): void {
  snowflake.execute({
    sqlText: `INSERT INTO ${table} (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, ROW_COUNT, MESSAGE)
SELECT ?, ?, ?, ?, TO_TIMESTAMP_LTZ(?, 3), CURRENT_TIMESTAMP(), ?, ?`,
    binds: [
      run.id,
      details.kind,
      details.dataset,
      details.status,
      run.startedAt,
      details.rows,
      details.message,
    ],
  });
}

/** A failed run is recorded before its error goes on to the task history. */
export function recorded<T extends { rows: number }>(
  table: string,
  details: { kind: string; dataset: string },
  work: (run: Run) => T,
): T & { run: string } {
  const run = startRun();
  let result: T;
  try {
    result = work(run);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    recordRun(table, run, { ...details, status: 'FAILED', rows: 0, message });
    throw error;
  }
  recordRun(table, run, { ...details, status: 'SUCCEEDED', rows: result.rows, message: null });
  return { ...result, run: run.id };
}
