import { keyFingerprint } from '../../access/passwords.js';
import { identifier } from '../../catalog/catalog.js';
import type { User } from '../../catalog/objects.js';
import { localRefusal } from '../../errors.js';
import { alterOutcome, dropObject, keepExisting, readNamed } from '../../kernel/named-object.js';
import { createHead, readOptions } from '../../kernel/options.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
  textResult,
} from '../../kernel/statement.js';
import { moveUserStage } from '../../storage/stage-folders.js';
import { renameUser } from '../containers/rename.js';
import { withoutProperty, withProperties } from './user-properties.js';

async function createUser(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'USER');
  const options = readOptions(tokens);
  tokens.expectEnd();
  account.access.requireCreate(session, 'USER');
  const name = head.name[0]!;
  const existing = account.catalog.find('USER', [name], session);
  const kept = existing && keepExisting(context, head, existing);
  if (kept) return kept;
  const user = await withProperties(
    {
      kind: 'USER',
      id: account.catalog.nextId(),
      name,
      loginName: name,
      owner: session.role,
      comment: '',
      createdOn: account.clock.now(),
      disabled: false,
      // The default since Snowflake's behaviour change bundle 2024_08.
      defaultSecondaryRoles: 'ALL',
    },
    options,
    policyOf(context),
  );
  await account.catalog.change(session.connection, (tx) => {
    if (existing) tx.remove(existing);
    tx.put(user);
  });
  return status(`User ${identifier(name)} successfully created.`, STATEMENT_TYPE.CREATE);
}

/** Finds the id of a policy to attach, which its owner may: docs: user-guide/network-policies. */
const policyOf =
  ({ account, session }: StatementContext) =>
  (name: string) => {
    const policy = account.catalog.resolve('NETWORK POLICY', [name], session);
    account.access.requireOwnership(session, policy);
    return policy.id;
  };

async function alterUser(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'USER');
  const oneself = tokens.is('SET') || tokens.is('UNSET');
  const user = oneself
    ? account.catalog.resolve('USER', [session.user], session)
    : readNamed(context, 'USER').object;
  if (!user) return alterOutcome();
  account.access.requireOwnership(session, user);
  let changed: User;
  if (tokens.take('SET')) changed = await withProperties(user, readOptions(tokens), policyOf(context));
  else if (tokens.take('RENAME', 'TO')) return rename(context, user);
  else {
    tokens.expect('UNSET');
    changed = user;
    do changed = withoutProperty(changed, tokens.identifier());
    while (tokens.take(','));
  }
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => tx.put(changed));
  return alterOutcome();
}

async function rename(context: StatementContext, user: User): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const name = tokens.identifier();
  tokens.expectEnd();
  account.catalog.requireFree('USER', [name]);
  if (account.sessions().some((each) => each.user === user.name))
    throw localRefusal(
      'RENAME of a user with open sessions',
      'sessions go by the name of their user',
      'Close the sessions of the user first.',
    );
  await account.catalog.change(session.connection, (tx) => renameUser(context, tx, user, name));
  await moveUserStage(account, user.name, name);
  return alterOutcome();
}

const SHOWN: ShownColumns<User> = {
  name: (user) => user.name,
  created_on: showTime,
  login_name: (user) => user.loginName,
  display_name: (user) => user.displayName ?? user.name,
  first_name: (user) => user.firstName ?? '',
  last_name: (user) => user.lastName ?? '',
  email: (user) => user.email ?? '',
  mins_to_unlock: '',
  days_to_expiry: '',
  comment: (user) => user.comment,
  disabled: (user) => String(user.disabled),
  must_change_password: 'false',
  snowflake_lock: 'false',
  default_warehouse: (user) => user.defaultWarehouse ?? '',
  default_namespace: (user) => user.defaultNamespace ?? '',
  default_role: (user) => user.defaultRole ?? '',
  default_secondary_roles: (user) => (user.defaultSecondaryRoles === 'ALL' ? '["ALL"]' : '[]'),
  ext_authn_duo: 'false',
  ext_authn_uid: '',
  mins_to_bypass_mfa: '',
  owner: (user) => user.owner,
  last_success_login: null,
  expires_at_time: null,
  locked_until_time: null,
  has_password: (user) => String(user.passwordHash !== undefined),
  has_rsa_public_key: (user) => String(user.rsaPublicKey !== undefined),
  type: (user) => user.type ?? null,
  has_mfa: 'false',
  has_pat: 'false',
  has_workload_identity: (user) => String(user.workloadIdentity !== undefined),
};

