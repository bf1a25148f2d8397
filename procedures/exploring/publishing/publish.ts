import { literal, qualify } from '../../ground/names.js';
import { execute, queryFirst, transaction, variant, type Work } from '../../ground/work.js';
import type { Exploration } from '../answer.js';
import { explore, publishStays } from '../explore.js';
import type { ExplorePlan } from '../plan.js';

/**
 * What may be known without the right to read rows: an exploration that is renewed once a month, of stays that join it by ten patients and
 * more in every group of every table. So neither a figure nor the difference of two, of one day or of two, is about fewer than ten.
 * With another contract it is renewed at once.
 */
export function* explorationOfMonth(plan: ExplorePlan): Work<Exploration> {
  const { contract, longStayDays, settings, zone } = plan;
  const answers = qualify(settings, 'LOS_EXPLORATIONS');
  const month = `DATE_TRUNC(month, TO_DATE(CONVERT_TIMEZONE(${literal(zone)}, CURRENT_TIMESTAMP())))`;
  const digest = JSON.stringify([contract, longStayDays]);
  const known = yield* queryFirst(
    `SELECT ANSWER FROM ${answers} WHERE DATASET = ? AND MONTH = ${month} AND DIGEST = MD5(?) ORDER BY MADE_AT DESC LIMIT 1`,
    [contract.name, digest],
  );
  if (known) return variant<Exploration>(known.ANSWER);
  const without = yield* publishStays(plan);
  const made = yield* explore(plan, without);
  yield* transaction(function* () {
    yield* execute(`DELETE FROM ${answers} WHERE DATASET = ? AND MONTH = ${month}`, [contract.name]);
    yield* execute(
      `INSERT INTO ${answers} (DATASET, MONTH, DIGEST, MADE_AT, ANSWER) SELECT ?, ${month}, MD5(?), CURRENT_TIMESTAMP(), PARSE_JSON(?)`,
      [contract.name, digest, JSON.stringify(made)],
    );
  });
  return made;
}
