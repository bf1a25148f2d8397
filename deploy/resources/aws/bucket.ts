import type { BucketLocationConstraint, LifecycleRule, ObjectIdentifier } from '@aws-sdk/client-s3';
import { itemAt } from '../../../udfs/require-value.js';
import type { Context } from '../../context.js';
import { UserError } from '../../errors.js';
import { allItems, errorName } from '../../ground/aws-errors.js';
import { objectMarker, readMarker, TAG_KEY } from '../../ground/marker.js';
import type { Properties } from '../difference.js';
import { pretty } from '../fingerprint.js';
import { AT_ONCE, limiter } from '../limiter.js';
import { defineKind, type LiveResource, type Resource } from '../resource.js';

export interface BucketDefinition {
  /** AES256, S3's own keys; or the ARN of a key of KMS. */
  readonly encryption: string;
  readonly publicAccess: 'blocked';
  /** Statement of the bucket's policy by which all else than TLS is refused. */
  readonly transport: object;
  /** Objects below the prefix are deleted so many days after they were written (at the next midnight UTC). */
  readonly expires: { readonly prefix: string; readonly days: number };
}

/** The lifecycle rule that is ours. A hospital's cloud team may have added others: they are left alone. */
const RULE = 'training-files';

/** The statement of the policy that is ours; others of the cloud team are left alone too. */
const TLS_ONLY = 'TlsOnly';

/** To the public. */
const CLOSED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

/** S3 buckets: private, encrypted, with files that expire, tagged with the fingerprint. */
export const bucketKind = defineKind<BucketDefinition>({
  id: 'aws.bucket',
  holdsData: true,

  definitionProperties: ({ definition }) => ({
    encryption: definition.encryption,
    'public access': definition.publicAccess,
    transport: pretty(definition.transport),
    'training files': describeExpiry(definition.expires),
  }),

  async list(ctx, wanted) {
    const found = await Promise.all(
      wanted.map(async ({ name }): Promise<LiveResource[]> => {
        const owner = await ownerOf(ctx, name);
        return owner ? [{ name, ...owner, properties: await propertiesOf(ctx, name) }] : [];
      }),
    );
    return found.flat();
  },

  async create(ctx, resource, fingerprint) {
    const { region, s3 } = ctx.aws;
    await s3
      .createBucket({
        Bucket: resource.name,
        ...(region === 'us-east-1'
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
      })
      .catch((error: unknown) => {
        if (errorName(error) !== 'BucketAlreadyOwnedByYou') throw error;
      });
    await configure(ctx, resource, fingerprint);
  },

  async update(ctx, resource, fingerprint) {
    await configure(ctx, resource, fingerprint);
  },

  async remove(ctx, live) {
    await emptyBucket(ctx, live.name);
    await ctx.aws.s3.deleteBucket({ Bucket: live.name });
  },
});

/** Whose bucket it is; undefined when there is none. */
async function ownerOf(ctx: Context, Bucket: string) {
  try {
    const { TagSet } = await ctx.aws.s3.getBucketTagging({ Bucket });
    return readMarker(ctx.settings.prefix, TagSet?.find((item) => item.Key === TAG_KEY)?.Value);
  } catch (error) {
    if (errorName(error) === 'NoSuchBucket') return undefined;
    if (errorName(error) === 'NoSuchTagSet') {
      // An interrupted apply leaves one in which nothing is, with our statement or none; any other is another's.
      const { KeyCount } = await ctx.aws.s3.listObjectsV2({ Bucket, MaxKeys: 1 });
      if (!KeyCount && (await policyOf(ctx, Bucket)).Statement.every(({ Sid }) => Sid === TLS_ONLY))
        return { owner: 'managed' as const, fingerprint: undefined };
      const tag = `TagSet=[{Key=${TAG_KEY},Value=${objectMarker(ctx.settings.prefix, 'lost')}}]`;
      return {
        owner: 'foreign' as const,
        fingerprint: undefined,
        restoreMark: `aws s3api put-bucket-tagging --bucket ${Bucket} --tagging '${tag}'`,
      };
    }
    if (errorName(error) === 'AccessDenied')
      throw new UserError(
        `The bucket ${Bucket} is another account's, or these credentials may not see its tags.`,
        {
          next: 'Choose another name (aws.bucket in los.config.yaml), or ask for the rights on it that los bootstrap prints.',
          cause: error,
        },
      );
    throw error;
  }
}

async function propertiesOf(ctx: Context, Bucket: string): Promise<Properties> {
  const [encryption, access, rules, policy] = await Promise.all([
    ctx.aws.s3
      .getBucketEncryption({ Bucket })
      .catch(ignoreCode('ServerSideEncryptionConfigurationNotFoundError')),
    ctx.aws.s3.getPublicAccessBlock({ Bucket }).catch(ignoreCode('NoSuchPublicAccessBlockConfiguration')),
    rulesOf(ctx, Bucket),
    policyOf(ctx, Bucket),
  ]);
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  const { SSEAlgorithm = '', KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
  const block = access?.PublicAccessBlockConfiguration;
  const open = Object.keys(CLOSED).filter((flag) => !block?.[flag as keyof typeof CLOSED]);
  return {
    // Without the bucket's key S3 asks KMS for each file, and KMS is paid for each question.
    encryption: KMSMasterKeyID
      ? `${KMSMasterKeyID}${rule?.BucketKeyEnabled ? '' : ' for each file'}`
      : SSEAlgorithm,
    'public access': open.length ? `open (${open.join(', ')} off)` : 'blocked',
    transport: pretty(policy.Statement.find(({ Sid }) => Sid === TLS_ONLY) ?? null),
    'training files': expiryInWords(rules.find(({ ID }) => ID === RULE)),
  };
}

async function rulesOf({ aws }: Context, Bucket: string): Promise<LifecycleRule[]> {
  const configuration = await aws.s3
    .getBucketLifecycleConfiguration({ Bucket })
    .catch(ignoreCode('NoSuchLifecycleConfiguration'));
  return configuration?.Rules ?? [];
}

interface Policy {
  readonly Version: string;
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** The bucket's policy; one without statements where it has none. */
async function policyOf({ aws }: Context, Bucket: string): Promise<Policy> {
  const { Policy } = (await aws.s3.getBucketPolicy({ Bucket }).catch(ignoreCode('NoSuchBucketPolicy'))) ?? {};
  const { Version, Statement } = JSON.parse(Policy ?? '{"Version":"2012-10-17","Statement":[]}') as Policy;
  return { Version, Statement: [Statement].flat() };
}

/** For a part that S3 has an error for where it is not set. */
const ignoreCode = (code: string) => (error: unknown) => {
  if (errorName(error) !== code) throw error;
  return undefined;
};

function describeExpiry({ prefix, days }: BucketDefinition['expires']): string {
  return `${prefix} expires after ${days} days`;
}

function expiryInWords(rule: LifecycleRule | undefined): string {
  if (!rule) return 'never expire';
  const { Filter, Expiration, Status } = rule;
  if (Status !== 'Enabled') return 'never expire (the rule is disabled)';
  if (Filter?.Prefix === undefined || Expiration?.Days === undefined) return 'expire by another rule';
  return describeExpiry({ prefix: Filter.Prefix, days: Expiration.Days });
}

async function configure(
  ctx: Context,
  { name: Bucket, definition }: Resource<BucketDefinition>,
  fingerprint: string,
) {
  const { s3 } = ctx.aws;
  await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: CLOSED });
  const key = definition.encryption === 'AES256' ? undefined : definition.encryption;
  const policy = await policyOf(ctx, Bucket);
  const others = policy.Statement.filter(({ Sid }) => Sid !== TLS_ONLY);
  await s3.putBucketPolicy({
    Bucket,
    Policy: JSON.stringify({ ...policy, Statement: [...others, definition.transport] }),
  });
  await s3.putBucketEncryption({
    Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: key
            ? { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key }
            : { SSEAlgorithm: 'AES256' },
          BucketKeyEnabled: key !== undefined,
        },
      ],
    },
  });
  await reencrypt(ctx, Bucket, key);
  await s3.putBucketLifecycleConfiguration({
    Bucket,
    LifecycleConfiguration: {
      Rules: [
        ...(await rulesOf(ctx, Bucket)).filter(({ ID }) => ID !== RULE),
        {
          ID: RULE,
          Status: 'Enabled',
          Filter: { Prefix: definition.expires.prefix },
          Expiration: { Days: definition.expires.days },
        },
      ],
    },
  });
  // The tag last: it says that everything before it is done.
  const value = objectMarker(ctx.settings.prefix, fingerprint);
  await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: TAG_KEY, Value: value }] } });
}

