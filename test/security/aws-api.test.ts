// Findings 3, 6 and 11 of the security review of turn 4: who enters the API, whose APIs the deployer changes, what its roles may start.
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import * as IAM from '@aws-sdk/client-iam';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { decide } from '@local-cloud/aws/identity/evaluate.js';
import { parsePolicy } from '@local-cloud/aws/identity/policy.js';
import type { Identity } from '@local-cloud/aws/service.js';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { findRestApi } from '../../deploy/resources/aws/find-rest-api.js';
import { renderPolicy } from '../../deploy/stack/policy.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { sendSigned } from '../local/aws/apigateway/sign.js';
import { ACCOUNT, anything, assume, type Caller, newUser, outcomeOf, trustOf } from './aws-rights.js';
import { BOUNDARY, triesOf } from './aws-tries.js';

const INVOKE = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};
const CONTROL = '/control/DeleteEndpoint';
const PREDICT = '/endpoints/los-none/invocations';

/**
 * Whether a call of the API is let in, as AWS evaluates it within an account: a Deny of either policy wins; else an Allow of the caller's
 * or of the resource's policy suffices. API Gateway Developer Guide, "How API Gateway resource policies affect authorization workflow",
 * table A for AWS_IAM; IAM User Guide, "Policy evaluation logic".
 */
function letsIn(name: string, session: string, path: string, statements: readonly object[], own: boolean) {
  const identity: Identity = {
    kind: 'role',
    accountId: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
    principalArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    userId: `AROA:${session}`,
  };
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const arn = `arn:aws:execute-api:us-east-1:${ACCOUNT}:abc`;
  const policy = parsePolicy(text.replaceAll('execute-api:/', `${arn}/`), 'resource');
  const documents = own ? [parsePolicy(JSON.stringify(INVOKE), 'identity')] : [];
  return decide(
    {
      identity,
      action: 'execute-api:Invoke',
      resource: `${arn}/prod/POST${path}`,
      context: new Map([['aws:principalarn', [identity.principalArn]]]),
    },
    { documents },
    { account: ACCOUNT, policy },
  ).allowed;
}

describe('finding 3: the policy of the API', () => {
  const { Statement } = renderPolicy('rest-api-policy', {
    ...{ prefix: 'los', account: ACCOUNT, stage: 'prod', network: null },
    ...{ role: 'los-snowflake-api', controlRole: 'los-snowflake-control' },
  }) as { Statement: { Effect: string }[] };
  const rows = ['los-snowflake-api', 'los-snowflake-control', 'web-developer'].flatMap((name) =>
    ['snowflake', 'another'].flatMap((session) =>
      [PREDICT, CONTROL].flatMap((path) => [true, false].map((own) => ({ name, session, path, own }))),
    ),
  );

  it('lets each of two roles in on its own way, whatever policies callers have', () => {
    const entered = rows.filter(({ name, session, path, own }) =>
      letsIn(name, session, path, Statement, own),
    );
    for (const { name, path } of entered)
      expect(path).to.equal({ 'los-snowflake-api': PREDICT, 'los-snowflake-control': CONTROL }[name]);
    expect(entered.filter(({ own, session }) => !own && session === 'snowflake')).to.have.length(2);
  });

  it('let everybody of the account in before, who had the right', () => {
    const before = Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(letsIn('web-developer', 'x', CONTROL, before, true)).to.equal(true);
    expect(letsIn('los-snowflake-api', 'snowflake', CONTROL, before, true)).to.equal(true);
    expect(letsIn('web-developer', 'x', CONTROL, before, false)).to.equal(false);
  });
});

