// The list of the local AWS's services.
import { create as createApiGateway } from './apigateway/service.js';
import { create as createEc2 } from './ec2/service.js';
import { create as createIam } from './iam/service.js';
import type { Authorizer } from './identity/authorize.js';
import { create as createKms } from './kms/service.js';
import type { Buckets } from './s3/buckets.js';
import { create as createS3 } from './s3/service.js';
import { create as createSageMaker } from './sagemaker/service.js';
import { create as createSageMakerRuntime } from './sagemaker-runtime/service.js';
import type { AwsContext, AwsService } from './service.js';
import { create as createServiceQuotas } from './servicequotas/service.js';
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
    ...createApiGateway(context),
    await createSageMaker(context),
    await createSageMakerRuntime(context),
    createServiceQuotas(context),
    createKms(context),
    createEc2(context),
  ];
}
