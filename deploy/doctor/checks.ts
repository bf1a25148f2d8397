import { MODELS, TRAINING_FILES } from '../../procedures/ground/names.js';
import { CONTROL_ACTIONS, controlActionNames } from '../../udfs/control/control-actions.js';
import { requireRoom } from '../model/quotas.js';
import { bucketName } from '../stack/names.js';
import type { Check } from './check.js';
import { controlCheck } from './control.js';
import { gatewayChecks, invokeArn, restApiCheck } from './gateway.js';
import { addressAllowed, functionWired, integrationEnabled } from './integrations.js';
import { mailChecks } from './mail.js';
import { modelChecks } from './model.js';
import { predictionCheck } from './prediction.js';
import type { Scene } from './scene.js';
import { grantsCheck, snowflakeChecks } from './snowflake.js';
import { bucketCheck, stageCheck } from './storage.js';
import { taskChecks } from './tasks.js';
import { integrationTrusted, roleAllows, roleDenies, serviceTrusted } from './trust.js';

type Role = 'snowflakeApi' | 'snowflakeStorage' | 'apiGateway' | 'control' | 'sageMaker';

const roleName = (scene: Scene, role: Role) => scene.ctx.settings.aws.roles[role];

/** That one of the project's IAM roles exists and, for an AWS service, lets it in. */
function role(name: string, title: string, which: Role, service?: string): Check {
  return {
    name,
    title,
    needs: ['connection'],
    async look(scene) {
      const found = await scene.role(roleName(scene, which));
      if (!found)
        return { what: `The IAM role ${roleName(scene, which)} does not exist.`, fix: scene.los('apply') };
      return service === undefined ? undefined : serviceTrusted(scene, found, service);
    },
  };
}

/** That a role's policies allow what the next hop takes. */
function permission(
  name: string,
  title: string,
  which: Role,
  needs: readonly string[],
  requests: (scene: Scene) => Promise<{ action: string; resource: string }[]>,
): Check {
  return {
    name,
    title,
    needs,
    look: async (scene) => roleAllows(scene, roleName(scene, which), await requests(scene)),
  };
}

const api = (scene: Scene) => scene.ctx.settings.snowflake.integrations.api;
const storage = (scene: Scene) => scene.ctx.settings.snowflake.integrations.storage;
const bucketArn = (scene: Scene) => `arn:aws:s3:::${bucketName(scene.ctx)}`;
const on = (actions: readonly string[], resource: string) => actions.map((action) => ({ action, resource }));

/** Snowflake's way out to API Gateway. */
const outgoing: readonly Check[] = [
  {
    name: 'api-integration',
    title: 'the API integration exists and is enabled',
    needs: ['connection'],
    look: (scene) => integrationEnabled(scene, 'API', api(scene), roleName(scene, 'snowflakeApi')),
  },
  {
    name: 'api-prefixes',
    title: "the API integration allows the REST API's address",
    needs: ['api-integration', 'rest-api'],
    async look(scene) {
      const { aws, settings } = scene.ctx;
      const id = (await scene.restApi())?.id;
      const url = `https://${id}.execute-api.${aws.region}.amazonaws.com/${settings.aws.restApi.stage}/endpoints`;
      return addressAllowed(scene, 'API', api(scene), url);
    },
  },
  {
    name: 'function-wiring',
    title: 'predict_los calls the REST API through the integration',
    needs: ['external-functions', 'rest-api'],
    look: functionWired,
  },
  role('api-role', "Snowflake's role for the REST API exists", 'snowflakeApi'),
  {
    name: 'api-trust',
    title: "that role trusts the integration's IAM user and external ID",
    needs: ['api-role', 'api-integration'],
    look: (scene) => integrationTrusted(scene, roleName(scene, 'snowflakeApi'), api(scene), 'API_AWS'),
  },
  {
    name: 'api-role-permission',
    title: 'nothing forbids that role to call the REST API',
    needs: ['api-role', 'rest-api'],
    async look(scene) {
      const resource = invokeArn(scene, (await scene.restApi())?.id ?? '');
      return roleDenies(scene, roleName(scene, 'snowflakeApi'), { action: 'execute-api:Invoke', resource });
    },
  },
];

/** API Gateway's way on to SageMaker. */
const onward: readonly Check[] = [
  role(
    'gateway-role',
    "API Gateway's role exists and trusts API Gateway",
    'apiGateway',
    'apigateway.amazonaws.com',
  ),
  permission(
    'gateway-permission',
    'that role may ask the endpoints',
    'apiGateway',
    ['gateway-role'],
    async ({ ctx }) =>
      on(
        ['sagemaker:InvokeEndpoint'],
        `arn:aws:sagemaker:${ctx.aws.region}:${ctx.aws.accountId}:endpoint/${ctx.settings.prefix}-any`,
      ),
  ),
];

