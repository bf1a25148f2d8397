// What is dropped can be brought back until its retention time is over.
import { type CatalogTransaction, identifier, pathOf } from '../../catalog/catalog.js';
import type { Dropped, Table } from '../../catalog/objects.js';
import { retentionOf } from '../../catalog/retention.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import { schemaOf } from '../../kernel/schema-object.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';

const DAY_MS = 86_400_000;
/** Of objects of one name that are dropped or replaced again and again, so many can be brought back (disks end). */
const MOST_VERSIONS = 3;

/**
 * Drops an object, for its DATA_RETENTION_TIME_IN_DAYS so that UNDROP can bring it back, and clears away what has
 * been dropped for longer. Docs: user-guide/data-time-travel.
 */
export function dropForNow(
  { account }: Pick<StatementContext, 'account'>,
  tx: CatalogTransaction,
  object: Dropped['object'],
): void {
  const now = account.clock.now();
  const path = pathOf(object).join('\0');
  let same = 0;
  for (const each of account.catalog.listDropped()) {
    const isSame = each.object.kind === object.kind && pathOf(each.object).join('\0') === path;
    if (isSame) same++;
    if (each.until <= now || (same >= MOST_VERSIONS && isSame)) tx.remove(each);
  }
  const days = retentionOf(account.catalog, object).retentionDays;
  if (days > 0 && !isTemporary(object)) tx.drop(object, now, now + days * DAY_MS);
  else tx.remove(object);
}

function isTemporary(object: Dropped['object']): boolean {
  return object.kind === 'TABLE' && (object as Table).session !== undefined;
}

/** UNDROP { TABLE | SCHEMA | DATABASE } name: the version that was dropped last. */
async function undrop(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('UNDROP');
  const kind = (['TABLE', 'SCHEMA', 'DATABASE'] as const).find((each) => tokens.take(each));
  if (!kind)
    throw localRefusal(
      `UNDROP ${tokens.peek().value}`,
      'only tables, schemas and databases are kept when they are dropped',
      'Create it anew.',
    );
  const parts = tokens.name();
  tokens.expectEnd();
  const path =
    kind === 'DATABASE'
      ? parts.slice(-1)
      : kind === 'TABLE'
        ? account.catalog.qualify(parts, session, 'UNDROP')
        : account.catalog.qualify([...parts, 'X'], session, 'UNDROP').slice(0, 2);
  const now = account.clock.now();
  const found = account.catalog
    .listDropped()
    .find(
      ({ object, until }) =>
        object.kind === kind && until > now && pathOf(object).join('\0') === path.join('\0'),
    );
  const name = identifier(path[path.length - 1]!);
  if (!found)
    throw new SnowflakeError(
      '002003',
      '02000',
      `SQL compilation error:\n${kind[0]}${kind.slice(1).toLowerCase()} ${name} did not exist or was purged.`,
    );
  if (kind === 'DATABASE') account.access.requireCreate(session, 'DATABASE');
  else if (kind === 'SCHEMA')
    account.access.requireCreate(session, 'SCHEMA', account.catalog.resolve('DATABASE', [path[0]!], session));
  else account.access.requireCreate(session, 'TABLE', schemaOf(context, parts));
  account.access.requireOwnership(session, found.object);
  account.catalog.requireFree(kind, path);
  await account.catalog.change(session.connection, (tx) => tx.restore(found));
  return status(
    `${kind[0]}${kind.slice(1).toLowerCase()} ${name} successfully restored.`,
    STATEMENT_TYPE.CREATE,
  );
}

export const undropStatements: Statement[] = [{ leading: [['UNDROP']], ddl: true, run: undrop }];
