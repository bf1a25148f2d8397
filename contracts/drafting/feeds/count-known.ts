import type { Context } from '../../../deploy/context.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import type { Relation, RelationColumn } from '../../../procedures/dataset/origin/feeds.js';
import { columnSql, relationSql } from '../../../procedures/dataset/origin/relation.js';
import { originRows, rawRows } from '../../../procedures/dataset/raw.js';
import { qualify } from '../../../procedures/ground/names.js';

/**
 * Counts the rows of a relation, and those whose stay or patient the admissions know.
 * @param column the relation's column, @param ours the contract's
 */
export async function countKnown(
  { snowflake, settings }: Context,
  contract: Contract,
  relation: Relation,
  column: RelationColumn,
  ours: string,
): Promise<{ readonly rows: number; readonly known: number }> {
  const { origin, table } = contract;
  const admissions = rawRows(
    contract,
    origin ? `(${originRows(contract, origin)})` : qualify(settings, table),
  );
  const [row] = await snowflake.query<Record<'N' | 'KNOWN', number>>(
    `SELECT COUNT(*) AS N, COUNT(a.ID) AS KNOWN
FROM (SELECT TO_VARCHAR(${columnSql(column)}) AS ID FROM ${relationSql(relation, settings)}) AS p
LEFT JOIN (SELECT DISTINCT TO_VARCHAR(${ours}) AS ID FROM (${admissions})) AS a ON a.ID = p.ID`,
  );
  return { rows: Number(row?.N), known: Number(row?.KNOWN) };
}