/** Files keep what they were written with: those that are there are copied onto themselves, so that a key can be given up. */
async function reencrypt({ aws: { s3 } }: Context, Bucket: string, key: string | undefined): Promise<void> {
  const target = key
    ? ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key, BucketKeyEnabled: true } as const)
    : ({ ServerSideEncryption: 'AES256' } as const);
  const files = await allItems(s3.paginateListObjectsV2({ Bucket }), ({ Contents }) => Contents);
  const slots = limiter(AT_ONCE);
  const copies = files.map(({ Key = '' }) =>
    slots(async () => {
      const { SSEKMSKeyId } = await s3.headObject({ Bucket, Key });
      const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
      if (SSEKMSKeyId !== key) await s3.copyObject({ Bucket, Key, CopySource, ...target });
    }),
  );
  await Promise.all(copies);
}

async function emptyBucket(ctx: Context, Bucket: string): Promise<void> {
  const { s3 } = ctx.aws;
  const removeAll = async (objects: ObjectIdentifier[]) => {
    if (!objects.length) return;
    const { Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects: objects, Quiet: true } });
    if (Errors?.length)
      throw new Error(
        `${Errors.length} objects of bucket ${Bucket} cannot be deleted: ${itemAt(Errors, 0).Message}`,
      );
  };
  for await (const { Contents = [] } of s3.paginateListObjectsV2({ Bucket }))
    await removeAll(Contents.map(({ Key }) => ({ Key })));
  // We make no versions; if they were switched on, old ones have to go as well.
  const { Status } = await s3.getBucketVersioning({ Bucket });
  if (!Status) return;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket });
    const all = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (!all.length) return;
    await removeAll(all);
  }
}
