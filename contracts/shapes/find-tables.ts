import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import { UserError } from '../../deploy/errors.js';
import type { Shape } from './shape.js';
import type { FoundTable, FoundTables } from './shape-sql.js';

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
  return found;
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
