/**
 * The account's quotas of SageMaker that the local AWS holds calls to. The values are those that new accounts are
 * reported to have, not what a page promises: they differ from account to account, which is why they are asked for.
 */
export const DEFAULT_QUOTAS: Readonly<Record<string, number>> = {
  'Maximum total concurrency that can be allocated across all serverless endpoints': 10,
  'ml.m5.xlarge for training job usage': 4,
  'ml.m5.xlarge for transform job usage': 4,
};

export const SERVERLESS_CONCURRENCY =
  'Maximum total concurrency that can be allocated across all serverless endpoints';

export const transformUsage = (instanceType: string): string => `${instanceType} for transform job usage`;

export const trainingUsage = (instanceType: string): string => `${instanceType} for training job usage`;
