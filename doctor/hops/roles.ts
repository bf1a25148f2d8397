import type { IamRoleDefinition } from '../../deploy/resources/aws/iam-role.js';
import type { RoleDetails } from '../../deploy/resources/aws/role-details.js';
import { API_STAGE } from '../../deploy/settings/account-names.js';
import type { Settings } from '../../deploy/settings/settings.js';
import { MODELS, TRAINING_FILES } from '../../procedures/ground/names.js';
import { requireValue } from '../../udfs/require-value.js';
import { type Answer, breaks, type Check } from '../check.js';
import { hop } from './hop.js';
import { DENIED, permissionsOf, type Request, refusalOf, type Statement, statementsOf } from './policy.js';
import type { Scene } from './scene.js';

type Role = keyof Settings['aws']['roles'];

/** That one of the project's IAM roles exists and lets the AWS service in that it is for. */
const exists = (name: string, asks: string, role: Role): Check<Scene> =>
  hop(name, asks, [], ({ ctx }) => `aws.iam-role:${ctx.settings.aws.roles[role]}`, {
    trust: 'the AWS service that it is for cannot assume it',
  });

/** That a role lets in the IAM user of an integration with the integration's external ID. */
const trusts = (name: string, role: Role, needs: readonly string[]): Check<Scene> =>
  hop(
    name,
    "that role trusts the integration's IAM user and external ID",
    needs,
    ({ ctx }) => `aws.trust:${ctx.settings.aws.roles[role]}`,
    { drift: {} },
  );

/** That a role's policies allow what is declared for it: one that was added may deny it. */
const allows = (name: string, asks: string, role: Role, needs: readonly string[]): Check<Scene> => ({
  name,
  asks,
  needs,
  look: (scene) => checkRights(scene, role),
});

async function checkRights(scene: Scene, role: Role): Promise<Answer | undefined> {
  const { ctx } = scene;
  const name = ctx.settings.aws.roles[role];
  const { resources } = await scene.stack();
  const declared = resources.find(({ kind, name: of }) => kind === 'aws.iam-role' && of === name);
  const { policies } = requireValue(declared, name).definition as IamRoleDefinition;
  const samples = ['any', `${TRAINING_FILES}/any`, `${MODELS}/any`];
  const requests = permissionsOf(Object.values(policies).flatMap(statementsOf), samples);
  // What the API's own policy allows, so that only a denial is in its way.
  const invoke: Request = {
    action: 'execute-api:Invoke',
    resource: `arn:aws:execute-api:${ctx.aws.region}:${ctx.aws.accountId}:${await scene.apiId()}/${API_STAGE}/POST/${role === 'snowflakeControl' ? 'control/DescribeEndpoint' : `endpoints/${ctx.settings.prefix}-any/invocations`}`,
    allowedByOthers: true,
  };
  const statements = await statementsFor(scene, requireValue(await scene.role(name), name));
  for (const request of /^snowflake(Api|Control)$/.test(role) ? [invoke] : requests) {
    const why = refusalOf(statements, request);
    if (why === undefined) continue;
    const apply = scene.los('apply');
    return breaks(
      `The role ${name} may not ${request.action} on ${request.resource}: ${why}.`,
      why === DENIED
        ? `Take the denying statement out of the policies of ${name} (IAM console, Roles), or ${apply}`
        : apply,
    );
  }
  return undefined;
}

async function statementsFor({ ctx }: Scene, role: RoleDetails): Promise<Statement[]> {
  const managed = await Promise.all(
    role.attached.map(async (PolicyArn) => {
      const { Policy } = await ctx.aws.iam.getPolicy({ PolicyArn });
      const VersionId = Policy?.DefaultVersionId;
      const { PolicyVersion } = await ctx.aws.iam.getPolicyVersion({ PolicyArn, VersionId });
      return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '{}')) as unknown;
    }),
  );
  return [...Object.values(role.policies), ...managed].flatMap(statementsOf);
}

/** Snowflake's role for the REST API. */
export const apiRoleHops = [
  exists('api-role', "Snowflake's role for the REST API exists", 'snowflakeApi'),
  trusts('api-trust', 'snowflakeApi', ['api-role', 'api-integration']),
  allows('api-role-permission', 'nothing forbids that role to call the REST API', 'snowflakeApi', [
    'api-role',
    'rest-api',
  ]),
];

/** API Gateway's way on to SageMaker. */
export const gatewayRoleHops = [
  exists('gateway-role', "API Gateway's role exists and trusts API Gateway", 'apiGateway'),
  allows('gateway-permission', 'that role may ask the endpoints', 'apiGateway', ['gateway-role']),
];

/** Hops that procedures need of SageMaker's control plane. */
export const controlRoleHops = [
  exists('control-api-role', "Snowflake's role for the routes of training exists", 'snowflakeControl'),
  trusts('control-trust', 'snowflakeControl', ['control-api-role', 'control-integration']),
  allows('control-api-permission', 'nothing forbids that role to call those routes', 'snowflakeControl', [
    'control-api-role',
    'rest-api',
  ]),
  exists(
    'control-role',
    "the role behind the API's routes to SageMaker exists and trusts API Gateway",
    'control',
  ),
  allows('control-permission', 'that role may do what procedures ask for', 'control', ['control-role']),
];

/** Snowflake's role for the bucket. */
export const storageRoleHops = [
  exists('storage-role', "Snowflake's role for the bucket exists", 'snowflakeStorage'),
  trusts('storage-trust', 'snowflakeStorage', ['storage-role', 'storage-integration']),
  allows('storage-permission', 'that role may read and write the bucket', 'snowflakeStorage', [
    'storage-role',
  ]),
];

export const trainingRoleHops = [
  exists('training-role', "SageMaker's role exists and trusts SageMaker", 'sageMaker'),
  allows('training-permission', 'that role may read training files and write models', 'sageMaker', [
    'training-role',
  ]),
];
