// The list of the local AWS's services.
import { create as createIam } from './iam/service.js';
import type { Authorizer } from './identity/authorize.js';
import type { Buckets } from './s3/buckets.js';
import { create as createS3 } from './s3/service.js';
import type { AwsContext, AwsService } from './service.js';
import { create as createSts } from './sts/service.js';

/** Makes all services; the parts are those that only the base services may touch. */
export async function createServices(
  context: AwsContext,
  parts: { authorizer: Authorizer; buckets: Buckets },
): Promise<AwsService[]> {
  return [
    createIam(context),
    createSts(context, parts.authorizer),
    createS3(context, parts.buckets),
    ...(await optional('./apigateway/service.js', context)),
    ...(await optional('./sagemaker/service.js', context)),
    ...(await optional('./sagemaker-runtime/service.js', context)),
  ];
}

// TEMPORARY until both exist: plain imports then.
async function optional(path: string, context: AwsContext): Promise<AwsService[]> {
  try {
    const module = (await import(path)) as { create(context: AwsContext): Promise<AwsService> };
    return [await module.create(context)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return [];
    throw error;
  }
}
