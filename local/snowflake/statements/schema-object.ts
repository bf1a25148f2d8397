import type { CatalogTransaction } from '../catalog/catalog.js';
import { identifier } from '../catalog/catalog.js';
import type { CatalogObject, InSchema, Schema } from '../catalog/objects.js';
import { alreadyExists } from '../errors.js';
import type { CreateHead } from './options.js';
import { type StatementContext, type StatementOutcome, status } from './statement.js';

/** What CREATE gives every object in a schema, before its own properties. */
export type Base = InSchema;

type SchemaKind = Extract<CatalogObject, InSchema>['kind'];

/** The schema that a name of one to three parts lies in. @throws SnowflakeError 002003, 090105, 090106 */
export function schemaOf(context: StatementContext, parts: string[]): Schema {
  const [database, schema] = context.account.catalog.qualify(parts, context.session);
  return context.account.catalog.resolve('SCHEMA', [database, schema], context.session);
}

/**
 * CREATE of an object in a schema: privileges, OR REPLACE, IF NOT EXISTS, ownership.
 * @param label how Snowflake's answer calls it, e.g. 'Stage area'
 * @param build makes the object; `ddl` does what belongs to it in DuckDB, in the same transaction
 */
export async function createInSchema<T extends Extract<CatalogObject, InSchema>>(
  context: StatementContext,
  kind: T['kind'],
  label: string,
  head: CreateHead,
  build: (
    base: Base,
  ) => Promise<Omit<T, keyof Base> & { comment?: string }> | (Omit<T, keyof Base> & { comment?: string }),
  ddl?: (tx: CatalogTransaction, object: T, replaced: T | undefined) => Promise<void> | void,
): Promise<StatementOutcome> {
  const { account, session } = context;
  const schema = schemaOf(context, head.name);
  account.access.requireCreate(session, kind, schema);
  const existing = account.catalog.find(kind as SchemaKind, head.name, session) as T | undefined;
  const name = head.name[head.name.length - 1]!;
  if (existing) {
    if (head.ifNotExists) return status(`${identifier(name)} already exists, statement succeeded.`);
    if (!head.orReplace) throw alreadyExists(account.catalog.nameOf(existing));
    account.access.requireOwnership(session, existing);
  }
  const base: Base = {
    id: account.catalog.nextId(),
    name,
    owner: session.role,
    comment: '',
    createdOn: account.clock.now(),
    database: schema.database,
    schema: schema.name,
  };
  const object = { ...base, ...(await build(base)) } as T;
  await account.catalog.change(session.connection, async (tx) => {
    if (existing) tx.remove(existing);
    tx.put(object);
    account.access.grantFuture(tx, object, schema);
    await ddl?.(tx, object, existing);
  });
  return status(`${label} ${identifier(name)} successfully created.`);
}

/**
 * `DROP kind [IF EXISTS] name`; the keywords are taken already.
 * @param ddl what goes with it in DuckDB
 */
export async function dropInSchema<T extends Extract<CatalogObject, InSchema>>(
  context: StatementContext,
  kind: T['kind'],
  ddl?: (tx: CatalogTransaction, object: T) => Promise<void> | void,
): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const ifExists = tokens.take('IF', 'EXISTS');
  const parts = tokens.name();
  tokens.expectEnd();
  const shown = identifier(parts[parts.length - 1]!);
  const object = ifExists
    ? account.catalog.find(kind as SchemaKind, parts, session)
    : account.catalog.resolve(kind as SchemaKind, parts, session);
  if (!object) return status(`Drop statement executed successfully (${shown} already dropped).`);
  account.access.requireOwnership(session, object);
  await account.catalog.change(session.connection, async (tx) => {
    tx.remove(object);
    await ddl?.(tx, object as T);
  });
  return status(`${shown} successfully dropped.`);
}
