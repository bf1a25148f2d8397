// Access to S3's objects with every permission checked: by identity and bucket policy. Used by S3's own service and
// by services that read and write objects as a role (SageMaker's jobs).

import type { Clock } from '@local-cloud/kit/clock.js';
import type { Networks, VpcEndpoint } from '../ec2/networks.js';
import { NO_WAY, NO_WAY_TEXT, PUBLIC, type Ways } from '../ec2/ways.js';
import { AwsError } from '../errors.js';
import { parsePolicy } from '../identity/policy.js';
import type { Keys } from '../kms/keys.js';
import type { AuthorizeOptions, Identity } from '../service.js';
import type { Bucket, Buckets, ObjectAttributes, StoredObject } from './buckets.js';
import { Expiry } from './lifecycle.js';

export type { StoredObject } from './buckets.js';

type Authorize = (identity: Identity, action: string, resource: string, options?: AuthorizeOptions) => void;

/** Objects, as the identity given may see and change them. Errors are S3's: NoSuchBucket, NoSuchKey, AccessDenied. */
export class ObjectStore {
  private readonly expiry = new Expiry();

  constructor(
    private readonly buckets: Buckets,
    private readonly clock: Clock,
    private readonly authorize: Authorize,
    private readonly kms: Keys,
    private readonly net: { readonly networks: Networks; readonly ways: Ways },
  ) {}

  /** The bucket, once `action` on the resource (the bucket, or the object `key` in it) is allowed. */
  bucket(
    identity: Identity,
    name: string,
    action: string,
    { key, conditions }: { key?: string; conditions?: Record<string, string> } = {},
  ): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket)
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    const { policy } = bucket.settings;
    const through = this.wayOf(identity);
    this.authorize(identity, action, key === undefined ? bucket.arn : `${bucket.arn}/${key}`, {
      resourceAccount: bucket.accountId,
      ...(policy !== undefined && { resourcePolicy: parsePolicy(policy, 'resource') }),
      ...(conditions && { conditions }),
      ...(through && { through }),
    });
    this.expiry.sweep(bucket, this.clock.now());
    return bucket;
  }

  /** How a job's calls come here, which are counted; those over the wire S3's service counts. */
  private wayOf({ place, principalArn }: Identity): VpcEndpoint | undefined {
    if (place === undefined) return undefined;
    const way = place === 'public' ? undefined : this.net.networks.wayTo('s3', place);
    if (place !== 'public' && !way) throw new AwsError(NO_WAY, NO_WAY_TEXT, 503);
    this.net.ways.count('s3', principalArn, way?.id ?? PUBLIC);
    return way;
  }

  /** One object's record, with the path of its file (s3:GetObject). */
  get(identity: Identity, bucketName: string, key: string, action = 's3:GetObject'): StoredObject {
    const bucket = this.bucket(identity, bucketName, action, { key });
    const object = bucket.get(key);
    if (!object) {
      // Without permission to list, S3 does not say whether a key exists.
      try {
        this.bucket(identity, bucketName, 's3:ListBucket', { conditions: { 's3:prefix': key } });
      } catch {
        throw new AwsError('AccessDenied', 'Access Denied', 403);
      }
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
    }
    return object;
  }

  /**
   * That the identity may use the key that an object is or shall be encrypted with. Without one of the customer's S3 uses its own.
   * With the bucket's key, KMS is told of the bucket, else of the object ("Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys").
   */
  useKey(
    identity: Identity,
    action: 'GenerateDataKey' | 'Decrypt',
    { name, arn, region }: Bucket,
    key: string,
    encryption: ObjectAttributes['encryption'],
  ): void {
    if (!encryption?.keyId) return;
    this.kms.use(identity, action, encryption.keyId, `s3.${region}.amazonaws.com`, {
      'kms:EncryptionContext:aws:s3:arn': encryption.bucketKey ? arn : `arn:aws:s3:::${name}/${key}`,
    });
  }

  /** The same with the object's content, which its key must decrypt. */
  content(identity: Identity, bucketName: string, key: string): StoredObject {
    const object = this.get(identity, bucketName, key);
    this.useKey(identity, 'Decrypt', this.buckets.get(bucketName)!, key, object.encryption);
    return object;
  }

  /** All objects under a prefix, in order (s3:ListBucket). */
  list(identity: Identity, bucketName: string, prefix: string): StoredObject[] {
    const bucket = this.bucket(identity, bucketName, 's3:ListBucket', {
      conditions: { 's3:prefix': prefix },
    });
    return [...bucket.keys(prefix)].map((key) => bucket.get(key)!);
  }

  /** Writes an object from memory or from a copy of a file (s3:PutObject). */
  async put(
    identity: Identity,
    bucketName: string,
    key: string,
    source: Buffer | { file: string },
    attributes: ObjectAttributes = {},
  ): Promise<StoredObject> {
    const bucket = this.bucket(identity, bucketName, 's3:PutObject', { key });
    const encryption = attributes.encryption ?? bucket.settings.encryption;
    this.useKey(identity, 'GenerateDataKey', bucket, key, encryption);
    const { file, size, etag } = await this.buckets.stage(source);
    return bucket.adopt(key, file, {
      ...attributes,
      encryption,
      size,
      etag,
      now: this.clock.now(),
    });
  }
}
