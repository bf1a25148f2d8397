import type { Context } from '../context.js';

export { bucketName } from '../model/plan.js';

/** ARN of one of the project's IAM roles. */
export function roleArn({ aws }: Pick<Context, 'aws'>, role: string): string {
  return `arn:aws:iam::${aws.accountId}:role/${role}`;
}
