import { type Snowflake, SnowflakeError } from '../../deploy/clients/snowflake.js';
import { explainClosed } from '../../deploy/dataset/probe-origin.js';
import { messageOf, UserError } from '../../deploy/errors.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { relationsBelow } from '../../procedures/dataset/origin/grants.js';
import { literal, type Place, qualify } from '../../procedures/ground/names.js';

/** Text after FROM to read what a contract is about, by the names that columns have there. */
export function relationOf({ table, origin }: Contract, place: Place): string {
  if (origin === undefined) return qualify(place, table);
  return origin.source ?? `(\n${origin.query}\n)`;
}

/** The columns of a relation, or of a query in brackets. @throws UserError where it cannot be read, with what its owner has to grant */
export async function describeColumns(
  snowflake: Snowflake,
  relation: string,
): Promise<{ readonly name: string; readonly type: string }[]> {
  try {
    if (!relation.startsWith('(')) return await snowflake.query(`DESCRIBE TABLE ${relation}`);
    await snowflake.query(`SELECT * FROM ${relation} LIMIT 0`);
    return await snowflake.query('DESCRIBE RESULT LAST_QUERY_ID()');
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    const [row] = await snowflake.query<{ D: string | null }>('SELECT CURRENT_DATABASE() AS D');
    const door = relation.startsWith('(') ? { query: relation } : { source: relation };
    const closed = await explainClosed(
      snowflake,
      relationsBelow({ ...door, columns: {} }, row?.D ?? ''),
      error,
    );
    if (closed) throw new UserError(closed.what, { next: closed.next, cause: error });
    if (relation.startsWith('('))
      throw new UserError(`Snowflake refuses the query: ${messageOf(error)}`, {
        next: 'Try it in a worksheet; a contract takes one SELECT with a name for every column.',
        cause: error,
      });
    throw error;
  }
}

/** @throws UserError for a view in the place of `table:`: its changes are read by a stream on a table */
export async function refuseView(snowflake: Snowflake, table: string): Promise<void> {
  const [database, schema, name = ''] = table.split('.');
  const views = await snowflake.query<{ name: string }>(
    `SHOW VIEWS LIKE ${literal(name)} IN SCHEMA ${database}.${schema}`,
  );
  if (views.some((view) => view.name === name))
    throw new UserError(`${table} is a view, and a contract’s table: is a table.`, {
      next: `Say source: ${table} in the contract, or los dataset init --source ${table} (docs/sources.md).`,
    });
}
