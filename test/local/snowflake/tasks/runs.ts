import type { Client } from '../support.js';

/** Milliseconds, which only what hangs takes: so that it is said what was waited for. */
const PATIENCE = 600_000;

/** The runs of a task that have begun, the latest first. */
export function taskRuns(client: Client, name: string): Promise<Record<string, unknown>[]> {
  return client.rows(
    `SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => '${name}'))
     WHERE STATE <> 'SCHEDULED' ORDER BY RUN_ID DESC, ATTEMPT_NUMBER DESC`,
  );
}

/** Lets runs that are due happen: nothing else tells when they have ended. */
export async function graphsEnded(client: Client): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const current = await client.rows('SELECT * FROM TABLE(INFORMATION_SCHEMA.CURRENT_TASK_GRAPHS())');
    // What is scheduled by the clock has not begun; what EXECUTE TASK asked for will as soon as it may.
    if (current.every(({ STATE, SCHEDULED_FROM: from }) => STATE === 'SCHEDULED' && from === 'SCHEDULE'))
      return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the graph did not end');
}

/** Waits until a query's first value is as wanted. */
export async function untilValue(client: Client, sql: string, wanted: unknown): Promise<void> {
  let value: unknown;
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    value = await client.value(sql);
    if (value === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${sql} is ${String(value)}, not ${String(wanted)}`);
}

/** Drops every task of the current schema, roots first: their graphs must be suspended. */
export async function dropTasks(client: Client): Promise<void> {
  for (const row of await client.rows('SHOW TASKS ROOT ONLY'))
    await client.rows(`ALTER TASK ${row.name} SUSPEND`);
  for (const row of await client.rows('SHOW TASKS')) await client.rows(`DROP TASK ${row.name}`);
}
