/** A local AWS with a bucket, a role for SageMaker and training data: what the tests of SageMaker start from. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DescribeEndpointCommand,
  type DescribeEndpointCommandOutput,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { type LocalAws, startAws } from '@local-cloud/aws/server.js';
import { SERVERLESS_CONCURRENCY } from '@local-cloud/aws/servicequotas/quotas.js';
import { type Clock, systemClock } from '@local-cloud/kit/clock.js';

export const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';
export const BUCKET = 'data-bucket';
const ROLE_NAME = 'sagemaker-role';

export class SageMakerCloud {
  readonly stateDir = mkdtempSync(join(tmpdir(), 'sagemaker-'));
  readonly roleArn = `arn:aws:iam::123456789012:role/${ROLE_NAME}`;
  aws!: LocalAws;
  sagemaker!: SageMakerClient;
  runtime!: SageMakerRuntimeClient;
  s3!: S3Client;
  iam!: IAMClient;

  /**
   * @param deploymentTime milliseconds that an endpoint stays Creating or Updating at least
   * @param deletionTime milliseconds that it stays Deleting
   * @param quotas by name; an account of some age has more concurrency than a new one
   * @param propagationDelay milliseconds until a role, or a change of one, counts
   * @param clock by which all of it is measured
   * @param startingTime milliseconds until a job has its instances
   */
  constructor(
    private readonly deploymentTime = 0,
    private readonly deletionTime = 0,
    private readonly quotas: Record<string, number> = { [SERVERLESS_CONCURRENCY]: 200 },
    private readonly propagationDelay = 0,
    private readonly clock: Clock = systemClock,
    private readonly startingTime = 0,
  ) {}

  async start(): Promise<void> {
    await this.connect();
    await this.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await this.iam.send(
      new CreateRoleCommand({
        RoleName: ROLE_NAME,
        AssumeRolePolicyDocument: policy({
          Effect: 'Allow',
          Principal: { Service: 'sagemaker.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
      }),
    );
    await this.allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
    await this.upload('train/rows.csv', trainingRows(400, 1));
    await this.upload('validation/rows.csv', trainingRows(200, 2));
  }

  async connect(): Promise<void> {
    this.aws = await startAws({
      stateDir: this.stateDir,
      clock: this.clock,
      propagationDelay: this.propagationDelay,
      deploymentTime: this.deploymentTime,
      deletionTime: this.deletionTime,
      startingTime: this.startingTime,
      quotas: this.quotas,
    });
    const { endpoint, region, accessKeyId, secretAccessKey } = this.aws;
    const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
    this.sagemaker = new SageMakerClient(config);
    this.runtime = new SageMakerRuntimeClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.iam = new IAMClient(config);
  }

  async disconnect(): Promise<void> {
    for (const client of [this.sagemaker, this.runtime, this.s3, this.iam]) client.destroy();
    await this.aws.close();
  }

  async close(): Promise<void> {
    await this.disconnect();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  /** Gives the role these S3 actions on the bucket, may it pull images or not, and nothing else. */
  async allow(actions: string[], pull = true): Promise<void> {
    const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`];
    const PolicyDocument = policy(
      { Effect: 'Allow', Action: actions, Resource },
      { Effect: pull ? 'Allow' : 'Deny', Action: 'ecr:*', Resource: '*' },
    );
    await this.iam.send(new PutRolePolicyCommand({ RoleName: ROLE_NAME, PolicyName: 's3', PolicyDocument }));
  }

  async upload(Key: string, Body: string | Buffer): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  }

  /** A complete job request; `change` replaces members. */
  jobRequest(
    name: string,
    change: Partial<CreateTrainingJobCommandInput> = {},
  ): CreateTrainingJobCommandInput {
    return {
      TrainingJobName: name,
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
      RoleArn: this.roleArn,
      HyperParameters: { num_round: '10', objective: 'reg:squarederror', max_depth: '3', eta: '0.5' },
      InputDataConfig: [channel('train'), channel('validation')],
      OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/models` },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
      ...change,
    };
  }

  /** Runs a job to its end. */
  async train(
    name: string,
    change: Partial<CreateTrainingJobCommandInput> = {},
  ): Promise<DescribeTrainingJobCommandOutput> {
    await this.sagemaker.send(new CreateTrainingJobCommand(this.jobRequest(name, change)));
    return this.finished(name);
  }

  async finished(name: string): Promise<DescribeTrainingJobCommandOutput> {
    for (;;) {
      const job = await this.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
      if (job.TrainingJobStatus !== 'InProgress' && job.TrainingJobStatus !== 'Stopping') return job;
      await sleep(20);
    }
  }

  /** Model, configuration and endpoint, all of one name, over an artifact. */
  async deploy(name: string, artifact: string, serverless = true): Promise<DescribeEndpointCommandOutput> {
    await this.sagemaker.send(
      new CreateModelCommand({
        ModelName: name,
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: artifact },
        ExecutionRoleArn: this.roleArn,
      }),
    );
    const size = serverless
      ? { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 20 } }
      : { InstanceType: 'ml.m5.large' as const, InitialInstanceCount: 1 };
    await this.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: name, ...size }],
      }),
    );
    await this.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
    return this.settled(name);
  }

  async settled(name: string): Promise<DescribeEndpointCommandOutput> {
    for (;;) {
      const endpoint = await this.sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
      if (!['Creating', 'Updating', 'Deleting'].includes(endpoint.EndpointStatus!)) return endpoint;
      await sleep(20);
    }
  }
}

/** A channel over the objects under its name. */
export function channel(name: string, change: object = {}) {
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix' as const,
        S3Uri: `s3://${BUCKET}/${name}/`,
        S3DataDistributionType: 'FullyReplicated' as const,
      },
    },
    ContentType: 'text/csv',
    ...change,
  };
}

/** Label first, then three features; the label is 3a + noise. */
export function trainingRows(count: number, seed: number): string {
  let state = seed;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  let text = '';
  for (let i = 0; i < count; i += 1) {
    const a = random();
    text += `${(3 * a + random() / 2).toFixed(4)},${a.toFixed(5)},${random().toFixed(5)},${Math.floor(random() * 9)}\n`;
  }
  return text;
}

function policy(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** The name and message of the error that a call ends with; fails when it succeeds. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status?: number }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('The call was expected to fail, but it succeeded.');
}
