import type { AwsCredentialIdentity } from '@smithy/types';
import type { Account } from '../account.js';
import type { Integration } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';

interface Kept {
  credentials: Promise<AwsCredentialIdentity>;
  /** Milliseconds on the account's clock, which is AWS's too. */
  until: number;
}

/** By account, then by what was assumed; credentials are asked for again shortly before they end. */
const kept = new WeakMap<Account, Map<string, Kept>>();
const RENEW_BEFORE_MS = 120_000;
const LIFETIME_S = 3600;

/**
 * The credentials of the role that an integration names, assumed by Snowflake's IAM user with the
 * integration's external ID, as session `snowflake`.
 * @throws SnowflakeError 003167 with what STS said
 */
export function assumeRole(account: Account, integration: Integration): Promise<AwsCredentialIdentity> {
  if (!integration.enabled)
    throw new SnowflakeError(
      '003100',
      '42501',
      `SQL access control error:\nIntegration '${integration.name}' is not enabled. Enable it with ALTER INTEGRATION … SET ENABLED = TRUE.`,
    );
  const prefix = integration.category;
  const roleArn = String(integration.properties[`${prefix}_AWS_ROLE_ARN`]);
  const externalId = String(integration.properties[`${prefix}_AWS_EXTERNAL_ID`]);
  const byRole = kept.get(account) ?? new Map<string, Kept>();
  kept.set(account, byRole);
  const key = `${roleArn}\0${externalId}`;
  const found = byRole.get(key);
  if (found && found.until > account.clock.now()) return found.credentials;
  const credentials = assume(account, roleArn, externalId);
  const entry: Kept = { credentials, until: account.clock.now() + LIFETIME_S * 1000 - RENEW_BEFORE_MS };
  byRole.set(key, entry);
  // A refusal is not kept: the next statement may find the trust policy repaired.
  credentials.catch(() => byRole.delete(key));
  return credentials;
}

async function assume(account: Account, roleArn: string, externalId: string): Promise<AwsCredentialIdentity> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { endpoint, region, user } = account.network.aws;
  const client = new STSClient({
    endpoint,
    region,
    systemClockOffset: account.clock.now() - Date.now(),
    credentials: { accessKeyId: user.accessKeyId, secretAccessKey: user.secretAccessKey },
  });
  try {
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: 'snowflake',
        ExternalId: externalId,
        DurationSeconds: LIFETIME_S,
      }),
    );
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  } catch (error) {
    throw new SnowflakeError('003167', '42601', `Error assuming AWS_ROLE:\n${(error as Error).message}`);
  } finally {
    client.destroy();
  }
}
