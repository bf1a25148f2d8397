import { literal, qualify, schemaPath } from '../../../procedures/ground/names.js';
import { requireValue } from '../../../udfs/require-value.js';
import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { UserError } from '../../errors.js';
import { objectMarker } from '../../ground/marker.js';
import { differencesOf, type Properties } from '../difference.js';
import type { Resource, ResourceKind } from '../resource.js';
import { descriptionIn, type SqlDefinition } from './definition.js';
import { refuseLostTables } from './losses.js';
import { asOwner } from './ownership.js';
import { columnsOf, columnTexts, optionsOf, typeText } from './read-statement.js';
import { COLUMN, refuseColumns } from './source-columns.js';
import { showOrNothing, sqlKind } from './sql-kind.js';

/** Days for which changes are kept for streams. */
const KEPT_CHANGES = 'MAX_DATA_EXTENSION_TIME_IN_DAYS';

const base = sqlKind({
  id: 'snowflake.table',
  holdsData: true,
  dropName: (name, settings) => qualify(settings, name),
});

/**
 * Tables, compared column by column (SHOW TABLES and SHOW COLUMNS, one call each). A change adds and alters
 * columns; it never drops one: what a column holds is data, and may have been added for good reasons.
 */
export const tableKind: ResourceKind<SqlDefinition> = {
  ...base,
  refuseNew: refuseLostTables,

  definitionProperties: ({ definition }) =>
    Object.fromEntries(
      Object.entries(columnsOf(definition.create)).map(([name, type]) => [COLUMN + name, type]),
    ),

  refuse: (resource, live) => (resource.adopt === true ? refuseColumns(resource, live) : undefined),

  async list(ctx, wanted) {
    const [tables, columns] = await Promise.all([
      base.list(ctx, wanted),
      showOrNothing(ctx, `SHOW COLUMNS IN SCHEMA ${schemaPath(ctx.settings)}`),
    ]);
    return tables.map((table) => {
      const found = columns.filter((row) => row.table_name === table.name);
      const declared = wanted.find(
        ({ name, formerly }) => name === table.name || formerly?.includes(table.name),
      );
      return { ...table, properties: columnProperties(found, declared) };
    });
  },

  async create(ctx, resource, fingerprint) {
    try {
      return await base.create(ctx, resource, fingerprint);
    } catch (error) {
      if (!(error instanceof SnowflakeError && error.nameTaken)) throw error;
      // One that another apply has made since the listing can be seen now; one of another role's cannot.
      const live = (await this.list(ctx, [resource])).find(({ name }) => name === resource.name);
      if (live?.owner === 'managed') return await this.update(ctx, resource, fingerprint, live);
      if (live && resource.adopt) return undefined;
      return await asOwner(qualify(ctx.settings, resource.name), ctx.settings, () => Promise.reject(error));
    }
  },

  async update(ctx, resource, fingerprint, live) {
    const table = qualify(ctx.settings, resource.name);
    for (const change of alterations(
      table,
      this.definitionProperties?.(resource) ?? {},
      live.properties ?? {},
      resource.definition,
    ))
      await alterTable(ctx, table, change);
    const comments = columnTexts(resource.definition.create).filter(({ comment }) => comment !== '');
    if (comments.length > 0) {
      const set = comments.map(({ written, comment }) => `COLUMN ${written} COMMENT ${literal(comment)}`);
      await ctx.snowflake.execute(`ALTER TABLE ${table} MODIFY ${set.join(', ')}`);
    }
    // SHOW TABLES does not tell it, so it is set with every change.
    const kept = optionsOf(resource.definition.create)[KEPT_CHANGES];
    if (kept) await ctx.snowflake.execute(`ALTER TABLE ${table} SET ${KEPT_CHANGES} = ${kept}`);
    await setMark(ctx, table, resource.definition, fingerprint);
  },

  /**
   * Rows, grants and streams stay with a table that is renamed (docs: sql-reference/sql/alter-table, user-guide/streams-intro); what
   * names it in a text, views and bodies, does not follow and is recreated.
   */
  async move(ctx, resource, fingerprint, old) {
    const table = (name: string) => qualify(ctx.settings, name);
    await ctx.snowflake.execute(`ALTER TABLE ${table(old.name)} RENAME TO ${table(resource.name)}`);
    return await this.update(ctx, resource, fingerprint, old);
  },
};

