import type { Context } from '../context.js';

/** Bucket for training data and models. */
export function bucketName({ settings, aws }: Pick<Context, 'settings' | 'aws'>): string {
  return settings.aws.bucket ?? `${settings.prefix}-${aws.accountId}-${aws.region}`;
}

/** ARN of one of the project's IAM roles. */
export function roleArn({ aws }: Pick<Context, 'aws'>, role: string): string {
  return `arn:aws:iam::${aws.accountId}:role/${role}`;
}
