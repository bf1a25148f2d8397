import { breaks, type Check, holds, open, refusalText } from '../doctor/check.js';
import { literal, qualify } from '../procedures/ground/names.js';
import { describeRun, PATIENCE, runTask } from './run-task.js';
import { APPLIED, type FirstDay } from './scene.js';

export const taskChecks: readonly Check<FirstDay>[] = [
  {
    name: 'serverless-task',
    asks: 'May a task without a warehouse call an external function?',
    means:
      'Scoring runs so (tasks.compute: serverless): billed by the second, a third of what a warehouse costs.',
    needs: [APPLIED],
    async look(day) {
      const { settings } = day.ctx;
      const run = await runTask(
        day,
        'WITHOUT_WAREHOUSE',
        `SELECT ${qualify(settings, 'LOS_SAGEMAKER')}('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', ${literal(`${settings.prefix}-none`)}))`,
      );
      if (!run) return open(`it has not ended after ${PATIENCE} s`);
      return run.state === 'SUCCEEDED'
        ? holds(describeRun(run))
        : breaks(describeRun(run), 'Set tasks.compute: warehouse, and send this file back.');
    },
    refusal: (error, { ctx }) =>
      open(
        `it could not be made or begun: ${refusalText(error)}`,
        `It needs GRANT EXECUTE MANAGED TASK ON ACCOUNT TO ROLE ${ctx.settings.snowflake.roles.deploy}.`,
      ),
  },
];