function showUsers(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'USERS');
  return showResult(SHOWN, listVisible(context, 'USER'));
}

function describeUser({ account, session, tokens }: StatementContext): StatementOutcome {
  tokens.next();
  tokens.expect('USER');
  const user = account.catalog.resolve('USER', tokens.name(), session);
  tokens.expectEnd();
  if (user.name !== session.user) account.access.requireOwnership(session, user);
  const properties: [string, string | null, string | null, string][] = [
    ['NAME', user.name, null, 'Name'],
    ['COMMENT', user.comment || null, null, 'user comment associated to an object in the dictionary'],
    ['DISPLAY_NAME', user.displayName ?? user.name, null, 'Display name of the associated object'],
    ['LOGIN_NAME', user.loginName, null, 'Login name of the user'],
    ['FIRST_NAME', user.firstName ?? null, null, 'First name of the user'],
    ['MIDDLE_NAME', user.middleName ?? null, null, 'Middle name of the user'],
    ['LAST_NAME', user.lastName ?? null, null, 'Last name of the user'],
    ['EMAIL', user.email ?? null, null, 'Email address of the user'],
    ['PASSWORD', user.passwordHash ? '********' : null, null, 'Password of the user'],
    ['DISABLED', String(user.disabled), 'false', 'Whether the user is disabled'],
    ['DEFAULT_WAREHOUSE', user.defaultWarehouse ?? null, null, 'Default warehouse for this user'],
    [
      'DEFAULT_NAMESPACE',
      user.defaultNamespace ?? null,
      null,
      'Default database namespace prefix for this user',
    ],
    [
      'DEFAULT_ROLE',
      user.defaultRole ?? null,
      null,
      'Primary principal of user session will be set to this role',
    ],
    [
      'DEFAULT_SECONDARY_ROLES',
      user.defaultSecondaryRoles === 'ALL' ? '["ALL"]' : '[]',
      null,
      'The secondary roles will be set to all roles provided here.',
    ],
    ['TYPE', user.type ?? null, null, 'Type of the user'],
    ['RSA_PUBLIC_KEY', user.rsaPublicKey ?? null, null, 'RSA public key of the user'],
    [
      'RSA_PUBLIC_KEY_FP',
      user.rsaPublicKey ? keyFingerprint(user.rsaPublicKey) : null,
      null,
      "Fingerprint of user's RSA public key.",
    ],
    ['RSA_PUBLIC_KEY_2', user.rsaPublicKey2 ?? null, null, 'Second RSA public key of the user'],
    [
      'RSA_PUBLIC_KEY_2_FP',
      user.rsaPublicKey2 ? keyFingerprint(user.rsaPublicKey2) : null,
      null,
      "Fingerprint of user's second RSA public key.",
    ],
  ];
  return textResult(['property', 'value', 'default', 'description'], properties, STATEMENT_TYPE.DESCRIBE);
}

export const userStatements: Statement[] = [
  { leading: [['CREATE', 'USER']], ddl: true, run: createUser },
  { leading: [['ALTER', 'USER']], ddl: true, run: alterUser },
  { leading: [['DROP', 'USER']], ddl: true, run: (context) => dropObject(context, 'USER') },
  { leading: [['SHOW', 'USERS']], run: showUsers },
  { leading: [['DESCRIBE', 'USER']], run: describeUser },
];
