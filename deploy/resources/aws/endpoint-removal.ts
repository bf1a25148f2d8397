import type { EndpointStatus } from '@aws-sdk/client-sagemaker';
import type { Context } from '../../context.js';
import { isMissing, unlessMissing } from '../../ground/aws-errors.js';
import { retryWhile } from '../../ground/retry.js';

/** SageMaker takes an endpoint down in about a minute, and brings one up in a few. */
const PATIENCE_SECONDS = 600;

/**
 * Begins to take an endpoint down. One that is on its way (Creating, Updating) takes no change and is waited for; one
 * that is gone or going already is no error.
 */
export async function deleteEndpoint(ctx: Context, EndpointName: string): Promise<void> {
  await retryWhile(
    async () => {
      try {
        await ctx.aws.sageMaker.deleteEndpoint({ EndpointName });
      } catch (error) {
        if (isMissing(error)) return;
        if (isInProgress(error) && (await statusOf(ctx, EndpointName)) === 'Deleting') return;
        throw error;
      }
    },
    isInProgress,
    { seconds: PATIENCE_SECONDS, signal: ctx.signal },
  );
}

const isInProgress = (error: unknown) =>
  error instanceof Error && error.name === 'ValidationException' && /in-progress/i.test(error.message);

async function statusOf({ aws }: Context, EndpointName: string): Promise<EndpointStatus | undefined> {
  const found = await unlessMissing(aws.sageMaker.describeEndpoint({ EndpointName }));
  return found ? found.EndpointStatus : 'Deleting';
}
