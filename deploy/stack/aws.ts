import { EXCHANGE_STAGE, invocations, qualify, TRAINING_FILES } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { bucketKind } from '../resources/aws/bucket.js';
import { iamRoleKind } from '../resources/aws/iam-role.js';
import { restApiKind } from '../resources/aws/rest-api.js';
import type { RestApiDefinition } from '../resources/aws/rest-api-properties.js';
import type { RestApiRoute } from '../resources/aws/rest-api-routes.js';
import { type TrustDefinition, trustKind } from '../resources/aws/trust.js';
import type { Resource } from '../resources/resource.js';
import { API_STAGE } from '../settings/account-names.js';
import { controlPolicy, controlRoutes } from './control.js';
import { bucketName, roleArn } from './names.js';
import { policyValues, renderPolicy } from './policy.js';

/** The AWS side: bucket, six roles, the REST API in front of SageMaker, and the trust in Snowflake. */
export function awsResources(ctx: Pick<Context, 'settings' | 'aws'>): Resource[] {
  const { settings, aws } = ctx;
  const { roles, kmsKey } = settings.aws;
  const values = {
    ...policyValues(ctx),
    role: roles.snowflakeApi,
    controlRole: roles.snowflakeControl,
  };
  const users = [roles.snowflakeStorage, roles.sageMaker].map((name) => `aws.iam-role:${name}`);
  const role = (name: string, service: string | null, policies: Readonly<Record<string, object>> = {}) =>
    iamRoleKind.resource(
      name,
      {
        service,
        policies,
        ...(service === 'sagemaker.amazonaws.com' ? { sourceAccount: aws.accountId } : {}),
        ...(settings.aws.permissionsBoundary ? { boundary: settings.aws.permissionsBoundary } : {}),
      },
      {
        dependsOn: users.includes(`aws.iam-role:${name}`) && !kmsKey ? [`aws.bucket:${bucketName(ctx)}`] : [],
      },
    );
  const policy = (name: string) => ({ [name]: renderPolicy(name, values) });
  const bucket = bucketKind.resource(
    bucketName(ctx),
    {
      encryption: kmsKey ?? 'AES256',
      publicAccess: 'blocked',
      transport: renderPolicy('bucket', values),
      expires: { prefix: `${TRAINING_FILES}/`, days: settings.aws.trainingFilesDays },
    },
    // Who reads the files may use the key before they are encrypted with it, and until they no longer are.
    { holdsData: true, dependsOn: kmsKey ? users : [] },
  );
  return [
    bucket,
    // The API's own policy lets the sessions of these two in; policies of theirs would allow the same once more.
    role(roles.snowflakeApi, null),
    role(roles.snowflakeControl, null),
    role(roles.snowflakeStorage, null, policy('snowflake-storage')),
    role(roles.apiGateway, 'apigateway.amazonaws.com', policy('apigateway')),
    role(roles.control, 'apigateway.amazonaws.com', { control: controlPolicy(ctx) }),
    role(roles.sageMaker, 'sagemaker.amazonaws.com', policy('sagemaker')),
    restApi(ctx, values),
    trust(ctx, 'api', `SELECT ${qualify(settings, invocations(settings).days)}(OBJECT_CONSTRUCT())`),
    trust(
      ctx,
      'control',
      `SELECT ${qualify(settings, 'LOS_SAGEMAKER')}('DescribeEndpoint', {'EndpointName': '${settings.prefix}-none'})`,
    ),
    trust(ctx, 'storage', `LIST @${qualify(settings, EXCHANGE_STAGE)} PATTERN = 'none'`),
  ];
}

