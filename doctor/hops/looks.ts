import { deployRoleHas } from '../../deploy/resources/snowflake/grants.js';
import { describeIntegration } from '../../deploy/resources/snowflake/integrations.js';
import { API_STAGE } from '../../deploy/settings/account-names.js';
import { bucketName } from '../../deploy/stack/names.js';
import { EXCHANGE_STAGE, qualify } from '../../procedures/ground/names.js';
import { type Answer, breaks } from '../check.js';
import type { Scene } from './scene.js';

/* What no plan sees of the objects on the way. */

export type Integration = 'api' | 'control' | 'storage';

/** Uses what exists, so that a session which began without it goes on with it. */
export function use(statement: (ctx: Scene['ctx']) => string) {
  return async ({ ctx }: Scene) => {
    await ctx.snowflake.execute(statement(ctx));
    return undefined;
  };
}

/** The first of a list of prefixes that an address begins with. */
export const covering = (list = '', address: string) =>
  list
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((item) => item.trim())
    .find((prefix) => prefix === '*' || (prefix !== '' && address.startsWith(prefix)));

/** Check of the list that an integration blocks. It is the customer's, so the plan leaves that list alone. */
export function checkBlocking(integration: Integration) {
  return async (scene: Scene): Promise<Answer | undefined> => {
    const [category, list] = integration === 'storage' ? ['STORAGE', 'LOCATIONS'] : ['API', 'PREFIXES'];
    const name = scene.ctx.settings.snowflake.integrations[integration];
    const path = integration === 'control' ? 'control' : 'endpoints';
    const address =
      integration === 'storage' ? `s3://${bucketName(scene.ctx)}/` : `${await scene.apiUrl()}/${path}`;
    const described = await describeIntegration(scene.read, name);
    const blocked = covering(described?.[`${category}_BLOCKED_${list}`], address);
    if (!blocked) return undefined;
    return breaks(
      `The integration ${name} blocks ${blocked}, and with it ${address}.`,
      `ALTER ${category} INTEGRATION ${name} UNSET ${category}_BLOCKED_${list};`,
    );
  };
}

export async function throttling(scene: Scene): Promise<Answer | undefined> {
  const restApiId = await scene.apiId();
  const { item: stages = [] } = await scene.ctx.aws.apiGateway.getStages({ restApiId });
  const stage = stages.find(({ stageName }) => stageName === API_STAGE);
  for (const [path, limits] of Object.entries(stage?.methodSettings ?? {}))
    if (limits.throttlingRateLimit === 0 || limits.throttlingBurstLimit === 0)
      return breaks(
        `The stage ${API_STAGE} has a throttle of zero (${path}): it refuses every call with 429.`,
        scene.los('apply'),
      );
  return undefined;
}

/** A real call through stage, integration and role. */
export async function stageReads({ ctx }: Scene): Promise<undefined> {
  const stage = qualify(ctx.settings, EXCHANGE_STAGE);
  await ctx.snowflake.query(`LIST @${stage} PATTERN = 'none'`);
}

/** Without this right the masks that are there go on, and the next apply that has to change one fails. */
const MASKING_RIGHT = 'APPLY MASKING POLICY';

/** That the deploy role may give the tag its masking policies. */
export async function mayMask({ ctx, read }: Scene): Promise<Answer | undefined> {
  const { masking, roles } = ctx.settings.snowflake;
  if (!masking || (await deployRoleHas(read, MASKING_RIGHT))) return undefined;
  return breaks(
    `${roles.deploy} may not mask columns: it lacks ${MASKING_RIGHT}.`,
    `Let ACCOUNTADMIN run GRANT ${MASKING_RIGHT} ON ACCOUNT TO ROLE ${roles.deploy};`,
  );
}
