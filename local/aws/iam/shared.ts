// What IAM's operations on roles, users and policies have in common.
import { AwsError } from '../errors.js';
import type { Accounts } from '../identity/accounts.js';
import { parsePolicy } from '../identity/policy.js';
import { AWS_POLICIES, type ManagedPolicy } from '../identity/principals.js';
import type { XmlNode } from '../xml.js';
import type { IamCall } from './service.js';

/** ISO 8601 to the second, as IAM writes dates. */
export const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '');

/** Documents travel URL-encoded (RFC 3986) in IAM's answers. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export const tagList = (tags: Record<string, string>): XmlNode => ({
  member: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

/** A name in IAM: letters, digits and `+=,.@_-`. */
export function checkName(field: string, value: string, most: number): string {
  if (value.length > most || !/^[\w+=,.@-]+$/.test(value))
    throw new AwsError(
      'ValidationError',
      value.length > most
        ? `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: Member must have length less than or equal to ${most}`
        : `The specified value for ${field} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  return value;
}

/** A path in IAM: it begins and ends with a slash. */
export function checkPath(path = '/'): string {
  if (!/^\/([\x21-\x7e]+\/)?$/.test(path))
    throw new AwsError(
      'ValidationError',
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  return path;
}

/** Refuses a name that differs from another of its kind in case at most. */
export function requireFree(kind: 'Role' | 'User', others: Record<string, unknown>, name: string): void {
  if (Object.keys(others).some((other) => other.toLowerCase() === name.toLowerCase()))
    throw new AwsError('EntityAlreadyExists', `${kind} with name ${name} already exists.`, 409);
}

/** Every AWS principal that a trust policy names must exist; IAM refuses others when the policy is put. */
export function checkTrust(accounts: Accounts, text: string): void {
  checkSize('ACLSizePerRole', text);
  const { statements } = parsePolicy(text, 'trust');
  for (const { principals, notPrincipals } of statements)
    for (const entry of (principals ?? notPrincipals)?.AWS ?? [])
      if (!principalExists(accounts, entry))
        throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${entry}"`, 400);
}

/** Whether an entry of a Principal's AWS list names something that exists in the local accounts. */
export function principalExists(accounts: Accounts, entry: string): boolean {
  if (entry === '*') return true;
  const account = /^(\d{12})$/.exec(entry)?.[1] ?? /^arn:aws:iam::(\d{12}):root$/.exec(entry)?.[1];
  if (account) return accounts.has(account);
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(entry);
  if (session) return accounts.has(session[1]!) && session[2]! in accounts.account(session[1]!).roles;
  return accounts.userByArn(entry) !== undefined || accounts.roleByArn(entry) !== undefined;
}

/** Characters of a policy that count, which are those that are no white space (IAM quotas). */
export const sizeOf = (document: string) => document.replace(/\s/g, '').length;

/** The limit for one document: a trust policy or a managed one. */
export function checkSize(quota: 'ACLSizePerRole' | 'PolicySize', document: string): void {
  const limit = quota === 'ACLSizePerRole' ? 2_048 : 6_144;
  if (sizeOf(document) > limit)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`, 409);
}

/** A managed policy of the account; undefined for one of AWS's own that is known here. */
export function findManagedPolicy(call: IamCall, arn: string): ManagedPolicy | undefined {
  if (arn in AWS_POLICIES) return undefined;
  if (arn.startsWith('arn:aws:iam::aws:'))
    throw new AwsError(
      'NotImplemented',
      `The local IAM does not support the AWS managed policy ${arn}: it has only ${Object.keys(AWS_POLICIES).join(', ')}. Write the permissions as a policy of your own.`,
      501,
    );
  const policy = call.context.accounts.findPolicy(arn);
  if (!policy || arn.split(':')[4] !== call.account.id)
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return policy;
}

/** The items below the path that the request asks for, by name. */
export function pageItems<T extends { name: string; path: string }>(
  call: IamCall,
  items: Record<string, T>,
): T[] {
  const prefix = call.parameters.get('PathPrefix') ?? '/';
  return Object.values(items)
    .filter((item) => item.path.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One page of a list, by MaxItems and Marker. */
export function writePage<T>(
  call: IamCall,
  items: readonly T[],
  member: string,
  write: (item: T) => XmlNode,
): { [name: string]: XmlNode } {
  const most = call.parameters.number('MaxItems', 100, [1, 1000]);
  const marker = call.parameters.get('Marker');
  const from = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) throw new AwsError('ValidationError', 'Invalid Marker.');
  const more = items.length > from + most;
  return {
    [member]: { member: items.slice(from, from + most).map(write) },
    IsTruncated: more,
    ...(more && { Marker: Buffer.from(String(from + most)).toString('base64') }),
  };
}

export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);
