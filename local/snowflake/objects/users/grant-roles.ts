import type { CatalogTransaction } from '../../catalog/catalog.js';
import { identifier } from '../../catalog/catalog.js';
import type { Grant, Grantee, Role } from '../../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';

const successOutcome = () => status('Statement executed successfully.', STATEMENT_TYPE.GRANT);

/** GRANT ROLE r TO { ROLE p | USER u } */
async function grantRole(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('GRANT', 'ROLE');
  const role = account.catalog.resolve('ROLE', [tokens.accountName()], session);
  tokens.expect('TO');
  const to = readGrantee(context);
  tokens.expectEnd();
  requireRoleGrant(context, role);
  if (to.kind === 'ROLE' && account.access.closure([role.name]).has(to.name)) {
    throw new SnowflakeError(
      '003013',
      '42501',
      `SQL compilation error:\nCyclic role grant: role '${identifier(to.name)}' is already granted to role '${identifier(role.name)}'.`,
    );
  }
  await account.catalog.change(session.connection, (tx) =>
    putGrant(context, tx, {
      privilege: 'USAGE',
      on: { kind: 'ROLE', id: role.id },
      to,
      grantOption: false,
      by: session.role,
      createdOn: account.clock.now(),
    }),
  );
  return successOutcome();
}

async function revokeRole(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('REVOKE', 'ROLE');
  const role = account.catalog.resolve('ROLE', [tokens.accountName()], session);
  tokens.expect('FROM');
  const from = readGrantee(context);
  tokens.expectEnd();
  requireRoleGrant(context, role);
  await account.catalog.change(session.connection, (tx) => {
    for (const each of account.catalog.grantsTo(from)) {
      if (each.on.kind === 'ROLE' && each.on.id === role.id && each.privilege === 'USAGE') tx.remove(each);
    }
  });
  return successOutcome();
}

/** Adds a grant, unless the grantee has it already, with the grant option if it is to have that. */
export function putGrant(
  { account }: StatementContext,
  tx: CatalogTransaction,
  given: Omit<Grant, 'kind' | 'id'>,
): void {
  const same = account.catalog
    .grantsTo(given.to)
    .find(
      (each) =>
        each.on.id === given.on.id && each.on.kind === given.on.kind && each.privilege === given.privilege,
    );
  if (same && (same.grantOption || !given.grantOption)) return;
  tx.put({ kind: 'GRANT', id: same?.id ?? account.catalog.nextId(), ...given });
}

/** Reads `[ROLE] name | USER name` after TO or FROM. @throws SnowflakeError 002003 */
export function readGrantee({ account, session, tokens }: StatementContext): Grantee {
  if (tokens.is('SHARE') || tokens.is('DATABASE'))
    throw localRefusal(`grants to a ${tokens.peek().value}`, 'only account roles and users are built');
  const kind = tokens.take('USER') ? 'USER' : 'ROLE';
  if (kind === 'ROLE') tokens.take('ROLE');
  const name = tokens.accountName();
  account.catalog.resolve(kind, [name], session);
  return { kind, name };
}

function requireRoleGrant({ account, session }: StatementContext, role: Role): void {
  if (account.access.holdsAccount(session, 'MANAGE GRANTS')) return;
  account.access.requireOwnership(session, role);
}

export const grantRoleStatements: Statement[] = [
  { leading: [['GRANT', 'ROLE']], ddl: true, run: grantRole },
  { leading: [['REVOKE', 'ROLE']], ddl: true, run: revokeRole },
];
