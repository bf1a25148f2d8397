/** Why destroy leaves something: los runs with it, or it holds what this deployment did not make. */

import { schemaPath } from '../../../procedures/ground/names.js';
import type { Context } from '../../context.js';
import { readMarker } from '../../ground/marker.js';
import { showOrNothing } from './sql-kind.js';

/** A role cannot drop itself. */
export async function whyRoleStays({ snowflake }: Context, name: string): Promise<string | undefined> {
  const [row] = await snowflake.query('SELECT CURRENT_ROLE() AS NAME');
  return row?.NAME === name
    ? `los runs with it; the role that made it (los bootstrap) can DROP ROLE ${name}`
    : undefined;
}

/** Describes objects of others in the project's schema. */
export async function whySchemaStays(ctx: Context): Promise<string | undefined> {
  const rows = await showOrNothing(ctx, `SHOW OBJECTS IN SCHEMA ${schemaPath(ctx.settings)}`);
  const other = rows.find((row) => readMarker(ctx.settings.prefix, row.comment).owner === 'foreign');
  return other && `it holds ${other.name}, which los did not make`;
}

/** Another schema, or the project's own if that stays. */
export async function whyDatabaseStays(ctx: Context, name: string): Promise<string | undefined> {
  const { database, schema } = ctx.settings.snowflake;
  if (name !== database) return undefined;
  const rows = await showOrNothing(ctx, `SHOW SCHEMAS IN DATABASE ${database}`);
  const own = new Set([schema, 'PUBLIC', 'INFORMATION_SCHEMA']);
  const other = rows.find((row) => !own.has(String(row.name)));
  if (other) return `it holds the schema ${other.name}, which los did not make`;
  return rows.some((row) => row.name === schema) && (await whySchemaStays(ctx))
    ? `its schema ${schema} is kept`
    : undefined;
}
