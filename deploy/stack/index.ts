import type { Context } from '../context.js';
import { loadContract } from '../dataset/load.js';
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
import { taskGraphKind } from '../resources/snowflake/task-graph.js';
import { grantResources } from './access.js';
import { awsResources } from './aws.js';
import { controlResources } from './control.js';
import { withFormerNames } from './names.js';
import { pipelineResources } from './pipeline.js';
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
  grantsKind,
  taskGraphKind,
  ...modelKinds,
];

/** The one list of everything that exists. */
export async function buildStack(ctx: Context): Promise<Stack> {
  const resources = [
    ...awsResources(ctx),
    ...snowflakeResources(ctx),
    ...(await controlResources(ctx)),
    ...(await pipelineResources(ctx)),
  ];
  const contract = loadContract(ctx.settings.dataset, ctx.settings.timeZone);
  const all = [...resources, ...grantResources(ctx, resources)];
  return { resources: withFormerNames(all, contract), kinds };
}
