import { EVENT_TABLE_PRIVILEGES, GRANTABLE, PRIVILEGES, RELATIONS } from '../../access/privileges.js';
import type { Catalog } from '../../catalog/catalog.js';
import type {
  CatalogObject,
  Database,
  Grant,
  Grantee,
  ObjectKind,
  Schema,
  Task,
} from '../../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';
import type { TokenStream } from '../../language/lexer.js';
import { parseType } from '../../language/parse-type.js';
import { transferTasks } from '../../tasks/graph/transfer.js';
import type { DataType } from '../../types/data-type.js';
import { putGrant, readGrantee } from './grant-roles.js';

/** What GRANT or REVOKE names after ON. */
type Target =
  | { kind: 'ACCOUNT' }
  | { kind: 'OBJECTS'; of: ObjectKind; objects: CatalogObject[] }
  | { kind: 'FUTURE'; of: ObjectKind; container: Database | Schema };

const successOutcome = () => status('Statement executed successfully.', STATEMENT_TYPE.GRANT);

async function grant(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('GRANT');
  if (tokens.is('DATABASE', 'ROLE') || tokens.is('APPLICATION'))
    throw localRefusal('database and application roles', 'only account roles are built');
  if (tokens.take('OWNERSHIP')) return grantOwnership(context);
  const privileges = readPrivileges(tokens);
  tokens.expect('ON');
  const target = readTarget(context);
  tokens.expect('TO');
  const to = readGrantee(context);
  const grantOption = tokens.take('WITH', 'GRANT', 'OPTION');
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => {
    const made = { to, grantOption, by: session.role, createdOn: account.clock.now() };
    if (target.kind === 'FUTURE') {
      requireGranting(context, target.container, privileges);
      for (const privilege of expand(privileges, target.of)) {
        const same = account.catalog
          .grants()
          .find(
            (each) =>
              each.kind === 'FUTURE GRANT' &&
              each.objects === target.of &&
              each.in.id === target.container.id &&
              each.privilege === privilege &&
              sameGrantee(each.to, to),
          );
        const { kind, id } = target.container;
        tx.put({
          kind: 'FUTURE GRANT',
          id: same?.id ?? account.catalog.nextId(),
          privilege,
          objects: target.of,
          in: { kind, id },
          ...made,
        });
      }
    } else if (target.kind === 'ACCOUNT') {
      requireAccountGrant(context, privileges);
      for (const privilege of expand(privileges, 'ACCOUNT'))
        putGrant(context, tx, { privilege, on: { kind: 'ACCOUNT', id: 0 }, ...made });
    } else {
      for (const object of target.objects) {
        requireGranting(context, object, privileges);
        const event = object.kind === 'TABLE' && object.event;
        for (const privilege of expand(privileges, object.kind, event ? EVENT_TABLE_PRIVILEGES : undefined))
          putGrant(context, tx, { privilege, on: { kind: object.kind, id: object.id }, ...made });
      }
    }
  });
  return successOutcome();
}

async function revoke(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('REVOKE');
  const optionOnly = tokens.take('GRANT', 'OPTION', 'FOR');
  const privileges = readPrivileges(tokens);
  tokens.expect('ON');
  const target = readTarget(context);
  tokens.expect('FROM');
  const from = readGrantee(context);
  const cascade = tokens.take('CASCADE');
  if (!cascade) tokens.take('RESTRICT');
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => {
    const ids = new Set<number>();
    if (target.kind === 'ACCOUNT') {
      requireAccountGrant(context, privileges);
      ids.add(0);
    } else if (target.kind === 'OBJECTS') {
      for (const object of target.objects) {
        requireGranting(context, object, privileges);
        ids.add(object.id);
      }
    } else requireGranting(context, target.container, privileges);
    for (const each of account.catalog.grants()) {
      if (!sameGrantee(each.to, from)) continue;
      if (!privileges.includes('ALL') && !privileges.includes(each.privilege)) continue;
      const future = target.kind === 'FUTURE';
      const hit =
        each.kind === 'GRANT'
          ? !future && ids.has(each.on.id) && !(each.on.kind === 'ROLE' && each.privilege === 'USAGE')
          : future && each.objects === target.of && each.in.id === target.container.id;
      if (!hit) continue;
      const dependent = each.kind === 'GRANT' ? dependents(account.catalog, each) : [];
      if (dependent.length > 0 && !cascade) throw dependentGrant(account.catalog, dependent[0]!);
      for (const other of dependent) tx.remove(other);
      if (optionOnly) tx.put({ ...each, grantOption: false });
      else tx.remove(each);
    }
  });
  return successOutcome();
}

