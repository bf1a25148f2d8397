import type { Settings } from '../settings/settings.js';

/**
 * Routes of a deployment over public addresses, and the setting that ends it where there is one. All of it is by TLS,
 * and lets in by IAM alone.
 */
export function publicPaths({ aws }: Pick<Settings, 'aws'>): string[] {
  return [
    ...(aws.privateApi.length > 0 ? [] : ['Snowflake to API Gateway (aws.privateApi)']),
    ...(aws.vpc.subnets.length > 0 ? [] : ['jobs and endpoints to S3 (aws.vpc)']),
    'Snowflake to S3',
    'los to Snowflake and AWS, unless your DNS leads to private endpoints',
  ];
}
