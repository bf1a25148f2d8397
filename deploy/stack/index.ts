import type { Context } from '../context.js';
import { loadContract } from '../dataset/load.js';
import { schemaObjects } from '../objects/index.js';
import { bucketKind } from '../resources/aws/bucket.js';
import { iamRoleKind } from '../resources/aws/iam-role.js';
import { modelKinds } from '../resources/aws/model-leftovers.js';
import { restApiKind } from '../resources/aws/rest-api.js';
import { trustKind } from '../resources/aws/trust.js';
import type { Stack } from '../resources/plan.js';
import type { ResourceKind } from '../resources/resource.js';
import { externalFunctionKind } from '../resources/snowflake/external-function.js';
import { grantsKind } from '../resources/snowflake/grants.js';
import { accountKinds, schemaKinds } from '../resources/snowflake/kinds.js';
import { maskingKind } from '../resources/snowflake/masking.js';
import { taskGraphKind } from '../resources/snowflake/task-graph.js';
import { grantResources } from './access.js';
import { awsResources } from './aws.js';
import { maskingResources } from './masking.js';
import { snowflakeResources } from './snowflake.js';

/** Every kind of object, in the order of creation. */
export const kinds: readonly ResourceKind[] = [
  bucketKind,
  iamRoleKind,
  restApiKind,
  ...accountKinds,
  trustKind,
  ...schemaKinds,
  externalFunctionKind,
  maskingKind,
  grantsKind,
  taskGraphKind,
  ...modelKinds,
];

/**
 * The one list of everything that exists: what is around the schema (aws.ts, snowflake.ts), what the files of sql/, tasks/, udfs/ and
 * procedures/ declare in it, and who may do what with it.
 * @example
 * const { resources } = await buildStack(ctx);
 */
export async function buildStack(ctx: Pick<Context, 'settings' | 'aws'>): Promise<Stack> {
  const { settings } = ctx;
  const around = [...awsResources(ctx), ...snowflakeResources(ctx)];
  const { objects, graphs } = await schemaObjects(
    ctx,
    loadContract(settings.dataset, settings.timeZone),
    around,
  );
  const resources = [...around, ...objects.map(({ resource }) => resource), ...graphs];
  const granted = grantResources(ctx, objects, graphs, resources);
  return { resources: [...resources, ...maskingResources(settings, objects), ...granted], kinds };
}
