import { backfillStatements } from '../../procedures/backfill/statements.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { qualified } from '../../procedures/ground/names.js';
import { procedureResource } from '../compile/sql.js';
import type { Context } from '../context.js';
import { MOST_FAILURES } from '../ground/schedule.js';
import { makePlan, partOf } from '../model/plan.js';
import { idOf, type Resource, type ResourceId, ref } from '../resources/resource.js';
import { sqlFile } from '../sql-file.js';
import { restoreStream, taskBeside, wakingStream } from './beside.js';

/**
 * What scores by batch transform where more wait than an endpoint should be asked about: a stream on the open runs,
 * STEP_BACKFILL and the task that goes on with them, which costs nothing while there is none.
 */
export async function backfillResources(
  ctx: Pick<Context, 'settings' | 'aws'>,
  contract: Contract,
): Promise<Resource[]> {
  const { settings } = ctx;
  const schema: ResourceId = `snowflake.schema:${settings.snowflake.schema}`;
  const api: ResourceId = `aws.rest-api:${settings.aws.restApi.name}`;
  const stream = wakingStream(settings, 'LOS_OPEN_BACKFILLS', 'LOS_BACKFILLS');
  const plan = await makePlan(ctx, contract, `${ref(api, 'invokeUrl')}/endpoints`);
  const own = partOf(
    plan,
    ['training/load-answers'],
    ['udfs/translators/batch-line.ts', 'udfs/translators/batch-detail.ts'],
    true,
  );
  const procedure = await procedureResource('procedures/backfill/step-backfill.ts', {
    dependsOn: [schema, api],
    define: {
      PLAN: {
        ...own,
        statements: backfillStatements(contract, settings, sqlFile, restoreStream(settings, stream)),
      },
    },
  });
  const values = {
    failures: String(MOST_FAILURES),
    stream: qualified(settings, 'LOS_OPEN_BACKFILLS'),
  };
  const task = taskBeside(settings, 'LOS_BACKFILL', 'backfill.sql', values, [
    ...[stream, procedure].map(idOf),
    `snowflake.external-function:LOS_SAGEMAKER(VARCHAR, OBJECT)`,
  ]);
  return [stream, procedure, task];
}
