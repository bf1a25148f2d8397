import type { Model } from '../../../udfs/model.js';
import type { Plan } from '../../ground/plan.js';
import { plainModel, versionOfRun } from '../of-run.js';
import type { Run, StayRun } from '../run.js';

/** A version's model of stays as far as it is known before it is calibrated: the admission's features, then the day and the events. */
export function stayModel(plan: Plan, run: Run, { events, hazards }: StayRun): Model {
  const { hazards: _, ...admission } = plainModel(plan, run);
  if (!events || !hazards) throw new Error(`The run ${run.id} has no model of stays`);
  const references = run.data.model?.references;
  return {
    ...admission,
    endpoint: versionOfRun(plan, run).stayEndpoint,
    ...(references && { references }),
    // A rest ends before the next morning at the earliest.
    floor: 1,
    hazards,
    events,
  };
}
