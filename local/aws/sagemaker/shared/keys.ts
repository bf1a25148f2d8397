/** Keys of KMS that a request names: for what is written to S3, and for volumes. */
import { AwsError } from '../../errors.js';
import type { AwsContext, Identity } from '../../service.js';
import { type Input, optionalString, validationError } from './validation.js';

/** `{ KmsKeyId: … }` where a request names one. */
export function keyMember<M extends string>(input: Input, member: M): Partial<Record<M, string>> {
  const key = optionalString(input, member, { max: 2048, pattern: /^[a-zA-Z0-9:/_-]*$/ });
  if (key?.includes('alias/'))
    throw validationError(`The local KMS has no aliases: give ${member} as the ARN or id of a key.`);
  return (key ? { [member]: key } : {}) as Partial<Record<M, string>>;
}

/** What a job writes is encrypted with its key. */
export const encryptionOf = (keyId: string | undefined) =>
  keyId === undefined ? {} : { encryption: { algorithm: 'aws:kms', keyId } };

/**
 * That SageMaker may give volumes a key: it makes a grant for it, as the role of a job (Developer Guide, "How to use SageMaker AI
 * execution roles") or as who makes an endpoint ("API permissions reference", CreateEndpoint). Its words for a refusal are not
 * documented; KMS's stand for them.
 */
export function requireGrant({ kms, region }: AwsContext, identity: Identity, key: string | undefined): void {
  if (key === undefined) return;
  try {
    kms.use(identity, 'CreateGrant', key, `sagemaker.${region}.amazonaws.com`, {
      'kms:GrantIsForAWSResource': 'true',
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError(`The KMS key cannot be used: ${error.message}`);
  }
}
