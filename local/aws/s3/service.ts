// Amazon S3: buckets and objects over restXml.
import { PUBLIC } from '../ec2/ways.js';
import { AwsError, featureError } from '../errors.js';
import type { AwsContext, AwsService } from '../service.js';
import { bucketOperations } from './bucket-operations.js';
import { bucketSettingOperations } from './bucket-settings.js';
import type { Buckets } from './buckets.js';
import { lifecycleOperations } from './lifecycle.js';
import { listingOperations } from './listing.js';
import { MultipartUploads } from './multipart.js';
import { objectOperations } from './object-operations.js';
import { addressOf, operationOf, refuseHeaders, type S3Operation } from './request.js';

/** Makes the service over the buckets given. */
export function create(context: AwsContext, buckets: Buckets): AwsService {
  const operations: Record<string, S3Operation> = {
    ...bucketOperations,
    ...bucketSettingOperations,
    ...lifecycleOperations,
    ...listingOperations,
    ...objectOperations,
    ...new MultipartUploads().operations,
  };
  return {
    name: 's3',
    protocol: 'restXml',
    anonymous: true,
    streamsBody: true,
    async handle(request) {
      const { bucket, key } = addressOf(request);
      const name = operationOf(request, bucket, key);
      const operation = operations[name];
      if (!operation)
        throw featureError(
          'S3',
          `the operation "${name}"`,
          `It has ${Object.keys(operations).sort().join('; ')}.`,
        );
      refuseHeaders(request);
      context.ways.count('s3', request.identity.principalArn, PUBLIC);
      const owner = request.headers['x-amz-expected-bucket-owner'];
      const found = buckets.get(bucket);
      if (owner !== undefined && found && found.accountId !== owner)
        throw new AwsError('AccessDenied', 'Access Denied', 403);
      return operation({ context, buckets, request, bucket, key });
    },
  };
}