/** What the grantee granted on by its grant option, and so on: docs sql-reference/sql/revoke-privilege, CASCADE. */
function dependents(catalog: Catalog, grant: Grant, seen = new Set<number>()): Grant[] {
  if (!grant.grantOption || grant.to.kind !== 'ROLE') return [];
  return catalog.grantsOn(grant.on.id).flatMap((each) => {
    const granted = each.privilege === grant.privilege && each.by === grant.to.name;
    if (!granted || each.id === grant.id || seen.has(each.id)) return [];
    seen.add(each.id);
    return [each, ...dependents(catalog, each, seen)];
  });
}

function dependentGrant(catalog: Catalog, { privilege, on, to }: Grant): SnowflakeError {
  const object = catalog.get(on.id);
  return new SnowflakeError(
    '003036',
    '42501',
    `SQL execution error: Dependent grant of privilege '${privilege}' on securable '${object ? catalog.nameOf(object) : 'ACCOUNT'}' to role '${to.name}' exists. It must be revoked first. More than one dependent grant may exist: use 'SHOW GRANTS' command to view them.`,
  );
}

function sameGrantee(a: Grantee, b: Grantee): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** GRANT OWNERSHIP ON … TO ROLE r [{ REVOKE | COPY } CURRENT GRANTS] */
async function grantOwnership(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ON');
  const target = readTarget(context);
  tokens.expect('TO');
  const to = readGrantee(context);
  const copy = tokens.take('COPY', 'CURRENT', 'GRANTS');
  const drop = !copy && tokens.take('REVOKE', 'CURRENT', 'GRANTS');
  tokens.expectEnd();
  if (target.kind === 'ACCOUNT')
    throw new SnowflakeError(
      '003008',
      '42501',
      'SQL compilation error:\nThe account has no OWNERSHIP to grant.',
    );
  await account.catalog.change(session.connection, (tx) => {
    if (target.kind === 'FUTURE') {
      requireGranting(context, target.container, ['OWNERSHIP']);
      const { kind, id } = target.container;
      tx.put({
        kind: 'FUTURE GRANT',
        id: account.catalog.nextId(),
        privilege: 'OWNERSHIP',
        objects: target.of,
        in: { kind, id },
        to,
        grantOption: true,
        by: session.role,
        createdOn: account.clock.now(),
      });
      return;
    }
    for (const object of target.objects) {
      requireGranting(context, object, ['OWNERSHIP']);
      const grants = account.catalog.grantsOn(object.id);
      if (grants.length > 0 && object.kind !== 'ROLE' && !copy && !drop && object.owner !== to.name) {
        throw new SnowflakeError(
          '003036',
          '42501',
          `SQL execution error: Dependent grant of privilege '${grants[0]!.privilege}' on securable '${account.catalog.nameOf(object)}' to role '${grants[0]!.to.name}' exists. It must be revoked first. More than one dependent grant may exist: use 'SHOW GRANTS' command to view them. To revoke all dependent grants while transferring object ownership, use convenience command 'GRANT OWNERSHIP ON <target_objects> TO <target_role> REVOKE CURRENT GRANTS'.`,
        );
      }
      if (drop) for (const each of grants) tx.remove(each);
      if (object.kind !== 'TASK') tx.put({ ...object, owner: to.name });
    }
    const tasks = target.objects.filter((object): object is Task => object.kind === 'TASK');
    for (const task of transferTasks(account, tasks, to.name)) tx.put(task);
  });
  return successOutcome();
}

/** `SELECT, INSERT`, `CREATE TABLE`, `ALL [PRIVILEGES]` … up to ON. */
function readPrivileges(tokens: TokenStream): string[] {
  const privileges: string[] = [];
  do {
    const words: string[] = [];
    while (tokens.peek().kind === 'word' && !tokens.is('ON')) words.push(tokens.next().value);
    if (words.length === 0) throw tokens.tokenError();
    privileges.push(words[0] === 'ALL' ? 'ALL' : words.join(' '));
  } while (tokens.take(','));
  return privileges;
}

function expand(privileges: string[], kind: ObjectKind | 'ACCOUNT', known = PRIVILEGES[kind]): string[] {
  if (privileges.includes('ALL')) return known;
  for (const privilege of privileges) {
    const creating =
      privilege.startsWith('CREATE ') && (kind === 'SCHEMA' || kind === 'DATABASE' || kind === 'ACCOUNT');
    if (known.includes(privilege) || creating) continue;
    if (privilege === 'IMPORTED PRIVILEGES')
      throw localRefusal(`GRANT ${privilege}`, 'databases of shares are not built');
    throw new SnowflakeError(
      '003008',
      '42501',
      `SQL compilation error:\nInvalid object privilege '${privilege}' for object type '${kind}'.`,
    );
  }
  return privileges;
}