function restApi(
  ctx: Pick<Context, 'settings' | 'aws'>,
  values: Readonly<Record<string, unknown>>,
): Resource<RestApiDefinition> {
  const { roles, restApi, privateApi } = ctx.settings.aws;
  return restApiKind.resource(
    restApi.name,
    {
      stage: API_STAGE,
      resourcePolicy: renderPolicy('rest-api-policy', { ...values, network: networkOf(privateApi) }),
      ...(privateApi.length > 0 ? { private: true as const } : {}),
      routes: [predictionRoute(ctx), ...controlRoutes(ctx)],
      // Far above what a hospital asks; Snowflake repeats what is refused.
      throttle: { rate: 100, burst: 200 },
      ...(restApi.accessLog ? { accessLog: restApi.accessLog } : {}),
    },
    {
      dependsOn: [roles.snowflakeApi, roles.snowflakeControl, roles.apiGateway, roles.control].map(
        (name) => `aws.iam-role:${name}`,
      ),
    },
  );
}

/**
 * Condition of a denial on a call's way, as JSON: it is denied where none of the ids is its own. Snowflake's pages
 * have the VPC for the endpoint that all accounts of a region share (external-functions-creating-aws-planning); an
 * endpoint that an account has had made for itself is in another one.
 */
function networkOf(ids: readonly string[]): string | null {
  if (ids.length === 0) return null;
  const of = (prefix: string) => ids.filter((id) => id.startsWith(prefix));
  const asked = { 'aws:SourceVpce': of('vpce-'), 'aws:SourceVpc': of('vpc-') };
  const entries = Object.entries(asked).filter(([, each]) => each.length > 0);
  return JSON.stringify(Object.fromEntries(entries.map(([key, each]) => [key, each[1] ? each : each[0]])));
}

/** Describes the route of predictions. */
function predictionRoute(ctx: Pick<Context, 'settings' | 'aws'>): RestApiRoute {
  const { settings, aws } = ctx;
  return {
    path: '/endpoints/{endpoint}/invocations',
    integration: {
      uri: `arn:aws:apigateway:${aws.region}:runtime.sagemaker:path/endpoints/{endpoint}/invocations`,
      credentials: roleArn(ctx, settings.aws.roles.apiGateway),
      requestParameters: {
        'integration.request.path.endpoint': 'method.request.path.endpoint',
        'integration.request.header.Content-Type': "'text/csv'",
        // JSON, because Snowflake hands a JSON body to a response translator whatever its size.
        'integration.request.header.Accept': "'application/json'",
      },
    },
    // Snowflake retries 429 (slowing down) and 5xx, and gives up on everything else: a mapping that turns
    // all errors into 400 would defeat that. SageMaker wraps every failure of the container, its 5xx too (a worker
    // that was killed, one that is still starting), into ModelError 424: that is worth a repetition, and a row
    // changes nothing when it is asked twice. What matches nothing is taken as a passing failure.
    // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    responses: [
      { status: '200', pattern: '2\\d{2}' },
      { status: '429', pattern: '429' },
      { status: '400', pattern: '4(?!29|24)\\d{2}' },
      { status: '503', pattern: '503' },
      { status: '500', pattern: '' },
    ],
    responseParameters: {
      'method.response.header.Content-Type': 'integration.response.header.Content-Type',
    },
  };
}

/** That Snowflake comes in through an integration, which a statement proves. */
function trust(
  { settings }: Pick<Context, 'settings'>,
  which: 'api' | 'control' | 'storage',
  proof: string,
): Resource<TrustDefinition> {
  const { snowflakeApi, snowflakeControl, snowflakeStorage } = settings.aws.roles;
  const role = { api: snowflakeApi, control: snowflakeControl, storage: snowflakeStorage }[which];
  const integration = settings.snowflake.integrations[which];
  const kind = which === 'storage' ? 'storage' : 'api';
  const properties = {
    user: `${kind.toUpperCase()}_AWS_IAM_USER_ARN`,
    externalId: `${kind.toUpperCase()}_AWS_EXTERNAL_ID`,
  };
  return trustKind.resource(
    role,
    { role, integration, properties, proof },
    { dependsOn: [`aws.iam-role:${role}`, `snowflake.${kind}-integration:${integration}`] },
  );
}
