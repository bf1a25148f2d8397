// What the SHOW statements have in common: their filters, and objects as rows.
import type { ObjectOf } from '../catalog/catalog.js';
import {
  INFORMATION_SCHEMA,
  informationSchemas,
  informationSchemaViews,
} from '../catalog/information-schema.js';
import { containerOf } from '../catalog/names.js';
import type { CatalogObject, Named, ObjectKind } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { Cell } from '../types/data-type.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome, textResult } from './statement.js';

/** `[LIKE 'pattern'] [IN {ACCOUNT | DATABASE [name] | SCHEMA [name]}] [STARTS WITH 's'] [LIMIT n]` of a SHOW. */
export interface ShowFilter {
  database?: string;
  schema?: string;
  matches(name: string): boolean;
  limit: number;
  /** LIMIT … FROM: rows behind the first whose name begins like this. */
  after?: string;
  /** HISTORY: also what UNDROP could bring back. */
  history?: boolean;
  /** ROOT ONLY, of tasks. */
  rootOnly?: boolean;
}

/** What LIMIT takes at most. */
const MOST_ROWS = 10_000;
const WITH_HISTORY: ObjectKind[] = ['TABLE', 'SCHEMA', 'DATABASE'];

/** Reads what follows the kind of object in a SHOW. */
export function readShowFilter(context: StatementContext, kind: ObjectKind): ShowFilter {
  const container = containerOf(kind);
  const { tokens, session } = context;
  const history = WITH_HISTORY.includes(kind) && tokens.take('HISTORY');
  const like = tokens.take('LIKE') ? likePattern(tokens.string()) : undefined;
  const filter: ShowFilter = { matches: () => true, limit: Number.POSITIVE_INFINITY, history };
  if (container !== 'ACCOUNT' && session.database) {
    filter.database = session.database;
    if (container === 'SCHEMA' && session.schema) filter.schema = session.schema;
  }
  if (tokens.take('IN') || tokens.take('FROM')) {
    delete filter.schema;
    delete filter.database;
    if (!tokens.take('ACCOUNT')) {
      if (container === 'ACCOUNT') throw tokens.tokenError();
      readScope(context, filter, container);
    }
  }
  const prefix = tokens.take('STARTS', 'WITH') ? tokens.string() : '';
  if (kind === 'TASK') filter.rootOnly = tokens.take('ROOT', 'ONLY');
  if (tokens.take('LIMIT')) {
    const unexpected = tokens.tokenError();
    filter.limit = Number(tokens.next().value);
    if (!Number.isInteger(filter.limit) || filter.limit < 1 || filter.limit > MOST_ROWS) throw unexpected;
    if (tokens.take('FROM')) filter.after = tokens.string();
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
  if (schema !== undefined && schema !== INFORMATION_SCHEMA)
    account.catalog.resolve('SCHEMA', [database, schema], session);
}

function noScope(what: string): SnowflakeError {
  const hint = `This session does not have a current ${what}. Call 'USE ${what.toUpperCase()}', or use a qualified name.`;
  return new SnowflakeError('090105', '22000', `Cannot perform SHOW. ${hint}`);
}

/** The objects of a kind that a SHOW lists: in scope, matching, and visible to the active roles. */
export function listVisible<K extends ObjectKind>(
  context: StatementContext,
  kind: K,
  filter = readShowFilter(context, kind),
): ObjectOf<K>[] {
  const { account, session } = context;
  const scope = {
    ...(filter.database && { database: filter.database }),
    ...(filter.schema && { schema: filter.schema }),
  };
  const matching = (object: CatalogObject) =>
    filter.matches(object.name) && account.access.visible(session, object);
  const found = account.catalog.list(kind, scope).filter(matching);
  const always = informationOf(context, kind, filter).filter(({ name }) => filter.matches(name));
  if (always.length > 0) found.push(...(always as ObjectOf<K>[]));
  if (kind === 'SCHEMA' && always.length > 0) found.sort(comparePlaces);
  if (filter.history)
    for (const { object, until } of account.catalog.listDropped()) {
      const within = Object.entries(scope).every(([key, value]) => object[key as 'name'] === value);
      const kept = until > account.clock.now();
      if (kept && object.kind === kind && within && matching(object)) found.push(object as ObjectOf<K>);
    }
  return page(found, filter);
}

/** What every database has of a kind, without being made. */
function informationOf(context: StatementContext, kind: ObjectKind, { database, schema }: ShowFilter) {
  if (kind === 'SCHEMA') return informationSchemas(context, database);
  const within = schema === undefined || schema === INFORMATION_SCHEMA;
  return kind === 'VIEW' && within ? informationSchemaViews(context, database) : [];
}

const placeOf = (object: CatalogObject): string =>
  `${'database' in object ? object.database : ''}\0${object.name}`;
const comparePlaces = (a: CatalogObject, z: CatalogObject): number => (placeOf(a) < placeOf(z) ? -1 : 1);

/** LIMIT n [FROM 'name']: the name, or its beginning, is where the last page ended. */
function page<T extends Named>(found: T[], { after, limit }: ShowFilter): T[] {
  if (after === undefined) return found.slice(0, limit);
  const at = found.findIndex(({ name }) => name.startsWith(after));
  const rest = at >= 0 ? found.slice(at + 1) : found.filter(({ name }) => name > after);
  return rest.slice(0, limit);
}

/** The column that HISTORY adds: when an object was dropped. */
export function historyColumns<T>(
  { account }: StatementContext,
  { history }: ShowFilter,
  objectOf: (row: T) => CatalogObject,
): ShownColumns<T> {
  if (!history) return {};
  const times = new Map(account.catalog.listDropped().map(({ object, droppedOn }) => [object.id, droppedOn]));
  return {
    dropped_on: (row) => {
      const at = times.get(objectOf(row).id);
      return at === undefined ? null : showTime(at);
    },
  };
}

/** The columns of a SHOW in their order: what an object has there, or the same cell for all. */
export type ShownColumns<T> = Record<string, Cell | ((object: T) => Cell)>;

/** Objects as rows of such columns. */
export function showResult<T>(
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
export function showTime(object: Pick<Named, 'createdOn'> | number): string {
  const ms = typeof object === 'number' ? object : object.createdOn;
  return `${(ms / 1000).toFixed(3)}000000`;
}
