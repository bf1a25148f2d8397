// What CREATE, ALTER and DROP do alike with every object that has a name.
import { type CatalogTransaction, identifier, type ObjectOf } from '../catalog/catalog.js';
import { containerOf } from '../catalog/names.js';
import type { CatalogObject, ObjectKind } from '../catalog/objects.js';
import { existsError } from '../errors.js';
import type { TokenStream } from '../language/lexer.js';
import type { CreateHead } from './options.js';
import { refuseTags } from './refused.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome, status } from './statement.js';

/**
 * Whether CREATE stops at an object that has its name already.
 * @param alterable whether OR ALTER is built for this kind
 * @returns the answer of IF NOT EXISTS; undefined where the object may be replaced or altered
 * @throws SnowflakeError 002002 if the name is taken, 003001 if the object belongs to another
 */
export function keepExisting(
  { account, session }: StatementContext,
  head: Pick<CreateHead, 'ifNotExists' | 'orReplace' | 'orAlter'>,
  existing: CatalogObject,
  alterable = false,
): StatementOutcome | undefined {
  if (head.ifNotExists) return status(`${identifier(existing.name)} already exists, statement succeeded.`);
  if (!head.orReplace && !(alterable && head.orAlter)) throw existsError(account.catalog.nameOf(existing));
  account.access.requireOwnership(session, existing);
  return undefined;
}

/** Reads `[IF EXISTS] name`. */
export function readName(tokens: TokenStream, kind: ObjectKind): { parts: string[]; ifExists: boolean } {
  const ifExists = tokens.take('IF', 'EXISTS');
  return { ifExists, parts: containerOf(kind) === 'ACCOUNT' ? [tokens.accountName()] : tokens.name() };
}

/**
 * The object of a name; undefined if there is none and IF EXISTS lets that pass.
 * @throws SnowflakeError 002003
 */
export function findOrRefuse<K extends ObjectKind>(
  { account, session }: StatementContext,
  kind: K,
  parts: string[],
  ifExists: boolean,
): ObjectOf<K> | undefined {
  return ifExists
    ? account.catalog.find(kind, parts, session)
    : account.catalog.resolve(kind, parts, session);
}

/** Reads `[IF EXISTS] name` and looks up the object, as `findOrRefuse` does. @throws SnowflakeError 002003 */
export function readNamed<K extends ObjectKind>(
  context: StatementContext,
  kind: K,
): { parts: string[]; object: ObjectOf<K> | undefined } {
  const { parts, ifExists } = readName(context.tokens, kind);
  return { parts, object: findOrRefuse(context, kind, parts, ifExists) };
}

/** The answer of ALTER, also where IF EXISTS found nothing. */
export const alterOutcome = (): StatementOutcome =>
  status('Statement executed successfully.', STATEMENT_TYPE.ALTER);

/**
 * `ALTER kind [IF EXISTS] name …` by the object's owner, from its first keyword.
 * @param change reads what follows the name and returns the object's new state
 * @param also changes what changes with it
 */
export async function alterObject<K extends ObjectKind>(
  context: StatementContext,
  kind: K,
  change: (object: ObjectOf<K>) => ObjectOf<K>,
  also?: (tx: CatalogTransaction, object: ObjectOf<K>) => Promise<void>,
): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', ...kind.split(' '));
  const { object } = readNamed(context, kind);
  if (!object) return alterOutcome();
  account.access.requireOwnership(session, object);
  // A tag has masking policies set on it, and no tag.
  if (kind !== 'TAG') refuseTags(tokens);
  const changed = change(object);
  tokens.expectEnd();
  await account.catalog.change(session.connection, async (tx) => {
    await also?.(tx, changed);
    tx.put(changed);
  });
  return alterOutcome();
}

/** Reads `SET COMMENT [=] '…' | UNSET COMMENT`: the new comment. */
export function readCommentChange(tokens: TokenStream): string {
  if (!tokens.take('SET', 'COMMENT')) {
    tokens.expect('UNSET', 'COMMENT');
    return '';
  }
  tokens.take('=');
  return tokens.string();
}

/** The answer of DROP. @param parts the name as given */
export function dropOutcome(parts: string[], existed: boolean): StatementOutcome {
  const name = identifier(parts[parts.length - 1]!);
  return status(
    existed
      ? `${name} successfully dropped.`
      : `Drop statement executed successfully (${name} already dropped).`,
  );
}

/**
 * `DROP kind [IF EXISTS] name` by the object's owner, from its first keyword.
 * @param also what goes with it in the same transaction; `after`: what follows once it is gone
 */
export async function dropObject<K extends ObjectKind>(
  context: StatementContext,
  kind: K,
  {
    also,
    after,
  }: {
    also?: (tx: CatalogTransaction, object: ObjectOf<K>) => Promise<void> | void;
    after?: (object: ObjectOf<K>) => Promise<void> | void;
  } = {},
): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('DROP', ...kind.split(' '));
  const { parts, ifExists } = readName(tokens, kind);
  tokens.expectEnd();
  const object = findOrRefuse(context, kind, parts, ifExists);
  if (!object) return dropOutcome(parts, false);
  account.access.requireOwnership(session, object);
  await account.catalog.change(session.connection, async (tx) => {
    await also?.(tx, object);
    tx.remove(object);
  });
  await after?.(object);
  return dropOutcome(parts, true);
}
