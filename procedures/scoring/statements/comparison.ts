import type { Contract } from '../../dataset/contract.js';
import { inputsKey } from '../../dataset/first-inputs.js';
import { hasStream } from '../../dataset/origin/door.js';
import { literal } from '../../ground/names.js';
import type { ComparisonPlan } from '../plans.js';
import { type BatchValues, columnLists } from './lists.js';

/**
 * Plans how changes are noticed without a stream: HASH_AGG of all that features follow from says in one pass whether anything has changed, whatever
 * the source is. (LAST_ALTERED of a table would say it without a pass, but moves without a change, and says nothing of a view's rows.)
 * @param values placeholders of sql/features/
 * @param known see `lastMark`
 * @param remember sql/features/remember.sql of admissions whose feature row is younger than their first prediction
 */
export function comparisonPlan(
  contract: Contract,
  { raw, stream, changed, features }: BatchValues,
  known: string,
  remember: string,
): ComparisonPlan {
  const { id } = contract;
  return {
    // What is read otherwise by another contract has changed too.
    mark: `SELECT CONCAT(${literal(inputsKey(contract))}, ' ', COUNT(*), ' ', COALESCE(TO_VARCHAR(HASH_AGG(${id}, ${columnLists(
      contract,
    )
      .source.map(({ name }) => name)
      .join(', ')})), '')) AS MARK,
  COUNT_IF(${id} IS NULL) AS WITHOUT_ID
FROM ${raw}`,
    probe: `SELECT 1 AS X FROM ${raw} WHERE FALSE`,
    known: `SELECT m.MARK, (SELECT COUNT(*) FROM ${features}) = 0 AS IS_EMPTY FROM (${known}) AS m`,
    take: hasStream(contract) ? `INSERT INTO ${changed} (${id}) SELECT ${id} FROM ${stream} WHERE FALSE` : '',
    remember,
  };
}

/**
 * SELECT of the mark of the last comparison, '' where the last run made none: one column. A stream that is read needs none.
 * @param runLog qualified
 */
export function lastMark(contract: Contract, runLog: string, dataset: string): string {
  if (hasStream(contract) && contract.origin === undefined) return `SELECT '' AS MARK`;
  return `SELECT COALESCE(MAX_BY(COALESCE(DETAILS:mark::VARCHAR, ''), STARTED_AT), '') AS MARK FROM ${runLog}
  WHERE DATASET = ${dataset} AND KIND = 'features' AND STATUS = 'SUCCEEDED'`;
}
