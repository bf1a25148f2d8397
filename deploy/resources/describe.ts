import type { Difference } from '../../report/results/deployment.js';
import { redactor } from '../clients/redact.js';
import type { Change } from './plan.js';
import type { ResourceId } from './resource.js';

/** A change without the objects behind it: what a person, a file or another program gets. */
export interface PlannedChange {
  readonly action: Change['action'];
  readonly id: ResourceId;
  readonly reason: string;
  /** Earlier name of a renamed object: what it was called. */
  readonly from?: string;
  readonly drift: boolean;
  readonly replaces: boolean;
  readonly differences: readonly Difference[];
}

/** Redacts a live body; a plan is shown and kept. */
const hide = redactor([]);

export function changeToPlan({ resource: _, live: _found, ...change }: Change): PlannedChange {
  const differences = change.differences.map(({ property, live, declared }) => ({
    property,
    live: live && hide(live),
    declared: declared && hide(declared),
  }));
  return { ...change, drift: change.drift ?? false, replaces: change.replaces ?? false, differences };
}
