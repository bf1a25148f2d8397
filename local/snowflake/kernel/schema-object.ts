import type { CatalogTransaction } from '../catalog/catalog.js';
import { identifier } from '../catalog/catalog.js';
import type { CatalogObject, InSchema, Schema } from '../catalog/objects.js';
import { keepForSession } from '../sessions/temporary.js';
import { keepExisting } from './named-object.js';
import { type CreateHead, isTemporary } from './options.js';
import { type StatementContext, type StatementOutcome, status } from './statement.js';

/** What CREATE gives every object in a schema, before its own properties. */
export type Base = InSchema;

type SchemaKind = Extract<CatalogObject, InSchema>['kind'];

/** The schema that a name of one to three parts lies in. @throws SnowflakeError 002003, 090105, 090106 */
export function schemaOf(context: StatementContext, parts: string[]): Schema {
  const [database, schema] = context.account.catalog.qualify(parts, context.session);
  return context.account.catalog.resolve('SCHEMA', [database, schema], context.session);
}

/** Reads the name that RENAME TO gives: where the object will lie. @throws SnowflakeError 002002, 002003, 003001 */
export function newPlace(
  context: StatementContext,
  kind: SchemaKind,
): { name: string; database: string; schema: string } {
  const { account, session, tokens } = context;
  const parts = tokens.name();
  const schema = schemaOf(context, parts);
  account.access.requireCreate(session, kind, schema);
  const name = parts[parts.length - 1]!;
  const path = [schema.database, schema.name, name];
  account.catalog.requireFree(kind, path);
  if (kind === 'TABLE' || kind === 'VIEW') account.catalog.requireFree('STREAM', path);
  return { name, database: schema.database, schema: schema.name };
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
  const kept = existing && keepExisting(context, head, existing);
  if (kept) return kept;
  const base: Base = {
    id: account.catalog.nextId(),
    name,
    owner: session.role,
    comment: '',
    createdOn: account.clock.now(),
    database: schema.database,
    schema: schema.name,
  };
  const temporary = isTemporary(head.modifiers);
  if (temporary) keepForSession(session, base.id, existing);
  const object = { ...base, ...(await build(base)), ...(temporary && { temporary }) } as T;
  await account.catalog.change(session.connection, async (tx) => {
    if (existing) tx.remove(existing);
    tx.put(object);
    account.access.grantFuture(tx, object, schema);
    await ddl?.(tx, object, existing);
  });
  return status(`${label} ${identifier(name)} successfully created.`);
}
