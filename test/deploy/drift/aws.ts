import {
  CreateDeploymentCommand,
  DeleteResourceCommand,
  GetResourcesCommand,
  PutMethodCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteBucketLifecycleCommand,
  DeletePublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { OpenContext } from '../../../deploy/open.js';
import { plan } from '../../../deploy/operate/plan.js';
import { bucketName } from '../../../deploy/stack/names.js';
import { type Alteration, API } from './alteration.js';

/** The API, its one POST method's place, and its client. */
async function method(ctx: OpenContext) {
  const restApiId = (await plan(ctx)).outputs.get(API)!.id!;
  const { items = [] } = await ctx.aws.apiGateway.send(new GetResourcesCommand({ restApiId, limit: 500 }));
  const resourceId = items.find(({ path }) => path?.endsWith('/invocations'))!.id!;
  const root = items.find(({ path }) => path === '/')!.id!;
  return { restApiId, resourceId, httpMethod: 'POST', root };
}

const statement = (Action: string, Resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** What can be altered in AWS. */
export const awsAlterations: readonly Alteration[] = [
  {
    what: "a bucket's public access block",
    alter: (ctx) => ctx.aws.s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucketName(ctx) })),
    changes: ['update aws.bucket:los-123456789012-us-east-1'],
    says: /public access: open .* → blocked/,
  },
  {
    what: "a bucket's encryption",
    alter: (ctx) =>
      ctx.aws.s3.send(
        new PutBucketEncryptionCommand({
          Bucket: bucketName(ctx),
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
          },
        }),
      ),
    changes: ['update aws.bucket:los-123456789012-us-east-1'],
    says: /encryption: aws:kms → AES256/,
  },
  {
    what: 'how long training files are kept',
    alter: (ctx) =>
      ctx.aws.s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: bucketName(ctx),
          LifecycleConfiguration: {
            Rules: [
              {
                ID: 'training-files',
                Status: 'Enabled',
                Filter: { Prefix: 'training-files/' },
                Expiration: { Days: 3650 },
              },
            ],
          },
        }),
      ),
    changes: ['update aws.bucket:los-123456789012-us-east-1'],
    says: /training files: .* 3650 days → .* 90 days/,
  },
  {
    what: 'that training files expire',
    alter: (ctx) => ctx.aws.s3.send(new DeleteBucketLifecycleCommand({ Bucket: bucketName(ctx) })),
    changes: ['update aws.bucket:los-123456789012-us-east-1'],
    says: /training files: never expire → /,
  },
  {
    what: "a role's inline policy",
    alter: (ctx) =>
      ctx.aws.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'los-apigateway',
          PolicyName: 'apigateway',
          PolicyDocument: statement('sagemaker:InvokeEndpoint'),
        }),
      ),
    changes: ['update aws.iam-role:los-apigateway'],
    says: /- +"Resource": "\*"/,
  },
  {
    what: 'an inline policy that a person added',
    alter: (ctx) =>
      ctx.aws.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'los-sagemaker',
          PolicyName: 'more',
          PolicyDocument: statement('s3:GetObject'),
        }),
      ),
    changes: ['update aws.iam-role:los-sagemaker'],
    says: /inline policies: more, sagemaker → sagemaker/,
  },
  {
    what: 'a managed policy that a person attached',
    alter: async (ctx) => {
      const { Policy } = await ctx.aws.iam.send(
        new CreatePolicyCommand({ PolicyName: 'wide', PolicyDocument: statement('s3:*') }),
      );
      await ctx.aws.iam.send(
        new AttachRolePolicyCommand({ RoleName: 'los-sagemaker', PolicyArn: Policy!.Arn }),
      );
    },
    changes: ['update aws.iam-role:los-sagemaker'],
    says: /attached policies: \S+\/wide → \(none\)/,
  },
  {
    what: 'whom a service role trusts',
    alter: (ctx) =>
      ctx.aws.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'los-sagemaker',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          }),
        }),
      ),
    changes: ['update aws.iam-role:los-sagemaker'],
    says: /- +"Service": "lambda/,
  },
  {
    what: 'whom a role for Snowflake trusts',
    alter: (ctx) =>
      ctx.aws.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'los-snowflake-api',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::123456789012:root' },
                Action: 'sts:AssumeRole',
              },
            ],
          }),
        }),
      ),
    changes: ['update aws.trust:los-snowflake-api'],
    says: /does not trust the integration LOS_API/,
  },
  {
    what: "the API's minimum compression size",
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateRestApiCommand({
          restApiId: (await method(ctx)).restApiId,
          patchOperations: [{ op: 'replace', path: '/minimumCompressionSize', value: '1024' }],
        }),
      ),
    changes: [`update ${API}`],
    says: /minimum compression size: 1024 → none/,
  },
  {
    what: 'the address at which Snowflake calls the API',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateRestApiCommand({
          restApiId: (await method(ctx)).restApiId,
          patchOperations: [{ op: 'replace', path: '/disableExecuteApiEndpoint', value: 'true' }],
        }),
      ),
    changes: [`update ${API}`],
    says: /execute-api endpoint: off → on/,
  },
  {
    what: 'who reaches the API: VPC endpoints alone',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateRestApiCommand({
          restApiId: (await method(ctx)).restApiId,
          patchOperations: [
            { op: 'replace', path: '/endpointConfiguration/types/REGIONAL', value: 'PRIVATE' },
          ],
        }),
      ),
    changes: [`update ${API}`],
    says: /endpoint type: PRIVATE → REGIONAL/,
  },
  {
    what: "the API's resource policy",
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateRestApiCommand({
          restApiId: (await method(ctx)).restApiId,
          patchOperations: [
            {
              op: 'replace',
              path: '/policy',
              value: JSON.stringify({
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: '*',
                    Action: 'execute-api:Invoke',
                    Resource: 'execute-api:/*',
                  },
                ],
              }),
            },
          ],
        }),
      ),
    changes: [`update ${API}`],
    says: /- +"Principal": "\*"/,
  },
  {
    what: "a method's authorization",
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateMethodCommand({
          ...(await method(ctx)),
          patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'NONE' }],
        }),
      ),
    changes: [`update ${API}`],
    says: /authorization of \S+: NONE → AWS_IAM/,
  },
  {
    what: 'a method that a person added',
    alter: async (ctx) => {
      const { restApiId, root } = await method(ctx);
      await ctx.aws.apiGateway.send(
        new PutMethodCommand({ restApiId, resourceId: root, httpMethod: 'GET', authorizationType: 'NONE' }),
      );
    },
    changes: [`update ${API}`],
    says: /methods:[^+]*- GET \//,
  },
  {
    what: 'a route to SageMaker that a person removed',
    alter: async (ctx) => {
      const { restApiId } = await method(ctx);
      const { items = [] } = await ctx.aws.apiGateway.send(
        new GetResourcesCommand({ restApiId, limit: 500 }),
      );
      const { id } = items.find(({ path }) => path === '/control/CreateModel')!;
      await ctx.aws.apiGateway.send(new DeleteResourceCommand({ restApiId, resourceId: id }));
    },
    changes: [`update ${API}`],
    says: /methods:[^-]*\+ POST \/control\/CreateModel/,
  },
  {
    what: 'a header that the integration sends',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateIntegrationCommand({
          ...(await method(ctx)),
          patchOperations: [
            {
              op: 'replace',
              path: '/requestParameters/integration.request.header.Content-Type',
              value: "'text/plain'",
            },
          ],
        }),
      ),
    changes: [`update ${API}`],
    says: /- +"integration.request.header.Content-Type": "'text\/plain'"/,
  },
  {
    what: 'how an error is passed on',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateIntegrationResponseCommand({
          ...(await method(ctx)),
          statusCode: '429',
          patchOperations: [{ op: 'replace', path: '/selectionPattern', value: '5\\d{2}' }],
        }),
      ),
    changes: [`update ${API}`],
    says: /- +"pattern": "5/,
  },
  {
    what: 'a deployment that apply did not make',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new CreateDeploymentCommand({
          restApiId: (await method(ctx)).restApiId,
          stageName: 'prod',
          description: 'by hand',
        }),
      ),
    changes: [`update ${API}`],
    says: /deployed version: by hand → /,
  },
];
