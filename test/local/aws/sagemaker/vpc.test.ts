import { setTimeout as sleep } from 'node:timers/promises';
import { EC2 } from '@aws-sdk/client-ec2';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateHyperParameterTuningJobCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DescribeHyperParameterTuningJobCommand,
  DescribeModelCommand,
  DescribeTransformJobCommand,
  type VpcConfig,
} from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { policy } from '../support.js';
import { BUCKET, channel, IMAGE, refusal, SageMakerCloud } from './cloud.js';

const NO_WAY =
  "ClientError: Data download failed:Please ensure that the subnet's route table has a route to an S3 VPC endpoint or a NAT device, both the security groups and the subnet's network ACL allow outbound traffic to S3.";
const ANYWHERE = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const INTERFACES = 'arn:aws:ec2:us-east-1:123456789012:*/*';

/** Waits until something has ended well. */
async function completed(status: () => Promise<string | undefined>): Promise<void> {
  for (;;) {
    const now = await status();
    if (now !== 'InProgress') {
      expect(now).to.equal('Completed');
      return;
    }
    await sleep(20);
  }
}

describe('SageMaker in a VPC', () => {
  const cloud = new SageMakerCloud();
  let ec2: EC2;
  let VpcId: string;
  let VpcEndpointId: string;
  let RouteTableId: string;
  let GroupId: string;
  let config: VpcConfig;
  let artifact: string;

  const grant = (...statements: object[]) =>
    cloud.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'sagemaker-role',
        PolicyName: 'ec2',
        PolicyDocument: policy(...statements),
      }),
    );
  const mayAll: [object, object] = [
    { Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['ec2:CreateNetworkInterface*', 'ec2:DeleteNetworkInterface*'],
      Resource: INTERFACES,
    },
  ];
  const setPolicy = (...statements: object[]) =>
    ec2.modifyVpcEndpoint({ VpcEndpointId, PolicyDocument: policy(...statements) });
  const files = (Effect: string, Action: string | string[]) => ({
    Effect,
    Principal: '*',
    Action,
    Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
  });
  /** How often the role called S3, by way, since the last time. */
  let counted: Record<string, number> = {};
  const ways = () => {
    const now = Object.fromEntries(
      cloud.aws
        .ways()
        .filter(({ service, principal }) => service === 's3' && principal === cloud.roleArn)
        .map(({ way, calls }) => [way, calls]),
    );
    const more = Object.entries(now).map(([way, calls]) => [way, calls - (counted[way] ?? 0)] as const);
    counted = now;
    return more.filter(([, calls]) => calls > 0).map(([way]) => way);
  };
  const train = (name: string, VpcConfig: VpcConfig | undefined = config) =>
    cloud.train(name, { VpcConfig, EnableNetworkIsolation: true });
  const refusalOf = async (VpcConfig: VpcConfig) =>
    await refusal(
      cloud.sagemaker.send(new CreateTrainingJobCommand(cloud.jobRequest('refused', { VpcConfig }))),
    );
  const createModel = (ModelName: string, VpcConfig = config) =>
    cloud.sagemaker.send(
      new CreateModelCommand({
        ModelName,
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: artifact },
        ExecutionRoleArn: cloud.roleArn,
        VpcConfig,
      }),
    );

  before(async () => {
    await cloud.start();
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.aws;
    ec2 = new EC2({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
    VpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
    const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/24' });
    GroupId = (await ec2.createSecurityGroup({ VpcId, GroupName: 'jobs', Description: 'jobs' })).GroupId!;
    const { RouteTables } = await ec2.describeRouteTables({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
    RouteTableId = RouteTables![0]!.RouteTableId!;
    const { VpcEndpoint } = await ec2.createVpcEndpoint({
      VpcId,
      ServiceName: 'com.amazonaws.us-east-1.s3',
      RouteTableIds: [RouteTableId],
    });
    VpcEndpointId = VpcEndpoint!.VpcEndpointId!;
    config = { Subnets: [Subnet!.SubnetId!], SecurityGroupIds: [GroupId] };
    await grant(...mayAll);
  });
  after(async () => {
    ec2.destroy();
    await cloud.close();
  });

  it('reads and writes by the endpoint of the VPC alone', async () => {
    const outside = await cloud.train('outside', {});
    expect(outside.TrainingJobStatus).to.equal('Completed');
    expect(ways()).to.deep.equal(['public']);
    const inside = await train('inside');
    expect(inside.TrainingJobStatus, inside.FailureReason).to.equal('Completed');
    expect(inside.VpcConfig).to.deep.equal(config);
    expect(ways()).to.deep.equal([VpcEndpointId]);
    artifact = inside.ModelArtifacts!.S3ModelArtifacts!;
  });

  it('fails jobs that have no way to S3, in SageMaker’s words', async () => {
    await ec2.modifyVpcEndpoint({ VpcEndpointId, RemoveRouteTableIds: [RouteTableId] });
    expect((await train('no-route')).FailureReason).to.equal(NO_WAY);
    await ec2.modifyVpcEndpoint({ VpcEndpointId, AddRouteTableIds: [RouteTableId] });
    await ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: [ANYWHERE] });
    expect((await train('no-egress')).FailureReason).to.equal(NO_WAY);
    await ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: [ANYWHERE] });
    expect(ways()).to.deep.equal([]);
    expect((await train('both-again')).TrainingJobStatus).to.equal('Completed');
  });

  it('asks the policy of the endpoint', async () => {
    await setPolicy(files('Allow', ['s3:ListBucket', 's3:GetObject']));
    expect((await train('may-not-write')).FailureReason).to.match(
      /^ClientError: Failed to upload .* s3:PutObject .* because no VPC endpoint policy allows the s3:PutObject action$/,
    );
    await setPolicy(files('Allow', 's3:*'), files('Deny', 's3:GetObject'));
    expect((await train('may-not-read')).FailureReason).to.match(
      /^ClientError: Data download failed:.*with an explicit deny in a VPC endpoint policy$/,
    );
    await setPolicy(files('Allow', ['s3:ListBucket', 's3:GetObject', 's3:PutObject']));
    expect((await train('may')).TrainingJobStatus).to.equal('Completed');
  });

  it('refuses networks that do not fit, and roles that may not use them', async () => {
    const other = (await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc!.VpcId!;
    const { Subnet } = await ec2.createSubnet({ VpcId: other, CidrBlock: '10.1.0.0/24' });
    const [subnet] = config.Subnets!;
    for (const [VpcConfig, words] of [
      [{ ...config, Subnets: ['subnet-0none'] }, /^The subnet ID 'subnet-0none' does not exist$/],
      [{ ...config, SecurityGroupIds: ['sg-0none'] }, /^The security group 'sg-0none' does not exist$/],
      [{ ...config, Subnets: [subnet!, Subnet!.SubnetId!] }, /belong to different networks/],
      [{ ...config, Subnets: [Subnet!.SubnetId!] }, /belong to different networks/],
      [{ ...config, Subnets: [] }, /at 'vpcConfig.subnets' .* greater than or equal to 1/],
      [
        { ...config, SecurityGroupIds: Array(6).fill(GroupId) },
        /'vpcConfig.securityGroupIds' .* less than or equal to 5/,
      ],
      [{ ...config, Subnets: ['subnet_1'] }, /satisfy regular expression pattern/],
    ] as const)
      expect(await refusalOf(VpcConfig as VpcConfig)).to.satisfy(
        ({ name, message }: Error) => name === 'ValidationException' && words.test(message),
        String(words),
      );
    const [look, change] = mayAll;
    for (const [statements, action] of [
      [[change], 'ec2:DescribeNetworkInterfaces'],
      [[look], 'ec2:CreateNetworkInterface'],
      [[look, { ...change, Action: 'ec2:CreateNetworkInterface' }], 'ec2:CreateNetworkInterfacePermission'],
      [[look, { ...change, Action: 'ec2:CreateNetworkInterface*' }], 'ec2:DeleteNetworkInterface'],
    ] as const) {
      await grant(...statements);
      const { name, message } = await refusalOf(config);
      expect(name).to.equal('ValidationException');
      expect(message).to.include(`is not authorized to perform: ${action} on resource`);
    }
    expect((await refusal(createModel('refused'))).message).to.include('ec2:DeleteNetworkInterface');
    await grant(...mayAll);
  });

  it('puts models of endpoints and transform jobs, and tuning jobs, there too', async () => {
    await createModel('model');
    const { VpcConfig } = await cloud.sagemaker.send(new DescribeModelCommand({ ModelName: 'model' }));
    expect(VpcConfig).to.deep.equal(config);
    const variant = { VariantName: 'AllTraffic', ModelName: 'model' };
    for (const [EndpointConfigName, size] of [
      ['instance', { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }],
      ['serverless', { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }],
    ] as const)
      await cloud.sagemaker.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName,
          ProductionVariants: [{ ...variant, ...size }],
        }),
      );
    const serve = (name: string, EndpointConfigName: string) =>
      cloud.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName }));
    expect((await refusal(serve('serverless', 'serverless'))).message).to.match(
      /^One or more endpoint features are not supported .* VpcConfig, which a serverless endpoint cannot have/,
    );
    ways();
    await serve('instance', 'instance');
    expect((await cloud.settled('instance')).EndpointStatus).to.equal('InService');
    await cloud.upload('rows/a.csv', '0.5,0.5,1\n');
    await cloud.sagemaker.send(
      new CreateTransformJobCommand({
        TransformJobName: 'transform',
        ModelName: 'model',
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/rows/` } },
          ContentType: 'text/csv',
        },
        TransformOutput: { S3OutputPath: `s3://${BUCKET}/out` },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      }),
    );
    await completed(async () => {
      const job = await cloud.sagemaker.send(
        new DescribeTransformJobCommand({ TransformJobName: 'transform' }),
      );
      return job.TransformJobStatus;
    });
    const { TrainingJobName, HyperParameters, ...definition } = cloud.jobRequest('x', { VpcConfig: config });
    await cloud.sagemaker.send(
      new CreateHyperParameterTuningJobCommand({
        HyperParameterTuningJobName: 'search',
        HyperParameterTuningJobConfig: {
          Strategy: 'Random',
          HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:rmse' },
          ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 },
          ParameterRanges: { ContinuousParameterRanges: [{ Name: 'eta', MinValue: '0.1', MaxValue: '0.5' }] },
        },
        TrainingJobDefinition: {
          ...definition,
          InputDataConfig: [channel('train'), channel('validation')],
          StaticHyperParameters: { num_round: '3', objective: 'reg:squarederror' },
        } as never,
      }),
    );
    await completed(async () => {
      const search = await cloud.sagemaker.send(
        new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'search' }),
      );
      return search.HyperParameterTuningJobStatus;
    });
    expect(ways()).to.deep.equal([VpcEndpointId]);
  });
});
