import { qualify } from '../../ground/names.js';
import { queryFirst, variant, type Work } from '../../ground/work.js';
import type { TablesCheck } from '../../records/check.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';

/** That records have gone from our own tables. CHECK_TABLES counts them: a body of its own. */
export function* lookAtTables({ place }: WatchPlan): Work<Sign[]> {
  const row = yield* queryFirst(`CALL ${qualify(place, 'CHECK_TABLES')}()`);
  const { losses, uncounted } = variant<TablesCheck>(row?.CHECK_TABLES);
  const sign = (subject: string, message: string): Sign => ({
    kind: 'tables',
    subject,
    severity: 'critical',
    message,
    lookAt: 'tables',
  });
  return losses
    .map(({ table, what, next }) => sign(table, `${what} ${next}`))
    .concat(uncounted.map(({ table, why }) => sign(table, `The rows of ${table} cannot be counted: ${why}`)));
}
