import { SYSTEM_GRANTS } from '../../access/access.js';
import { identifier } from '../../catalog/catalog.js';
import type { Role } from '../../catalog/objects.js';
import { insufficientPrivileges, invalidProperty } from '../../errors.js';
import {
  alterObject,
  alterOutcome,
  dropObject,
  keepExisting,
  readCommentChange,
  readNamed,
} from '../../kernel/named-object.js';
import { createHead, readOptions } from '../../kernel/options.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';
import { renameRole } from '../containers/rename.js';

async function createRole(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'ROLE');
  const { COMMENT, ...rest } = readOptions(tokens);
  tokens.expectEnd();
  for (const key of Object.keys(rest)) throw invalidProperty(key, 'ROLE');
  account.access.requireCreate(session, 'ROLE');
  const name = head.name[0]!;
  const existing = account.catalog.find('ROLE', [name], session);
  const kept = existing && keepExisting(context, head, existing, true);
  if (kept) return kept;
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

async function alterRole(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const start = tokens.peek().start;
  tokens.expect('ALTER', 'ROLE');
  const { object: role } = readNamed(context, 'ROLE');
  if (!tokens.take('RENAME', 'TO')) {
    tokens.seek(start);
    return alterObject(context, 'ROLE', (each) => ({ ...each, comment: readCommentChange(tokens) }));
  }
  const name = tokens.identifier();
  tokens.expectEnd();
  if (!role) return alterOutcome();
  if (role.name in SYSTEM_GRANTS || role.name === 'PUBLIC') throw insufficientPrivileges('role', role.name);
  account.access.requireCreate(session, 'ROLE');
  account.access.requireOwnership(session, role);
  account.catalog.requireFree('ROLE', [name]);
  await account.catalog.change(session.connection, (tx) => renameRole(context, tx, role, name));
  return alterOutcome();
}

/** What the role owned goes to the role that drops it. */
function dropRole(context: StatementContext): Promise<StatementOutcome> {
  const { account, session } = context;
  return dropObject(context, 'ROLE', {
    also(tx, { name }) {
      if (name in SYSTEM_GRANTS || name === 'PUBLIC') throw insufficientPrivileges('role', name);
      for (const object of account.catalog.all())
        if (object.owner === name) tx.put({ ...object, owner: session.role });
    },
    after({ name }) {
      if (session.role === name) session.role = 'PUBLIC';
    },
  });
}

const TERSE: ShownColumns<Role> = { created_on: showTime, name: (role) => role.name };

function columnsToShow({ account, session }: StatementContext): ShownColumns<Role> {
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
  return showResult(terse ? TERSE : columnsToShow(context), listVisible(context, 'ROLE'));
}

export const roleStatements: Statement[] = [
  { leading: [['CREATE', 'ROLE']], ddl: true, run: createRole },
  { leading: [['ALTER', 'ROLE']], ddl: true, run: alterRole },
  { leading: [['DROP', 'ROLE']], ddl: true, run: dropRole },
  { leading: [['SHOW', 'ROLES']], run: showRoles },
];
