// S3: what is set on a bucket. Policies count in permission checks; the other settings are kept and read back.
import { AwsError, featureError } from '../errors.js';
import { principalExists } from '../iam/shared.js';
import { parseArn } from '../identity/arn.js';
import { type PolicyDocument, parsePolicy } from '../identity/policy.js';
import type { AwsResponse } from '../service.js';
import type { XmlNode } from '../xml.js';
import type { Bucket, BucketSettings } from './buckets.js';
import { type S3Call, type S3Operation, smallBody, xmlBody, xmlResponse } from './request.js';

const done: AwsResponse = { status: 200 };
const gone: AwsResponse = { status: 204 };

function find(call: S3Call, action: string): Bucket {
  return call.context.s3.bucket(call.request.identity, call.bucket, action);
}

function need<T>(value: T | undefined, code: string, message: string, bucket: string): T {
  if (value === undefined) throw new AwsError(code, message, 404, { BucketName: bucket });
  return value;
}

interface TagSet {
  TagSet?: { Tag?: { Key: string; Value: string }[] };
}

/** The tags of a Tagging document, for buckets and objects. */
export function tagsOf({ TagSet }: TagSet): Record<string, string> {
  return Object.fromEntries((TagSet?.Tag ?? []).map(({ Key, Value }) => [Key, Value]));
}

export const tagging = (tags: Record<string, string>): XmlNode => ({
  TagSet: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
});

interface EncryptionRules {
  Rule?: {
    ApplyServerSideEncryptionByDefault?: { SSEAlgorithm?: string; KMSMasterKeyID?: string };
    BucketKeyEnabled?: string;
  }[];
}

