import type { Integration, Method, Stage } from '@aws-sdk/client-api-gateway';
import { isMissing } from '../ground/aws-errors.js';
import { roleArn } from '../stack/names.js';
import type { Check, Problem } from './check.js';
import { decide, statementsOf } from './policy.js';
import type { Scene } from './scene.js';
import { inWords, roleAllows } from './trust.js';

const PATH = '/endpoints/{endpoint}/invocations';

export const restApiCheck: Check = {
  name: 'rest-api',
  title: 'the REST API exists',
  needs: ['connection'],
  async look(scene) {
    const api = await scene.restApi();
    if (!api)
      return {
        what: `There is no REST API "${scene.ctx.settings.aws.restApi.name}".`,
        fix: scene.los('apply'),
      };
    if (api.minimumCompressionSize !== undefined)
      return {
        what: `The REST API ${api.id} has a minimum compression size (${api.minimumCompressionSize}): what Snowflake sends compressed and is smaller reaches SageMaker still compressed.`,
        fix: scene.los('apply'),
      };
    if (!api.disableExecuteApiEndpoint) return undefined;
    return {
      what: `The execute-api endpoint of the REST API ${api.id} is switched off, and Snowflake calls that one.`,
      fix: `aws apigateway update-rest-api --rest-api-id ${api.id} --patch-operations op=replace,path=/disableExecuteApiEndpoint,value=false`,
    };
  },
};

/** What the REST API between Snowflake and SageMaker is made of. */
export const gatewayChecks: readonly Check[] = [
  {
    name: 'resource-policy',
    title: "the REST API's resource policy lets Snowflake's role in",
    needs: ['rest-api', 'api-role'],
    look: resourcePolicy,
  },
  {
    name: 'method',
    title: 'the method exists and is authorized by IAM',
    needs: ['rest-api'],
    look: method,
  },
  {
    name: 'integration',
    title: 'the method leads to SageMaker with its role and mappings',
    needs: ['method'],
    look: integration,
  },
  {
    name: 'error-mapping',
    title: "SageMaker's errors reach Snowflake as such",
    needs: ['integration'],
    look: errorMapping,
  },
  {
    name: 'deployment',
    title: 'the stage serves what is configured',
    needs: ['rest-api'],
    look: deployment,
  },
  {
    name: 'throttling',
    title: 'the stage lets calls through',
    needs: ['deployment'],
    look: throttling,
  },
];

/** In one account a call passes when IAM or the resource policy allows it and neither denies it. */
async function resourcePolicy(scene: Scene): Promise<Problem | undefined> {
  const { aws, settings } = scene.ctx;
  const api = (await scene.restApi())!;
  const role = settings.aws.roles.snowflakeApi;
  const resource = invokeArn(scene, api.id ?? '');
  const document = api.policy
    ? readPolicy(api.policy, aws.region, aws.accountId, api.id ?? '')
    : { Statement: [] };
  const decision = decide(statementsOf(document), {
    action: 'execute-api:Invoke',
    resource,
    principals: [`arn:aws:sts::${aws.accountId}:assumed-role/${role}/snowflake`, roleArn(scene.ctx, role)],
  });
  if (decision.allowed) return undefined;
  if (decision.why !== 'denied') {
    const refused = await roleAllows(scene, role, [{ action: 'execute-api:Invoke', resource }]);
    if (!refused) return undefined;
  }
  return {
    what: `The resource policy of the REST API ${api.id} does not let ${role} in: ${inWords(decision)}.`,
    fix: scene.los('apply'),
  };
}

/** API Gateway escapes the quotes of the policy it returns and may leave `execute-api:/` abbreviated. */
function readPolicy(text: string, region: string, account: string, id: string): unknown {
  const plain = text.replaceAll('\\"', '"').replaceAll('\\/', '/');
  return JSON.parse(plain.replaceAll('"execute-api:/', `"arn:aws:execute-api:${region}:${account}:${id}/`));
}

/** What a call of any of the project's endpoints is called in policies. */
export function invokeArn({ ctx }: Scene, apiId: string): string {
  const { aws, settings } = ctx;
  return `arn:aws:execute-api:${aws.region}:${aws.accountId}:${apiId}/${settings.aws.restApi.stage}/POST/endpoints/${settings.prefix}-any/invocations`;
}

async function method(scene: Scene): Promise<Problem | undefined> {
  const found = await postMethod(scene);
  const fix = scene.los('apply');
  if (!found) return { what: `The REST API has no method POST ${PATH}.`, fix };
  if (found.authorizationType !== 'AWS_IAM')
    return {
      what: `POST ${PATH} is authorized by ${found.authorizationType ?? 'nothing'} instead of AWS_IAM: ${found.authorizationType === 'NONE' ? 'its callers have no identity, so the resource policy shuts Snowflake out' : 'Snowflake cannot do that'}.`,
      fix,
    };
  if (found.apiKeyRequired)
    return { what: `POST ${PATH} wants an API key, which Snowflake does not send.`, fix };
  return undefined;
}

