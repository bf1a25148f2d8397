import type { Bind, Snowflake } from '../../deploy/clients/snowflake.js';
import type { Work } from '../../procedures/ground/work.js';

/**
 * Runs an UPDATE (or the UPDATE of a MERGE's kind) as an account might that does not look at the WHERE again after it has had
 * to wait for another session: it changes the rows that it found when it began.
 * @param key column by which a row is known
 * @param meanwhile what another session does before the UPDATE gets its turn
 * @returns how many rows it changed
 */
export async function staleUpdate(
  session: Pick<Snowflake, 'query' | 'execute'>,
  key: string,
  sql: string,
  binds: readonly Bind[],
  meanwhile: () => Promise<unknown>,
): Promise<number> {
  const [, table, set, where] = /^(?:--.*\n)*UPDATE (\S+)\s+SET ([\s\S]*?)\s+WHERE ([\s\S]*)$/.exec(sql)!;
  const used = set!.split('?').length - 1;
  const rows = await session.query(`SELECT ${key} AS K FROM ${table} WHERE ${where}`, binds.slice(used));
  await meanwhile();
  const keys = rows.map(({ K }) => `'${String(K)}'`);
  if (keys.length === 0) return 0;
  return await session.execute(
    `UPDATE ${table} SET ${set} WHERE ${key} IN (${keys.join(', ')})`,
    binds.slice(0, used),
  );
}

/**
 * Carries out a work whose first UPDATE is stale, see there.
 * @param meanwhile what another session does while that UPDATE waits
 */
export async function driveStale<T>(
  session: Pick<Snowflake, 'query' | 'execute'>,
  key: string,
  work: Work<T>,
  meanwhile: () => Promise<unknown>,
): Promise<T> {
  let waited = false;
  let next = work.next();
  while (!next.done) {
    const step = next.value;
    if ('action' in step) throw new Error(`SageMaker is not asked here: ${step.action}`);
    const { sql, binds, wants } = step;
    if (!waited && sql.startsWith('UPDATE')) {
      waited = true;
      next = work.next({ rows: [], changed: await staleUpdate(session, key, sql, binds, meanwhile) });
    } else if (wants === 'rows') next = work.next({ rows: await session.query(sql, binds), changed: 0 });
    else next = work.next({ rows: [], changed: await session.execute(sql, binds) });
  }
  return next.value;
}
