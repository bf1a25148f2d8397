import { qualify } from '../../ground/names.js';
import { query, type Row, type Work } from '../../ground/work.js';
import type { AlarmPlan } from '../plan.js';

/** Those that run: they suspend tasks and alter integrations, and resume the tasks at their end. */
export function* deployments({ place }: Pick<AlarmPlan, 'place'>): Work<readonly Row[]> {
  return yield* query(
    `SELECT ID FROM ${qualify(place, 'LOS_DEPLOYMENT_LOG')} WHERE STATUS = 'RUNNING' AND ALIVE_UNTIL > CURRENT_TIMESTAMP()`,
  );
}
