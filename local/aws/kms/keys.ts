// The keys of KMS, and who may use them. Nothing here is encrypted: what counts is whether a key may be used.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@local-cloud/kit/clock.js';
import { readState, writeState } from '@local-cloud/kit/state-file.js';
import { AwsError } from '../errors.js';
import { parsePolicy } from '../identity/policy.js';
import type { AuthorizeOptions, Identity } from '../service.js';

export interface Key {
  id: string;
  arn: string;
  accountId: string;
  /** Milliseconds since 1970. */
  created: number;
  description: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** When it is deleted, where that is scheduled. */
  deletion?: number;
  policy: string;
}

type Authorize = (identity: Identity, action: string, resource: string, options?: AuthorizeOptions) => void;

const DAY = 24 * 3600 * 1000;

/** Keys, kept in `kms.json` of the state folder. */
export class Keys {
  private readonly keys: Map<string, Key>;
  private readonly file: string;

  constructor(
    stateDir: string,
    private readonly region: string,
    private readonly clock: Clock,
    private readonly authorize: Authorize,
  ) {
    this.file = join(stateDir, 'kms.json');
    this.keys = new Map((readState<Key[]>(this.file) ?? []).map((key) => [key.arn, key]));
  }

  create(accountId: string, policy: string, description: string): Key {
    const id = randomUUID();
    const arn = `arn:aws:kms:${this.region}:${accountId}:key/${id}`;
    const created = this.clock.now();
    const key: Key = { id, arn, accountId, created, description, state: 'Enabled', policy };
    this.keys.set(arn, key);
    this.save();
    return key;
  }

  change(key: Key, change: Partial<Key>): void {
    Object.assign(key, change);
    this.save();
  }

  /** The key, once the identity may do this with it. @param name a key's ARN, or its id in the identity's account */
  find(identity: Identity, action: string, name: string, conditions: Record<string, string> = {}): Key {
    const arn = name.startsWith('arn:')
      ? name
      : `arn:aws:kms:${this.region}:${identity.accountId}:key/${name}`;
    const key = this.keys.get(arn);
    if (!key || (key.deletion !== undefined && key.deletion <= this.clock.now()))
      throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
    this.authorize(identity, action, arn, {
      conditions: { 'kms:CallerAccount': identity.accountId, ...conditions },
      resourcePolicy: parsePolicy(key.policy, 'resource'),
      resourceDelegates: true,
    });
    return key;
  }

  /**
   * That a service may use a key for an identity.
   * @param via the service's host, as in kms:ViaService
   * @param more condition keys of the request
   * @throws AwsError as S3 hands KMS's on: AccessDenied, KMS.DisabledException, KMS.KMSInvalidStateException, KMS.NotFoundException
   */
  use(
    identity: Identity,
    action: string,
    name: string,
    via: string,
    more: Record<string, string> = {},
  ): void {
    let key: Key;
    try {
      key = this.find(identity, `kms:${action}`, name, {
        'kms:ViaService': via,
        ...more,
      });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'NotFoundException') throw error;
      throw new AwsError('KMS.NotFoundException', error.message);
    }
    if (key.state === 'Disabled') throw new AwsError('KMS.DisabledException', `${key.arn} is disabled.`);
    if (key.state === 'PendingDeletion')
      throw new AwsError('KMS.KMSInvalidStateException', `${key.arn} is pending deletion.`);
  }

  /** After so many days there is no such key. */
  scheduleDeletion(key: Key, days: number): number {
    const deletion = this.clock.now() + days * DAY;
    this.change(key, { state: 'PendingDeletion', deletion });
    return deletion;
  }

  private save(): void {
    writeState(this.file, [...this.keys.values()]);
  }
}
