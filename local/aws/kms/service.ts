// KMS: awsJson1.1. Keys for S3 and SageMaker to ask; nothing here encrypts. Pages: kms/latest/APIReference.
import { AwsError } from '../errors.js';
import { parsePolicy } from '../identity/policy.js';
import type { AwsContext, AwsRequest, AwsResponse, AwsService, Identity } from '../service.js';
import type { Key } from './keys.js';

const TARGET = 'TrentService.';

type Input = Readonly<Record<string, unknown>>;

/** What a key has that was made without a policy: the account's own policies decide. */
const defaultPolicy = (accountId: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });

/** Makes the service: CreateKey, DescribeKey, GetKeyPolicy, PutKeyPolicy, EnableKey, DisableKey, ScheduleKeyDeletion, CancelKeyDeletion. */
export function create({ kms, authorize }: AwsContext): AwsService {
  const keyFor = (action: string, input: Input, identity: Identity) =>
    kms.find(identity, `kms:${action}`, String(input.KeyId));
  const stateChange =
    (action: string, state: Key['state']) =>
    (input: Input, identity: Identity): undefined => {
      const key = keyFor(action, input, identity);
      if (key.state === 'PendingDeletion')
        throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
      kms.change(key, { state });
    };
  const operations: Record<string, (input: Input, identity: Identity) => object | undefined> = {
    CreateKey(input, identity) {
      authorize(identity, 'kms:CreateKey', '*');
      only(input, 'CreateKey', ['Policy', 'Description', 'KeySpec', 'KeyUsage']);
      if (
        (input.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT' ||
        (input.KeyUsage ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT'
      )
        throw new AwsError(
          'UnsupportedOperationException',
          'The local KMS has symmetric keys that encrypt and decrypt.',
        );
      const policy = String(input.Policy ?? defaultPolicy(identity.accountId));
      return {
        KeyMetadata: metadataOf(
          kms.create(identity.accountId, checked(policy), String(input.Description ?? '')),
        ),
      };
    },
    DescribeKey: (input, identity) => ({ KeyMetadata: metadataOf(keyFor('DescribeKey', input, identity)) }),
    GetKeyPolicy: (input, identity) => ({
      Policy: keyFor('GetKeyPolicy', input, identity).policy,
      PolicyName: 'default',
    }),
    PutKeyPolicy(input, identity) {
      kms.change(keyFor('PutKeyPolicy', input, identity), { policy: checked(String(input.Policy)) });
      return undefined;
    },
    EnableKey: stateChange('EnableKey', 'Enabled'),
    DisableKey: stateChange('DisableKey', 'Disabled'),
    ScheduleKeyDeletion(input, identity) {
      const key = keyFor('ScheduleKeyDeletion', input, identity);
      const days = Number(input.PendingWindowInDays ?? 30);
      return { KeyId: key.arn, DeletionDate: kms.scheduleDeletion(key, days) / 1000, KeyState: key.state };
    },
    CancelKeyDeletion(input, identity) {
      const key = keyFor('CancelKeyDeletion', input, identity);
      if (key.state !== 'PendingDeletion')
        throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
      kms.change(key, { state: 'Disabled', deletion: undefined as never });
      return { KeyId: key.arn };
    },
  };
  return {
    name: 'kms',
    protocol: 'awsJson1.1',
    async handle(request: AwsRequest): Promise<AwsResponse> {
      const name = (request.headers['x-amz-target'] ?? '').replace(TARGET, '');
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation)
        throw new AwsError(
          'UnknownOperationException',
          `The local KMS does not support ${name}; it has ${Object.keys(operations).join(', ')}.`,
        );
      const input = JSON.parse(request.body.toString('utf8') || '{}') as Input;
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(operation(input, request.identity) ?? {}),
      };
    },
  };
}

function metadataOf({ id, arn, accountId, created, description, state, deletion }: Key): object {
  return {
    KeyId: id,
    Arn: arn,
    AWSAccountId: accountId,
    CreationDate: created / 1000,
    Description: description,
    Enabled: state === 'Enabled',
    KeyState: state,
    ...(deletion !== undefined && { DeletionDate: deletion / 1000 }),
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
  };
}

function only(input: Input, operation: string, known: readonly string[]): void {
  const member = Object.keys(input).find((name) => !known.includes(name) && input[name] !== undefined);
  if (member)
    throw new AwsError(
      'UnsupportedOperationException',
      `The local KMS does not support ${member} of ${operation}; leave it out.`,
    );
}

function checked(policy: string): string {
  try {
    parsePolicy(policy, 'resource');
  } catch (error) {
    throw new AwsError('MalformedPolicyDocumentException', (error as Error).message);
  }
  return policy;
}
