// The AWS accounts, with their users, roles, managed policies and access keys.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@local-cloud/kit/clock.js';
import { readState, writeState } from '@local-cloud/kit/state-file.js';
import type { Identity } from '../service.js';
import { type PolicyDocument, parsePolicy } from './policy.js';
import {
  type AccessKey,
  type Account,
  AWS_POLICIES,
  type ManagedPolicy,
  type Principal,
  type Role,
  type User,
  uniqueId,
} from './principals.js';

/** Credentials that AssumeRole gave out; they live in memory only and end with the process. */
interface Session {
  secret: string;
  token: string;
  identity: Identity;
  expires: number;
}

export interface Credentials {
  identity: Identity;
  secret: string;
  token?: string;
  /** Milliseconds since 1970; undefined for a user's own keys. */
  expires?: number;
}

/** What counts in permission checks: a principal's policies as they were when they last took effect. */
interface Snapshot {
  trust: string | undefined;
  documents: string[];
  /** The permissions boundary's document. */
  boundary: string | undefined;
}

/** Accounts, kept in `identity.json` of the state folder. */
export class Accounts {
  private readonly accounts = new Map<string, Account>();
  private readonly keys = new Map<string, AccessKey>();
  private readonly sessions = new Map<string, Session>();
  /** Changes on their way: in AWS a policy change takes seconds to be seen everywhere. */
  private readonly pending = new Map<
    string,
    { effective: Snapshot; changes: { at: number; snapshot: Snapshot }[] }
  >();
  private readonly file: string;

  /** @param propagationDelay milliseconds until a change of a policy or trust counts in permission checks */
  constructor(
    stateDir: string,
    private readonly clock: Clock,
    private readonly propagationDelay: number,
  ) {
    this.file = join(stateDir, 'identity.json');
    const saved = readState<{ accounts: Account[]; keys: AccessKey[] }>(this.file);
    for (const account of saved?.accounts ?? []) this.accounts.set(account.id, account);
    for (const key of saved?.keys ?? []) this.keys.set(key.id, key);
  }

  /** The account, made if it is new. */
  account(id: string): Account {
    let account = this.accounts.get(id);
    if (!account) {
      account = { id, users: {}, roles: {}, policies: {} };
      this.accounts.set(id, account);
    }
    return account;
  }

  has(id: string): boolean {
    return this.accounts.has(id);
  }

  save(): void {
    writeState(this.file, { accounts: [...this.accounts.values()], keys: [...this.keys.values()] });
  }

  userByArn(arn: string): User | undefined {
    return this.find(arn, 'user', (account, name) => account.users[name]);
  }

  roleByArn(arn: string): Role | undefined {
    return this.find(arn, 'role', (account, name) => account.roles[name]);
  }

  private find<T extends Principal>(
    arn: string,
    type: string,
    get: (account: Account, name: string) => T | undefined,
  ): T | undefined {
    const match = /^arn:aws:iam::(\d+):(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn);
    if (!match || match[2] !== type) return undefined;
    const account = this.accounts.get(match[1]!);
    const found = account && get(account, match[3]!);
    return found?.arn === arn ? found : undefined;
  }

  createUser(accountId: string, name: string, path = '/', tags: Record<string, string> = {}): User {
    const user: User = {
      name,
      path,
      id: uniqueId('AIDA'),
      arn: `arn:aws:iam::${accountId}:user${path}${name}`,
      created: this.clock.now(),
      inline: {},
      attached: [],
      tags,
    };
    this.account(accountId).users[name] = user;
    this.save();
    return user;
  }

  createAccessKey(user: User): AccessKey {
    const key = {
      id: uniqueId('AKIA', 16),
      secret: randomBytes(30).toString('base64'),
      userArn: user.arn,
      created: this.clock.now(),
    };
    this.keys.set(key.id, key);
    this.save();
    return key;
  }

  accessKeysOf(user: User): AccessKey[] {
    return [...this.keys.values()].filter((key) => key.userArn === user.arn);
  }

  deleteAccessKey(id: string): void {
    this.keys.delete(id);
    this.save();
  }

  /** Temporary credentials for a role that has been assumed. */
  startSession(
    role: Role,
    sessionName: string,
    seconds: number,
  ): Credentials & { id: string; token: string } {
    const id = uniqueId('ASIA', 16);
    const session: Session = {
      secret: randomBytes(30).toString('base64'),
      token: randomBytes(96).toString('base64'),
      identity: this.roleIdentity(role, sessionName),
      expires: this.clock.now() + seconds * 1000,
    };
    // Sessions long past are forgotten; recent ones are kept so that their use says "expired", not "unknown".
    for (const [old, { expires }] of this.sessions)
      if (expires < this.clock.now() - 24 * 3600_000) this.sessions.delete(old);
    this.sessions.set(id, session);
    return { id, ...session };
  }

