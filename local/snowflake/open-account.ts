import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@local-cloud/kit/clock.js';
import { Access, SYSTEM_GRANTS, SYSTEM_HIERARCHY } from './access/access.js';
import { hashPassword } from './access/passwords.js';
import type { Account, AccountKind, Network } from './account.js';
import { Catalog } from './catalog/catalog.js';
import { accountDefaults } from './events/parameters.js';
import type { Feature } from './feature.js';
import { assemble } from './features/assemble.js';
import { History } from './sessions/history.js';
import { Session, type SessionOptions } from './sessions/session.js';
import { dropLeftovers, dropTemporary } from './sessions/temporary.js';
import { Dispatcher } from './statements/dispatcher.js';
import { Locks } from './storage/locks.js';
import { Storage } from './storage/storage.js';

export interface OpenAccount extends Account {
  /** The first user's password, kept in the account's folder. */
  adminPassword: string;
  close(): Promise<void>;
}

/** The first user of a new account. */
export const ADMIN = 'ADMIN';

/**
 * Opens the account in this folder, or makes a new one: the system's roles and the user ADMIN.
 * @param options.folder private to this Snowflake; internal stages and the database live in it
 */
export async function openAccount(options: {
  folder: string;
  clock: Clock;
  network: Network;
  features: readonly Feature[];
  faults?: Account['faults'];
  kind?: AccountKind;
}): Promise<OpenAccount> {
  const { folder, clock, network, kind = {} } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const adminPassword = readPassword(join(folder, 'admin-password'));
  const storage = await Storage.open(folder);
  const catalog = await Catalog.open(storage);
  const access = new Access(catalog);
  const locks = new Locks(() => clock.now());
  const features = assemble(options.features);
  const dispatcher = new Dispatcher(features.statements);
  const open = new Set<Session>();
  let sessions = clock.now();

  if (!catalog.list('USER').length) await seed(storage, catalog, clock, adminPassword);
  for (const feature of options.features) await feature.prepare?.({ storage, catalog, now: clock.now() });

  const account: OpenAccount = {
    name: 'LOCAL',
    region: kind.region ?? `AWS_${network.aws.region.toUpperCase().replaceAll('-', '_')}`,
    edition: kind.edition ?? 'BUSINESS_CRITICAL',
    folder,
    clock,
    network,
    ...(options.faults && { faults: options.faults }),
    storage,
    catalog,
    access,
    locks,
    history: new History(clock),
    features,
    adminPassword,
    run: (session, text, run) => dispatcher.run(account, session, text, run),
    sessions: () => [...open],
    async internalSession({ caller, ...given }) {
      const full: SessionOptions = { id: ++sessions, ...given };
      const session = new Session(
        full,
        caller?.connection ?? (await storage.connect()),
        catalog,
        locks,
        caller,
      );
      if (caller)
        for (const [name, value] of [...caller.defaults, ...caller.parameters])
          session.defaults.set(name, value);
      else {
        for (const [name, value] of accountDefaults(catalog)) session.defaults.set(name, value);
        session.applyTimezone();
      }
      open.add(session);
      return session;
    },
    async closeSession(session) {
      if (!open.delete(session) || session.caller) return;
      session.closed = true;
      await session.transaction.rollback();
      await dropTemporary(account, session.connection, session.temporaryObjects);
      session.connection.close();
    },
    async close() {
      for (const keeper of keepers.toReversed()) await keeper.stop();
      for (const session of open) {
        session.connection.interrupt();
        await account.closeSession(session);
      }
      catalog.close();
      await storage.close();
    },
  };
  const keepers = options.features.flatMap(({ keeper }) => keeper?.(account) ?? []);
  await dropLeftovers(account);
  for (const keeper of keepers) keeper.start();
  return account;
}

function readPassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

async function seed(storage: Storage, catalog: Catalog, clock: Clock, password: string): Promise<void> {
  const connection = await storage.connect();
  const createdOn = clock.now();
  const passwordHash = await hashPassword(password);
  await catalog.change(connection, (tx) => {
    const roles = new Map<string, number>();
    for (const name of ['ACCOUNTADMIN', 'SECURITYADMIN', 'USERADMIN', 'SYSADMIN', 'PUBLIC']) {
      const id = catalog.nextId();
      roles.set(name, id);
      tx.put({ kind: 'ROLE', id, name, owner: '', comment: '', createdOn });
      for (const privilege of SYSTEM_GRANTS[name] ?? []) {
        tx.put({
          kind: 'GRANT',
          id: catalog.nextId(),
          privilege,
          on: { kind: 'ACCOUNT', id: 0 },
          to: { kind: 'ROLE', name },
          grantOption: true,
          by: '',
          createdOn,
        });
      }
    }
    const grantRole = (role: string, to: { kind: 'ROLE' | 'USER'; name: string }) =>
      tx.put({
        kind: 'GRANT',
        id: catalog.nextId(),
        privilege: 'USAGE',
        on: { kind: 'ROLE', id: roles.get(role)! },
        to,
        grantOption: false,
        by: '',
        createdOn,
      });
    for (const [role, above] of SYSTEM_HIERARCHY) grantRole(role, { kind: 'ROLE', name: above });
    tx.put({
      kind: 'USER',
      id: catalog.nextId(),
      name: ADMIN,
      loginName: ADMIN,
      owner: 'ACCOUNTADMIN',
      comment: '',
      createdOn,
      passwordHash,
      defaultRole: 'ACCOUNTADMIN',
      disabled: false,
    });
    grantRole('ACCOUNTADMIN', { kind: 'USER', name: ADMIN });
  });
  connection.close();
}
