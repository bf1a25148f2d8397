import { hasEvents } from '../../dataset/origin/events.js';
import type { Plan } from '../../ground/plan.js';
import type { Run, StateName } from '../run.js';

/** State after the admission's model is judged. */
export function stateAfterJudging({ contract }: Pick<Plan, 'contract'>, run: Run): StateName {
  return hasEvents(contract) ? 'STAY_ROWS' : stateAfterStays(run);
}

/** State after the model of stays. */
export function stateAfterStays({ data }: Run): StateName {
  return data.refit ? 'REFIT' : 'ENTER';
}
