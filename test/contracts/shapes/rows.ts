import { findTables } from '../../../contracts/shapes/find-tables.js';
import { optionsOf, type ResultName, readShape, type ShapeName } from '../../../contracts/shapes/shape.js';
import { shapeSql } from '../../../contracts/shapes/shape-sql.js';
import type { Row } from '../../../deploy/clients/snowflake.js';
import type { Context } from '../../../deploy/context.js';

/** The rows of a shape's SELECT over the tables of a schema. */
export async function shapeRows(
  ctx: Context,
  name: ShapeName,
  result: ResultName,
  source: string,
  options: readonly string[] = [],
): Promise<Row[]> {
  const shape = readShape(name);
  const tables = await findTables(ctx.snowflake, shape, source);
  const sql = shapeSql(shape, result, tables, optionsOf(shape, options), 'Europe/London');
  if (sql === undefined) throw new Error(`${name} has no ${result}`);
  return await ctx.snowflake.query(sql);
}
