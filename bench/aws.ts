import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

const ACCOUNT = '123456789012';
const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';
const BUCKET = 'bench';
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

interface Connection {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** A local AWS with a bucket and the roles that training and serving need. */
export class BenchAws {
  readonly sagemaker: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;
  private readonly s3: S3Client;
  private readonly iam: IAMClient;
  private readonly sts: STSClient;
  private readonly gateway: ApiGateway.APIGatewayClient;

  constructor(readonly connection: Connection) {
    const { endpoint, region, accessKeyId, secretAccessKey } = connection;
    const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    this.sagemaker = new SageMakerClient(config);
    this.runtime = new SageMakerRuntimeClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.iam = new IAMClient(config);
    this.sts = new STSClient(config);
    this.gateway = new ApiGateway.APIGatewayClient(config);
  }

  async prepare(): Promise<void> {
    await this.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const role = async (name: string, Principal: object, ...statements: object[]) => {
      const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
      await this.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy(trust) }));
      if (statements.length)
        await this.iam.send(
          new PutRolePolicyCommand({
            RoleName: name,
            PolicyName: 'p',
            PolicyDocument: policy(...statements),
          }),
        );
    };
    const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
    await role('training', { Service: 'sagemaker.amazonaws.com' }, allow('s3:*'), allow('ecr:*'));
    await role('gateway', { Service: 'apigateway.amazonaws.com' }, allow('sagemaker:InvokeEndpoint'));
    await role('caller', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, allow('execute-api:Invoke'));
    // A change of roles takes a moment to be known everywhere, as in AWS.
    await sleep(3000);
  }

  async upload(key: string, body: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
  }

  /** Trains on the objects under a prefix and waits for the end; returns the artifact's address. */
  async train(name: string, prefix: string, parameters: Record<string, string>): Promise<string> {
    const source = { S3DataType: 'S3Prefix' as const, S3Uri: `s3://${BUCKET}/${prefix}` };
    await this.sagemaker.send(
      new CreateTrainingJobCommand({
        TrainingJobName: name,
        AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
        RoleArn: roleArn('training'),
        HyperParameters: parameters,
        InputDataConfig: [
          { ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource: source } },
        ],
        OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/models` },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      }),
    );
    for (;;) {
      const job = await this.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
      if (job.TrainingJobStatus === 'Completed') return job.ModelArtifacts!.S3ModelArtifacts!;
      if (job.TrainingJobStatus !== 'InProgress') throw new Error(`${name}: ${job.FailureReason}`);
      await sleep(50);
    }
  }

  /** An endpoint on instances, in service. */
  async deploy(name: string, artifact: string): Promise<void> {
    const { sagemaker } = this;
    await sagemaker.send(
      new CreateModelCommand({
        ModelName: name,
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: artifact },
        ExecutionRoleArn: roleArn('training'),
      }),
    );
    const size = { InstanceType: 'ml.m5.large' as const, InitialInstanceCount: 1 };
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: name, ...size }],
      }),
    );
    await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
    for (;;) {
      const { EndpointStatus, FailureReason } = await sagemaker.send(
        new DescribeEndpointCommand({ EndpointName: name }),
      );
      if (EndpointStatus === 'InService') return;
      if (EndpointStatus !== 'Creating') throw new Error(`${name}: ${FailureReason}`);
      await sleep(50);
    }
  }

  /** A REST API that passes bodies on to an endpoint; returns the URL to call. */
  async api(endpoint: string): Promise<URL> {
    const { gateway, connection } = this;
    const { id: restApiId, rootResourceId: resourceId } = await gateway.send(
      new ApiGateway.CreateRestApiCommand({ name: endpoint, minimumCompressionSize: 1024 }),
    );
    const at = { restApiId, resourceId, httpMethod: 'POST' };
    await gateway.send(new ApiGateway.PutMethodCommand({ ...at, authorizationType: 'AWS_IAM' }));
    await gateway.send(
      new ApiGateway.PutIntegrationCommand({
        ...at,
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: `arn:aws:apigateway:${connection.region}:runtime.sagemaker:path/endpoints/${endpoint}/invocations`,
        credentials: roleArn('gateway'),
        requestParameters: {
          'integration.request.header.Content-Type': "'text/csv'",
          'integration.request.header.Accept': "'application/json'",
        },
      }),
    );
    for (const [statusCode, selectionPattern] of [
      ['200', '2\\d\\d'],
      ['500', ''],
    ] as const) {
      await gateway.send(new ApiGateway.PutMethodResponseCommand({ ...at, statusCode }));
      await gateway.send(
        new ApiGateway.PutIntegrationResponseCommand({ ...at, statusCode, selectionPattern }),
      );
    }
    await gateway.send(new ApiGateway.CreateDeploymentCommand({ restApiId, stageName: 'bench' }));
    return new URL(`https://${restApiId}.execute-api.${connection.region}.amazonaws.com/bench`);
  }

  /** Credentials with which Snowflake would call the API. */
  async callerKeys() {
    const { Credentials: keys } = await this.sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn('caller'), RoleSessionName: 'bench' }),
    );
    return {
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: keys!.SecretAccessKey!,
      sessionToken: keys!.SessionToken!,
    };
  }

  close(): void {
    for (const client of [this.sagemaker, this.runtime, this.s3, this.iam, this.sts, this.gateway])
      client.destroy();
  }
}

function policy(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/**
 * Rows of CSV: `features` numbers each, half of them 0 or 1 as from categories; with a label in front that depends on
 * some of them when `labelled`.
 */
export function rows(count: number, features: number, seed: number, labelled: boolean): string {
  let state = seed >>> 0 || 1;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const cells: string[] = [];
    let label = 10;
    for (let f = 0; f < features; f++) {
      const value = f % 2 ? Number(random() < 0.3) : Math.round(random() * 1000) / 10;
      label += f < 12 ? value * (f % 3) * 0.05 : 0;
      cells.push(String(value));
    }
    lines.push((labelled ? [(label + random() * 5).toFixed(3), ...cells] : cells).join(','));
  }
  return lines.join('\n');
}

const zip = promisify(gzip);

/** gzip at its fastest, as the local Snowflake zips: the data goes over loopback. */
export function compress(body: string): Promise<Buffer> {
  return zip(body, { level: 1 });
}