function readTarget(context: StatementContext): Target {
  const { account, session, tokens } = context;
  if (tokens.take('ACCOUNT')) return { kind: 'ACCOUNT' };
  const all = tokens.take('ALL');
  const future = !all && tokens.take('FUTURE');
  if (all || future) {
    const found = GRANTABLE.find(({ plural }) => tokens.take(...plural));
    if (!found) throw tokens.tokenError();
    tokens.expect('IN');
    const kind = tokens.take('DATABASE') ? 'DATABASE' : 'SCHEMA';
    if (kind === 'SCHEMA') tokens.expect('SCHEMA');
    const container = account.catalog.resolve(kind, tokens.name(), session);
    if (future && found.event)
      throw localRefusal('grants on future event tables', 'they are kept by kinds of objects');
    if (future) return { kind: 'FUTURE', of: found.kind, container };
    const scope =
      container.kind === 'SCHEMA'
        ? { database: container.database, schema: container.name }
        : { database: container.name };
    const objects: CatalogObject[] = account.catalog.list(found.kind, scope);
    const fitting = objects.filter((each) => each.kind !== 'TABLE' || each.event === found.event);
    return { kind: 'OBJECTS', of: found.kind, objects: fitting };
  }
  const integration = tokens.is('INTEGRATION');
  if (!integration && tokens.peek(1).value === 'INTEGRATION') tokens.next();
  // GRANT SELECT ON t: without a kind it is a table or a view, whatever its name (dbt's documented post-hook has no kind).
  const bare = ['TO', 'FROM', '.'].includes(tokens.peek(1).value);
  const found = bare ? RELATIONS : GRANTABLE.find(({ singular }) => tokens.take(...singular));
  if (!found) throw tokens.tokenError();
  const name = tokens.name();
  if (found.kind === 'FUNCTION' || found.kind === 'PROCEDURE') {
    return {
      kind: 'OBJECTS',
      of: found.kind,
      objects: [account.catalog.resolveRoutine(found.kind, name, readTypes(tokens), session)],
    };
  }
  if (found.kind === 'TABLE') {
    // GRANT … ON TABLE v works on a view too.
    const relation =
      account.catalog.find('TABLE', name, session) ?? account.catalog.find('VIEW', name, session);
    return {
      kind: 'OBJECTS',
      of: 'TABLE',
      objects: [relation ?? account.catalog.resolve('TABLE', name, session)],
    };
  }
  return { kind: 'OBJECTS', of: found.kind, objects: [account.catalog.resolve(found.kind, name, session)] };
}

/** The argument types of a routine: `(FLOAT, VARCHAR)`. */
export function readTypes(tokens: TokenStream): DataType[] {
  const types: DataType[] = [];
  tokens.expect('(');
  while (!tokens.take(')')) {
    types.push(parseType(tokens));
    tokens.take(',');
  }
  return types;
}

/** Granting takes ownership, MANAGE GRANTS, or the privilege itself with the grant option. */
function requireGranting(
  { account, session }: StatementContext,
  object: CatalogObject,
  privileges: string[],
): void {
  const { access, catalog } = account;
  if (access.holdsAccount(session, 'MANAGE GRANTS')) return;
  const roles = access.activeRoles(session);
  if (object.owner !== '' && roles.has(object.owner)) return;
  const withOption = catalog
    .grantsOn(object.id)
    .filter((each) => each.grantOption && each.to.kind === 'ROLE' && roles.has(each.to.name));
  if (privileges.every((privilege) => withOption.some((each) => each.privilege === privilege))) return;
  access.requireOwnership(session, object);
}

function requireAccountGrant({ account, session }: StatementContext, privileges: string[]): void {
  const { access, catalog } = account;
  if (access.holdsAccount(session, 'MANAGE GRANTS')) return;
  const roles = access.activeRoles(session);
  const withOption = catalog.grantsOn(0).filter((each) => each.grantOption && roles.has(each.to.name));
  if (!privileges.every((privilege) => withOption.some((each) => each.privilege === privilege)))
    access.requireAccount(session, 'MANAGE GRANTS');
}

export const grantStatements: Statement[] = [
  { leading: [['GRANT']], ddl: true, run: grant },
  { leading: [['REVOKE']], ddl: true, run: revoke },
];
