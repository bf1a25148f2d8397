import type { CatalogTransaction } from '../catalog/catalog.js';
import { identifier } from '../catalog/catalog.js';
import type { CatalogObject, InSchema, Named, Schema } from '../catalog/objects.js';
import { alreadyExists, notSupportedLocally, SnowflakeError } from '../errors.js';
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

/** `[LIKE 'pattern'] [IN {ACCOUNT | DATABASE [name] | SCHEMA [name]}] [STARTS WITH 's'] [LIMIT n]` of a SHOW. */
export interface ShowFilter {
  database?: string;
  schema?: string;
  matches(name: string): boolean;
  limit: number;
}

/**
 * Reads what follows the kind of object in a SHOW.
 * @param container where such objects live: 'SCHEMA' (default), 'DATABASE' (schemas) or 'ACCOUNT' (databases, roles …)
 */
export function readShowFilter(
  context: StatementContext,
  { container = 'SCHEMA' }: { container?: 'SCHEMA' | 'DATABASE' | 'ACCOUNT' } = {},
): ShowFilter {
  const { tokens, session } = context;
  tokens.take('HISTORY'); // dropped objects are not kept, so there are none to add
  const like = tokens.take('LIKE') ? likePattern(tokens.string()) : undefined;
  const filter: ShowFilter = { matches: () => true, limit: Number.POSITIVE_INFINITY };
  if (container !== 'ACCOUNT' && session.database) {
    filter.database = session.database;
    if (container === 'SCHEMA' && session.schema) filter.schema = session.schema;
  }
  if (tokens.take('IN') || tokens.take('FROM')) {
    delete filter.schema;
    delete filter.database;
    if (!tokens.take('ACCOUNT')) readScope(context, filter, container);
  }
  const prefix = tokens.take('STARTS', 'WITH') ? tokens.string() : '';
  if (tokens.take('LIMIT')) {
    filter.limit = Number(tokens.next().value);
    if (tokens.is('FROM'))
      throw notSupportedLocally('SHOW … LIMIT … FROM', 'paging by name is not built', 'Use STARTS WITH.');
  }
  tokens.expectEnd();
  filter.matches = (name) => (!like || like.test(name)) && name.startsWith(prefix);
  return filter;
}

function readScope(
  context: StatementContext,
  filter: ShowFilter,
  container: 'SCHEMA' | 'DATABASE' | 'ACCOUNT',
): void {
  const { tokens, session } = context;
  const explicit = tokens.take('DATABASE') ? 'DATABASE' : tokens.take('SCHEMA') ? 'SCHEMA' : container;
  const named =
    tokens.peek().kind === 'quoted' ||
    (tokens.peek().kind === 'word' && !tokens.is('STARTS') && !tokens.is('LIMIT'));
  const parts = named ? tokens.name() : [];
  if (explicit === 'DATABASE') filter.database = parts[0] ?? session.database!;
  else {
    filter.database = parts.length > 1 ? parts[0]! : session.database!;
    filter.schema = parts[parts.length - 1] ?? session.schema!;
  }
  requireScope(context, filter);
}

function requireScope({ account, session }: StatementContext, { database, schema }: ShowFilter): void {
  if (database === undefined) throw noScope('database');
  account.catalog.resolve('DATABASE', [database], session);
  if (schema !== undefined) account.catalog.resolve('SCHEMA', [database, schema], session);
}

function noScope(what: string): SnowflakeError {
  const hint = `This session does not have a current ${what}. Call 'USE ${what.toUpperCase()}', or use a qualified name.`;
  return new SnowflakeError('090105', '22000', `Cannot perform SHOW. ${hint}`);
}

/** The objects of a kind that a SHOW lists: in scope, matching, and visible to the active roles. */
export function shown<K extends SchemaKind>(
  context: StatementContext,
  kind: K,
  filter = readShowFilter(context),
) {
  const { account, session } = context;
  const scope = {
    ...(filter.database && { database: filter.database }),
    ...(filter.schema && { schema: filter.schema }),
  };
  return account.catalog
    .list(kind, scope)
    .filter((object: CatalogObject) => filter.matches(object.name) && account.access.visible(session, object))
    .slice(0, filter.limit);
}

/** Snowflake's LIKE in SHOW ignores case. */
export function likePattern(pattern: string): RegExp {
  const source = pattern.replace(
    /\\(.)|([.*+?^${}()|[\]\\])|(%)|(_)/gs,
    (_, escaped, special, percent, underscore) =>
      escaped ? `\\${escaped}` : special ? `\\${special}` : percent ? '.*' : underscore ? '.' : '',
  );
  return new RegExp(`^${source}$`, 'is');
}

/** A time in a TIMESTAMP_LTZ column of SHOW (created_on and its like), in wire text. */
export function shownTime(object: Pick<Named, 'createdOn'> | number): string {
  const ms = typeof object === 'number' ? object : object.createdOn;
  return `${(ms / 1000).toFixed(3)}000000`;
}
