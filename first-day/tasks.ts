import { setTimeout as sleep } from 'node:timers/promises';
import { breaks, type Check, holds, open, refusalText } from '../doctor/check.js';
import { literal, qualify } from '../procedures/ground/names.js';
import { APPLIED, type FirstDay } from './scene.js';

/** Seconds that a task without a warehouse has to start and end. */
const PATIENCE = 180;

export const taskChecks: readonly Check<FirstDay>[] = [
  {
    name: 'serverless-task',
    asks: 'May a task without a warehouse call an external function?',
    means:
      'Scoring runs so (tasks.compute: serverless): billed by the second, a third of what a warehouse costs.',
    needs: [APPLIED],
    async look({ ctx, schema }) {
      const { snowflake, settings } = ctx;
      const [database, place] = schema.split('.') as [string, string];
      const asked = `SELECT ${qualify(settings, 'LOS_SAGEMAKER')}('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', ${literal(`${settings.prefix}-none`)}))`;
      await snowflake.execute(
        `CREATE OR REPLACE TASK ${schema}.WITHOUT_WAREHOUSE USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL' SCHEDULE = '60 MINUTE' AS ${asked}`,
      );
      await snowflake.execute(`EXECUTE TASK ${schema}.WITHOUT_WAREHOUSE`);
      for (const end = performance.now() + PATIENCE * 1000; performance.now() < end; ) {
        const [run] = await snowflake.query(
          `SELECT STATE, ERROR_CODE FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'WITHOUT_WAREHOUSE', RESULT_LIMIT => 10))
WHERE SCHEMA_NAME = ${literal(place)} AND COMPLETED_TIME IS NOT NULL`,
        );
        if (run) {
          const saw = `${String(run.STATE).toLowerCase()}${run.ERROR_CODE ? ` (${run.ERROR_CODE})` : ''}`;
          return run.STATE === 'SUCCEEDED'
            ? holds(saw)
            : breaks(saw, 'Set tasks.compute: warehouse, and send this file back.');
        }
        await sleep(1000, undefined, { signal: ctx.signal });
      }
      return open(`it has not ended after ${PATIENCE} s`);
    },
    refusal: (error, { ctx }) =>
      open(
        `it could not be made or begun: ${refusalText(error)}`,
        `It needs GRANT EXECUTE MANAGED TASK ON ACCOUNT TO ROLE ${ctx.settings.snowflake.roles.deploy}.`,
      ),
  },
];
