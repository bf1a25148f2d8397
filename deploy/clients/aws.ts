import type { APIGateway } from '@aws-sdk/client-api-gateway';
import type { IAM } from '@aws-sdk/client-iam';
import type { KMS } from '@aws-sdk/client-kms';
import type { S3 } from '@aws-sdk/client-s3';
import type { SageMaker } from '@aws-sdk/client-sagemaker';
import type { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import type { ServiceQuotas } from '@aws-sdk/client-service-quotas';

/** The AWS SDK's clients of one account and region, with a method an operation. */
export interface AwsClients {
  readonly region: string;
  /** 12-digit account that the credentials belong to (from STS, when the context was opened). */
  readonly accountId: string;
  readonly iam: IAM;
  readonly kms: KMS;
  readonly s3: S3;
  readonly apiGateway: APIGateway;
  readonly sageMaker: SageMaker;
  readonly sageMakerRuntime: SageMakerRuntime;
  readonly serviceQuotas: ServiceQuotas;
  close(): void;
}
