import { setTimeout as sleep } from 'node:timers/promises';
import { literal } from '../procedures/ground/names.js';
import type { FirstDay } from './scene.js';

/** Seconds that a task without a warehouse has to start and end. */
export const PATIENCE = 180;

/** End of a task, as TASK_HISTORY says it. */
export interface TaskRun {
  readonly state: string;
  readonly code: string | undefined;
}

/**
 * Makes a task without a warehouse in the schema of the checks, runs it once and waits for its end.
 * @returns undefined where it has not ended after PATIENCE seconds
 */
export async function runTask(
  { ctx, schema }: FirstDay,
  name: string,
  statement: string,
): Promise<TaskRun | undefined> {
  const { snowflake } = ctx;
  const [database, place] = schema.split('.') as [string, string];
  await snowflake.execute(
    `CREATE OR REPLACE TASK ${schema}.${name} USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL' SCHEDULE = '60 MINUTE' AS ${statement}`,
  );
  // Its history outlives a schema: an earlier look's task of this name stands there too.
  const [{ SINCE } = { SINCE: 0 }] = await snowflake.query(
    'SELECT DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP()) AS SINCE',
  );
  await snowflake.execute(`EXECUTE TASK ${schema}.${name}`);
  for (const end = performance.now() + PATIENCE * 1000; performance.now() < end; ) {
    const [run] = await snowflake.query(
      `SELECT STATE, ERROR_CODE FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => ${literal(name)}, RESULT_LIMIT => 10))
WHERE SCHEMA_NAME = ${literal(place)} AND COMPLETED_TIME IS NOT NULL AND DATE_PART(EPOCH_MILLISECOND, SCHEDULED_TIME) >= ${Number(SINCE)}`,
    );
    if (run) return { state: String(run.STATE), code: run.ERROR_CODE ? String(run.ERROR_CODE) : undefined };
    await sleep(1000, undefined, { signal: ctx.signal });
  }
  return undefined;
}

/** Describes the end of a task, in words. */
export const describeRun = ({ state, code }: TaskRun): string =>
  `${state.toLowerCase()}${code ? ` (${code})` : ''}`;
