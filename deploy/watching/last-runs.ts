import { literal } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';

export interface LastRun {
  readonly name: string;
  readonly state: string;
  readonly completed: string;
  readonly error: string | null;
}

/**
 * Asked for each task by its name: the history's limit counts the runs of all tasks in the account, and of those that run every 15
 * minutes it holds more than it has of those that run once a day. Deployments whose tasks have the same names share it, for a week.
 */
const MOST = 1000;

/**
 * The last run of each task, of those that have ended in the last seven days.
 * @param tasks unqualified names
 * @param skipped whether a run that found nothing to do counts
 */
export async function lastRuns(
  { settings, snowflake }: Pick<Context, 'settings' | 'snowflake'>,
  tasks: readonly string[],
  { skipped }: { readonly skipped: boolean },
): Promise<LastRun[]> {
  if (tasks.length === 0) return [];
  const { database, schema } = settings.snowflake;
  const history = tasks.map(
    (
      name,
    ) => `SELECT NAME, STATE, COMPLETED_TIME, ERROR_MESSAGE FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => ${literal(name)}, RESULT_LIMIT => ${MOST}))
  WHERE DATABASE_NAME = ${literal(database)} AND SCHEMA_NAME = ${literal(schema)} AND COMPLETED_TIME IS NOT NULL${skipped ? '' : " AND STATE <> 'SKIPPED'"}`,
  );
  return (await snowflake.query(
    `SELECT NAME AS "name", STATE AS "state", COMPLETED_TIME::VARCHAR AS "completed", ERROR_MESSAGE AS "error" FROM (
${history.join('\nUNION ALL\n')}
) QUALIFY ROW_NUMBER() OVER (PARTITION BY NAME ORDER BY COMPLETED_TIME DESC) = 1`,
  )) as unknown as LastRun[];
}