  /** Whose an access key id is; undefined for an unknown one. */
  credentials(keyId: string): Credentials | undefined {
    const session = this.sessions.get(keyId);
    if (session) return session;
    const key = this.keys.get(keyId);
    const user = key && this.userByArn(key.userArn);
    return user && { identity: this.userIdentity(user), secret: key.secret };
  }

  userIdentity(user: User): Identity {
    const accountId = user.arn.split(':')[4]!;
    return { kind: 'user', accountId, arn: user.arn, principalArn: user.arn, userId: user.id };
  }

  roleIdentity(role: Role, sessionName: string): Identity {
    const accountId = role.arn.split(':')[4]!;
    return {
      kind: 'role',
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
      principalArn: role.arn,
      userId: `${role.id}:${sessionName}`,
    };
  }

  /**
   * To be called around every change of a principal's policies or trust: the change counts in permission checks
   * once the propagation delay has passed. A new role's trust and policies are changes too.
   */
  change<T extends User | Role>(principal: T, apply: (principal: T) => void): void {
    const before = this.effective(principal);
    apply(principal);
    if (this.propagationDelay > 0) this.delay(principal, before);
    this.save();
  }

  /** A new role exists at once, but its trust and policies count only after the delay. */
  addRole(accountId: string, role: Role): void {
    this.account(accountId).roles[role.name] = role;
    if (this.propagationDelay > 0) this.delay(role, { trust: undefined, documents: [], boundary: undefined });
    this.save();
  }

  private delay(principal: User | Role, effective: Snapshot): void {
    const entry = this.pending.get(principal.id) ?? { effective, changes: [] };
    entry.changes.push({ at: this.clock.now() + this.propagationDelay, snapshot: this.snapshot(principal) });
    this.pending.set(principal.id, entry);
  }

  private snapshot(principal: User | Role): Snapshot {
    return {
      trust: 'trust' in principal ? principal.trust : undefined,
      documents: [
        ...Object.values(principal.inline),
        ...principal.attached.flatMap((arn) => this.documentOf(arn) ?? []),
      ],
      boundary: principal.boundary === undefined ? undefined : this.documentOf(principal.boundary),
    };
  }

  private effective(principal: User | Role): Snapshot {
    const entry = this.pending.get(principal.id);
    if (!entry) return this.snapshot(principal);
    const now = this.clock.now();
    while (entry.changes.length > 0 && entry.changes[0]!.at <= now)
      entry.effective = entry.changes.shift()!.snapshot;
    if (entry.changes.length > 0) return entry.effective;
    this.pending.delete(principal.id);
    return this.snapshot(principal);
  }

  private documentOf(arn: string): string | undefined {
    if (arn in AWS_POLICIES) return AWS_POLICIES[arn];
    const policy = this.findPolicy(arn);
    return policy?.versions.find((version) => version.isDefault)?.document;
  }

  findPolicy(arn: string): ManagedPolicy | undefined {
    const match = /^arn:aws:iam::(\d+):policy\/(?:.*\/)?([^/]+)$/.exec(arn);
    const policy = match && this.accounts.get(match[1]!)?.policies[match[2]!];
    return policy?.arn === arn ? policy : undefined;
  }

  /** All users and roles to which a managed policy is attached, or of which it is the boundary. */
  holdersOf(arn: string): (User | Role)[] {
    const account = this.accounts.get(arn.split(':')[4]!);
    if (!account) return [];
    return [...Object.values(account.users), ...Object.values(account.roles)].filter(
      (p) => p.attached.includes(arn) || p.boundary === arn,
    );
  }

  /** The documents that count now for an identity, and what bounds them. */
  policiesOf(identity: Identity): { documents: PolicyDocument[]; boundary?: PolicyDocument } {
    const principal =
      identity.kind === 'user'
        ? this.userByArn(identity.principalArn)
        : identity.kind === 'role'
          ? this.roleByArn(identity.principalArn)
          : undefined;
    // A session outlives neither its role nor a role of the same name made later.
    if (!principal || !identity.userId.startsWith(principal.id)) return { documents: [] };
    const { documents, boundary } = this.effective(principal);
    return {
      documents: documents.map((text) => parsePolicy(text, 'identity')),
      ...(boundary !== undefined && { boundary: parsePolicy(boundary, 'identity') }),
    };
  }

  /** The trust policy that counts now; undefined for a role so new that AWS does not know it everywhere. */
  trustOf(role: Role): PolicyDocument | undefined {
    const { trust } = this.effective(role);
    return trust === undefined ? undefined : parsePolicy(trust, 'trust');
  }
}