export const bucketSettingOperations: Record<string, S3Operation> = {
  'GET bucket policy'(call) {
    const { settings } = find(call, 's3:GetBucketPolicy');
    const policy = need(
      settings.policy,
      'NoSuchBucketPolicy',
      'The bucket policy does not exist',
      call.bucket,
    );
    return { status: 200, headers: { 'content-type': 'application/json' }, body: policy };
  },
  async 'PUT bucket policy'(call) {
    const bucket = find(call, 's3:PutBucketPolicy');
    const text = await smallBody(call, 20 * 1024);
    checkBucketPolicy(call, bucket, text);
    bucket.change({ policy: text });
    return gone;
  },
  'DELETE bucket policy'(call) {
    find(call, 's3:DeleteBucketPolicy').change({ policy: undefined });
    return gone;
  },

  'GET bucket tagging'(call) {
    const { settings } = find(call, 's3:GetBucketTagging');
    return xmlResponse(
      'Tagging',
      tagging(need(settings.tags, 'NoSuchTagSet', 'The TagSet does not exist', call.bucket)),
    );
  },
  async 'PUT bucket tagging'(call) {
    const bucket = find(call, 's3:PutBucketTagging');
    bucket.change({ tags: tagsOf(await xmlBody<TagSet>(call, 'Tagging')) });
    return gone;
  },
  'DELETE bucket tagging'(call) {
    find(call, 's3:PutBucketTagging').change({ tags: undefined });
    return gone;
  },

  'GET bucket encryption'(call) {
    const { encryption } = find(call, 's3:GetEncryptionConfiguration').settings;
    const { algorithm, keyId, bucketKey } = encryption!;
    return xmlResponse('ServerSideEncryptionConfiguration', {
      Rule: {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId },
        BucketKeyEnabled: bucketKey ?? false,
      },
    });
  },
  async 'PUT bucket encryption'(call) {
    const bucket = find(call, 's3:PutEncryptionConfiguration');
    const { Rule } = await xmlBody<EncryptionRules>(call, 'ServerSideEncryptionConfiguration');
    const rule = Rule?.[0];
    const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
    if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse')
      throw new AwsError('MalformedXML', 'SSEAlgorithm must be AES256, aws:kms or aws:kms:dsse.', 400);
    const keyId = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
    bucket.change({
      encryption: { algorithm, ...(keyId && { keyId }), bucketKey: rule?.BucketKeyEnabled === 'true' },
    });
    return done;
  },
  'DELETE bucket encryption'(call) {
    find(call, 's3:PutEncryptionConfiguration').change({
      encryption: { algorithm: 'AES256', bucketKey: false },
    });
    return gone;
  },

  'GET bucket publicAccessBlock'(call) {
    const { settings } = find(call, 's3:GetBucketPublicAccessBlock');
    return xmlResponse(
      'PublicAccessBlockConfiguration',
      need(
        settings.publicAccessBlock,
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        call.bucket,
      ),
    );
  },
  async 'PUT bucket publicAccessBlock'(call) {
    const bucket = find(call, 's3:PutBucketPublicAccessBlock');
    const body = await xmlBody<Record<string, string>>(call, 'PublicAccessBlockConfiguration');
    bucket.change({
      publicAccessBlock: Object.fromEntries(
        ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].map((name) => [
          name,
          body[name] === 'true',
        ]),
      ),
    });
    return done;
  },
  'DELETE bucket publicAccessBlock'(call) {
    find(call, 's3:PutBucketPublicAccessBlock').change({ publicAccessBlock: undefined });
    return gone;
  },

  'GET bucket ownershipControls'(call) {
    const { settings } = find(call, 's3:GetBucketOwnershipControls');
    const ownership = need(
      settings.ownership,
      'OwnershipControlsNotFoundError',
      'The bucket ownership controls were not found',
      call.bucket,
    );
    return xmlResponse('OwnershipControls', { Rule: { ObjectOwnership: ownership } });
  },
  async 'PUT bucket ownershipControls'(call) {
    const bucket = find(call, 's3:PutBucketOwnershipControls');
    const { Rule } = await xmlBody<{ Rule?: { ObjectOwnership?: string }[] }>(call, 'OwnershipControls');
    const ownership = Rule?.[0]?.ObjectOwnership;
    if (ownership !== 'BucketOwnerEnforced')
      throw featureError(
        'S3',
        `object ownership ${ownership}`,
        'Use BucketOwnerEnforced: access control lists are not modelled.',
      );
    bucket.change({ ownership });
    return done;
  },

  'GET bucket versioning'(call) {
    const { versioning } = find(call, 's3:GetBucketVersioning').settings;
    return xmlResponse('VersioningConfiguration', { Status: versioning });
  },
  async 'PUT bucket versioning'(call) {
    const bucket = find(call, 's3:PutBucketVersioning');
    const { Status } = await xmlBody<{ Status?: string }>(call, 'VersioningConfiguration');
    if (Status !== 'Suspended') throw featureError('S3', 'object versions', 'Leave versioning off.');
    bucket.change({ versioning: Status });
    return done;
  },
};

function checkBucketPolicy(call: S3Call, bucket: Bucket, text: string): void {
  const formatError = (message: string) => new AwsError('MalformedPolicy', message, 400);
  let document: PolicyDocument;
  try {
    document = parsePolicy(text, 'resource');
  } catch (error) {
    throw formatError((error as Error).message);
  }
  for (const { resources, notResources, principals, actions } of document.statements) {
    const named = resources ?? notResources;
    if (!named) throw formatError('Missing required field Resource');
    for (const resource of named) {
      const name = parseArn(resource)?.resource.split('/')[0];
      if (resource !== '*' && name !== bucket.name) throw formatError('Policy has invalid resource');
    }
    for (const entry of principals?.AWS ?? [])
      if (!principalExists(call.context.accounts, entry)) throw formatError('Invalid principal in policy');
    for (const action of actions ?? [])
      if (action !== '*' && !/^s3:/i.test(action)) throw formatError('Policy has invalid action');
  }
  const { publicAccessBlock } = bucket.settings as BucketSettings;
  const isPublic = document.statements.some(
    ({ effect, principals, conditions }) =>
      effect === 'Allow' && principals?.AWS?.includes('*') && conditions.length === 0,
  );
  if (publicAccessBlock?.BlockPublicPolicy && isPublic)
    throw new AwsError(
      'AccessDenied',
      `User: ${call.request.identity.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      403,
    );
}