/** What procedures need of SageMaker's control plane. */
const control: readonly Check[] = [
  role(
    'control-role',
    "the role behind the API's routes to SageMaker exists and trusts API Gateway",
    'control',
    'apigateway.amazonaws.com',
  ),
  permission(
    'control-permission',
    'that role may do what procedures ask for',
    'control',
    ['control-role'],
    async ({ ctx }) =>
      controlActionNames.flatMap((action) => {
        const types: readonly string[] = CONTROL_ACTIONS[action];
        const arn = (type: string) =>
          `arn:aws:sagemaker:${ctx.aws.region}:${ctx.aws.accountId}:${type}/${ctx.settings.prefix}-any`;
        return (types.length > 0 ? types.map(arn) : ['*']).map((resource) => ({
          action: `sagemaker:${action}`,
          resource,
        }));
      }),
  ),
  controlCheck,
];

/** What training needs: files out of Snowflake into S3, and SageMaker reading them. */
const training: readonly Check[] = [
  bucketCheck,
  {
    name: 'storage-integration',
    title: 'the storage integration exists and is enabled',
    needs: ['connection'],
    look: (scene) =>
      integrationEnabled(scene, 'STORAGE', storage(scene), roleName(scene, 'snowflakeStorage')),
  },
  {
    name: 'storage-locations',
    title: 'the storage integration allows the bucket',
    needs: ['storage-integration'],
    look: (scene) => addressAllowed(scene, 'STORAGE', storage(scene), `s3://${bucketName(scene.ctx)}/`),
  },
  role('storage-role', "Snowflake's role for the bucket exists", 'snowflakeStorage'),
  {
    name: 'storage-trust',
    title: "that role trusts the integration's IAM user and external ID",
    needs: ['storage-role', 'storage-integration'],
    look: (scene) =>
      integrationTrusted(scene, roleName(scene, 'snowflakeStorage'), storage(scene), 'STORAGE_AWS'),
  },
  permission(
    'storage-permission',
    'that role may read and write the bucket',
    'snowflakeStorage',
    ['storage-role'],
    async (scene) => [
      ...on(['s3:ListBucket'], bucketArn(scene)),
      ...on(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], `${bucketArn(scene)}/${TRAINING_FILES}/any`),
    ],
  ),
  stageCheck,
  role(
    'training-role',
    "SageMaker's role exists and trusts SageMaker",
    'sageMaker',
    'sagemaker.amazonaws.com',
  ),
  permission(
    'training-permission',
    'that role may read training files and write models',
    'sageMaker',
    ['training-role'],
    async (scene) => [
      ...on(['s3:ListBucket'], bucketArn(scene)),
      ...on(['s3:GetObject'], `${bucketArn(scene)}/${TRAINING_FILES}/any`),
      ...on(['s3:GetObject', 's3:PutObject'], `${bucketArn(scene)}/${MODELS}/any`),
    ],
  ),
];

/** Beside the chain: what would stop the training after next, when its jobs have been paid. */
const quotas: Check = {
  name: 'quotas',
  title: "the account's quotas leave room for all versions that are kept",
  needs: ['connection'],
  async look({ ctx }) {
    for (const doubt of await requireRoom(ctx, 'all versions')) ctx.progress.note(doubt);
    return undefined;
  },
};

/** That nothing else differs from what the code declares. */
const asDeclared: Check = {
  name: 'as-declared',
  title: 'everything is as declared',
  needs: ['declaration'],
  async look(scene) {
    const { changes } = await scene.plan();
    if (changes.length === 0) return undefined;
    const named = changes.slice(0, 3).map(({ id, reason }) => `${id} (${reason})`);
    const more = changes.length > 3 ? ` and ${changes.length - 3} more` : '';
    return {
      what: `Not as declared: ${named.join(', ')}${more}.`,
      fix: `${scene.los('plan')} shows the differences, ${scene.los('apply')} removes them`,
    };
  },
};

/** Every hop in the order in which a prediction passes it; then training, scoring by task, and mail. */
export const checks: readonly Check[] = [
  ...snowflakeChecks,
  restApiCheck,
  ...outgoing,
  ...gatewayChecks,
  ...onward,
  ...modelChecks,
  predictionCheck,
  grantsCheck,
  ...control,
  ...training,
  quotas,
  ...taskChecks,
  ...mailChecks,
  asDeclared,
];
