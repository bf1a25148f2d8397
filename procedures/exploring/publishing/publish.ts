import { literal, qualify } from '../../ground/names.js';
import { execute, queryFirst, variant, type Work } from '../../ground/work.js';
import { isPublishedSql, type Publisher, publish } from '../../publishing/publish.js';
import type { Exploration } from '../answer.js';
import { explore } from '../explore.js';
import type { ExplorePlan } from '../plan.js';

/** Ended stays of which an answer is renewed, where the last one was about more. */
const FEWEST_STAYS = 5000;
const KIND = 'exploration';
/** A stay as LOS_ACCURACY and LOS_WEEKLY_ERRORS know it, so that their figures are held against these. */
const ID = 'TO_VARCHAR(ID)';
const STATE = 'TO_VARCHAR(LOS::FLOAT)';

/**
 * Publishes what may be known without the right to read rows. Each answer is about stays that no earlier one was about, so that no two tell
 * of a stay that was entered late, corrected or erased between them. It is looked for others once a month, and where the contract has changed.
 */
export function* explorationOfMonth(plan: ExplorePlan): Work<Exploration> {
  const { contract, longStayDays, settings: place, zone } = plan;
  const to: Publisher = { place, dataset: contract.name };
  const rounds = `${qualify(place, 'LOS_PUBLICATIONS')} WHERE DATASET = ${literal(contract.name)} AND KIND = ${literal(KIND)}`;
  const month = `TO_VARCHAR(CONVERT_TIMEZONE(${literal(zone)}, CURRENT_TIMESTAMP()), 'YYYY-MM')`;
  const digest = JSON.stringify([contract, longStayDays]);
  const last = () =>
    queryFirst(
      `SELECT ROUND, STAYS, FIGURES[0]:answer AS ANSWER, FIGURES[0]:month = ${month} AND FIGURES[0]:digest = MD5(?) AS OF_NOW
FROM ${rounds} ORDER BY ROUND DESC LIMIT 1`,
      [digest],
    );
  const known = yield* last();
  if (known?.OF_NOW) return variant<Exploration>(known.ANSWER);
  const made = yield* explore(plan, (values) => leavePublished(to, values));
  const now = yield* last();
  if (!now) return made;
  const answer = variant<Exploration | null>(now.ANSWER);
  // Another contract asks other things of the same stays; what has become of them since is not told.
  const shown = answer && Number(now.STAYS) !== made.overview.stays ? answer : made;
  yield* execute(
    `UPDATE ${qualify(place, 'LOS_PUBLICATIONS')} SET FIGURES = (SELECT ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('digest', MD5(?), 'month', ${month}, 'answer', PARSE_JSON(?))))
WHERE DATASET = ${literal(contract.name)} AND KIND = ${literal(KIND)} AND ROUND = ?`,
    [digest, JSON.stringify(shown), Number(now.ROUND)],
  );
  return shown;
}

/** Publishes what may be of the ended stays, and leaves the published ones of them in the table of values. */
function* leavePublished(to: Publisher, values: string): Work<void> {
  yield* publish(to, [
    {
      kind: KIND,
      disjoint: FEWEST_STAYS,
      members: `SELECT 'all' AS SUBJECT, ${ID} AS CASE_ID, COALESCE(TO_VARCHAR(PATIENT), '') AS PATIENT, ${STATE} AS STATE FROM ${values} WHERE LOS >= 0 AND ID IS NOT NULL`,
      figures: () => ({ sql: `SELECT 'all' AS SUBJECT, NULL::VARIANT AS FIGURES` }),
    },
  ]);
  yield* execute(`DELETE FROM ${values} WHERE LOS >= 0 AND NOT ${isPublishedSql(to, KIND, ID, STATE)}`);
}
