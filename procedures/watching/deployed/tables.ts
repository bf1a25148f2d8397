import type { Work } from '../../ground/work.js';
import { checkTables } from '../../records/check.js';
import type { TablesPlan } from '../../records/counted.js';
import type { Sign } from '../signs.js';

/** That records have gone from our own tables. */
export function* lookAtTables(plan: TablesPlan): Work<Sign[]> {
  const { losses, uncounted } = yield* checkTables(plan);
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
