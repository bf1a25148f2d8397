// What an account is made of: users, roles, managed policies and access keys.
import { randomBytes } from 'node:crypto';

/** What users and roles have in common. Policies are kept as the text that was put. */
export interface Principal {
  name: string;
  path: string;
  id: string;
  arn: string;
  created: number;
  inline: Record<string, string>;
  /** ARNs of managed policies. */
  attached: string[];
  /** ARN of the managed policy that is the permissions boundary. */
  boundary?: string;
  tags: Record<string, string>;
}

export type User = Principal;

export interface Role extends Principal {
  description?: string;
  /** Seconds. */
  maxSessionDuration: number;
  trust: string;
}

export interface ManagedPolicy {
  name: string;
  path: string;
  id: string;
  arn: string;
  description?: string;
  created: number;
  updated: number;
  tags: Record<string, string>;
  versions: { id: string; document: string; created: number; isDefault: boolean }[];
  nextVersion: number;
}

export interface AccessKey {
  id: string;
  secret: string;
  userArn: string;
  created: number;
}

export interface Account {
  id: string;
  users: Record<string, User>;
  roles: Record<string, Role>;
  policies: Record<string, ManagedPolicy>;
}

/** Managed policies of AWS itself; the others are refused by name. */
export const AWS_POLICIES: Record<string, string> = {
  'arn:aws:iam::aws:policy/AdministratorAccess': JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }),
};

/** An IAM unique id: a prefix that says the kind, then 17 characters; access keys have 16. */
export function uniqueId(prefix: string, length = 17): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...randomBytes(length)].map((byte) => letters[byte % 32]).join('');
}
