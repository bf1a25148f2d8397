import { schemaPath } from '../../../procedures/ground/names.js';
import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { objectMarker, readMarker } from '../../ground/marker.js';
import type { Settings } from '../../settings/settings.js';
import { differencesOf, type Properties } from '../difference.js';
import type { LiveResource, Resource, ResourceKind } from '../resource.js';
import { GIVEN_UP, SQL_NOUNS, type SqlDefinition, type SqlKind } from './definition.js';
import { optionsOf } from './read-statement.js';

/** Options of a statement-described kind. */
export interface SqlKindOptions
  extends Pick<
    ResourceKind<SqlDefinition>,
    'dropsTags' | 'holdsData' | 'refuseNew' | 'removalLoss' | 'unalterable' | 'whyKept'
  > {
  readonly id: SqlKind;
  /** The statement that lists them; what it cannot see is none. Left out: SHOW of those in the project's schema. */
  show?(settings: Settings): string;
  /** Instead of `show`: rows in the form of SHOW from wherever they are. */
  rows?(ctx: Context): Promise<Row[]>;
  /** Rows of SHOW that belong to another kind are left out. */
  include?(row: Row): boolean;
  /** Options of CREATE that a row tells, under the names and in the spelling of CREATE. */
  live?(row: Row): Properties;
  /** The same options by a definition; default its `KEY = value` options. */
  definitionProperties?(definition: SqlDefinition): Properties;
  /**
   * True for what lives in the project's own schema and holds no data: an object with a declared name but
   * without the marker is then a declared one that was replaced by hand, and is restored.
   */
  readonly restore?: boolean;
  /** Statements after a creation, for what the session needs (USE …). */
  statementsAfterCreate?(name: string, settings: Settings): string[];
  /** A check that the object really works, after creation or change. */
  verify?(ctx: Context, name: string, definition: SqlDefinition): Promise<void>;
  /** Name for DROP; default its name. */
  dropName?(name: string, settings: Settings): string;
}

/** A kind of Snowflake object that is made by one statement and carries its fingerprint in its comment. */
export function sqlKind(options: SqlKindOptions): ResourceKind<SqlDefinition> {
  const noun = SQL_NOUNS[options.id];
  const show = options.show ?? ((settings) => `SHOW ${noun}S IN SCHEMA ${schemaPath(settings)}`);

  const run = async (ctx: Context, statements: readonly string[], fingerprint: string) => {
    for (const sql of statements)
      await ctx.snowflake.execute(
        sql.replaceAll('{fingerprint}', objectMarker(ctx.settings.prefix, fingerprint)),
      );
  };

  return {
    ...options,
    dropsGrants: ({ definition }) => !definition.update && !/\bCOPY GRANTS\b/.test(definition.create),
    definitionProperties: ({ definition }) =>
      options.live ? (options.definitionProperties?.(definition) ?? optionsOf(definition.create)) : {},

    async list(ctx, wanted) {
      const rows = await (options.rows?.(ctx) ?? showOrNothing(ctx, show(ctx.settings)));
      const own = rows.filter((row) => options.include?.(row) ?? true);
      return liveObjects(ctx, own, wanted, options.live, (item) =>
        options.restore ? asReplaced(item) : withoutMark(ctx, options, item),
      );
    },

    async create(ctx, resource, fingerprint) {
      assertMarked(resource.name, [resource.definition.create]);
      await run(ctx, [resource.definition.create], fingerprint);
      await run(ctx, options.statementsAfterCreate?.(resource.name, ctx.settings) ?? [], fingerprint);
      await options.verify?.(ctx, resource.name, resource.definition);
    },

    async update(ctx, resource, fingerprint, live) {
      const replace = differencesOf(this.definitionProperties?.(resource) ?? {}, live.properties ?? {}).some(
        ({ property }) => options.unalterable?.includes(property),
      );
      if (replace) {
        await this.remove(ctx, live);
        return this.create(ctx, resource, fingerprint);
      }
      const statements = resource.definition.update ?? [resource.definition.create];
      assertMarked(resource.name, statements);
      await run(ctx, statements, fingerprint);
      await options.verify?.(ctx, resource.name, resource.definition);
    },

    async remove(ctx, live) {
      const name = options.dropName?.(live.name, ctx.settings) ?? live.name;
      // Of what is dropped without it apply says that it is lost (losses.ts).
      if (options.holdsData) {
        const mark = objectMarker(ctx.settings.prefix, GIVEN_UP);
        await ctx.snowflake.execute(`COMMENT IF EXISTS ON ${noun} ${name} IS '${mark}'`);
      }
      await ctx.snowflake.execute(`DROP ${noun} IF EXISTS ${name}`);
    },
  };
}

/** Rows of a SHOW; none when the database or schema it looks in does not exist. */
export async function showOrNothing(ctx: Pick<Context, 'snowflake'>, sql: string): Promise<Row[]> {
  try {
    return await ctx.snowflake.query(sql);
  } catch (error) {
    if (error instanceof SnowflakeError && error.missingObject) return [];
    throw error;
  }
}

/**
 * Rows of several SHOW and DESCRIBE, sent as one chain. Where it is refused each goes by itself: one that fails keeps its own error, and
 * SHOW needs no warehouse.
 */
export async function showEach(ctx: Context, statements: readonly string[]): Promise<Row[][]> {
  const each = () => Promise.all(statements.map((sql) => showOrNothing(ctx, sql)));
  if (statements.length < 2) return await each();
  const parts = statements.map(
    (_, i) => `SELECT ${i} AS "of", OBJECT_CONSTRUCT(*) AS "row" FROM $${statements.length - i}`,
  );
  try {
    const rows = await ctx.snowflake.query([...statements, parts.join(' UNION ALL ')].join('\n->> '));
    return statements.map((_, i) => rows.filter((row) => Number(row.of) === i).map(({ row }) => row as Row));
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return await each();
  }
}

/**
 * Rows of a listing as objects: ours, and those that have a declared name without our mark.
 * @param foreign what to make of the latter
 */
export function liveObjects(
  ctx: Context,
  rows: readonly Row[],
  wanted: readonly Resource[],
  properties: ((row: Row) => Properties) | undefined,
  foreign: (item: LiveResource) => LiveResource,
): LiveResource[] {
  const names = new Set(wanted.map((resource) => resource.name));
  return rows
    .map((row) => ({
      name: String(row.name),
      ...readMarker(ctx.settings.prefix, row.comment),
      ...(properties ? { properties: properties(row) } : {}),
    }))
    .filter((item) => item.owner !== 'foreign' || names.has(item.name))
    .map((item) => (item.owner === 'foreign' ? foreign(item) : item));
}

/** In the project's own schema it is a declared object that was replaced by hand, and is restored. */
export function asReplaced(item: LiveResource): LiveResource {
  return { ...item, owner: 'managed', drift: 'it was replaced by hand' };
}

/** Elsewhere, and where data is held, it may just as well be another owner's. */
function withoutMark(
  { settings }: Context,
  { id, dropName }: SqlKindOptions,
  item: LiveResource,
): LiveResource {
  const name = dropName?.(item.name, settings) ?? item.name;
  const mark = objectMarker(settings.prefix, 'lost');
  return { ...item, restoreMark: `COMMENT ON ${SQL_NOUNS[id]} ${name} IS '${mark}';` };
}

/** An object without its fingerprint would be made again by every apply. */
function assertMarked(name: string, statements: readonly string[]): void {
  if (!statements.at(-1)?.includes('{fingerprint}'))
    throw new Error(`The last statement of ${name} lacks COMMENT_CLAUSE`);
}
