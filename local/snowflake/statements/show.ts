// What the SHOW statements have in common: their filters, and objects as rows.
import type { ObjectOf } from '../catalog/catalog.js';
import { containerOf } from '../catalog/names.js';
import type { CatalogObject, Named, ObjectKind } from '../catalog/objects.js';
import { notSupportedLocally, SnowflakeError } from '../errors.js';
import type { Cell } from '../types/data-type.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome, textResult } from './statement.js';

/** `[LIKE 'pattern'] [IN {ACCOUNT | DATABASE [name] | SCHEMA [name]}] [STARTS WITH 's'] [LIMIT n]` of a SHOW. */
export interface ShowFilter {
  database?: string;
  schema?: string;
  matches(name: string): boolean;
  limit: number;
  /** ROOT ONLY, of tasks. */
  rootOnly?: boolean;
}

/** Reads what follows the kind of object in a SHOW. */
export function readShowFilter(context: StatementContext, kind: ObjectKind): ShowFilter {
  const container = containerOf(kind);
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
    if (!tokens.take('ACCOUNT')) {
      if (container === 'ACCOUNT') throw tokens.unexpected();
      readScope(context, filter, container);
    }
  }
  const prefix = tokens.take('STARTS', 'WITH') ? tokens.string() : '';
  if (kind === 'TASK') filter.rootOnly = tokens.take('ROOT', 'ONLY');
  if (tokens.take('LIMIT')) {
    filter.limit = Number(tokens.next().value);
    if (tokens.is('FROM'))
      throw notSupportedLocally('SHOW … LIMIT … FROM', 'paging by name is not built', 'Use STARTS WITH.');
  }
  tokens.expectEnd();
  filter.matches = (name) => (!like || like.test(name)) && name.startsWith(prefix);
  return filter;
}

function readScope(context: StatementContext, filter: ShowFilter, container: 'SCHEMA' | 'DATABASE'): void {
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
export function shown<K extends ObjectKind>(
  context: StatementContext,
  kind: K,
  filter = readShowFilter(context, kind),
): ObjectOf<K>[] {
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

/** The columns of a SHOW in their order: what an object has there, or the same cell for all. */
export type ShownColumns<T> = Record<string, Cell | ((object: T) => Cell)>;

/** Objects as rows of such columns. */
export function shownResult<T>(
  columns: ShownColumns<T>,
  objects: readonly T[],
  statementTypeId: number = STATEMENT_TYPE.SHOW,
): StatementOutcome {
  const cells = Object.values(columns);
  const rows = objects.map((object) =>
    cells.map((cell) => (typeof cell === 'function' ? cell(object) : cell)),
  );
  return textResult(Object.keys(columns), rows, statementTypeId);
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