async function postMethod(scene: Scene): Promise<Method | undefined> {
  return (await scene.endpointResource())?.resourceMethods?.POST;
}

async function integration(scene: Scene): Promise<Problem | undefined> {
  const { ctx } = scene;
  const live: Integration = (await postMethod(scene))?.methodIntegration ?? {};
  const wanted: readonly (readonly [what: string, live: string | undefined, wanted: string])[] = [
    ['is of type', live.type, 'AWS'],
    ['uses the HTTP method', live.httpMethod, 'POST'],
    [
      'calls',
      live.uri,
      `arn:aws:apigateway:${ctx.aws.region}:runtime.sagemaker:path/endpoints/{endpoint}/invocations`,
    ],
    ['calls SageMaker as', live.credentials, roleArn(ctx, ctx.settings.aws.roles.apiGateway)],
    [
      'takes the endpoint from',
      live.requestParameters?.['integration.request.path.endpoint'],
      'method.request.path.endpoint',
    ],
    [
      'sends the content type',
      live.requestParameters?.['integration.request.header.Content-Type'],
      "'text/csv'",
    ],
  ];
  const wrong = wanted.find(([, is, shall]) => is !== shall);
  if (!wrong) return undefined;
  const [what, is, shall] = wrong;
  return {
    what: `The integration of POST ${PATH} ${what} ${is ?? 'nothing'} instead of ${shall}.`,
    fix: scene.los('apply'),
  };
}

/** SageMaker's status → what Snowflake must see: it repeats 429 and 5xx; an error that arrives as 200 would be a prediction. */
const MAPPED = [
  ['200', '200'],
  ['400', '400'],
  ['429', '429'],
  // What SageMaker makes of every failure of the container, its 5xx too.
  ['424', '500'],
  ['500', '500'],
  ['503', '503'],
] as const;

async function errorMapping(scene: Scene): Promise<Problem | undefined> {
  const found = await postMethod(scene);
  const responses = Object.entries(found?.methodIntegration?.integrationResponses ?? {});
  for (const [sample, wanted] of MAPPED) {
    const matching = responses.find(
      ([, { selectionPattern }]) => selectionPattern && new RegExp(`^(?:${selectionPattern})$`).test(sample),
    );
    const status = (matching ?? responses.find(([, response]) => !response.selectionPattern))?.[0];
    if (status !== wanted || !found?.methodResponses?.[wanted])
      return {
        what: `SageMaker's status ${sample} reaches Snowflake as ${status ?? 'an internal error'}.`,
        fix: scene.los('apply'),
      };
  }
  return undefined;
}

async function deployment(scene: Scene): Promise<Problem | undefined> {
  const { ctx } = scene;
  const { stage: stageName } = ctx.settings.aws.restApi;
  const api = (await scene.restApi())!;
  const fix = scene.los('apply');
  const stage = await stageOf(scene);
  if (!stage) return { what: `The REST API ${api.id} has no stage ${stageName}: nothing is deployed.`, fix };
  const { items = [] } = await ctx.aws.apiGateway.getDeployments({ restApiId: api.id, limit: 500 });
  const newest = [...items].sort((a, b) => Number(b.createdDate ?? 0) - Number(a.createdDate ?? 0));
  const served = items.find(({ id }) => id === stage.deploymentId);
  const declared = api.description?.split(' ').at(-1);
  if (served?.description !== declared)
    return {
      what: `The stage ${stageName} serves deployment ${stage.deploymentId} (${served?.createdDate?.toISOString() ?? 'gone'}), not the one that los apply made.`,
      fix: newest.find(({ description }) => description === declared)
        ? `API Gateway console: ${api.name} > Stages > ${stageName} > Deployment history > ${newest.find(({ description }) => description === declared)!.id}; or ${fix}`
        : fix,
    };
  return undefined;
}

function stageOf(scene: Scene): Promise<Stage | undefined> {
  return scene.once('stage', async () => {
    const { stage: stageName } = scene.ctx.settings.aws.restApi;
    const restApiId = (await scene.restApi())?.id;
    try {
      return await scene.ctx.aws.apiGateway.getStage({ restApiId, stageName });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
}

async function throttling(scene: Scene): Promise<Problem | undefined> {
  const stage = (await stageOf(scene))!;
  const api = (await scene.restApi())!;
  for (const [path, settings] of Object.entries(stage.methodSettings ?? {}))
    if (settings.throttlingRateLimit === 0 || settings.throttlingBurstLimit === 0)
      return {
        what: `The stage ${stage.stageName} is throttled to nothing (${path}): every call is refused with 429.`,
        fix: `aws apigateway update-stage --rest-api-id ${api.id} --stage-name ${stage.stageName} --patch-operations op=replace,path=/${path}/throttling/rateLimit,value=10000 op=replace,path=/${path}/throttling/burstLimit,value=5000`,
      };
  return undefined;
}
