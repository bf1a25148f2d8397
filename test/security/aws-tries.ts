import * as ApiGateway from '@aws-sdk/client-api-gateway';
import * as IAM from '@aws-sdk/client-iam';
import * as S3 from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import type { OpenContext } from '../../deploy/open.js';
import { ACCOUNT, anything, assume, type Caller, type Cloud, trustOf } from './aws-rights.js';

export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/los-boundary`;
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
/** A role with every right, which is none of ours. */
export const OTHERS = 'hospital-admin';
export const ROLES = [
  'los-snowflake-api',
  'los-snowflake-control',
  'los-snowflake-s3',
  'los-apigateway',
  'los-control',
  'los-sagemaker',
];
export const FOR_SNOWFLAKE = ROLES.slice(0, 3);
const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0';

/** `denied`: AWS says no. `bounded`: it may be done, and gains nothing, as is looked at then. */
type Verdict = 'denied' | 'bounded';
type Try = readonly [what: string, verdict: Verdict, call: () => Promise<unknown>];

/** What a deployer tries who wants more. @param boundary whether its roles have one */
export function triesOf(cloud: Cloud, admin: OpenContext, deployer: Caller, boundary: boolean): Try[] {
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const self = `arn:aws:iam::${ACCOUNT}:user/ci-los`;
  const within: Verdict = boundary ? 'bounded' : 'denied';

  const job = (RoleArn: string, more: object = {}) => ({
    TrainingJobName: 'los-attack',
    RoleArn,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' as const },
    OutputDataConfig: { S3OutputPath: `s3://los-${ACCOUNT}-us-east-1/models/attack` },
    ResourceConfig: {
      InstanceType: 'ml.m5.xlarge' as SageMaker.TrainingInstanceType,
      InstanceCount: 1,
      VolumeSizeInGB: 10,
    },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    ...more,
  });

  const tries: Try[] = [
    ['CreateUser', 'denied', () => deployer.aws.iam.send(new IAM.CreateUserCommand({ UserName: 'mine' }))],
    [
      'a key for another',
      'denied',
      () => deployer.aws.iam.send(new IAM.CreateAccessKeyCommand({ UserName: 'root-like' })),
    ],
    [
      'AdministratorAccess for oneself',
      'denied',
      () => deployer.aws.iam.send(new IAM.AttachUserPolicyCommand({ UserName: 'ci-los', PolicyArn: ADMIN })),
    ],
    [
      'a policy * for oneself',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.PutUserPolicyCommand({ UserName: 'ci-los', PolicyName: 'x', PolicyDocument: anything }),
        ),
    ],
    [
      'detach one’s own policy',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.DetachUserPolicyCommand({
            UserName: 'ci-los',
            PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/of-ci-los`,
          }),
        ),
    ],
    [
      'no boundary for oneself',
      'denied',
      () => deployer.aws.iam.send(new IAM.DeleteUserPermissionsBoundaryCommand({ UserName: 'ci-los' })),
    ],
    [
      'another version of one’s own policy',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.CreatePolicyVersionCommand({
            PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/of-ci-los`,
            PolicyDocument: anything,
            SetAsDefault: true,
          }),
        ),
    ],
    [
      'CreatePolicy',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.CreatePolicyCommand({ PolicyName: 'los-all', PolicyDocument: anything }),
        ),
    ],
    [
      'another version of the boundary',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.CreatePolicyVersionCommand({
            PolicyArn: BOUNDARY,
            PolicyDocument: anything,
            SetAsDefault: true,
          }),
        ),
    ],
    [
      'an older version of the boundary',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.SetDefaultPolicyVersionCommand({ PolicyArn: BOUNDARY, VersionId: 'v1' }),
        ),
    ],
    [
      'no boundary at all',
      'denied',
      () => deployer.aws.iam.send(new IAM.DeletePolicyCommand({ PolicyArn: BOUNDARY })),
    ],
    ...ROLES.map(
      (RoleName): Try => [
        `a policy * on ${RoleName}`,
        within,
        () =>
          deployer.aws.iam.send(
            new IAM.PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: anything }),
          ),
      ],
    ),
    ...ROLES.map(
      (RoleName): Try => [
        `${RoleName} trusts the deployer`,
        boundary || FOR_SNOWFLAKE.includes(RoleName) ? 'bounded' : 'denied',
        () =>
          deployer.aws.iam.send(
            new IAM.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trustOf(self) }),
          ),
      ],
    ),
    ...ROLES.map(
      (RoleName): Try => [
        `AdministratorAccess on ${RoleName}`,
        'denied',
        () => deployer.aws.iam.send(new IAM.AttachRolePolicyCommand({ RoleName, PolicyArn: ADMIN })),
      ],
    ),
    ...ROLES.map(
      (RoleName): Try => [
        `no boundary on ${RoleName}`,
        'denied',
        () => deployer.aws.iam.send(new IAM.DeleteRolePermissionsBoundaryCommand({ RoleName })),
      ],
    ),
    [
      'a wider boundary',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.PutRolePermissionsBoundaryCommand({
            RoleName: 'los-control',
            PermissionsBoundary: ADMIN,
          }),
        ),
    ],
    [
      'a role of another name',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.CreateRoleCommand({
            RoleName: 'los-other',
            AssumeRolePolicyDocument: trustOf(self),
            PermissionsBoundary: BOUNDARY,
          }),
        ),
    ],
    [
      'a role of one of our names without a boundary',
      'denied',
      async () => {
        // Administrators may have taken it away: then the name is free.
        await admin.aws.iam
          .send(new IAM.DeleteRolePolicyCommand({ RoleName: 'los-snowflake-s3', PolicyName: 'x' }))
          .catch(() => undefined);
        for (const PolicyName of ['snowflake-storage'])
          await admin.aws.iam.send(
            new IAM.DeleteRolePolicyCommand({ RoleName: 'los-snowflake-s3', PolicyName }),
          );
        await admin.aws.iam.send(new IAM.DeleteRoleCommand({ RoleName: 'los-snowflake-s3' }));
        await deployer.aws.iam.send(
          new IAM.CreateRoleCommand({
            RoleName: 'los-snowflake-s3',
            AssumeRolePolicyDocument: trustOf(self),
          }),
        );
      },
    ],
    [
      'the same with a wider one',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.CreateRoleCommand({
            RoleName: 'los-snowflake-s3',
            AssumeRolePolicyDocument: trustOf(self),
            PermissionsBoundary: ADMIN,
          }),
        ),
    ],
    [
      'sessions of twelve hours',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.UpdateRoleCommand({ RoleName: 'los-control', MaxSessionDuration: 43200 }),
        ),
    ],
    [
      'a tag by which others’ policies give rights',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.TagRoleCommand({ RoleName: 'los-control', Tags: [{ Key: 'team', Value: 'admins' }] }),
        ),
    ],
    [
      'trust of another’s role',
      'denied',
      () =>
        deployer.aws.iam.send(
          new IAM.UpdateAssumeRolePolicyCommand({ RoleName: OTHERS, PolicyDocument: trustOf(self) }),
        ),
    ],
    ['assume another’s role', 'denied', () => assume(cloud, deployer, OTHERS)],
    [
      'read another’s role',
      'denied',
      () => deployer.aws.iam.send(new IAM.GetRoleCommand({ RoleName: OTHERS })),
    ],
    [
      'a job as another’s role',
      'denied',
      () =>
        deployer.aws.sageMaker.send(
          new SageMaker.CreateTrainingJobCommand({
            ...job(role(OTHERS)),
            EnableNetworkIsolation: undefined,
          }),
        ),
    ],
    [
      'a job as the role of API Gateway',
      'denied',
      () => deployer.aws.sageMaker.send(new SageMaker.CreateTrainingJobCommand(job(role('los-control')))),
    ],
    [
      'a job with a network',
      'denied',
      () => deployer.aws.sageMaker.send(new SageMaker.CreateTrainingJobCommand(job(role('los-sagemaker')))),
    ],
    [
      'a job on dear instances',
      'denied',
      () =>
        deployer.aws.sageMaker.send(
          new SageMaker.CreateTrainingJobCommand(
            job(role('los-sagemaker'), {
              ResourceConfig: { InstanceType: 'ml.p4d.24xlarge', InstanceCount: 20, VolumeSizeInGB: 10 },
            }),
          ),
        ),
    ],
    [
      'a job of five days',
      'denied',
      () =>
        deployer.aws.sageMaker.send(
          new SageMaker.CreateTrainingJobCommand(
            job(role('los-sagemaker'), { StoppingCondition: { MaxRuntimeInSeconds: 432_000 } }),
          ),
        ),
    ],
    [
      'an endpoint on instances',
      'denied',
      () =>
        deployer.aws.sageMaker.send(
          new SageMaker.CreateEndpointConfigCommand({
            EndpointConfigName: 'los-attack',
            ProductionVariants: [
              {
                VariantName: 'A',
                ModelName: 'los-x',
                InstanceType: 'ml.m5.large',
                InitialInstanceCount: 1,
              },
            ],
          }),
        ),
    ],
    [
      'a model of another prefix',
      'denied',
      () =>
        deployer.aws.sageMaker.send(
          new SageMaker.CreateModelCommand({
            ModelName: 'theirs',
            ExecutionRoleArn: role('los-sagemaker'),
            PrimaryContainer: { Image: IMAGE },
          }),
        ),
    ],
    ['a way of API Gateway as another’s role', 'denied', () => integrate(role(OTHERS))],
    ['the same as SageMaker’s role', 'denied', () => integrate(role('los-sagemaker'))],
    [
      'read another’s bucket',
      'denied',
      () => deployer.aws.s3.send(new S3.GetObjectCommand({ Bucket: 'hospital-files', Key: 'x' })),
    ],
    [
      'a policy on another’s bucket',
      'denied',
      () =>
        deployer.aws.s3.send(
          new S3.PutBucketPolicyCommand({
            Bucket: 'hospital-files',
            Policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { AWS: self },
                  Action: 's3:GetObject',
                  Resource: 'arn:aws:s3:::hospital-files/*',
                },
              ],
            }),
          }),
        ),
    ],
    [
      'another bucket',
      'denied',
      () => deployer.aws.s3.send(new S3.CreateBucketCommand({ Bucket: 'mine-x' })),
    ],
  ];

  async function integrate(credentials: string) {
    const { apiGateway } = deployer.aws;
    const { items = [] } = await apiGateway.send(new ApiGateway.GetRestApisCommand({}));
    const restApiId = items[0]!.id!;
    const { items: resources = [] } = await apiGateway.send(
      new ApiGateway.GetResourcesCommand({ restApiId, limit: 500 }),
    );
    await apiGateway.send(
      new ApiGateway.PutIntegrationCommand({
        restApiId,
        resourceId: resources.find(({ path }) => path === '/control/CreateModel')!.id!,
        httpMethod: 'POST',
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:sagemaker:action/CreateModel',
        credentials,
      }),
    );
  }
  return tries;
}