describe('an account with others in it', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let deployer: Caller;
  let ownId: string;

  before(async () => {
    cloud = await embeddedCloud(`mail: { to: [] }\naws: { permissionsBoundary: '${BOUNDARY}' }`);
    admin = await cloud.open();
    const printed = await bootstrap(admin, { run: false, roles: false });
    await admin.aws.iam.send(
      new IAM.CreatePolicyCommand({
        PolicyName: 'los-boundary',
        PolicyDocument: JSON.stringify(printed.boundary),
      }),
    );
    deployer = await newUser(cloud, admin, 'ci-los', printed.iamPolicy, printed.moreIamPolicy);
    await apply({ ...admin, aws: deployer.aws });
    ownId = (await findRestApi(admin))!.id!;
  });
  after(async () => {
    deployer?.aws.close();
    await admin?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  const post = async ({ credentials }: Caller, path: string) =>
    (
      await sendSigned(cloud.cloud.connection.aws.endpoint, {
        method: 'POST',
        host: `${ownId}.execute-api.us-east-1.amazonaws.com`,
        path: `/prod${path}`,
        headers: { 'content-type': 'application/json' },
        body: Buffer.from('{}'),
        keys: credentials,
      })
    ).status;

  it('finding 3: one who may invoke every API trains and deletes nothing, nor predicts', async () => {
    const all = { ...INVOKE, Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    for (const [name, policy] of [
      ['web-developer', INVOKE],
      ['administrator', all],
    ] as const) {
      const user = await newUser(cloud, admin, name, policy);
      for (const path of [CONTROL, '/control/CreateTrainingJob', PREDICT])
        expect(await post(user, path), `${name}: ${path}`).to.equal(403);
      user.aws.close();
    }
  });

  it('finding 6: the deployer changes no API of others, and tags none', async () => {
    const api = deployer.aws.apiGateway;
    const theirs = await admin.aws.apiGateway.send(
      new ApiGateway.CreateRestApiCommand({ name: 'pharmacy-prod', tags: { team: 'pharmacy' } }),
    );
    const restApiId = theirs.id!;
    const root = theirs.rootResourceId!;
    await admin.aws.apiGateway.send(
      new ApiGateway.PutMethodCommand({
        restApiId,
        resourceId: root,
        httpMethod: 'POST',
        authorizationType: 'AWS_IAM',
      }),
    );
    const arn = (id: string) => `arn:aws:apigateway:us-east-1::/restapis/${id}`;
    const tags = { 'predict-los': 'los' };
    const open = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' },
      ],
    });
    const replace = (path: string, value: string) => [{ op: 'replace' as const, path, value }];
    const tries: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['tag it', () => api.send(new ApiGateway.TagResourceCommand({ resourceArn: arn(restApiId), tags }))],
      ['tag all', () => api.send(new ApiGateway.TagResourceCommand({ resourceArn: arn('*'), tags }))],
      [
        'open it',
        () =>
          api.send(
            new ApiGateway.UpdateRestApiCommand({ restApiId, patchOperations: replace('/policy', open) }),
          ),
      ],
      [
        'a method without a login',
        () =>
          api.send(
            new ApiGateway.PutMethodCommand({
              restApiId,
              resourceId: root,
              httpMethod: 'GET',
              authorizationType: 'NONE',
            }),
          ),
      ],
      ['look into it', () => api.send(new ApiGateway.GetResourcesCommand({ restApiId }))],
      ['deploy it', () => api.send(new ApiGateway.CreateDeploymentCommand({ restApiId, stageName: 'prod' }))],
      ['delete it', () => api.send(new ApiGateway.DeleteRestApiCommand({ restApiId }))],
      ['one without a tag', () => api.send(new ApiGateway.CreateRestApiCommand({ name: 'mine' }))],
      [
        'one with another’s tag',
        () => api.send(new ApiGateway.CreateRestApiCommand({ name: 'mine', tags: { team: 'pharmacy' } })),
      ],
      [
        'its own tag away',
        () =>
          api.send(
            new ApiGateway.UntagResourceCommand({ resourceArn: arn(ownId), tagKeys: ['predict-los'] }),
          ),
      ],
    ];
    const through: string[] = [];
    for (const [what, call] of tries) {
      const outcome = await outcomeOf(call());
      if (outcome !== 'denied') through.push(`${what}: ${outcome}`);
    }
    expect(through).to.deep.equal([]);
    // Its own it changes.
    await api.send(
      new ApiGateway.UpdateRestApiCommand({
        restApiId: ownId,
        patchOperations: replace('/minimumCompressionSize', '100'),
      }),
    );
    await apply({ ...admin, aws: deployer.aws });
  });

  it('finding 11: no role within the boundary starts a job beyond the settings, whatever policy it is given', async () => {
    const { iam } = deployer.aws;
    const RoleName = 'los-control';
    await iam.send(new IAM.PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: anything }));
    await iam.send(
      new IAM.UpdateAssumeRolePolicyCommand({
        RoleName,
        PolicyDocument: trustOf(`arn:aws:iam::${ACCOUNT}:user/ci-los`),
      }),
    );
    const control = await assume(cloud, deployer, RoleName);
    const jobs = triesOf(cloud, admin, control, true).filter(([what]) =>
      /^a job (with a network|on dear|of five)|^an endpoint on instances/.test(what),
    );
    expect(jobs).to.have.length(4);
    for (const [what, , call] of jobs) expect(await outcomeOf(call()), what).to.equal('denied');
    // What the settings have is none of its denials.
    const names = await control.aws.sageMaker.send(new SageMaker.ListModelPackagesCommand({}));
    expect(names.ModelPackageSummaryList).to.deep.equal([]);
    control.aws.close();
  });
});
