// What AWS charges, as a table of one region and date. On-demand list prices in US dollars, without free tiers,
// savings plans, storage, logs and data that leaves the region. Look at the pages named here before relying on it.

export interface PriceTable {
  region: string;
  /** Month of the prices. */
  date: string;
  currency: 'USD';
  sources: string[];
  /** SageMaker: dollars an instance hour, the same for training, hosting and batch transform. */
  instanceHour: Record<string, number>;
  /** SageMaker serverless inference: dollars a second and GB of memory, while a request is served. */
  serverlessGbSecond: number;
  /** SageMaker inference: dollars a GB of requests and answers. */
  inferenceGb: number;
  /** API Gateway REST APIs: dollars a request (the first 333 million of a month). */
  apiRequest: number;
  /** S3 Standard: dollars a request that writes or lists, and one that reads. Deletions are free. */
  s3Write: number;
  s3Read: number;
}

export const PRICES: PriceTable = {
  region: 'us-east-1',
  date: '2026-11',
  currency: 'USD',
  sources: [
    'https://aws.amazon.com/sagemaker/ai/pricing/',
    'https://aws.amazon.com/api-gateway/pricing/',
    'https://aws.amazon.com/s3/pricing/',
  ],
  instanceHour: {
    'ml.t2.medium': 0.056,
    'ml.t2.large': 0.111,
    'ml.t2.xlarge': 0.223,
    'ml.m4.xlarge': 0.24,
    'ml.m4.2xlarge': 0.48,
    'ml.m4.4xlarge': 0.96,
    'ml.m4.10xlarge': 2.4,
    'ml.m4.16xlarge': 3.84,
    'ml.m5.large': 0.115,
    'ml.m5.xlarge': 0.23,
    'ml.m5.2xlarge': 0.461,
    'ml.m5.4xlarge': 0.922,
    'ml.m5.12xlarge': 2.765,
    'ml.m5.24xlarge': 5.53,
    'ml.c5.large': 0.102,
    'ml.c5.xlarge': 0.204,
    'ml.c5.2xlarge': 0.408,
    'ml.c5.4xlarge': 0.816,
    'ml.c5.9xlarge': 1.836,
    'ml.c5.18xlarge': 3.672,
  },
  serverlessGbSecond: 0.00002,
  inferenceGb: 0.016,
  apiRequest: 3.5e-6,
  s3Write: 0.005 / 1000,
  s3Read: 0.0004 / 1000,
};
