import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { retireExpired } from '../versions/retire.js';
import { respondAndRecord } from './respond.js';

declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'RETIRE_MODELS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: ({ version }) => version([]),
} as const satisfies ProcedureObject<typeof retireModels>;

/**
 * Removes the versions that the retention rule gives up: endpoints, which cost money, and functions.
 * @returns their names
 * @example
 * CALL RETIRE_MODELS();
 */
export default function retireModels() {
  return respondAndRecord(PLAN, 'retirement', retireExpired(PLAN), (removed) => ({
    rows: 0,
    details: { removed },
  }));
}
