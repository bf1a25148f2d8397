import { CALLER } from './ground/names.js';
import { requireFilled } from './ground/plan.js';
import { isGone } from './ground/stale.js';
import { withoutValues } from './ground/without-values.js';

/** Entry of a run in LOS_RUN_LOG. */
export interface Run {
  readonly id: string;
}

export interface RunKind {
  readonly kind: string;
  readonly dataset: string;
  /** A name that no other run has, where the caller has asked for one already; left out: it is asked for. */
  readonly id?: string;
}

/** Outcome of a run, told when it has ended well: how many rows, and counts of what was out of the ordinary. */
export interface Outcome {
  readonly rows: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

type Bind = string | number | null;

/** Runs a statement; true of it are its counts of rows. */
export function run(sqlText: string, binds: readonly Bind[] = []) {
  const statement = snowflake.createStatement({ sqlText: requireFilled(sqlText), binds });
  statement.execute();
  return statement;
}

/** One row, one column. */
export function scalar(sqlText: string, binds: readonly Bind[] = []): unknown {
  const rows = snowflake.execute({ sqlText: requireFilled(sqlText), binds });
  return rows.next() ? rows.getColumnValue(1) : null;
}

/** The values of a result's first row, in order; none where there is no row. */
export function queryValues(sqlText: string, binds: readonly Bind[] = []): unknown[] {
  const rows = snowflake.execute({ sqlText: requireFilled(sqlText), binds });
  const found: unknown[] = [];
  if (rows.next())
    for (let column = 1; column <= rows.getColumnCount(); column++) found.push(rows.getColumnValue(column));
  return found;
}

/**
 * Runs `work` in a transaction: all of it, or none of it and the error goes on.
 * A procedure that is called inside an open transaction may not begin another; Snowflake says so itself.
 */
export function runInTransaction<T>(work: () => T): T {
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

/**
 * Writes a run down before it begins, and how it ended after: a run that was killed stays RUNNING. A failed one is
 * recorded before its error goes on to the task history, and neither holds a value of a patient's row. Without a run log the
 * work is done all the same, unrecorded: a prediction matters more than the row of its run, and monitoring says what is gone.
 * @param table the run log
 */
export function recordRun<T extends Outcome>(
  table: string,
  { kind, dataset, id: given }: RunKind,
  work: (run: Run) => T,
): T & { run: string } {
  const id = given === undefined ? String(scalar('SELECT UUID_STRING()')) : given;
  unlessGone(() =>
    snowflake.execute({
      sqlText: `INSERT INTO ${table} (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, CALLER)
SELECT ?, ?, ?, 'RUNNING', CURRENT_TIMESTAMP(), ${CALLER}`,
      binds: [id, kind, dataset],
    }),
  );
  let result: T;
  try {
    result = work({ id });
  } catch (error) {
    const failure = withoutValues(error);
    // Asked for what cannot be: nothing is broken, so neither status nor an alarm counts it.
    const refused = (error as Error).name === 'Refused';
    finish(
      table,
      id,
      'FAILED',
      { rows: 0, ...(refused && { details: { refused } }) },
      withoutFindings(failure.message),
    );
    throw failure;
  }
  finish(table, id, 'SUCCEEDED', result, null);
  return { ...result, run: id };
}

/** The figures by which a gate refuses a version are for those who promote, not for readers of the log. */
function withoutFindings(message: string): string {
  return message.replace(/ says no \(.*?\)(?=; the gate |\.(?:\s|$))/g, ' says no');
}

/**
 * Begins a run, in one statement, its name among it: nothing is written down of one that has nothing to do. Where the statement
 * fails, the run has failed, and that is.
 * @param table the run log
 * @returns the values of the result's first row
 */
export function beginRun(table: string, kind: RunKind, sqlText: string): unknown[] {
  try {
    return queryValues(sqlText);
  } catch (error) {
    return recordRun<never>(table, kind, () => {
      throw error;
    });
  }
}

function finish(
  table: string,
  id: string,
  status: 'SUCCEEDED' | 'FAILED',
  { rows, details }: Outcome,
  message: string | null,
): void {
  // How the server binds a JavaScript number is documented nowhere: the casts hold either way.
  unlessGone(() =>
    snowflake.execute({
      sqlText: `UPDATE ${table} SET STATUS = ?, FINISHED_AT = CURRENT_TIMESTAMP(), ROW_COUNT = ?::NUMBER(38,0),
  MESSAGE = ?, DETAILS = PARSE_JSON(?) WHERE RUN_ID = ?`,
      binds: [status, rows, message, details === undefined ? null : JSON.stringify(details), id],
    }),
  );
}

/**
 * The values of the first row of a statement that reads the run log.
 * @param unlogged asks the same without it, for where there is none
 */
export function queryRunLog(sqlText: string, unlogged: string): unknown[] {
  return unlessGone(() => queryValues(sqlText)) || queryValues(unlogged);
}

/** Does what is about the run log alone, unless that does not exist. */
function unlessGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isGone(String((error as Error).message))) throw error;
    return undefined;
  }
}
