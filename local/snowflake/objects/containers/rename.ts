// RENAME TO: of databases, schemas, roles, users and warehouses, with everything that goes by their names.
import { type CatalogTransaction, pathOf } from '../../catalog/catalog.js';
import type { CatalogObject, Database, Role, Schema, Table, User, Warehouse } from '../../catalog/objects.js';
import { moveFrom, type NewName, withNames } from '../../catalog/references.js';
import { syntaxError } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';

/** Reads the new name of a database, or of a schema, which may move to another database. @throws SnowflakeError 002002 */
export function newContainerPath(
  { account, session, tokens }: StatementContext,
  object: Database | Schema,
): string[] {
  const parts = tokens.name();
  if (object.kind === 'DATABASE') {
    if (parts.length > 1) throw syntaxError('a database has a name of one part.');
    account.access.requireCreate(session, 'DATABASE');
    account.catalog.requireFree('DATABASE', parts);
    return parts;
  }
  const database = parts.length > 1 ? parts[0]! : object.database;
  const path = [database, parts[parts.length - 1]!];
  const target = account.catalog.resolve('DATABASE', [database], session);
  account.access.requireCreate(session, 'SCHEMA', target);
  account.catalog.requireFree('SCHEMA', path);
  return path;
}

/** A container and where it goes. */
export interface Move {
  object: Database | Schema;
  path: string[];
}

/**
 * Puts databases or schemas, and all they contain, under new names; the sessions that are in them move along.
 * Two that take each other's name are swapped.
 */
export function moveContainers({ account }: StatementContext, tx: CatalogTransaction, moves: Move[]): void {
  const names = moves.map(({ object, path }) => moveFrom(pathOf(object), path));
  const to: NewName = (path) => names.map((name) => name(path)).find((name) => name !== path) ?? path;
  for (const each of account.catalog.all()) {
    const named = withNames(each, to);
    const next = 'database' in each || each.kind === 'DATABASE' ? moveTo(named, to(pathOf(each))) : named;
    if (next !== each) tx.put(next);
  }
  for (const session of account.sessions()) {
    const { database, schema } = session;
    if (database === undefined) continue;
    [session.database, session.schema] = to(schema === undefined ? [database] : [database, schema]);
  }
  for (const { temporary } of account.sessions())
    for (const [key, table] of temporary) {
      const path = to(pathOf(table));
      if (path.join('\0') === key) continue;
      temporary.delete(key);
      temporary.set(path.join('\0'), moveTo(table, path) as Table);
    }
}

/** The same object with another full name. */
function moveTo(object: CatalogObject, path: string[]): CatalogObject {
  if (pathOf(object).join('\0') === path.join('\0')) return object;
  const name = path[path.length - 1]!;
  const database = path[0]!;
  if ('schema' in object) return { ...object, database, schema: path[1]!, name };
  return object.kind === 'SCHEMA' ? { ...object, database, name } : ({ ...object, name } as CatalogObject);
}

/** A role under a new name: what it owns, and what is granted to and by it, goes along. */
export function renameRole(
  { account }: StatementContext,
  tx: CatalogTransaction,
  role: Role,
  name: string,
): void {
  for (const each of account.catalog.all()) {
    let next: CatalogObject = each.owner === role.name ? { ...each, owner: name } : each;
    if (each.id === role.id) next = { ...(next as Role), name };
    if (next !== each) tx.put(next);
  }
  for (const grant of account.catalog.grants()) {
    const to = grant.to.kind === 'ROLE' && grant.to.name === role.name;
    if (!to && grant.by !== role.name) continue;
    tx.put({
      ...grant,
      ...(to && { to: { kind: 'ROLE', name } }),
      ...(grant.by === role.name && { by: name }),
    });
  }
  for (const session of account.sessions()) if (session.role === role.name) session.role = name;
}

/** A user under a new name, with its grants. LOGIN_NAME stays as it is. */
export function renameUser(
  { account }: StatementContext,
  tx: CatalogTransaction,
  user: User,
  name: string,
): void {
  tx.put({ ...user, name });
  for (const grant of account.catalog.grants())
    if (grant.to.kind === 'USER' && grant.to.name === user.name)
      tx.put({ ...grant, to: { kind: 'USER', name } });
}

/** A warehouse under a new name, with the tasks that run on it. */
export function renameWarehouse(
  { account }: StatementContext,
  tx: CatalogTransaction,
  warehouse: Warehouse,
  name: string,
): void {
  tx.put({ ...warehouse, name });
  for (const task of account.catalog.list('TASK'))
    if (task.warehouse === warehouse.name) tx.put({ ...task, warehouse: name });
  for (const session of account.sessions())
    if (session.warehouse === warehouse.name) session.warehouse = name;
}
