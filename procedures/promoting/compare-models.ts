import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { compareVersions } from './compare-versions.js';
import { respond } from './respond.js';

declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'COMPARE_MODELS',
    args: [
      ['A', 'VARCHAR'],
      ['B', 'VARCHAR'],
    ],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ version }) => version([]),
} as const satisfies ProcedureObject<typeof compareModels>;

/**
 * Two versions on the same stays, which neither has seen.
 * @returns {holdout, live}: on the holdout, and on admissions that arrived since both were trained (null: too few)
 * @example
 * CALL COMPARE_MODELS('health-v3', 'health-v4');
 */
export default function compareModels(a: string | null, b: string | null) {
  return respond(PLAN, compareVersions(PLAN, a, b));
}