/** Live columns by name; a declared one that is missing is '' there. */
function columnProperties(rows: readonly Row[], declared: Resource<SqlDefinition> | undefined): Properties {
  const names = declared ? Object.keys(columnsOf(declared.definition.create)) : [];
  // Whether a column may be empty is the hospital's to say of its own table.
  const type = (row: Row) => (declared?.adopt ? liveType(row).replace(/ NOT NULL$/, '') : liveType(row));
  return {
    ...Object.fromEntries(names.map((name) => [COLUMN + name, ''])),
    ...Object.fromEntries(rows.map((row) => [COLUMN + String(row.column_name), type(row)])),
  };
}

/** SHOW COLUMNS describes a type in JSON: `{"type":"FIXED","precision":38,"scale":0,"nullable":true}`. */
function liveType(row: Row): string {
  const type = JSON.parse(String(row.data_type)) as {
    type: string;
    precision?: number;
    scale?: number;
    length?: number;
    nullable: boolean;
  };
  const length = type.type === 'TEXT' && type.length !== undefined ? `(${type.length})` : '';
  const detail = type.type === 'FIXED' ? `(${type.precision},${type.scale})` : length;
  return typeText(type.type + detail, !type.nullable);
}

/** A statement that alters a column. */
interface Alteration {
  readonly sql: string;
  /** Another type: the column with its old one, as a person reads it, and the statements instead where values may go. */
  readonly retyped?: {
    readonly column: string;
    readonly from: string;
    readonly to: string;
    readonly again?: readonly string[];
  };
}

/**
 * Snowflake widens a type in its place and takes no other one.
 * @throws UserError where what the column holds would be lost by making it again
 */
async function alterTable(ctx: Context, table: string, { sql, retyped }: Alteration): Promise<void> {
  try {
    await ctx.snowflake.execute(sql);
  } catch (error) {
    if (!retyped || !(error instanceof SnowflakeError && /cannot change column/i.test(error.message)))
      throw error;
    const { column, from, to, again } = retyped;
    if (!again)
      throw new UserError(
        `${column} of ${table} is ${from} and would be ${to}, which Snowflake does not make of it in its place.`,
        {
          next: `Say ${from} in the contract, or copy the table with ${column} as ${to} and let the copy take its name; then run los apply again.`,
          cause: error,
        },
      );
    for (const statement of again) await ctx.snowflake.execute(statement);
  }
}

function alterations(
  table: string,
  declared: Properties,
  live: Properties,
  { recomputed = [] }: Pick<SqlDefinition, 'recomputed'>,
): Alteration[] {
  return differencesOf(declared, live).flatMap((difference) => {
    const bareName = difference.property.slice(COLUMN.length);
    const name = /^[A-Z_][A-Z0-9_$]*$/.test(bareName) ? bareName : `"${bareName.replaceAll('"', '""')}"`;
    const wanted = requireValue(difference.declared, 'difference.declared');
    const add = `ALTER TABLE ${table} ADD COLUMN ${name} ${wanted}`;
    if (difference.live === undefined) return [{ sql: add }];
    const dropNotNull = (text: string) => text.replace(/ NOT NULL$/, '');
    const column = `ALTER TABLE ${table} ALTER COLUMN ${name}`;
    const changes: Alteration[] = [];
    if (dropNotNull(wanted) !== dropNotNull(difference.live))
      changes.push({
        sql: `${column} SET DATA TYPE ${dropNotNull(wanted)}`,
        retyped: {
          column: bareName,
          from: dropNotNull(difference.live),
          to: dropNotNull(wanted),
          ...(recomputed.includes(bareName) && { again: [`ALTER TABLE ${table} DROP COLUMN ${name}`, add] }),
        },
      });
    if (wanted.endsWith(' NOT NULL') !== difference.live.endsWith(' NOT NULL'))
      changes.push({ sql: `${column} ${wanted.endsWith(' NOT NULL') ? 'SET' : 'DROP'} NOT NULL` });
    return changes;
  });
}

function setMark(
  ctx: Context,
  table: string,
  { create }: SqlDefinition,
  fingerprint: string,
): Promise<number> {
  return ctx.snowflake.execute(
    `ALTER TABLE ${table} SET COMMENT = '${descriptionIn(create)}${objectMarker(ctx.settings.prefix, fingerprint)}'`,
  );
}
