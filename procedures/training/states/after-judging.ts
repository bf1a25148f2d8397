import { hasEvents } from '../../dataset/origin/events.js';
import type { Plan } from '../../ground/plan.js';
import type { Run, StateName } from '../run.js';

/** What comes after the admission's model is judged. */
export function afterJudging({ contract }: Pick<Plan, 'contract'>, run: Run): StateName {
  return hasEvents(contract) ? 'STAY_ROWS' : afterStays(run);
}

/** What comes after the model of stays. */
export function afterStays({ data }: Run): StateName {
  return data.refit ? 'REFIT' : 'ENTER';
}
