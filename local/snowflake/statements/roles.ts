import { SYSTEM_GRANTS } from '../access/access.js';
import { identifier } from '../catalog/catalog.js';
import type { Role } from '../catalog/objects.js';
import { alreadyExists, notSupportedLocally, SnowflakeError } from '../errors.js';
import { createHead, readOptions } from './options.js';
import { type ShownColumns, shown, shownResult, shownTime } from './show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from './statement.js';

async function createRole(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'ROLE');
  const { COMMENT, ...rest } = readOptions(tokens);
  tokens.expectEnd();
  for (const key of Object.keys(rest))
    throw new SnowflakeError(
      '001420',
      '22023',
      `SQL compilation error:\ninvalid property '${key}' for 'ROLE'`,
    );
  account.access.requireCreate(session, 'ROLE');
  const name = head.name[0]!;
  const existing = account.catalog.find('ROLE', [name], session);
  if (existing) {
    if (head.ifNotExists) return status(`${identifier(name)} already exists, statement succeeded.`);
    if (!head.orReplace && !head.orAlter) throw alreadyExists(identifier(name));
    account.access.requireOwnership(session, existing);
  }
  const role: Role = {
    kind: 'ROLE',
    id: existing && head.orAlter ? existing.id : account.catalog.nextId(),
    name,
    owner: existing && head.orAlter ? existing.owner : session.role,
    comment: String(COMMENT ?? ''),
    createdOn: existing && head.orAlter ? existing.createdOn : account.clock.now(),
  };
  await account.catalog.change(session.connection, (tx) => {
    if (existing && head.orReplace) tx.remove(existing);
    tx.put(role);
  });
  return status(`Role ${identifier(name)} successfully created.`, STATEMENT_TYPE.CREATE);
}

async function alterRole({ account, session, tokens }: StatementContext): Promise<StatementOutcome> {
  tokens.expect('ALTER', 'ROLE');
  const ifExists = tokens.take('IF', 'EXISTS');
  const name = tokens.identifier();
  const role = ifExists
    ? account.catalog.find('ROLE', [name], session)
    : account.catalog.resolve('ROLE', [name], session);
  if (!role) return status('Statement executed successfully.');
  account.access.requireOwnership(session, role);
  if (tokens.is('RENAME'))
    throw notSupportedLocally(
      'ALTER ROLE … RENAME',
      'owners and grants go by the name',
      'Create a new role.',
    );
  let comment = '';
  if (tokens.take('SET', 'COMMENT')) {
    tokens.take('=');
    comment = tokens.string();
  } else tokens.expect('UNSET', 'COMMENT');
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => tx.put({ ...role, comment }));
  return status('Statement executed successfully.', STATEMENT_TYPE.ALTER);
}

/** What the role owned goes to the role that drops it. */
async function dropRole({ account, session, tokens }: StatementContext): Promise<StatementOutcome> {
  tokens.expect('DROP', 'ROLE');
  const ifExists = tokens.take('IF', 'EXISTS');
  const name = tokens.identifier();
  tokens.expectEnd();
  const role = ifExists
    ? account.catalog.find('ROLE', [name], session)
    : account.catalog.resolve('ROLE', [name], session);
  if (!role) return status(`Drop statement executed successfully (${identifier(name)} already dropped).`);
  if (name in SYSTEM_GRANTS || name === 'PUBLIC') {
    throw new SnowflakeError(
      '003001',
      '42501',
      `SQL access control error:\nInsufficient privileges to operate on role '${name}'`,
    );
  }
  account.access.requireOwnership(session, role);
  await account.catalog.change(session.connection, (tx) => {
    for (const object of account.catalog.all())
      if (object.owner === name) tx.put({ ...object, owner: session.role });
    tx.remove(role);
  });
  if (session.role === name) session.role = 'PUBLIC';
  return status(`${identifier(name)} successfully dropped.`);
}

const TERSE: ShownColumns<Role> = { created_on: shownTime, name: (role) => role.name };

function shownColumns({ account, session }: StatementContext): ShownColumns<Role> {
  const grants = account.catalog.grants();
  const active = account.access.activeRoles(session);
  const grantees = (role: Role, kind: 'USER' | 'ROLE') =>
    grants.filter(
      (grant) =>
        grant.kind === 'GRANT' &&
        grant.on.id === role.id &&
        grant.privilege === 'USAGE' &&
        grant.to.kind === kind,
    ).length;
  return {
    ...TERSE,
    is_default: 'N',
    is_current: (role) => (session.role === role.name ? 'Y' : 'N'),
    is_inherited: (role) => (active.has(role.name) && session.role !== role.name ? 'Y' : 'N'),
    assigned_to_users: (role) => String(grantees(role, 'USER')),
    granted_to_roles: (role) => String(grantees(role, 'ROLE')),
    granted_roles: (role) => String(account.access.rolesOf({ kind: 'ROLE', name: role.name }).length),
    owner: (role) => role.owner,
    comment: (role) => role.comment,
  };
}

function showRoles(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('ROLES');
  return shownResult(terse ? TERSE : shownColumns(context), shown(context, 'ROLE'));
}

export const roleStatements: Statement[] = [
  { leading: [['CREATE', 'ROLE']], ddl: true, run: createRole },
  { leading: [['ALTER', 'ROLE']], ddl: true, run: alterRole },
  { leading: [['DROP', 'ROLE']], ddl: true, run: dropRole },
  { leading: [['SHOW', 'ROLES']], run: showRoles },
];
