import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import type { Settings } from '../../settings/settings.js';
import { managedMarker, readMarker } from '../marker.js';
import type { LiveResource, ResourceKind } from '../resource.js';
import type { SqlDefinition, SqlKind } from './definition.js';

/** How one kind of statement-described object is listed and dropped. */
export interface SqlKindOptions {
  readonly id: SqlKind;
  /** The statement that lists them, e.g. `SHOW VIEWS IN SCHEMA A.B`. */
  show(settings: Settings): string;
  /** `VIEW`, as in DROP VIEW. */
  readonly noun: string;
  /** Rows of SHOW that belong to another kind are left out. */
  include?(row: Row): boolean;
  /** Name of a row of SHOW; default its `name` column. */
  name?(row: Row): string;
  /** Column of SHOW that holds the comment; default `comment`. */
  readonly commentColumn?: string;
  readonly holdsData?: boolean;
  /**
   * True for what lives in the project's own schema and holds no data: an object with a declared name but
   * without the marker is then a declared one that somebody replaced by hand, and is restored.
   */
  readonly restore?: boolean;
  /** Statements after a creation, for what the session needs (USE …). */
  afterCreate?(name: string, settings: Settings): string[];
  /** A check that the object really works, after creation or change. */
  verify?(ctx: Context, name: string): Promise<void>;
  /** How to name the object in DROP; default its name. */
  dropName?(name: string, settings: Settings): string;
}

/** A kind of Snowflake object that is made by one statement and carries its fingerprint in its comment. */
export function sqlKind(options: SqlKindOptions): ResourceKind<SqlDefinition> {
  const commentColumn = options.commentColumn ?? 'comment';
  const nameOf = options.name ?? ((row: Row) => String(row.name));

  const run = async (ctx: Context, statements: readonly string[], fingerprint: string) => {
    for (const sql of statements)
      await ctx.snowflake.execute(
        sql.replaceAll('{fingerprint}', managedMarker(ctx.settings.prefix, fingerprint)),
      );
  };

  return {
    id: options.id,
    ...(options.holdsData ? { holdsData: true } : {}),

    async list(ctx, wanted): Promise<LiveResource[]> {
      const names = new Set(wanted.map((resource) => resource.name));
      const rows = await showOrNothing(ctx, options.show(ctx.settings));
      return rows
        .filter((row) => options.include?.(row) ?? true)
        .map((row) => ({ name: nameOf(row), ...readMarker(ctx.settings.prefix, row[commentColumn]) }))
        .filter((item) => item.owner !== 'foreign' || names.has(item.name))
        .map((item) => (item.owner === 'foreign' && options.restore ? replacedByHand(item.name) : item));
    },

    async create(ctx, resource, fingerprint) {
      assertMarked(resource.name, [resource.definition.create]);
      await run(ctx, [resource.definition.create], fingerprint);
      await run(ctx, options.afterCreate?.(resource.name, ctx.settings) ?? [], fingerprint);
      await options.verify?.(ctx, resource.name);
      return undefined;
    },

    async update(ctx, resource, fingerprint) {
      const statements = resource.definition.update ?? [resource.definition.create];
      assertMarked(resource.name, statements);
      await run(ctx, statements, fingerprint);
      await options.verify?.(ctx, resource.name);
      return undefined;
    },

    async remove(ctx, live) {
      const name = options.dropName?.(live.name, ctx.settings) ?? live.name;
      await ctx.snowflake.execute(`DROP ${options.noun} IF EXISTS ${name}`);
    },
  };
}

/** Rows of a SHOW; none when the database or schema it looks in does not exist. */
export async function showOrNothing(ctx: Context, sql: string): Promise<Row[]> {
  try {
    return await ctx.snowflake.query(sql);
  } catch (error) {
    if (error instanceof SnowflakeError && error.missingObject) return [];
    throw error;
  }
}

function replacedByHand(name: string): LiveResource {
  return { name, owner: 'managed', fingerprint: undefined, drift: 'somebody replaced it' };
}

/** An object without its fingerprint would be made again by every apply. */
function assertMarked(name: string, statements: readonly string[]): void {
  if (!statements.at(-1)?.includes('{fingerprint}'))
    throw new Error(`The last statement of ${name} lacks COMMENT_CLAUSE`);
}
