import type { Work } from '../../ground/work.js';
import { checkTables, type TablesCheck } from '../../records/check.js';
import type { TablesPlan } from '../../records/counted.js';
import type { Sign } from '../signs.js';

/** That records have gone from our own tables. @param keep takes what the next sign of life says of them */
export function* lookAtTables(plan: TablesPlan, keep: (rows: TablesCheck['kept']) => void): Work<Sign[]> {
  const { losses, uncounted, kept } = yield* checkTables(plan);
  keep(kept);
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
