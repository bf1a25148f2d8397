import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import { UserError } from '../../deploy/errors.js';
import type { Shape } from './shape.js';
import { type FoundTable, type FoundTables, findColumn } from './shape-sql.js';

/**
 * The tables and views of a shape that are in a schema, with their columns.
 * @param source DATABASE.SCHEMA
 * @throws UserError when one that the shape cannot do without is not there, or the role may not see it
 */
export async function findTables(snowflake: Snowflake, shape: Shape, source: string): Promise<FoundTables> {
  const found: Record<string, FoundTable | undefined> = {};
  for (const [key, { name, also = [], optional }] of Object.entries(shape.tables)) {
    for (const each of [name, ...also]) found[key] ??= await describe(snowflake, `${source}.${each}`);
    if (found[key] || optional) continue;
    const names = [name, ...also].join(' or ');
    throw new UserError(`There is no ${names} in ${source}, or the role may not see it.`, {
      next: `Name the schema with the tables of ${shape.title}: --source DATABASE.SCHEMA. Where they are called otherwise, make views of these names. The role needs USAGE on database and schema, and SELECT on the tables.`,
    });
  }
  for (const column of Object.values(shape.columns)) requireColumn(shape, column, found[column.of]);
  return found;
}

/** @throws UserError where a table is there, and has none of the columns that could be the one */
function requireColumn(shape: Shape, column: Shape['columns'][string], table: FoundTable | undefined): void {
  if (!column.required || table === undefined || findColumn(column, table) !== undefined) return;
  throw new UserError(
    column.variant
      ? `${table.name} has no column of type VARIANT, which is where ${shape.title} has its resources.`
      : `${table.name} has no column called ${(column.first ?? []).join(' or ')}.`,
    {
      next: `Make a view ${table.name.split('.').at(-1)} of it, in a schema of its own, ${column.variant ? 'with PARSE_JSON(…)' : 'that calls the column so'}, and name that schema with --source.`,
    },
  );
}

async function describe(snowflake: Snowflake, name: string): Promise<FoundTable | undefined> {
  try {
    const columns = await snowflake.query<{ name: string; type: string }>(`DESCRIBE TABLE ${name}`);
    return {
      name,
      columns: new Map(columns.map((column) => [column.name, column.type.replace(/\(.*/, '')])),
    };
  } catch (error) {
    if (error instanceof SnowflakeError && error.isBeyondRole) return undefined;
    throw error;
  }
}
