import type { Table, View } from '../catalog/objects.js';
import { insufficientForStream, localRefusal } from '../errors.js';
import type { StatementContext } from '../kernel/statement.js';

/**
 * The source of a new stream and the tables that it reads, these under their locks. "Only the object owner … can enable
 * change tracking" (docs: user-guide/streams-manage).
 * @throws SnowflakeError 003001 where change tracking is off and the role is not the owner
 */
export async function lockSource(
  context: StatementContext,
  resolved: Table | View,
): Promise<{ source: Table | View; tables: Table[] }> {
  const { account, session } = context;
  const { catalog, access } = account;
  const resolve = <T extends Table | View>({ kind, database, schema, name }: T): T =>
    catalog.resolve(kind, [database, schema, name], session) as T;
  const tablesOf = (source: Table | View) =>
    source.kind === 'TABLE' ? [source] : account.features.services.trackableTables(account, session, source);
  const ids = tablesOf(resolved).map(({ id }) => id);
  for (const id of ids.sort((a, b) => a - b)) await session.lock(id, context.signal);
  // The locks may have been waited for.
  const source = resolve(resolved);
  const tables = tablesOf(source);
  for (const table of tables)
    if (table.persistence === 'temporary')
      throw localRefusal('a stream on a view of a temporary table', 'its changes are not recorded');
  const roles = access.activeRoles(session);
  for (const each of new Set([source, ...tables]))
    if (!each.changeTracking && !access.owns(roles, each)) throw insufficientForStream(each.name);
  return { source, tables };
}
