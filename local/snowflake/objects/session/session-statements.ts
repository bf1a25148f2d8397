import { schemaNamed } from '../../catalog/information-schema.js';
import type { CatalogObject } from '../../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import { requireSessionLevel } from '../../events/parameters.js';
import { readOptions } from '../../kernel/options.js';
import { STATEMENT_TYPE, type Statement, type StatementContext, status } from '../../kernel/statement.js';
import type { ParameterValue } from '../../sessions/parameters.js';

const successOutcome = (id: number = STATEMENT_TYPE.USE) => status('Statement executed successfully.', id);

/** 002043: what USE says of a missing or forbidden object. */
function cannotUse(): SnowflakeError {
  return new SnowflakeError(
    '002043',
    '02000',
    'SQL compilation error:\nObject does not exist, or operation cannot be performed.',
  );
}

function requireUsable<T extends CatalogObject>(
  { account, session }: StatementContext,
  object: T | undefined,
): T {
  if (!object || !account.access.visible(session, object)) throw cannotUse();
  return object;
}

function useDatabase(context: StatementContext) {
  const { account, session, tokens } = context;
  tokens.expect('USE');
  const explicit = tokens.take('DATABASE');
  const name = tokens.name();
  tokens.expectEnd();
  if (!explicit && name.length === 2) return enterSchema(context, name);
  const database = requireUsable(context, account.catalog.find('DATABASE', name, session));
  session.database = database.name;
  session.schema = account.catalog.find('SCHEMA', [database.name, 'PUBLIC'], session)?.name;
  return successOutcome();
}

function useSchema(context: StatementContext) {
  const { tokens } = context;
  tokens.expect('USE', 'SCHEMA');
  const name = tokens.name();
  tokens.expectEnd();
  return enterSchema(context, name);
}

function enterSchema(context: StatementContext, name: string[]) {
  const { session } = context;
  const schema = requireUsable(context, schemaNamed(context, name));
  session.database = schema.database;
  session.schema = schema.name;
  return successOutcome();
}

function useWarehouse(context: StatementContext) {
  const { account, session, tokens } = context;
  tokens.expect('USE', 'WAREHOUSE');
  const name = tokens.name();
  tokens.expectEnd();
  session.warehouse = requireUsable(context, account.catalog.find('WAREHOUSE', name, session)).name;
  return successOutcome();
}

function useRole({ account, session, tokens }: StatementContext) {
  tokens.expect('USE', 'ROLE');
  const role = tokens.accountName();
  tokens.expectEnd();
  if (!account.catalog.find('ROLE', [role], session)) throw cannotUse();
  if (!account.access.mayAssume(session.user, role)) {
    throw new SnowflakeError(
      '003013',
      '42501',
      `SQL access control error:\nRequested role '${role}' is not assigned to the executing user. Specify another role to activate.`,
    );
  }
  session.role = role;
  return successOutcome();
}

function useSecondaryRoles({ session, tokens }: StatementContext) {
  tokens.expect('USE', 'SECONDARY', 'ROLES');
  if (tokens.take('ALL')) session.secondaryRoles = true;
  else if (tokens.take('NONE')) session.secondaryRoles = false;
  else
    throw localRefusal(
      `USE SECONDARY ROLES ${tokens.identifier()}`,
      'they are all in use or none',
      'Use ALL or NONE.',
    );
  tokens.expectEnd();
  return successOutcome();
}

async function alterSession({ account, session, tokens }: StatementContext) {
  tokens.expect('ALTER', 'SESSION');
  if (tokens.take('UNSET')) {
    do {
      const name = tokens.identifier();
      requireSessionLevel(account, session, name);
      await session.unsetParameter(name);
    } while (tokens.take(','));
    tokens.expectEnd();
  } else {
    tokens.expect('SET');
    const values = readOptions(tokens);
    tokens.expectEnd();
    for (const [name, value] of Object.entries(values)) {
      requireSessionLevel(account, session, name);
      // docs.snowflake.com/en/sql-reference/transactions, "Autocommit": setting it ends the open transaction.
      if (name === 'AUTOCOMMIT' && session.transaction.explicit) await session.transaction.commit();
      await session.setParameter(name, value as ParameterValue);
    }
  }
  return successOutcome(STATEMENT_TYPE.ALTER_SESSION);
}

export const sessionStatements: Statement[] = [
  { leading: [['USE'], ['USE', 'DATABASE']], run: useDatabase },
  { leading: [['USE', 'SCHEMA']], run: useSchema },
  { leading: [['USE', 'WAREHOUSE']], run: useWarehouse },
  { leading: [['USE', 'ROLE']], run: useRole },
  { leading: [['USE', 'SECONDARY', 'ROLES']], run: useSecondaryRoles },
  { leading: [['ALTER', 'SESSION']], run: alterSession },
];
