import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';

/** The AWS SDK v3 clients of one account and region. */
export interface AwsClients {
  readonly region: string;
  /** 12-digit account that the credentials belong to (from STS, when the context was opened). */
  readonly accountId: string;
  readonly iam: IAMClient;
  readonly s3: S3Client;
  readonly apiGateway: APIGatewayClient;
  readonly sageMaker: SageMakerClient;
  /** What few commands need is loaded when it is first asked for. */
  sageMakerRuntime(): Promise<SageMakerRuntimeClient>;
  serviceQuotas(): Promise<ServiceQuotasClient>;
  close(): void;
}
