import { setTimeout as sleep } from 'node:timers/promises';
import { literal, qualified } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import { messageOf } from '../errors.js';
import { type FirstDay, type FirstDayCheck, holds, needsApply, open } from './check.js';

/** Seconds that a task without a warehouse has to start and end. */
const PATIENCE = 180;

async function serverlessTask({ ctx, schema, deployed }: FirstDay) {
  const means =
    'Nothing runs so today: tasks that run briefly and often would cost less than on a warehouse.';
  if (!deployed) return needsApply(means);
  const { snowflake, settings } = ctx;
  const [database, place] = schema.split('.') as [string, string];
  const asked = `SELECT ${qualified(settings, 'LOS_SAGEMAKER')}('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', ${literal(`${settings.prefix}-none`)}))`;
  try {
    await snowflake.execute(
      `CREATE OR REPLACE TASK ${schema}.WITHOUT_WAREHOUSE USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL' SCHEDULE = '60 MINUTE' AS ${asked}`,
    );
    await snowflake.execute(`EXECUTE TASK ${schema}.WITHOUT_WAREHOUSE`);
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return open(
      `it could not be made or begun (${error.code}): ${messageOf(error).split('\n').at(-1)}`,
      `${means} It needs GRANT EXECUTE MANAGED TASK ON ACCOUNT TO ROLE ${settings.snowflake.roles.deploy}.`,
    );
  }
  for (const end = performance.now() + PATIENCE * 1000; performance.now() < end; ) {
    const [run] = await snowflake.query(
      `SELECT STATE, ERROR_CODE FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'WITHOUT_WAREHOUSE', RESULT_LIMIT => 10))
WHERE SCHEMA_NAME = ${literal(place)} AND COMPLETED_TIME IS NOT NULL`,
    );
    if (run)
      return holds(
        `${String(run.STATE).toLowerCase()}${run.ERROR_CODE ? ` (${run.ERROR_CODE})` : ''}`,
        means,
      );
    await sleep(1000, undefined, { signal: ctx.signal });
  }
  return open(`it has not ended after ${PATIENCE} s`, means);
}

export const taskChecks: readonly FirstDayCheck[] = [
  {
    name: 'serverless-task',
    question: 'May a task without a warehouse call an external function?',
    look: serverlessTask,
  },
];
